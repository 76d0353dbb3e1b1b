"""The stamp: a Bates number on a page, upright as its reader sees it.

In: a page's viewport, the balance of its content, a text. Out: the content to
put before and after the page's own: a fence round it, and the number drawn as a
pagination artifact (ISO 32000-2 § 14.8.2.2) in the page's initial graphics
state, whatever state the page's own content leaves behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pikepdf
from fontTools.ttLib import TTFont

from stamping.content_brackets import UNREADABLE, Balance, balance_of
from stamping.object_writer import ObjectWriter
from stamping.pdf_syntax import Ref, Value
from stamping.stamp_zone import baseline, clearance, stamp_zone
from stamping.stream_decoding import UNDECODABLE
from stamping.values import StampStyle
from stamping.viewport import Viewport

FONT_FILE = Path(__file__).parent / "fonts" / "PublicSans-SemiBold.ttf"
FONT_NAME = "BatesFont"
GAP = "   "
"""What stands between the legend and the number."""
SMALLEST_SIZE = 5.0
"""Points: a number is drawn smaller on a narrow page, but never smaller than this."""

_NONSYMBOLIC = 32


@dataclass(frozen=True, slots=True)
class StampFont:
    """The font of the stamp, embedded once in a file; widths per 1000 units."""

    object: Ref
    widths: tuple[float, ...]

    def width(self, text: str, size: float) -> float:
        """Return the width of `text` in points."""
        return sum(self.widths[code] for code in _encoded(text)) * size / 1000


def embed_font(writer: ObjectWriter) -> StampFont:
    """Embed the stamp's font in the output and return it."""
    with TTFont(FONT_FILE) as font:
        units = font["head"].unitsPerEm
        names = font.getBestCmap()
        advances = font["hmtx"]
        widths = []
        for code in range(256):
            glyph = names.get(ord(bytes([code]).decode("cp1252", errors="replace")))
            widths.append(round(advances[glyph][0] * 1000 / units) if glyph else 0)
        head, lines, os2 = font["head"], font["hhea"], font["OS/2"]
        edges = (head.xMin, head.yMin, head.xMax, head.yMax)
        descriptor: dict[str, Value] = {
            "Type": "FontDescriptor",
            "FontName": "PublicSans-SemiBold",
            "Flags": _NONSYMBOLIC,
            "FontBBox": [round(edge * 1000 / units) for edge in edges],
            "ItalicAngle": 0,
            "Ascent": round(lines.ascent * 1000 / units),
            "Descent": round(lines.descent * 1000 / units),
            "CapHeight": round(os2.sCapHeight * 1000 / units),
            "StemV": 100,
        }
    data = FONT_FILE.read_bytes()
    descriptor["FontFile2"] = writer.add_compressed({"Length1": len(data)}, data)
    entries = {
        "Type": "Font",
        "Subtype": "TrueType",
        "BaseFont": "PublicSans-SemiBold",
        "Encoding": "WinAnsiEncoding",
        "FirstChar": 32,
        "LastChar": 255,
        "Widths": widths[32:],
        "FontDescriptor": writer.add(descriptor),
    }
    return StampFont(writer.add(entries), tuple(widths))


def is_stampable(text: str) -> bool:
    """Return whether the stamp's font and its encoding have every character of `text`."""
    with TTFont(FONT_FILE, lazy=True) as font:
        known = font.getBestCmap()
    return all(ord(each) in known for each in text) and _encoded(text) == text.encode(
        "cp1252", errors="ignore"
    )


def balance(page: pikepdf.Page) -> Balance:
    """Return how the content of a page that pikepdf holds keeps its brackets."""
    contents = page.obj.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    try:
        pieces = [each.read_bytes() for each in streams if isinstance(each, pikepdf.Stream)]
    except UNDECODABLE:
        return UNREADABLE
    return balance_of(b"\n".join(pieces))


def stamp_text(style: StampStyle, number: str) -> str:
    """Return what the stamp says: the legend, if there is one, and the number."""
    return f"{style.legend}{GAP}{number}" if style.legend else number


def fitted_size(view: Viewport, style: StampStyle, text_width: float) -> float:
    """Return the type size at which the text stays on the page, at least `SMALLEST_SIZE`.

    `text_width` is what it takes at the style's own size. All in points.
    """
    room = view.width - 2 * clearance(style)
    if text_width <= room:
        return style.size
    return min(style.size, max(SMALLEST_SIZE, style.size * room / text_width))


def sheet_needed(
    view: Viewport, style: StampStyle, text_width: float
) -> tuple[float, float] | None:
    """Return the size of a sheet that holds the text where the page does not, in points."""
    zone = stamp_zone(view.width, view.height, style, text_width)
    smallest = min(SMALLEST_SIZE, style.size)
    width = text_width * smallest / style.size + 2 * clearance(style)
    # A low page keeps at least as much height for itself as the stamp takes.
    height = 2 * max(zone[3] - zone[1], 1.5 * style.size)
    if width <= view.width and height <= view.height:
        return None
    return max(width, view.width), max(height, view.height)


def fence(held: Balance, before: bytes = b"", after: bytes = b"") -> tuple[bytes, bytes]:
    """Return the content to put before and after a page's own, to keep its state apart."""
    opening = b"q " * (1 + held.surplus) + before + b"\n"
    closing = b"\n" + b"ET " * held.open_text + b"EMC " * held.open_marks
    closing += after + b" Q" * (1 + held.open_states) + b"\n"
    return opening, closing


def drawing(view: Viewport, font: StampFont, style: StampStyle, text: str, font_name: str) -> bytes:
    """Return the content that draws `text` upright in its zone."""
    full = font.width(text, style.size)
    size = fitted_size(view, style, full)
    zone = stamp_zone(view.width, view.height, style, full * size / style.size)
    x, y = zone[0] + clearance(style), zone[1] + baseline(style)
    part = "Header" if style.position.value.startswith("top") else "Footer"
    return (
        f"q {_operands(view.to_user_space.shorthand)} cm "
        f"/Artifact <</Type /Pagination /Subtype /{part}>> BDC BT 0 g "
        f"/{font_name} {size:g} Tf {x:.3f} {y:.3f} Td <{_encoded(text).hex()}> Tj ET EMC Q\n"
    ).encode("latin-1")


@lru_cache(maxsize=256)
def _operands(matrix: tuple[float, ...]) -> str:
    return " ".join(f"{value:.6f}".rstrip("0").rstrip(".") for value in matrix)


def _encoded(text: str) -> bytes:
    return text.encode("cp1252", errors="replace")
