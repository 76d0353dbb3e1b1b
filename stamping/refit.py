"""A page made to fit: scaled for a clear band, or put on US Letter.

In: a page and the band that the stamp needs. Out: content that begins with a
matrix and a clip, and annotations moved with it. Nothing is enlarged, and
nothing outside the visible page comes into view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Matrix, Page

from stamping.stamp_zone import stamp_zone
from stamping.structure_tree import page_annotations
from stamping.values import StampStyle
from stamping.viewport import LETTER, Viewport


@dataclass(frozen=True, slots=True)
class Fit:
    """How a page's user space is moved: the bytes to put before its content."""

    matrix: Matrix
    opening: bytes


def band(view: Viewport, style: StampStyle, text_width: float) -> float:
    """Return the height of the band at the page's edge that the stamp needs, in points."""
    _, bottom, _, top = stamp_zone(view.width, view.height, style, text_width)
    return view.height - bottom if style.position.value.startswith("top") else top


def clear_band(view: Viewport, style: StampStyle, text_width: float) -> Fit:
    """Return how to scale a page so that the stamp's band is clear; its size stays."""
    height = band(view, style, text_width)
    at_top = style.position.value.startswith("top")
    scale = max((view.height - height) / view.height, 0.1)
    placed = Matrix(scale, 0, 0, scale, view.width * (1 - scale) / 2, 0.0 if at_top else height)
    back = view.to_user_space.inverse()
    return _fit(back @ placed @ view.to_user_space, view)


def letter_size(view: Viewport) -> tuple[float, float]:
    """Return the size of US Letter, upright or across as the page is, in points."""
    return (LETTER[1], LETTER[0]) if view.width > view.height else LETTER


def on_letter(page: Page, view: Viewport, room: float, *, at_top: bool) -> Fit:
    """Put a page on US Letter, upright or across as it is, and leave `room` clear.

    `room` is zero where the page's own stamp zone is clear.
    """
    width, height = letter_size(view)
    scale = min(1.0, width / view.width, (height - room) / view.height)
    left = (width - view.width * scale) / 2
    bottom = height - view.height * scale - (room if at_top else 0)
    if not at_top and scale == 1.0:
        bottom = max(room, bottom)
    matrix = view.to_user_space.inverse() @ Matrix(scale, 0, 0, scale, left, bottom)
    fit = _fit(matrix, view)
    page.obj.MediaBox = Array([0, 0, width, height])
    for name in ("/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit"):
        if name in page.obj:
            del page.obj[name]
    return fit


def move_annotations(page: Page, matrix: Matrix) -> None:
    """Move the annotations' rectangles with the content."""
    for annotation in page_annotations(page):
        for name in ("/Rect", "/QuadPoints"):
            held = annotation.get(name)
            if held is None:
                continue
            numbers = [float(each) for each in held]
            points = [
                matrix.transform((numbers[index], numbers[index + 1]))
                for index in range(0, len(numbers) - 1, 2)
            ]
            moved: list[Any] = [round(value, 3) for point in points for value in point]
            annotation[name] = Array(moved)


def _fit(matrix: Matrix, view: Viewport) -> Fit:
    left, bottom, right, top = view.box
    numbers = " ".join(f"{value:.6f}" for value in matrix.shorthand)
    clip = f"{left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} re W n"
    return Fit(matrix, f"{numbers} cm {clip} ".encode())
