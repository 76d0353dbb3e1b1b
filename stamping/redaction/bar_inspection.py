"""Looks under every bar of a finished page: letters, pictures, and whether it is black.

In: a file and its bars. Out: a sentence and the bar for each that hides badly.
Reads with pdfium alone, and asks nothing of the code that drew the bars. A bar
measured on a page that was then made smaller is found by the picture of that page.
Knows no case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from stamping.pages.page_text import viewports
from stamping.pages.text_folding import folded
from stamping.pages.viewport import Box, Viewport
from stamping.redaction.burnt_page import Bar, covered, label_forms

Size = tuple[float, float]
"""Width and height in points."""

LETTERS = "letters under a bar"
PICTURE = "a picture under a bar"
NOT_BLACK = "a bar that is not black"
THUMBNAIL = "a thumbnail of the page"

_EDGE = 0.2
"""How far inside a bar something must lie to be under it, of the bar's smaller side:
recognised letters stand only about where they are seen, and ink bleeds."""

_DARK, _LEAST_DARK = 100, 0.5
"""Of 255, and the share of a bar that must be as dark; its label is light."""

_EVEN = 64
"""How far apart the grey of an erased picture may lie: what JPEG leaves of evenness."""

_DOTS = 3.0
"""Pixels a point at which bars are looked at."""


def hidden_badly(
    path: Path, bars: Sequence[Bar], sizes: Mapping[int, Size] | None = None
) -> Iterator[tuple[str, Bar]]:
    """Yield what is wrong with each bar, and the bar.

    `sizes` are those of the pages that the bars were measured on, for pages that
    are a picture; on the others bars stand where they were measured.

    Raises:
        UnreadableInputError: the file cannot be opened as a PDF.
    """
    by_page: dict[int, list[Bar]] = {}
    for bar in bars:
        by_page.setdefault(bar.page, []).append(bar)
    if not by_page:
        return
    views = viewports(path)
    document = pdfium.PdfDocument(path)
    try:
        for number, own in by_page.items():
            size = sizes.get(number) if sizes else None
            yield from _page(document[number - 1], views[number - 1], own, size)
    finally:
        document.close()


def _page(
    page: pdfium.PdfPage, view: Viewport, bars: Sequence[Bar], size: Size | None
) -> Iterator[tuple[str, Bar]]:
    if pdfium_c.FPDFPage_GetRawThumbnailData(page.raw, None, 0):
        yield THUMBNAIL, bars[0]
    letters = list(_letters(page, view))
    pictures = list(_pictures(page))
    if size is not None and len(pictures) == 1:
        bars = [replace(bar, box=_placed(bar.box, size, pictures[0][1], view)) for bar in bars]
    shown = page.render(scale=_DOTS * view.width / page.get_width()).to_pil().convert("L")
    for bar in bars:
        inner = _inner(covered(bar.box, view))
        under = folded("".join(sign for sign, x, y in letters if _holds(inner, x, y)))
        if under and not any(under in folded(form) for form in label_forms(bar.label)):
            yield LETTERS, bar
        if any(_shows(picture, box, inner, view) for picture, box in pictures):
            yield PICTURE, bar
        if _share_of_dark(shown, inner, view) < _LEAST_DARK:
            yield NOT_BLACK, bar


def _letters(page: pdfium.PdfPage, view: Viewport) -> Iterator[tuple[str, float, float]]:
    """Yield every letter and where its middle lies on the upright page."""
    text_page = page.get_textpage()
    to_page = view.to_user_space.inverse()
    try:
        for index in range(text_page.count_chars()):
            sign = text_page.get_text_range(index, 1)
            if sign.strip():
                left, bottom, right, top = text_page.get_charbox(index)
                x, y = to_page.transform(((left + right) / 2, (bottom + top) / 2))
                yield sign, x, y
    finally:
        text_page.close()


def _pictures(page: pdfium.PdfPage) -> Iterator[tuple[pdfium.PdfImage, Box]]:
    """Yield the pictures of a page and where they lie, in user space."""
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        yield item, item.get_bounds()


def _placed(box: Box, size: Size, picture: Box, view: Viewport) -> Box:
    """Return where a box of a page of that `size` came to lie with the page's picture."""
    to_page = view.to_user_space.inverse()
    one = to_page.transform((picture[0], picture[1]))
    other = to_page.transform((picture[2], picture[3]))
    (left, right), (bottom, top) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    across, up = (right - left) / size[0], (top - bottom) / size[1]
    return (
        left + box[0] * across,
        bottom + box[1] * up,
        left + box[2] * across,
        bottom + box[3] * up,
    )


def _inner(box: Box) -> Box:
    left, bottom, right, top = box
    edge = _EDGE * min(top - bottom, right - left)
    return left + edge, bottom + edge, right - edge, top - edge


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] < x < box[2] and box[1] < y < box[3]


def _shows(image: pdfium.PdfImage, bounds: Box, box: Box, view: Viewport) -> bool:
    """Whether the picture holds anything but one even tone beneath the bar."""
    one = view.to_user_space.transform((box[0], box[1]))
    other = view.to_user_space.transform((box[2], box[3]))
    (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    left, bottom, right, top = bounds
    if x1 <= left or x0 >= right or y1 <= bottom or y0 >= top or right <= left or top <= bottom:
        return False
    matrix = image.get_matrix()
    if matrix.b or matrix.c or matrix.a < 0 or matrix.d < 0:
        return True  # turned: a burnt page never is
    pixels: Image.Image = image.get_bitmap().to_pil().convert("L")
    across, down = pixels.width / (right - left), pixels.height / (top - bottom)
    part = pixels.crop(
        (
            round((max(x0, left) - left) * across),
            round((top - min(y1, top)) * down),
            round((min(x1, right) - left) * across),
            round((top - max(y0, bottom)) * down),
        )
    )
    if not part.width or not part.height:
        return False
    tones = part.getextrema()
    return int(tones[1]) - int(tones[0]) > _EVEN  # type: ignore[arg-type]  # one channel: a pair


def _share_of_dark(shown: Image.Image, box: Box, view: Viewport) -> float:
    across, down = shown.width / view.width, shown.height / view.height
    part = shown.crop(
        (
            int(box[0] * across),
            int((view.height - box[3]) * down),
            max(int(box[2] * across), int(box[0] * across) + 1),
            max(int((view.height - box[1]) * down), int((view.height - box[3]) * down) + 1),
        )
    )
    dark = sum(part.histogram()[:_DARK])
    return dark / (part.width * part.height)
