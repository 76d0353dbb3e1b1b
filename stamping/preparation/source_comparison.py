"""Whether a prepared page still shows what the source's page shows to another reader.

In: the source and what was made of it. Out: the pages that lost text, or all their ink.
PDFium wrote neither, and reads both: it is asked what it sees in the source, whatever our
own reading made of that. Knows nothing of why a page was changed.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pypdfium2 as pdfium

from stamping.pages.clear_zone import page_has_ink
from stamping.pages.drawn_pages import pages_in_turn

_BLANK = str.maketrans("", "", "\x00 \t\r\n\f\u00a0\u00ad\ufffe\ufffd\x02")


def pages_that_lost(source: Path, made: Path, pages: int) -> list[int]:
    """Return the numbers of the pages, from one, that show less than the source's.

    A file that PDFium cannot open, or that has another number of pages for it, is not
    compared: there is nothing to hold the pages against.
    """
    if _count(source) != pages:
        return []
    lost = []
    for (number, before), (_, after) in zip(
        pages_in_turn(source, pages), pages_in_turn(made, pages), strict=True
    ):
        if before is None or after is None:
            continue
        missing = Counter(_letters(before)) - Counter(_letters(after))
        if missing or (not page_has_ink(after) and page_has_ink(before)):
            lost.append(number)
    return lost


def _count(source: Path) -> int:
    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError:
        return 0
    try:
        return len(document)
    finally:
        document.close()


def _letters(page: pdfium.PdfPage) -> str:
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_range()).translate(_BLANK)
    finally:
        text_page.close()
