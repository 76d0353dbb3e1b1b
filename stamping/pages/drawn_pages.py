"""A PDF's pages as pdfium shows them, one after another, whatever the file's size.

pdfium keeps what it has read of a file until the file is closed: two gigabytes of
scans would take two gigabytes of memory. So a large file is opened anew now and then.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium

# How much of a file may have been read before it is opened anew.
_KEPT_BYTES = 256 * 1024**2


def pages_in_turn(path: Path, pages: int) -> Iterator[tuple[int, pdfium.PdfPage | None]]:
    """Yield each of `pages` pages with its number from one; None where it cannot be loaded.

    A page may be used until the next one is asked for.

    Raises:
        PdfiumError: the file cannot be opened.
    """
    turn = max(1, pages * _KEPT_BYTES // max(1, path.stat().st_size))
    for first in range(0, pages, turn):
        document = pdfium.PdfDocument(path)
        try:
            for place in range(first, min(first + turn, pages)):
                try:
                    page = document[place]
                except pdfium.PdfiumError:
                    yield place + 1, None
                    continue
                yield place + 1, page
                page.close()
        finally:
            document.close()
