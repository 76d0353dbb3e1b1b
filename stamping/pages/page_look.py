"""What a page shows, judged by looking at it: ink, pictures, and where its links lead.

In: an open pdfium page and its `Viewport`. Out: plain values; boxes and lengths are
points of the upright page, origin bottom left. Renders at a low resolution and only
where asked. Knows no stamp and no court.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageDraw

from stamping.objects.matrix import Matrix
from stamping.pages.clear_zone import PAPER, SCALE
from stamping.pages.viewport import Box, Viewport

_PIXELS = 300
"""Pixels of the longer side at which a page is looked at."""

_LIGHT = 200
"""Grey levels from here on are paper, also where a scanner saw it darker than white."""

_FORM_DEPTH = 6

_FRAME, _LETTER_EDGE, _FRAME_PIXELS = 2.0, 0.75, 3.0
"""Points around a line of text in which ink is looked for, of which the first belong to
the smoothed edges of its letters; pixels a point."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it lies on its page: its box, pixels, and dots an inch each way."""

    box: Box
    pixels: tuple[int, int]
    across: float
    down: float


@dataclass(frozen=True, slots=True)
class Look:
    """A page at a glance: how many pixels are inked, and the share that is light as paper."""

    inked: int
    light: float


def glance(page: pdfium.PdfPage, view: Viewport, besides: Sequence[Box] = ()) -> Look:
    """Return how much the page shows; what stands in the boxes `besides` is not counted."""
    scale = _PIXELS / max(page.get_size())
    shown = _region(page, view, (0.0, 0.0, view.width, view.height), scale / _unit(page, view))
    across, down = shown.width / view.width, shown.height / view.height
    brush = ImageDraw.Draw(shown)
    for left, bottom, right, top in besides:
        first = (left * across - 1, (view.height - top) * down - 1)
        last = (right * across + 1, (view.height - bottom) * down + 1)
        brush.rectangle((first, last), fill=255)
    tones = shown.histogram()
    return Look(sum(tones[:PAPER]), sum(tones[_LIGHT:]) / (shown.width * shown.height))


def has_ink(page: pdfium.PdfPage, view: Viewport, box: Box) -> bool:
    """Return whether anything but near-white shows inside `box`, annotations among it."""
    return any(_region(page, view, box, SCALE).histogram()[:PAPER])


def is_crossed(page: pdfium.PdfPage, view: Viewport, box: Box) -> bool:
    """Return whether ink touches the frame around a line of text in `box`.

    What lies under the line and is larger than it shows there.
    """
    left, bottom, right, top = box
    around = (left - _FRAME, bottom - _FRAME, right + _FRAME, top + _FRAME)
    shown = _region(page, view, around, _FRAME_PIXELS)
    edge = (_FRAME - _LETTER_EDGE) * _FRAME_PIXELS
    corners = (edge, edge, shown.width - edge, shown.height - edge)
    ImageDraw.Draw(shown).rectangle(corners, fill=255)
    return any(shown.histogram()[:PAPER])


def _region(page: pdfium.PdfPage, view: Viewport, box: Box, pixels: float) -> Image.Image:
    """Return what shows inside `box`, in grey, at so many pixels a point."""
    unit = _unit(page, view)
    left, bottom, right, top = box
    cut = (left, bottom, view.width - right, view.height - top)
    crop = tuple(max(0.0, each) / unit for each in cut)
    bitmap = page.render(scale=pixels * unit, crop=crop, grayscale=True)
    try:
        shown: Image.Image = bitmap.to_pil().convert("L")
    finally:
        bitmap.close()
    return shown


def pictures(page: pdfium.PdfPage, view: Viewport) -> Iterator[Picture]:
    """Yield the pictures of a page, also those inside forms, as they are placed."""
    to_page, unit = view.to_user_space.inverse(), _unit(page, view)
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=_FORM_DEPTH):
        placed = _placed(item)
        pixels = item.get_px_size()
        a, b, c, d, _, _ = placed
        wide, high = hypot(a, b) * unit / 72, hypot(c, d) * unit / 72
        if wide <= 0 or high <= 0:
            continue
        corners = [(placed @ to_page).transform(each) for each in ((0, 0), (1, 0), (0, 1), (1, 1))]
        sides, heights = [x for x, _ in corners], [y for _, y in corners]
        box = (
            max(0.0, min(sides)),
            max(0.0, min(heights)),
            min(view.width, max(sides)),
            min(view.height, max(heights)),
        )
        if box[0] < box[2] and box[1] < box[3]:
            yield Picture(box, pixels, pixels[0] / wide, pixels[1] / high)


def share(picture: Picture, view: Viewport) -> float:
    """Return the share of the page that a picture covers."""
    left, bottom, right, top = picture.box
    return (right - left) * (top - bottom) / (view.width * view.height)


def linked_pages(page: pdfium.PdfPage) -> frozenset[int]:
    """Return the pages of the same file that the page's links lead to, counted from one."""
    place, link = pdfium_c.c_int(0), pdfium_c.FPDF_LINK()
    found = set()
    while pdfium_c.FPDFLink_Enumerate(page, place, link):
        target = pdfium_c.FPDFLink_GetDest(page.pdf, link)
        if target:
            found.add(pdfium_c.FPDFDest_GetDestPageIndex(page.pdf, target) + 1)
    return frozenset(found)


def _placed(item: pdfium.PdfObject) -> Matrix:
    """Return the matrix from an object's own square to the page's user space."""
    matrix = Matrix(*item.get_matrix().get())
    holder = item.container
    while holder is not None:
        matrix = matrix @ Matrix(*holder.get_matrix().get())
        holder = holder.container
    return matrix


def _unit(page: pdfium.PdfPage, view: Viewport) -> float:
    """Return the page's /UserUnit, which pdfium does not apply."""
    return view.width / float(page.get_width())
