"""Draw markup whose file leaves its looks to the reader.

In: an annotation without an appearance stream. Out: an appearance stream made
of its own geometry, colour and width (ISO 32000-2 § 12.5.6), or None for kinds
whose looks cannot be told from the file. Coordinates stay the page's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from decimal import Decimal

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from stamping.pages.value_font import ValueFont, is_drawable
from stamping.preparation.field_appearance import colour_operator, text_block

_DEFAULT_WIDTH = 1.0
# A Bézier handle of this share of the radius draws a quarter circle (to 0.03 %).
_CIRCLE = 0.5523
_NOTE_SIZE = 11.0

Points = list[tuple[float, float]]


def draw_markup(pdf: Pdf, annotation: Dictionary, font: ValueFont) -> Stream | None:
    """Return a picture of `annotation`, or None where its kind has none to give."""
    draw = _KINDS.get(str(annotation.get(Name.Subtype)))
    rectangle = _numbers(annotation.get(Name.Rect))
    if draw is None or len(rectangle) != 4:
        return None
    content = draw(annotation)
    if not content:
        return None
    left, bottom, right, top = rectangle
    resources = Dictionary()
    opacity = annotation.get(Name.CA)
    if isinstance(opacity, (int, float, Decimal)):
        resources[Name.ExtGState] = Dictionary(
            Op=Dictionary(CA=opacity, ca=opacity)  # both strokes and fills
        )
        content = b"/Op gs\n" + content
    if annotation.get(Name.Subtype) == Name.FreeText:
        resources[Name.Font] = Dictionary(Value=font.object)
    return pdf.make_stream(
        content,
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([left, bottom, right, top]),
        Resources=resources,
    )


def _numbers(value: object) -> list[float]:
    """Return an array's numbers; nothing where it holds anything else."""
    if not isinstance(value, Array):
        return []
    found = []
    for item in value:
        number: object = item
        if not isinstance(number, (int, float, Decimal)):
            return []
        found.append(float(number))
    return found


def _points(value: object) -> Points:
    numbers = _numbers(value)
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def _path(points: Points) -> bytes:
    steps = [
        b"%.3f %.3f %s" % (x, y, b"l" if index else b"m") for index, (x, y) in enumerate(points)
    ]
    return b" ".join(steps)


def _width(annotation: Dictionary) -> float:
    style = annotation.get(Name.BS)
    if isinstance(style, Dictionary):
        width: object = style.get(Name.W, 1)
        return float(width) if isinstance(width, (int, float, Decimal)) else _DEFAULT_WIDTH
    border = annotation.get(Name.Border)
    if isinstance(border, Array) and len(border) >= 3:
        third: object = border[2]
        return float(third) if isinstance(third, (int, float, Decimal)) else _DEFAULT_WIDTH
    return _DEFAULT_WIDTH


def _stroke(annotation: Dictionary) -> bytes:
    colour = colour_operator(annotation.get(Name.C), b"G RG K") or b"0 G"
    return b"%s %.3f w 1 j 1 J" % (colour, _width(annotation))


def _shape(annotation: Dictionary, path: bytes) -> bytes:
    """Return a closed path stroked in the annotation's colour, filled with its interior."""
    inside = colour_operator(annotation.get(Name.IC), b"g rg k")
    width = _width(annotation)
    if not inside and not width:
        return b""
    paint = b"B" if inside and width else b"f" if inside else b"S"
    return b"q %s %s %s %s Q\n" % (_stroke(annotation), inside, path, paint)


def _inner_box(annotation: Dictionary) -> tuple[float, float, float, float]:
    """Return the rectangle less its differences and half the line, as x, y, width, height."""
    left, bottom, right, top = _numbers(annotation.get(Name.Rect))
    inset = _numbers(annotation.get(Name.RD))
    if len(inset) == 4:
        left, bottom, right, top = (
            left + inset[0], bottom + inset[1], right - inset[2], top - inset[3],
        )  # fmt: skip
    half = _width(annotation) / 2
    return left + half, bottom + half, right - left - 2 * half, top - bottom - 2 * half


def _square(annotation: Dictionary) -> bytes:
    return _shape(annotation, b"%.3f %.3f %.3f %.3f re" % _inner_box(annotation))


def _circle(annotation: Dictionary) -> bytes:
    x, y, width, height = _inner_box(annotation)
    a, b = width / 2, height / 2
    cx, cy, p, q = x + a, y + b, a * _CIRCLE, b * _CIRCLE
    path = b"%.3f %.3f m" % (cx + a, cy)
    for curve in (
        (cx + a, cy + q, cx + p, cy + b, cx, cy + b),
        (cx - p, cy + b, cx - a, cy + q, cx - a, cy),
        (cx - a, cy - q, cx - p, cy - b, cx, cy - b),
        (cx + p, cy - b, cx + a, cy - q, cx + a, cy),
    ):
        path += b" %.3f %.3f %.3f %.3f %.3f %.3f c" % curve
    return _shape(annotation, path + b" h")


def _line(annotation: Dictionary) -> bytes:
    points = _points(annotation.get(Name.L))
    return b"q %s %s S Q\n" % (_stroke(annotation), _path(points)) if len(points) == 2 else b""


def _polyline(annotation: Dictionary) -> bytes:
    points = _points(annotation.get(Name.Vertices))
    return b"q %s %s S Q\n" % (_stroke(annotation), _path(points)) if len(points) > 1 else b""


def _polygon(annotation: Dictionary) -> bytes:
    points = _points(annotation.get(Name.Vertices))
    return _shape(annotation, _path(points) + b" h") if len(points) > 2 else b""


def _ink(annotation: Dictionary) -> bytes:
    strokes = annotation.get(Name.InkList)
    paths = [_path(_points(stroke)) for stroke in (strokes if isinstance(strokes, Array) else ())]
    drawn = b" ".join(path + b" S" for path in paths if path)
    return b"q %s %s Q\n" % (_stroke(annotation), drawn) if drawn else b""


def _quads(annotation: Dictionary) -> Iterator[Points]:
    """Yield each marked piece of text: its corners top left, top right, bottom left, bottom right.

    That is the order which programs write; § 12.5.6.10 says otherwise.
    """
    points = _points(annotation.get(Name.QuadPoints))
    for index in range(0, len(points) - 3, 4):
        yield points[index : index + 4]


def _highlight(annotation: Dictionary) -> bytes:
    colour = colour_operator(annotation.get(Name.C), b"g rg k") or b"1 1 0 rg"
    boxes = b" ".join(
        _path([quad[0], quad[1], quad[3], quad[2]]) + b" h f" for quad in _quads(annotation)
    )
    return b"q %s %s Q\n" % (colour, boxes) if boxes else b""


def _ruled(share: float) -> Callable[[Dictionary], bytes]:
    """Return what rules each piece of text at `share` of its height above its foot."""

    def draw(annotation: Dictionary) -> bytes:
        lines = []
        for top_left, top_right, bottom_left, bottom_right in _quads(annotation):
            ends = [
                (foot[0] + (head[0] - foot[0]) * share, foot[1] + (head[1] - foot[1]) * share)
                for head, foot in ((top_left, bottom_left), (top_right, bottom_right))
            ]
            lines.append(_path(ends) + b" S")
        return b"q %s %s Q\n" % (_stroke(annotation), b" ".join(lines)) if lines else b""

    return draw


def _squiggly(annotation: Dictionary) -> bytes:
    waves = []
    for _, _, left, right in _quads(annotation):
        steps = max(2, int(math.dist(left, right) / 2))
        wave = [
            (
                left[0] + (right[0] - left[0]) * step / steps,
                left[1] + (right[1] - left[1]) * step / steps + (1.5 if step % 2 else 0.5),
            )
            for step in range(steps + 1)
        ]
        waves.append(_path(wave) + b" S")
    return b"q %s %s Q\n" % (_stroke(annotation), b" ".join(waves)) if waves else b""


def _free_text(annotation: Dictionary) -> bytes:
    contents, style = annotation.get(Name.Contents), annotation.get(Name.DA)
    if not isinstance(contents, String) or not is_drawable(str(contents)):
        return b""
    x, y, width, height = _inner_box(annotation)
    ground = colour_operator(annotation.get(Name.C), b"g rg k")
    paint = b"B" if ground and _width(annotation) else b"f" if ground else b"S"
    frame = b"q %s %.3f w %.3f %.3f %.3f %.3f re %s Q\n"
    box = b""
    if ground or _width(annotation):
        box = frame % (ground, _width(annotation), x, y, width, height, paint)
    words = text_block(
        str(contents), str(style) if isinstance(style, String) else "", width, height, _NOTE_SIZE
    )
    return box + b"q 1 0 0 1 %.3f %.3f cm\n" % (x, y) + words + b"Q\n"


_KINDS: dict[str, Callable[[Dictionary], bytes]] = {
    "/Square": _square,
    "/Circle": _circle,
    "/Line": _line,
    "/PolyLine": _polyline,
    "/Polygon": _polygon,
    "/Ink": _ink,
    "/Highlight": _highlight,
    "/Underline": _ruled(0.08),
    "/StrikeOut": _ruled(0.45),
    "/Squiggly": _squiggly,
    "/FreeText": _free_text,
}
