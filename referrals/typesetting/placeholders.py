"""Where numbers that are not known yet stand in drawn content.

A template writes a late value, `<span class="late" data-late="first:exhibit-B">`,
around a placeholder that ends in zeros, one for each figure. The page is drawn with
it. Here is kept which content draws each placeholder, and which glyphs draw the
figures, so that a number can take its place in the content when it is known: nothing
is laid out twice, and no page stays laid out.

In: a laid-out WeasyPrint document. Out: a `LateText` for each late value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

FIGURES = "0123456789"

_GLYPHS = re.compile(rb"<([0-9a-f]+)>")
_GLYPH_DIGITS = 4


@dataclass(frozen=True, slots=True)
class LateText:
    """A late value in the content of a page, which counts from one.

    Content around each of its figures is in `pieces`; `glyphs` draw the figures 0 to 9.
    """

    page: int
    key: str
    pieces: tuple[bytes, ...]
    glyphs: tuple[bytes, ...]

    @property
    def width(self) -> int:
        """How many figures it has."""
        return len(self.pieces) - 1

    def content(self, figures: str) -> bytes:
        """Return the content that draws the text with `figures`, as many as it has."""
        drawn = [self.glyphs[int(figure)] for figure in figures]
        if len(drawn) != self.width:
            raise AssertionError(f"{figures!r} has not the {self.width} figures laid out for it")
        return b"".join(chain.from_iterable(zip_longest(self.pieces, drawn, fillvalue=b"")))


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A placeholder before its page is drawn: the content that will place and show it."""

    page: int
    key: str
    placed: bytes
    shown: bytes
    figures: int
    glyphs: tuple[bytes, ...]


def write_known(document: Any, pages: Collection[int], values: Mapping[str, str]) -> None:
    """Write `values` by key into the boxes of some pages of a laid-out document."""
    for page, box, key in _late_boxes(document):
        if page in pages and key in values:
            _set(box, values[key])


def foreseen(document: Any) -> list[Foreseen]:
    """Return how the late values of a laid-out document will be drawn.

    All figures become glyphs of the document's fonts, so that its PDF holds them.
    """
    return [_foreseen(document, page, box, key) for page, box, key in _late_boxes(document)]


def located(waiting: list[Foreseen], pdf: Any) -> list[LateText]:
    """Return the late values in the pages of a WeasyPrint PDF that is about to be written."""
    held_as = {held.reference: held for held in pdf.objects}
    pages = [held_as[held_as[page]["Contents"]].stream for page in pdf.page_references]
    return [_located(each, pages[each.page - 1]) for each in waiting]


def _late_boxes(document: Any) -> Iterator[tuple[int, Any, str]]:
    for number, page in enumerate(document.pages, start=1):
        for box in page._page_box.descendants():
            if hasattr(box, "pango_layout") and box.element is not None:
                key = box.element.get("data-late")
                if key:
                    yield number, box, str(key)


def _foreseen(document: Any, page: int, box: Any, key: str) -> Foreseen:
    placeholder = box.text
    placed, _, shown = _drawn(document, box)
    _set(box, FIGURES)
    _, _, figures = _drawn(document, box)
    _set(box, placeholder)
    glyphs = tuple(text[start:end] for text, start, end in _glyphs(figures))
    count = len(placeholder) - len(placeholder.rstrip("0"))
    return Foreseen(page, key, placed, shown, count, glyphs)


def _set(box: Any, text: str) -> None:
    box.text = text
    box.pango_layout.reactivate(box.style)
    box.pango_layout.set_text(text)
    box.pango_layout.deactivate()


def _drawn(document: Any, box: Any) -> list[bytes]:
    """Return what draws a box of text: its place, its font, its glyphs."""
    from weasyprint.draw.text import draw_first_line
    from weasyprint.matrix import Matrix
    from weasyprint.pdf.stream import Stream

    stream = Stream(document.fonts, None, {}, {}, None, {}, None)
    place = Matrix(d=-1, e=box.position_x, f=box.position_y + box.baseline)
    box.pango_layout.reactivate(box.style)
    draw_first_line(stream, box, "clip", "none", place)
    box.pango_layout.deactivate()
    content: list[bytes] = stream.stream
    if len(content) != 3:
        raise AssertionError(f"{box.text!r} is not drawn in one face")
    return content


def _glyphs(shown: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the place of each glyph in an operand of `TJ`."""
    for run in _GLYPHS.finditer(shown):
        for start in range(run.start(1), run.end(1), _GLYPH_DIGITS):
            yield shown, start, start + _GLYPH_DIGITS


def _located(waiting: Foreseen, content: list[bytes]) -> LateText:
    begin = content.index(waiting.placed)
    end = content.index(waiting.shown, begin)
    if end - begin > 2:  # a font may be chosen between
        raise AssertionError(f"the late value {waiting.key} is drawn otherwise than foreseen")
    before = b"\n".join(content[begin:end]) + b"\n"
    places = [(start, stop) for _, start, stop in _glyphs(waiting.shown)][-waiting.figures :]
    edges = [0, *chain.from_iterable(places), len(waiting.shown)]
    texts = [waiting.shown[start:stop] for start, stop in zip(edges[::2], edges[1::2], strict=True)]
    return LateText(waiting.page, waiting.key, (before + texts[0], *texts[1:]), waiting.glyphs)
