"""A page made to fit: scaled for a clear band, or put on a sheet of another size.

In: a page's viewport and the band that the stamp needs. Out: content that begins
with a matrix and a clip, the page's new boxes, and annotations moved with it.
Nothing is enlarged, and nothing outside the visible page comes into view.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stamping.objects.matrix import Matrix
from stamping.objects.pdf_syntax import Value
from stamping.pages.stamp_zone import stamp_zone
from stamping.pages.viewport import LETTER, Viewport
from stamping.values import StampStyle

BOXES = ("CropBox", "BleedBox", "TrimBox", "ArtBox", "Rotate", "UserUnit")
"""What describes the old sheet and does not hold for a new one."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a page's user space is moved, the bytes to put before its content, and its view then."""

    matrix: Matrix
    opening: bytes
    view: Viewport
    new_sheet: bool = False


def band(view: Viewport, style: StampStyle, text_width: float) -> float:
    """Return the height of the band at the page's edge that the stamp needs, in points."""
    _, bottom, _, top = stamp_zone(view.width, view.height, style, text_width)
    return view.height - bottom if at_top(style) else top


def at_top(style: StampStyle) -> bool:
    """Return whether the stamp stands at the page's upper edge."""
    return style.position.value.startswith("top")


def clear_band(view: Viewport, style: StampStyle, text_width: float) -> Fit:
    """Return how to scale a page so that the stamp's band is clear; its size stays."""
    height = band(view, style, text_width)
    scale = max((view.height - height) / view.height, 0.1)
    bottom = 0.0 if at_top(style) else height
    placed = Matrix(scale, 0, 0, scale, view.width * (1 - scale) / 2, bottom)
    matrix = view.to_user_space.inverse() @ placed @ view.to_user_space
    return Fit(matrix, _opening(matrix, view), view)


def letter_size(view: Viewport) -> tuple[float, float]:
    """Return the size of US Letter, upright or across as the page is, in points."""
    return (LETTER[1], LETTER[0]) if view.width > view.height else LETTER


def is_letter(entries: Mapping[str, Value], view: Viewport) -> bool:
    """Return whether a page with these entries is US Letter as it stands, by all its boxes."""
    sheet = [0, 0, *letter_size(view)]
    plain: dict[str, Value] = {"Rotate": 0, "UserUnit": 1}
    boxes = {key: plain.get(key, sheet) for key in ("MediaBox", *BOXES)}
    return all(entries.get(key, value) == value for key, value in boxes.items())


def on_sheet(view: Viewport, size: tuple[float, float], room: float, *, at_top: bool) -> Fit:
    """Put a page on a sheet of `size` points and leave `room` clear; it stays upright.

    `room` is zero where the page's own stamp zone is clear.
    """
    width, height = size
    scale = min(1.0, width / view.width, (height - room) / view.height)
    left = (width - view.width * scale) / 2
    bottom = height - view.height * scale - (room if at_top else 0)
    if not at_top and scale == 1.0:
        bottom = max(room, bottom)
    matrix = view.to_user_space.inverse() @ Matrix(scale, 0, 0, scale, left, bottom)
    sheet = Viewport(width, height, Matrix(), (0.0, 0.0, width, height))
    return Fit(matrix, _opening(matrix, view), sheet, new_sheet=True)


def moved(points: Value, matrix: Matrix) -> Value:
    """Return the coordinates of a /Rect or of /QuadPoints, moved with the content."""
    numbers = [float(each) for each in points]
    pairs = zip(numbers[0::2], numbers[1::2], strict=False)
    return [round(value, 3) for pair in pairs for value in matrix.transform(pair)]


def _opening(matrix: Matrix, view: Viewport) -> bytes:
    left, bottom, right, top = view.box
    numbers = " ".join(f"{value:.6f}" for value in matrix)
    clip = f"{left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} re W n"
    return f"{numbers} cm {clip} ".encode()
