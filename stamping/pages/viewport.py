"""A page as its reader sees it.

In: a page's entries, with those that it inherits. Out: a `Viewport` in points,
upright, origin bottom left, whatever /Rotate, /CropBox or /UserUnit say (ISO
32000-2 § 14.11.2, § 8.3.2.3). Knows nothing of stamps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from stamping.errors import UnusablePageError
from stamping.objects.matrix import Matrix
from stamping.objects.pdf_syntax import Value

LETTER = (612.0, 792.0)

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in user space."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """The visible page: its size in points, and the way from it to user space.

    `box` is the visible rectangle in user space: left, bottom, right, top.
    """

    width: float
    height: float
    to_user_space: Matrix
    box: Box


def viewport(page: Mapping[str, Value], resolve: Callable[[Value], Value]) -> Viewport:
    """Return what a reader sees of the page with these entries.

    Raises:
        UnusablePageError: the page has no area after clipping to its MediaBox.
    """
    return _viewport(
        _box(page.get("MediaBox"), resolve),
        _box(page.get("CropBox"), resolve),
        _number(resolve(page.get("Rotate")), 0.0),
        _number(resolve(page.get("UserUnit")), 1.0),
    )


@lru_cache(maxsize=256)
def _viewport(media: Box | None, crop: Box | None, rotate: float, unit: float) -> Viewport:
    media = media or (0.0, 0.0, *LETTER)
    crop = crop or media
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if right <= left or top <= bottom:
        # A CropBox that misses the MediaBox is ignored, as readers do.
        left, bottom, right, top = media
    if right - left <= 0 or top - bottom <= 0:
        raise UnusablePageError("a page has no area", remedy="Export the file again.")
    if unit <= 0:
        unit = 1.0
    turn = round(rotate / 90) % 4
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


def _box(value: Value, resolve: Callable[[Value], Value]) -> Box | None:
    held = resolve(value)
    if type(held) is not list or len(held) != 4:
        return None
    numbers = [resolve(each) for each in held]
    if any(type(number) not in (int, float) for number in numbers):
        return None
    left, right = sorted((float(numbers[0]), float(numbers[2])))
    bottom, top = sorted((float(numbers[1]), float(numbers[3])))
    if right - left <= 0 or top - bottom <= 0:
        return None
    return left, bottom, right, top


def _number(value: Value, otherwise: float) -> float:
    return float(value) if type(value) in (int, float) else otherwise
