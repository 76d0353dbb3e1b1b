"""Give every page a size and content that a reader can show.

In: an open document. Out: the same, with US Letter in place of a missing or
degenerate MediaBox (ISO 32000-2 Table 31 requires one), and without content
that is coded as a picture, which no reader can run; noted in `Removals`.
"""

from __future__ import annotations

import math
from decimal import Decimal

from pikepdf import Array, Name, Page, Pdf, Stream

from stamping.preparation.sanitise import Removals

LETTER = (0, 0, 612, 792)
# Below this, in default units, a page cannot hold a stamp or be seen.
_SMALLEST_SIDE = 3.0
# ISO 32000-2 Table 6: these decode to samples of a picture.
_PICTURE_FILTERS = frozenset({"/JBIG2Decode", "/CCITTFaxDecode", "/DCTDecode", "/JPXDecode"})


def mend_pages(pdf: Pdf, removals: Removals) -> bool:
    """Replace unusable boxes and content; return whether anything changed."""
    changed = False
    for number, page in enumerate(pdf.pages, 1):
        if not _usable(page.obj.get(Name.MediaBox)):
            page.obj[Name.MediaBox] = Array(LETTER)
            removals.add("page-size-replaced", f"page {number}")
            changed = True
        if Name.CropBox in page.obj and not _crops(page.obj.CropBox, page.obj.MediaBox):
            del page.obj[Name.CropBox]
            changed = True
        if _drop_picture_content(page):
            removals.add("content-unreadable", f"page {number}")
            changed = True
    return changed


def _drop_picture_content(page: Page) -> bool:
    """Remove content streams whose coding yields pixels, not operators."""
    contents = page.obj.get(Name.Contents)
    streams = list(contents) if isinstance(contents, Array) else [contents]
    kept = [stream for stream in streams if not _is_picture_coded(stream)]
    if len(kept) == len(streams):
        return False
    page.obj[Name.Contents] = Array(kept)
    return True


def _is_picture_coded(stream: object) -> bool:
    if not isinstance(stream, Stream):
        return False
    coding = stream.get(Name.Filter)
    names = list(coding) if isinstance(coding, Array) else [coding]
    return any(isinstance(name, Name) and str(name) in _PICTURE_FILTERS for name in names)


def _usable(box: object) -> bool:
    sides = _sides(box)
    return sides is not None and _is_area(*sides)


def _crops(crop: object, media: object) -> bool:
    """Whether a crop box leaves something of its media box to see (§ 14.11.2.1)."""
    inner, outer = _sides(crop), _sides(media)
    if inner is None or outer is None:
        return False
    return _is_area(
        max(inner[0], outer[0]),
        max(inner[1], outer[1]),
        min(inner[2], outer[2]),
        min(inner[3], outer[3]),
    )


def _is_area(left: float, bottom: float, right: float, top: float) -> bool:
    return right - left >= _SMALLEST_SIDE and top - bottom >= _SMALLEST_SIDE


def _sides(box: object) -> tuple[float, float, float, float] | None:
    """Return left, bottom, right, top of a box given by any two opposite corners."""
    if not isinstance(box, Array) or len(box) != 4:
        return None
    found: list[float] = []
    for value in box:
        number: object = value
        if not isinstance(number, (int, float, Decimal)) or not math.isfinite(number):
            return None
        found.append(float(number))
    a, b, c, d = found
    return min(a, c), min(b, d), max(a, c), max(b, d)
