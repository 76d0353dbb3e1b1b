"""A page as a picture with bars burnt in, and the labels that name the rules.

In: a page of a PDF and the bars upon it. Out: its picture without what stands
beneath the bars, the image of it for a PDF, and the content that draws bars and
labels. Changes no document.
"""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
from pikepdf import Dictionary, Name, Object, Pdf, Stream
from PIL import Image, ImageChops, ImageDraw

from stamping.errors import UnreadableInputError
from stamping.pages.value_font import ASCENT, encoded, text_width
from stamping.pages.viewport import Box, Viewport

DPI = 300
"""Dots an inch of a burnt page; one that would exceed `MOST_PIXELS` gets fewer."""

MOST_PIXELS = 120_000_000
BLEED = 0.8
"""Points by which a bar is wider on each side than what it covers: ink bleeds."""

SMALLEST_LABEL, LARGEST_LABEL = 4.0, 9.0
"""Type sizes of a label in points; below the smallest it would not be legible."""

_INCH = 72.0
_JPEG_QUALITY = 90
_COLOURLESS = 8
"""How far the channels of a grey scan may lie apart, of 255."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A black bar: `box` in points of the upright page, origin bottom left.

    `page` counts from one; `label` names the rule, its source before a colon.
    """

    page: int
    box: Box
    label: str


def covered(box: Box, view: Viewport) -> Box:
    """Return what a bar for `box` covers: a little more, and nothing beyond the page."""
    left, bottom, right, top = box
    return (
        max(0.0, left - BLEED),
        max(0.0, bottom - BLEED),
        min(view.width, right + BLEED),
        min(view.height, top + BLEED),
    )


def page_picture(
    source: Path, number: int, view: Viewport, bars: Iterable[Bar], colour: str
) -> Image.Image:
    """Return the page as its reader sees it, upright, with the bars in `colour`.

    Raises:
        UnreadableInputError: the page cannot be drawn.
    """
    inches = view.width * view.height / _INCH**2
    dpi = min(DPI, math.sqrt(MOST_PIXELS / inches))
    try:
        document = pdfium.PdfDocument(source)
        try:
            page = document[number - 1]
            # pdfium measures in user units, and a page may have a unit of its own.
            unit = max(view.width, view.height) / max(page.get_size())
            drawn: Image.Image = page.render(scale=dpi / _INCH * unit).to_pil()
            picture = drawn.convert("RGB")
        finally:
            document.close()
    except pdfium.PdfiumError as error:
        raise UnreadableInputError(
            f"page {number} of {source.name} cannot be drawn",
            source=source,
            remedy="Export the file again.",
        ) from error
    across, down = picture.width / view.width, picture.height / view.height
    brush = ImageDraw.Draw(picture)
    for bar in bars:
        left, bottom, right, top = covered(bar.box, view)
        corners = (
            math.floor(left * across),
            math.floor((view.height - top) * down),
            math.ceil(right * across),
            math.ceil((view.height - bottom) * down),
        )
        brush.rectangle(corners, fill=colour)
    return picture


def image_object(pdf: Pdf, picture: Image.Image) -> Object:
    """Return the picture as an image of `pdf`: without loss where that is the smaller."""
    grey = picture.convert("L")
    apart = ImageChops.difference(picture, grey.convert("RGB")).convert("L")
    plain = apart.point(lambda value: value > _COLOURLESS).getbbox() is None
    flat = grey if plain else picture
    lossless = zlib.compress(flat.tobytes(), 6)
    jpeg = io.BytesIO()
    flat.save(jpeg, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    lossy = len(jpeg.getvalue()) < len(lossless)
    stream = Stream(pdf, jpeg.getvalue() if lossy else lossless)
    stream.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=flat.width,
        Height=flat.height,
        ColorSpace=Name.DeviceGray if plain else Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode if lossy else Name.FlateDecode,
    )
    return pdf.make_indirect(stream)


def bars_content(bars: Sequence[Bar], view: Viewport, font_name: str) -> bytes:
    """Return the content that draws the bars in black and their labels in white."""
    drawn = []
    for bar in bars:
        left, bottom, right, top = covered(bar.box, view)
        drawn.append(f"0 g {left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} re f")
        # Text that runs upwards has a bar that does: its label runs along.
        upward = top - bottom > 2 * (right - left)
        long, low = (top - bottom, right - left) if upward else (right - left, top - bottom)
        text, size = fitted_label(bar.label, long, low)
        if not text:
            continue
        along = (long - text_width(text, size)) / 2
        across = (low - ASCENT * size) / 2
        x, y = (right - across, bottom + along) if upward else (left + along, bottom + across)
        turn = "0 1 -1 0" if upward else "1 0 0 1"
        drawn.append(
            f"BT 1 g /{font_name} {size:.3f} Tf {turn} {x:.3f} {y:.3f} Tm "
            f"<{encoded(text).hex()}> Tj ET"
        )
    return ("q " + "\n".join(drawn) + " Q\n").encode("ascii")


def fitted_label(label: str, width: float, height: float) -> tuple[str, float]:
    """Return the longest form of a label that fits a bar legibly, and its size in points.

    A bar that is too small for any stays black.
    """
    for text in label_forms(label):
        room = (width - 2 * BLEED) / text_width(text, 1.0)
        size = min(LARGEST_LABEL, height * 0.8, room)
        if size >= SMALLEST_LABEL:
            return text, size
    return "", 0.0


def label_forms(label: str) -> tuple[str, str, str]:
    """Return a label, what stands after its colon, and the initials of that."""
    short = label.rpartition(": ")[2]
    return label, short, "".join(word[0] for word in short.replace("-", " ").split())


def merged(bars: Iterable[Bar]) -> list[Bar]:
    """Return the bars with those that overlap made one, which bears the widest one's label."""
    kept: list[Bar] = []
    for bar in sorted(bars, key=lambda each: (each.page, each.box[0] - each.box[2], each.box)):
        while met := next((each for each in kept if _overlap(each, bar)), None):
            kept.remove(met)
            lows = map(min, met.box[:2], bar.box[:2])
            highs = map(max, met.box[2:], bar.box[2:])
            left, bottom, right, top = *lows, *highs
            bar = Bar(bar.page, (left, bottom, right, top), met.label)
        kept.append(bar)
    return sorted(kept, key=lambda each: (each.page, -each.box[3], each.box[0]))


def _overlap(one: Bar, other: Bar) -> bool:
    if one.page != other.page:
        return False
    low = [max(a, b) for a, b in zip(one.box[:2], other.box[:2], strict=True)]
    high = [min(a, b) for a, b in zip(one.box[2:], other.box[2:], strict=True)]
    return all(below < above for below, above in zip(low, high, strict=True))
