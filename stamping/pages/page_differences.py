"""Which pages of two volumes differ: by what they hold, and where that differs, by their looks.

In: two PDFs of as many pages. Out: the numbers of the pages that do not look the
same, counted from one. Knows nothing of why they differ.
"""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium

from stamping.pages.page_digest import page_digests

DPI = 72.0


def differing_pages(one: Path, other: Path) -> tuple[int, ...]:
    """Return the pages that look different, drawn at `DPI` dots an inch.

    Pages whose digests are the same are the same, and are not drawn.

    Raises:
        ValueError: one file has more pages than the other.
    """
    pairs = zip(page_digests(one), page_digests(other), strict=True)
    suspect = [number for number, (left, right) in enumerate(pairs, start=1) if left != right]
    with pdfium.PdfDocument(one) as left, pdfium.PdfDocument(other) as right:
        return tuple(
            number for number in suspect if _pixels(left, number) != _pixels(right, number)
        )


def _pixels(document: pdfium.PdfDocument, number: int) -> tuple[tuple[int, int], bytes]:
    page = document[number - 1]
    picture = page.render(scale=DPI / 72).to_pil()
    page.close()
    return picture.size, picture.tobytes()
