"""The text of pages, and where on the upright page each run of it stands.

In: a PDF. Out: one `PageText` a page, character by character as pdfium reads it
(invisible text too), and the boxes of any run of it. Boxes are in points of the
upright page, origin bottom left (`stamping.pages.viewport`). Recognises nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from stamping.errors import UnreadableInputError
from stamping.objects.matrix import Matrix
from stamping.objects.source_objects import SourceObjects
from stamping.pages.viewport import Box, Viewport, viewport

LEAST_LETTERS = 20
"""Letters and digits from which on a page with a picture counts as read: recognition
finds a few signs in any photograph."""

LEAST_SHARE = 0.05
"""The share of a page from which on a picture may show something that must be read."""

_BEYOND = 0.5
"""Of the height of recognised text, how far its ink may reach beyond it on each side."""

# A hyphen that breaks a word at a line's end has a code of pdfium's own.
_SPECIAL = {0: "\ufffd", 2: "-", 0xFFFE: "-"}


@dataclass(frozen=True, slots=True)
class PageText:
    """One page's text; `boxes(start, end)` gives a box for each line of a run.

    `number` counts from one; `width` and `height` are the upright page's, in
    points. `unread()` gives the boxes of what shows without text to read: pictures
    of some size, or the whole page where it has a picture and no text to speak of.
    `within(box)` gives the text inside a box, `turn(index)` how far a sign is turned
    as it shows, in degrees. All may be called only while the page is the current one.
    """

    number: int
    width: float
    height: float
    text: str
    boxes: Callable[[int, int], tuple[Box, ...]]
    unread: Callable[[], tuple[Box, ...]]
    within: Callable[[Box], str]
    turn: Callable[[int], float]


def page_texts(path: Path) -> Iterator[PageText]:
    """Yield the text of every page of the PDF at `path`, in order.

    Raises:
        UnreadableInputError: the file cannot be opened as a PDF.
        UnusablePageError: a page has no area.
    """
    views = viewports(path)
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise UnreadableInputError(
            f"{path.name} cannot be read as a PDF", source=path, remedy="Export the file again."
        ) from error
    try:
        for index, seen in enumerate(views):
            page = document[index]
            with page_text(page, index + 1, seen) as text:
                yield text
            page.close()
    finally:
        document.close()


def viewports(path: Path) -> list[Viewport]:
    """Return what a reader sees of every page of the PDF at `path`.

    Raises:
        UnreadableInputError: the file cannot be opened as a PDF.
        UnusablePageError: a page has no area.
    """
    with SourceObjects(path) as objects:
        pages = ({**inherited, **objects.dictionary(ref)} for ref, inherited in objects.leaves())
        return [viewport(entries, objects.resolve) for entries in pages]


@contextmanager
def page_text(page: pdfium.PdfPage, number: int, seen: Viewport) -> Iterator[PageText]:
    """Give the text of an open page, which the caller closes."""
    text_page = page.get_textpage()
    try:
        raw = text_page.raw
        read = pdfium_c.FPDFText_GetUnicode
        codes = [read(raw, index) for index in range(text_page.count_chars())]
        text = "".join(_SPECIAL.get(code) or chr(code) for code in codes)
        to_page = seen.to_user_space.inverse()
        whole = (0.0, 0.0, seen.width, seen.height)

        def boxes(start: int, end: int) -> tuple[Box, ...]:
            count = text_page.count_rects(start, end - start)
            found = [text_page.get_rect(each) for each in range(count)]
            if _is_unseen(raw, start):
                upright = math.degrees(float(pdfium_c.FPDFText_GetCharAngle(raw, start))) % 180 < 45
                found = [_with_ink(box, upright=upright) for box in found]
            return tuple(turned(each, to_page) for each in found)

        def unread() -> tuple[Box, ...]:
            found = list(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=4))
            if found and _letters(text) < LEAST_LETTERS:
                return (whole,)
            bounds = (item.get_bounds() for item in found)
            silent = [each for each in bounds if _letters(_within(text_page, each)) == 0]
            places = (turned(each, to_page) for each in silent)
            return tuple(each for each in places if _area(each) >= LEAST_SHARE * _area(whole))

        def within(box: Box) -> str:
            return _within(text_page, turned(box, seen.to_user_space))

        def turn(index: int) -> float:
            angle = float(pdfium_c.FPDFText_GetCharAngle(raw, index))
            return (math.degrees(angle) + int(page.get_rotation())) % 360

        yield PageText(number, seen.width, seen.height, text, boxes, unread, within, turn)
    finally:
        text_page.close()


def _is_unseen(raw: pdfium_c.FPDF_TEXTPAGE, index: int) -> bool:
    """Return whether a sign is drawn invisibly, as recognised text is (ISO 32000-2 § 9.3.6)."""
    drawn = pdfium_c.FPDFText_GetTextObject(raw, index)
    if not drawn:
        return False
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(drawn)
    return bool(mode == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE)


def _with_ink(box: Box, *, upright: bool) -> Box:
    """Return the box of recognised text, widened to what its picture shows.

    Recognition lays a font without ink over a line, of about the height of its
    smallest letters: the tops and tails of the others reach beyond it.
    """
    left, bottom, right, top = box
    if upright:
        beyond = _BEYOND * (top - bottom)
        return left, bottom - beyond, right, top + beyond
    beyond = _BEYOND * (right - left)
    return left - beyond, bottom, right + beyond, top


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _within(text_page: pdfium.PdfTextPage, box: Box) -> str:
    left, bottom, right, top = box
    return str(text_page.get_text_bounded(left, bottom, right, top))


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def turned(box: Box, matrix: Matrix) -> Box:
    """Return a box in the space that `matrix` leads to."""
    one = matrix.transform((box[0], box[1]))
    other = matrix.transform((box[2], box[3]))
    (left, right), (bottom, top) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return left, bottom, right, top
