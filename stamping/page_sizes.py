"""Give every page a size that a reader can show.

In: an open document. Out: the same, with US Letter in place of a missing or
degenerate MediaBox (ISO 32000-2 Table 31 requires one), noted in `Removals`.
"""

from __future__ import annotations

import math
from decimal import Decimal

from pikepdf import Array, Name, Pdf

from stamping.sanitise import Removals

LETTER = (0, 0, 612, 792)
# Below this, in default units, a page cannot hold a stamp or be seen.
_SMALLEST_SIDE = 3.0


def mend_page_sizes(pdf: Pdf, removals: Removals) -> bool:
    """Replace unusable boxes; return whether anything changed."""
    changed = False
    for number, page in enumerate(pdf.pages, 1):
        if not _usable(page.obj.get(Name.MediaBox)):
            page.obj[Name.MediaBox] = Array(LETTER)
            removals.add("page-size-replaced", f"page {number}")
            changed = True
        if Name.CropBox in page.obj and not _usable(page.obj.get(Name.CropBox)):
            del page.obj[Name.CropBox]
            changed = True
    return changed


def _usable(box: object) -> bool:
    if not isinstance(box, Array) or len(box) != 4:
        return False
    sides: list[float] = []
    for value in box:
        number: object = value
        if not isinstance(number, (int, float, Decimal)):
            return False
        sides.append(float(number))
    if not all(math.isfinite(side) for side in sides):
        return False
    left, bottom, right, top = sides
    return abs(right - left) >= _SMALLEST_SIDE and abs(top - bottom) >= _SMALLEST_SIDE
