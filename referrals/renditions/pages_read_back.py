"""Whether pages that were laid out from a text show all of its letters, to another reader.

In: the pages as PDF, and the text that was given to be laid out. Out: a `Tally`. PDFium
neither lays out nor writes these pages, and reads them as the recipient's viewer does.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import pypdfium2 as pdfium

from referrals.text_files.account import ink
from referrals.typesetting.typefaces import written_out
from stamping.values import Tally

_NO_LETTERS = frozenset({"Cc", "Cf", "Mn", "Mc", "Me", "Zs", "Zl", "Zp"})
_JOINED = ("ARABIC", "DEVANAGARI", "HEBREW")
"""Scripts whose letters change with their neighbours: a reader gives others back."""

_LAST_HYPHEN = "\ufffe"
"""What PDFium gives for a hyphen at the end of a line."""


def tally_of_pages(pages: Path, text: str) -> Tally:
    """Return how many letters of `text` stand on the pages, each as often as it occurs."""
    wanted = _countable(ink(written_out(text)))
    seen = ink("\n".join(_texts(pages)))
    lost = (wanted - seen).total()
    return Tally("characters laid out", "", wanted.total(), wanted.total() - lost)


def _texts(pages: Path) -> list[str]:
    texts = []
    document = pdfium.PdfDocument(pages)
    try:
        for page in document:
            text_page = page.get_textpage()
            # Within the page: what runs over its edge is in the file and nobody sees it.
            texts.append(str(text_page.get_text_bounded()).replace(_LAST_HYPHEN, "-"))
            text_page.close()
            page.close()
    finally:
        document.close()
    return texts


def _countable(letters: Counter[str]) -> Counter[str]:
    return Counter(
        {
            letter: number
            for letter, number in letters.items()
            if unicodedata.category(letter) not in _NO_LETTERS
            and not unicodedata.name(letter, "").startswith(_JOINED)
        }
    )
