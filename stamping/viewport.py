"""A page as its reader sees it.

In: a pikepdf page. Out: a `Viewport` in points, upright, origin bottom left,
whatever /Rotate, /CropBox, /UserUnit or inheritance say (ISO 32000-2 § 14.11.2,
§ 8.3.2.3). Knows nothing of stamps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pikepdf import Dictionary, Matrix, Page

from stamping.errors import UnusablePageError

LETTER = (612.0, 792.0)
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Viewport:
    """The visible page: its size in points, and the way from it to user space.

    `box` is the visible rectangle in user space: left, bottom, right, top.
    """

    width: float
    height: float
    to_user_space: Matrix
    box: tuple[float, float, float, float]


def viewport(page: Page) -> Viewport:
    """Return what a reader sees of `page`.

    Raises:
        UnusablePageError: the page has no area after clipping to its MediaBox.
    """
    media = _box(inherited(page.obj, "/MediaBox")) or (0.0, 0.0, *LETTER)
    crop = _box(inherited(page.obj, "/CropBox")) or media
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if right <= left or top <= bottom:
        # A CropBox that misses the MediaBox is ignored, as readers do.
        left, bottom, right, top = media
    if right - left <= 0 or top - bottom <= 0:
        raise UnusablePageError("a page has no area", remedy="Export the file again.")
    unit = _number(page.obj.get("/UserUnit"), 1.0)
    if unit <= 0:
        unit = 1.0
    turn = round(_number(inherited(page.obj, "/Rotate"), 0.0) / 90) % 4
    width, height = (right - left) * unit, (top - bottom) * unit
    if turn in (1, 3):
        width, height = height, width
    scale = 1 / unit
    matrix = {
        0: Matrix(scale, 0, 0, scale, left, bottom),
        1: Matrix(0, scale, -scale, 0, right, bottom),
        2: Matrix(-scale, 0, 0, -scale, right, top),
        3: Matrix(0, -scale, scale, 0, left, top),
    }[turn]
    return Viewport(width, height, matrix, (left, bottom, right, top))


def inherited(page: Any, name: str) -> Any:
    """Return a page attribute from the page or the nearest node above it."""
    node, depth = page, 0
    while isinstance(node, Dictionary) and depth < _DEEPEST:
        if name in node:
            return node[name]
        node, depth = node.get("/Parent"), depth + 1
    return None


def _box(value: Any) -> tuple[float, float, float, float] | None:
    try:
        numbers = [float(each) for each in value]
    except (TypeError, ValueError):
        return None
    if len(numbers) != 4:
        return None
    left, right = sorted((numbers[0], numbers[2]))
    bottom, top = sorted((numbers[1], numbers[3]))
    if right - left <= 0 or top - bottom <= 0:
        return None
    return left, bottom, right, top


def _number(value: Any, otherwise: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return otherwise
