"""The stamp: a Bates number on a page, upright as its reader sees it.

In: a page, its viewport, a text. Out: the page with its own content fenced in
and the number drawn after it as a pagination artifact (ISO 32000-2 § 14.8.2.2).
The number is drawn in the page's initial graphics state, whatever state the
page's own content leaves behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Matrix, Name, Page, Pdf, Stream

from stamping.stamp_zone import baseline, clearance, stamp_zone
from stamping.values import StampStyle
from stamping.viewport import Viewport

FONT_FILE = Path(__file__).parent / "fonts" / "PublicSans-SemiBold.ttf"
FONT_NAME = "/BatesFont"
GAP = "   "
"""What stands between the legend and the number."""

_NONSYMBOLIC = 32


@dataclass(frozen=True, slots=True)
class StampFont:
    """The font of the stamp, embedded once in a file; widths per 1000 units."""

    object: Any
    widths: tuple[float, ...]

    def width(self, text: str, size: float) -> float:
        """Return the width of `text` in points."""
        return sum(self.widths[code] for code in _encoded(text)) * size / 1000


def embed_font(pdf: Pdf) -> StampFont:
    """Embed the stamp's font in `pdf` and return it."""
    with TTFont(FONT_FILE) as font:
        units = font["head"].unitsPerEm
        names = font.getBestCmap()
        advances = font["hmtx"]
        widths = []
        for code in range(256):
            glyph = names.get(ord(bytes([code]).decode("cp1252", errors="replace")))
            widths.append(round(advances[glyph][0] * 1000 / units) if glyph else 0)
        head, lines, os2 = font["head"], font["hhea"], font["OS/2"]
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/PublicSans-SemiBold"),
            Flags=_NONSYMBOLIC,
            FontBBox=Array(
                [
                    round(edge * 1000 / units)
                    for edge in (head.xMin, head.yMin, head.xMax, head.yMax)
                ]
            ),
            ItalicAngle=0,
            Ascent=round(lines.ascent * 1000 / units),
            Descent=round(lines.descent * 1000 / units),
            CapHeight=round(os2.sCapHeight * 1000 / units),
            StemV=100,
        )
    data = FONT_FILE.read_bytes()
    descriptor.FontFile2 = pdf.make_indirect(Stream(pdf, data, Length1=len(data)))
    font_object = Dictionary(
        Type=Name.Font,
        Subtype=Name.TrueType,
        BaseFont=Name("/PublicSans-SemiBold"),
        Encoding=Name.WinAnsiEncoding,
        FirstChar=32,
        LastChar=255,
        Widths=Array(widths[32:]),
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    return StampFont(pdf.make_indirect(font_object), tuple(widths))


def is_stampable(text: str) -> bool:
    """Return whether the stamp's font and its encoding have every character of `text`."""
    with TTFont(FONT_FILE, lazy=True) as font:
        known = font.getBestCmap()
    return all(ord(each) in known for each in text) and _encoded(text) == text.encode(
        "cp1252", errors="ignore"
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """What a page's content leaves open, and what it closes beyond its own.

    `marked` is true where it holds marked content other than layers.
    """

    surplus: int
    open_states: int
    open_text: bool
    open_marks: int
    marked: bool
    readable: bool = True


def balance(page: Page) -> Balance:
    """Return how the page's content keeps its brackets (ISO 32000-2 § 8.4.2)."""
    depth = lowest = marks = 0
    text = marked = False
    try:
        instructions = pikepdf.parse_content_stream(page, "q Q BT ET BMC BDC EMC")
    except pikepdf.PdfError:
        return Balance(0, 0, open_text=False, open_marks=0, marked=False, readable=False)
    for instruction in instructions:
        match str(instruction.operator):
            case "q":
                depth += 1
            case "Q":
                depth -= 1
                lowest = min(lowest, depth)
            case "BT":
                text = True
            case "ET":
                text = False
            case "EMC":
                marks = max(0, marks - 1)
            case _:
                marks += 1
                marked |= instruction.operands[0] != Name.OC
    return Balance(-lowest, depth - lowest, text, marks, marked)


def fence(pdf: Pdf, page: Page, held: Balance, before: bytes = b"", after: bytes = b"") -> None:
    """Put the page's content between `before` and `after`, in a state of its own."""
    contents = page.obj.get("/Contents")
    own: Sequence[Any] = []
    if isinstance(contents, Array):
        own = [each for each in contents if isinstance(each, Stream)]
    elif isinstance(contents, Stream):
        own = [contents]
    opening = b"q " * (1 + held.surplus) + before + b"\n"
    closing = b"\n" + b"ET " * held.open_text + b"EMC " * held.open_marks
    closing += after + b" Q" * (1 + held.open_states) + b"\n"
    streams = [Stream(pdf, opening), *own, Stream(pdf, closing)]
    page.obj.Contents = Array(
        [each if each.is_indirect else pdf.make_indirect(each) for each in streams]
    )


def draw_number(
    pdf: Pdf, page: Page, view: Viewport, font: StampFont, style: StampStyle, number: str
) -> tuple[float, float, float, float]:
    """Draw `number` and the style's legend; return the zone, upright, in points."""
    text = f"{style.legend}{GAP}{number}" if style.legend else number
    width = font.width(text, style.size)
    zone = stamp_zone(view.width, view.height, style, width)
    x, y = zone[0] + clearance(style), zone[1] + baseline(style)
    part = b"Header" if style.position.value.startswith("top") else b"Footer"
    drawing = b"".join(
        (
            b"q ",
            _operands(view.to_user_space),
            b" cm /Artifact <</Type /Pagination /Subtype /",
            part,
            b">> BDC BT 0 g ",
            FONT_NAME.encode(),
            f" {style.size:g} Tf {x:.3f} {y:.3f} Td ".encode(),
            b"<" + bytes(_encoded(text)).hex().encode() + b"> Tj ET EMC Q\n",
        )
    )
    name = _add_font(page, font)
    if name != FONT_NAME:
        drawing = drawing.replace(FONT_NAME.encode(), name.encode())
    page.obj.Contents.append(pdf.make_indirect(Stream(pdf, drawing)))
    return zone


def _add_font(page: Page, font: StampFont) -> str:
    """Name the font in the page's own resources, which may be shared or inherited."""
    resources = page.obj.get("/Resources")
    resources = _copy(resources)
    fonts = resources.get("/Font")
    fonts = _copy(fonts)
    name, number = FONT_NAME, 1
    while name in fonts:
        number += 1
        name = f"{FONT_NAME}{number}"
    fonts[name] = font.object
    resources["/Font"] = fonts
    page.obj["/Resources"] = resources
    return name


def _copy(value: Any) -> Any:
    """Return a dictionary of the same entries, empty where there is none."""
    return Dictionary(dict(value.items())) if isinstance(value, Dictionary) else Dictionary()


def _operands(matrix: Matrix) -> bytes:
    return " ".join(f"{value:.6f}".rstrip("0").rstrip(".") for value in matrix.shorthand).encode()


def _encoded(text: str) -> bytes:
    return text.encode("cp1252", errors="replace")
