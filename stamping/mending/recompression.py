"""Pictures that hold more than a resolution asks for, made smaller: only on request.

    contents ──placed sizes──► pictures above the resolution ──resample, code──► the same file

In: a file, dots an inch, a JPEG quality. Out: a new file in which only those pictures
differ, and what became of each: it is a derivative and must be listed as one. Text,
tags, links and the pictures' places are kept. A picture is changed only where it becomes
smaller; pictures of two tones stay so. The same input gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, hypot
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import (
    Array,
    Dictionary,
    Name,
    ObjectStreamMode,
    Page,
    Pdf,
    PdfImage,
    Stream,
    StreamDecodeLevel,
)
from PIL import Image

from stamping.mending.lossless_pictures import decoded_bits, group_4, write_group_4
from stamping.objects.library_decoding import UNDECODABLE
from stamping.objects.matrix import Matrix
from stamping.objects.saving import save

_SPARE = 1.05
"""How far above the resolution a picture may lie and be left: resampling costs sharpness."""

_DEEPEST = 12
_OPERATORS = "q Q cm Do"
_MIDDLE = 128
_CHANNELS = {"L": 1, "RGB": 3}
_PLAIN_SPACES = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3}

Placed = dict[tuple[int, int], "_Place"]


@dataclass(frozen=True, slots=True)
class RecompressedPicture:
    """One picture that was made smaller: where it stands first, bytes and pixels."""

    page: int
    bytes_before: int
    bytes_after: int
    pixels_before: tuple[int, int]
    pixels_after: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Recompression:
    """What became of a file, in bytes, and of each of its pictures."""

    bytes_before: int
    bytes_after: int
    pictures: tuple[RecompressedPicture, ...]


@dataclass(slots=True)
class _Place:
    """A picture, the first page it stands on, and its largest size there, in inches."""

    picture: Stream
    page: int
    across: float = 0.0
    down: float = 0.0


def recompress(source: Path, target: Path, *, dpi: int, quality: int) -> Recompression:
    """Write `source` to `target` with pictures of at most about `dpi` dots an inch.

    `quality` is that of JPEG, 1 to 95.

    Raises:
        PdfError: the file cannot be opened (of pikepdf).
        ValueError: `dpi` or `quality` is out of range.
    """
    if dpi < 1 or not 1 <= quality <= 95:
        raise ValueError(f"{dpi} dpi at quality {quality} cannot be used")
    with Pdf.open(source) as pdf:
        made = [
            changed
            for place in _placed(pdf).values()
            if (changed := _smaller(place, dpi, quality)) is not None
        ]
        save(
            pdf,
            target,
            compress_streams=False,
            stream_decode_level=StreamDecodeLevel.none,
            object_stream_mode=ObjectStreamMode.generate,
            preserve_pdfa=False,
        )
    return Recompression(source.stat().st_size, target.stat().st_size, tuple(made))


def _placed(pdf: Pdf) -> Placed:
    """Return every picture that a page draws, by its object, in the order of the pages."""
    found: Placed = {}
    for number, page in enumerate(pdf.pages, 1):
        unit = page.obj.get(Name.UserUnit, 1)
        start = Matrix(a=float(unit), d=float(unit))
        _walk(page, _resources(page), start, number, found, 0)
    return found


def _resources(page: Page) -> object:
    node: object = page.obj
    for _ in range(200):
        if not isinstance(node, Dictionary):
            return None
        if Name.Resources in node:
            return node[Name.Resources]
        node = node.get(Name.Parent)
    return None


def _walk(
    content: Any, resources: object, matrix: Matrix, number: int, found: Placed, depth: int
) -> None:
    """Follow the matrix through a content stream and the forms that it draws (§ 8.3.4)."""
    forms = resources.get(Name.XObject) if isinstance(resources, Dictionary) else None
    if not isinstance(forms, Dictionary) or depth > _DEEPEST:
        return
    stack: list[Matrix] = []
    for operator, operands in _drawing(content):
        if operator == "q":
            stack.append(matrix)
        elif operator == "Q":
            matrix = stack.pop() if stack else matrix
        elif operator == "cm" and len(operands) == 6:
            matrix = Matrix(*map(float, operands)) @ matrix
        elif operator == "Do" and operands:
            drawn = forms.get(str(operands[0]))
            if not isinstance(drawn, Stream):
                continue
            if drawn.get(Name.Subtype) == Name.Image:
                _note(drawn, matrix, number, found)
            elif drawn.get(Name.Subtype) == Name.Form:
                own = drawn.get(Name.Matrix)
                inner = Matrix(*map(float, list(own))) if isinstance(own, Array) else Matrix()
                below = drawn.get(Name.Resources, resources)
                _walk(drawn, below, inner @ matrix, number, found, depth + 1)


def _drawing(content: Any) -> Iterator[tuple[str, list[Any]]]:
    try:
        for each in pikepdf.parse_content_stream(content, _OPERATORS):
            yield str(each.operator), list(each.operands)
    except UNDECODABLE:
        return


def _note(picture: Stream, matrix: Matrix, number: int, found: Placed) -> None:
    a, b, c, d, _, _ = matrix
    place = found.setdefault(picture.objgen, _Place(picture, number))
    place.across = max(place.across, hypot(a, b) / 72)
    place.down = max(place.down, hypot(c, d) / 72)


def _smaller(place: _Place, dpi: int, quality: int) -> RecompressedPicture | None:
    """Make one picture smaller in place; None where it stays as it is."""
    picture = place.picture
    size = (int(picture.get(Name.Width, 0)), int(picture.get(Name.Height, 0)))
    wanted = (
        min(size[0], ceil(place.across * dpi)),
        min(size[1], ceil(place.down * dpi)),
    )
    needed = min(wanted) > 0 and max(size[0] / wanted[0], size[1] / wanted[1]) > _SPARE
    if not needed or not _is_plain(picture):
        return None
    found = _image(picture)
    if found is None or found[0].size != size:
        return None
    image, space = found
    before = len(picture.read_raw_bytes())
    if image.mode == "1":
        bits = image.convert("L").resize(wanted, Image.Resampling.BOX)
        made = bits.point(lambda tone: 255 if tone >= _MIDDLE else 0, "1")
        after = len(group_4(made))
        if after < before:
            write_group_4(picture, made)
    else:
        coded = _jpeg(image.resize(wanted, Image.Resampling.LANCZOS), quality)
        after = len(coded)
        if after < before:
            picture.write(coded, filter=Name.DCTDecode)
            picture.ColorSpace, picture.BitsPerComponent = space, 8
    if after >= before:
        return None
    picture.Width, picture.Height = wanted
    return RecompressedPicture(place.page, before, after, size, wanted)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality, optimize=True)
    return stream.getvalue()


def _is_plain(picture: Stream) -> bool:
    """Whether the samples are the picture: no stencil, no colour left out, no turned tones."""
    mask = picture.get(Name.SMask)
    return (
        picture.get(Name.ImageMask, False) is not True
        and not isinstance(picture.get(Name.Mask), Array)
        and Name.Decode not in picture
        and picture.get(Name.SMaskInData, 0) == 0
        and not (isinstance(mask, Stream) and Name.Matte in mask)
    )


def _image(picture: Stream) -> tuple[Image.Image, Any] | None:
    """Return a picture's samples and their colour space; None of a kind that is left alone."""
    space = picture.get(Name.ColorSpace)
    base, indexed = space, False
    if isinstance(space, Array) and len(space) > 1 and space[0] == Name.Indexed:
        base, indexed = space[1], True
    channels = _channels(base)
    bits = picture.get(Name.BitsPerComponent)
    if channels is None or (indexed and bits == 1):
        return None
    image = decoded_bits(picture) if _is_jbig2(picture) else _decoded(picture)
    if image is None:
        return None
    if image.mode == "P" and indexed:
        image = image.convert("L" if channels == 1 else "RGB")
    if image.mode != "1" and _CHANNELS.get(image.mode) != channels:
        return None
    return image, base


def _decoded(picture: Stream) -> Image.Image | None:
    try:
        return PdfImage(picture).as_pil_image()
    except (
        *UNDECODABLE,
        pikepdf.UnsupportedImageTypeError,
        NotImplementedError,
        OSError,
        ValueError,
        TypeError,
    ):
        return None


def _is_jbig2(picture: Stream) -> bool:
    coding = picture.get(Name.Filter)
    names = list(coding) if isinstance(coding, Array) else [coding]
    return names == [Name.JBIG2Decode]


def _channels(space: Any) -> int | None:
    """Return how many channels a colour space has, of those that JPEG can carry unchanged."""
    if isinstance(space, Array) and len(space) > 1 and space[0] == Name.ICCBased:
        count: object = space[1].get(Name.N)
        return next((each for each in _CHANNELS.values() if each == count), None)
    name = str(space[0]) if isinstance(space, Array) and len(space) else str(space)
    return _PLAIN_SPACES.get(name)
