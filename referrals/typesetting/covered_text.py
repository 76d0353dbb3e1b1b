"""Bars over words of laid-out pages: the words go, the layout stays.

In: a laid-out WeasyPrint document and bars. Out: the document changed in place:
where a bar lies, the letters beneath it are gone from their box, and a label of the
same width stands there in white on black. Pages keep their length, tags and links.
What a drawing shows beneath a bar is not reached: who calls must look (`burning`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from stamping.pages.value_font import ASCENT, text_width
from stamping.redaction.burnt_page import Bar, fitted_label

POINT = 0.75
"""Points in a pixel of CSS."""

_LABEL_FAMILY = ("Public Sans",)
_BLANK = "\u00a0"

Span = tuple[int, int, Bar]
"""The first letter beneath a bar, the first one after it, and the bar."""


def cover(document: Any, bars: Sequence[Bar], hide: Callable[[str], str]) -> None:
    """Take what is beneath `bars` out of the document, whose pages they count from one.

    `hide` returns an alternative text without the words that must not appear.
    """
    by_page: dict[int, list[Bar]] = {}
    for bar in bars:
        by_page.setdefault(bar.page, []).append(bar)
    for number, page in enumerate(document.pages, start=1):
        own = by_page.get(number, [])
        for box in list(page._page_box.descendants()):
            if box.element is not None and (spoken := box.element.get("alt")):
                box.element.set("alt", hide(spoken))
            if own and any(_is_text(child) for child in getattr(box, "children", ())):
                kept = [new for child in box.children for new in _covered(child, own, page)]
                box.children = kept


def _is_text(box: Any) -> bool:
    return hasattr(box, "pango_layout")


def _covered(box: Any, bars: Sequence[Bar], page: Any) -> Iterator[Any]:
    """Yield what stands in place of a box: itself, or its rests with labels between."""
    spans = list(_spans(box, bars, page)) if _is_text(box) else []
    if not spans:
        yield box
        return
    done = 0
    for start, end, bar in spans:
        if start > done:
            yield _rest(box, done, start)
        yield from _label(box, start, end, bar, page)
        done = end
    if done < len(box.text):
        yield _rest(box, done, len(box.text))


def _spans(box: Any, bars: Sequence[Bar], page: Any) -> Iterator[Span]:
    top, bottom = box.position_y, box.position_y + box.height
    near = []
    for bar in bars:
        left, low, right, high = _pixels(bar, page)
        middle = (low + high) / 2
        if top <= middle <= bottom and left < box.position_x + box.width and right > box.position_x:
            near.append((left, right, bar))
    if not near:
        return
    edges = [_width(box, box.text[:place]) for place in range(len(box.text) + 1)]
    centres = [box.position_x + (one + other) / 2 for one, other in itertools.pairwise(edges)]
    for left, right, bar in sorted(near, key=lambda each: each[0]):
        under = [place for place, centre in enumerate(centres) if left < centre < right]
        if under:
            yield under[0], under[-1] + 1, bar


def _pixels(bar: Bar, page: Any) -> tuple[float, float, float, float]:
    """Return a bar's left, top, right and bottom in the pixels of the page, from its top."""
    left, bottom, right, top = (edge / POINT for edge in bar.box)
    return left, page.height - top, right, page.height - bottom


def _rest(box: Any, start: int, end: int) -> Any:
    text = box.text[start:end]
    return _piece(box, text, box.style, _width(box, box.text[:start]), _width(box, text))


def _label(box: Any, start: int, end: int, bar: Bar, page: Any) -> Iterator[Any]:
    """Yield a box as wide as the covered letters that draws black, and the words upon it."""
    from weasyprint.css.properties import Dimension

    offset = _width(box, box.text[:start])
    width = _width(box, box.text[:end]) - offset
    _, top, _, bottom = _pixels(bar, page)
    thickness = bottom - top
    style = box.style.copy()
    style["text_decoration_line"] = {"underline"}
    style["text_decoration_style"] = "solid"
    style["text_decoration_color"] = _colour("black")
    style["text_decoration_thickness"] = Dimension(thickness, "px")
    # A line is drawn round its middle, which is told from the baseline.
    below = top - box.position_y - box.baseline
    style["text_underline_offset"] = Dimension(below, "px")
    yield _piece(box, _BLANK, style, offset, width)
    text, size = fitted_label(bar.label, width * POINT, thickness * POINT)
    if not text:
        return
    worded = box.style.copy()
    worded["font_size"] = size / POINT
    worded["font_family"] = _LABEL_FAMILY
    worded["font_weight"] = 400
    worded["font_style"] = "normal"
    worded["letter_spacing"] = 0
    worded["color"] = _colour("white")
    worded["text_decoration_line"] = "none"
    long = text_width(text, size) / POINT
    made = _piece(box, text, worded, offset + (width - long) / 2, long)
    made.baseline = top + (thickness + ASCENT * size / POINT) / 2 - made.position_y
    yield made


def _piece(box: Any, text: str, style: Any, offset: float, width: float) -> Any:
    from weasyprint.text.line_break import create_layout

    made = box.copy_with_text(text)
    made.style = style
    made.position_x = box.position_x + offset
    made.width = width
    made.pango_layout = create_layout(text, style, None, None, box.justification_spacing)
    made.pango_layout.deactivate()
    return made


def _width(box: Any, text: str) -> float:
    """Return how far `text` runs in the style of a box, in pixels."""
    from weasyprint.text.line_break import create_layout, line_size

    if not text:
        return 0.0
    layout = create_layout(text, box.style, None, None, box.justification_spacing)
    layout.set_text(text, justify=True)
    line, _ = layout.get_first_line()
    return float(line_size(line, box.style)[0])


def _colour(name: str) -> Any:
    from tinycss2.color5 import parse_color

    return parse_color(name)
