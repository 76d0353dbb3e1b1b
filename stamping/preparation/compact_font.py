"""A compact font program (CFF, Adobe Technical Note 5176): its glyphs and their widths.

In: the bytes of a program. Out: names by code and by number, widths in
thousandths of the text size.
"""

from __future__ import annotations

import io
from typing import Any

from fontTools.cffLib import CFFFontSet
from fontTools.encodings.StandardEncoding import StandardEncoding
from fontTools.misc.psCharStrings import T2WidthExtractor

_USUAL_MATRIX = [0.001, 0, 0, 0.001, 0, 0]


class CompactFont:
    """The one font of a program; `by_number` where its glyphs have numbers for names.

    Raises:
        ValueError: it holds no single font, or its glyphs are drawn at another scale.
    """

    def __init__(self, content: bytes) -> None:
        fonts = CFFFontSet()
        fonts.decompile(io.BytesIO(content), None)
        if len(fonts.fontNames) != 1:
            raise ValueError("a program holds one font")
        self._top: Any = fonts[0]
        self._strings: Any = self._top.CharStrings
        self._order: list[str] = self._top.charset
        self._subroutines: Any = fonts.GlobalSubrs
        self.by_number = hasattr(self._top, "ROS")
        below = self._top.FDArray if self.by_number else []
        for each in (self._top, *below):
            if list(each.rawDict.get("FontMatrix", _USUAL_MATRIX)) != _USUAL_MATRIX:
                raise ValueError("glyphs are drawn at another scale")

    def __contains__(self, name: str) -> bool:
        return name in self._strings

    @property
    def encoding(self) -> dict[int, str]:
        """The names of the glyphs by the font's own codes."""
        held = self._top.Encoding
        names = StandardEncoding if held == "StandardEncoding" else held
        return dict(enumerate(names)) if isinstance(names, list) else {}

    def name(self, number: int) -> str | None:
        """Return the name of the glyph of a character number, None where it has none."""
        if self.by_number:
            name = f"cid{number:05d}"
            return name if name in self._strings else None
        return self._order[number] if number < len(self._order) else None

    def width(self, name: str) -> float:
        """Return how far a glyph moves on."""
        glyph = self._strings[name]
        private = glyph.private
        reader = T2WidthExtractor(
            getattr(private, "Subrs", []),
            self._subroutines,
            private.nominalWidthX,
            private.defaultWidthX,
        )
        reader.execute(glyph)
        return float(reader.width)
