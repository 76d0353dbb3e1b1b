"""Text that a page holds and no reader sees.

In: the operators of a page's content, in order. Out: what is hidden, and how.
Text is hidden where it is drawn in the invisible mode with no picture beneath
it (a recognised scan has one), behind a picture or a filled box drawn later, in
white on nothing dark, or outside of the page. Clipping, and shapes other than
boxes, are not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from pypdf.generic import ByteStringObject, TextStringObject

INVISIBLE = (3, 7)
"""Text rendering modes that draw nothing (ISO 32000-2 § 9.3.6)."""

SHOWING = (b"Tj", b"TJ", b"'", b'"')
FILLING = (b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*")
PATH_ENDING = (*FILLING, b"S", b"s", b"n")

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _State:
    white: bool = False
    mode: int = 0
    opaque: bool = True


@dataclass(frozen=True, slots=True)
class _Shown:
    at: Point
    mode: int
    white: bool
    order: int


class Watch:
    """Hears every operator of a page, forms included, and judges at the end.

    `inside` tells whether a point is on the page; `clear` names the graphics
    states that let what lies beneath shine through.
    """

    def __init__(self, inside: Callable[[float, float], bool], clear: Set[str]) -> None:
        self.inside = inside
        self.clear = clear
        self.state = _State()
        self.kept: list[_State] = []
        self.path: list[Box] = []
        self.dark: list[Box] = []
        self.filled: list[tuple[int, Box]] = []
        self.images: list[tuple[int, Box]] = []
        self.shown: list[_Shown] = []
        self.order = 0

    def operand(self, operator: bytes, operands: Sequence[Any], cm: Any, tm: Any) -> None:
        """Take one operator; `cm` and `tm` are the matrices as they stand before it."""
        self.order += 1
        if operator == b"q":
            self.kept.append(self.state)
        elif operator == b"Q":
            self.state = self.kept.pop() if self.kept else _State()
        elif operator == b"Tr":
            self.state = replace(self.state, mode=int(operands[0]))
        elif operator in (b"g", b"rg", b"k", b"sc", b"scn", b"cs"):
            self.state = replace(self.state, white=_is_white(operator, operands))
        elif operator == b"gs":
            self.state = replace(self.state, opaque=str(operands[0]) not in self.clear)
        elif operator == b"re":
            x, y, width, height = (float(each) for each in operands)
            self.path.append(_box(cm, (x, y), (x + width, y + height)))
        elif operator in PATH_ENDING:
            if operator in FILLING and not self.state.white:
                self.dark += self.path
            if operator in FILLING and self.state.opaque:
                self.filled += [(self.order, box) for box in self.path]
            self.path = []
        elif operator in (b"Do", b"INLINE IMAGE"):
            self.images.append((self.order, _box(cm, (0, 0), (1, 1))))
        elif operator in SHOWING and _has_text(operands):
            at = _point(cm, (float(tm[4]), float(tm[5])))
            self.shown.append(_Shown(at, self.state.mode, self.state.white, self.order))

    def hidden(self) -> tuple[str, ...]:
        """Return how text is hidden on the page: each way once."""
        ways = (self._way(each) for each in self.shown)
        return tuple(dict.fromkeys(way for way in ways if way))

    def _way(self, shown: _Shown) -> str:
        x, y = shown.at
        if not self.inside(x, y):
            return "outside of the page"
        over = [order for order, box in self.images if _holds(box, x, y)]
        if shown.mode in INVISIBLE:
            return "" if over else "in the invisible mode, with no picture there"
        if any(order > shown.order for order in over):
            return "behind a picture"
        if any(order > shown.order and _holds(box, x, y) for order, box in self.filled):
            return "behind a box"
        if shown.white and not over and not any(_holds(box, x, y) for box in self.dark):
            return "in white on nothing dark"
        return ""


def _is_white(operator: bytes, operands: Sequence[Any]) -> bool:
    values = [each for each in operands if isinstance(each, (int, float))]
    if operator == b"cs" or len(values) != len(operands) or not values:
        return False
    if operator == b"k" or len(values) == 4:
        return all(float(each) <= 0.02 for each in values)
    return all(float(each) >= 0.98 for each in values)


def _has_text(operands: Sequence[Any]) -> bool:
    for each in operands:
        if isinstance(each, list) and _has_text(each):
            return True
        if isinstance(each, (TextStringObject, ByteStringObject, bytes)) and each.strip():
            return True
    return False


def _point(matrix: Any, point: Point) -> Point:
    a, b, c, d, e, f = (float(each) for each in matrix)
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def _box(matrix: Any, low: Point, high: Point) -> Box:
    corners = [_point(matrix, (x, y)) for x in (low[0], high[0]) for y in (low[1], high[1])]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _holds(box: Box, x: float, y: float) -> bool:
    left, bottom, right, top = box
    return left - 0.5 <= x <= right + 0.5 and bottom - 0.5 <= y <= top + 0.5
