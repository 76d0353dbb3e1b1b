"""The font in which values and notes are drawn where a file leaves that to the reader.

In: a document. Out: Public Sans, embedded whole, in the Windows encoding: a file
with the font of the reader's choice could not be archived (ISO 19005-2
§ 6.2.11.4).
"""

from __future__ import annotations

import functools
import io
from pathlib import Path

from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

FONT_FILE = Path(__file__).parents[1] / "fonts" / "PublicSans-Regular.ttf"
ASCENT, DESCENT = 0.716, 0.207
"""Heights above and below the baseline of a line of text, of the type size."""

_NAME = Name("/PublicSans-Regular")
_FIRST, _LAST = 32, 255
_NONSYMBOLIC = 32


def text_width(text: str, size: float) -> float:
    """Return the width of `text` in points at a type size in points."""
    widths = _widths()
    return sum(widths[code] for code in encoded(text)) * size / 1000


def encoded(text: str) -> bytes:
    """Return the codes of `text`; a character that the encoding lacks becomes "?"."""
    return text.encode("cp1252", errors="replace")


def is_drawable(text: str) -> bool:
    """Return whether the encoding has every character of `text`."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


class ValueFont:
    """The font in one document, embedded when first asked for."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf

    @functools.cached_property
    def object(self) -> Object:
        """The font as the document's own object."""
        return _embed(self._pdf)


def _embed(pdf: Pdf) -> Object:
    data = FONT_FILE.read_bytes()
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=_NAME,
        Flags=_NONSYMBOLIC,
        FontBBox=Array([-300, -300, 1500, 1100]),
        ItalicAngle=0,
        Ascent=round(ASCENT * 1000),
        Descent=-round(DESCENT * 1000),
        CapHeight=round(ASCENT * 1000),
        StemV=80,
        FontFile2=pdf.make_indirect(Stream(pdf, data, Length1=len(data))),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=_NAME,
            Encoding=Name.WinAnsiEncoding,
            FirstChar=_FIRST,
            LastChar=_LAST,
            Widths=Array(list(_widths()[_FIRST:])),
            FontDescriptor=pdf.make_indirect(descriptor),
        )
    )


@functools.cache
def _widths() -> tuple[int, ...]:
    """Return the advance of each code of the encoding, in thousandths of the type size."""
    with TTFont(io.BytesIO(FONT_FILE.read_bytes())) as font:
        scale = 1000 / font["head"].unitsPerEm
        names, advances = font.getBestCmap(), font["hmtx"]
        glyphs = [
            names.get(ord(bytes([code]).decode("cp1252", "replace")), ".notdef")
            for code in range(_LAST + 1)
        ]
        return tuple(round(advances[glyph][0] * scale) for glyph in glyphs)
