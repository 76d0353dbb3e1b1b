"""The measures of the stamp's font that stand in the program are those of its file."""

from __future__ import annotations

from fontTools.ttLib import TTFont

from stamping.assembly import stamp_font


def test_the_measures_are_those_of_the_file() -> None:
    with TTFont(stamp_font.FONT_FILE) as font:
        names, advances = font.getBestCmap(), font["hmtx"]
        head, lines, os2 = font["head"], font["hhea"], font["OS/2"]
        thousandths = 1000 / head.unitsPerEm
        for code in range(32, 256):
            glyph = names.get(ord(bytes([code]).decode("cp1252", errors="replace")))
            width = round(advances[glyph][0] * thousandths) if glyph else 0
            assert stamp_font.WIDTHS[code] == width, f"code {code}"
        edges = (head.xMin, head.yMin, head.xMax, head.yMax)
        measures = {
            "FontBBox": [round(edge * thousandths) for edge in edges],
            "Ascent": round(lines.ascent * thousandths),
            "Descent": round(lines.descent * thousandths),
            "CapHeight": round(os2.sCapHeight * thousandths),
        }
    assert {name: stamp_font.DESCRIPTOR[name] for name in measures} == measures
    assert not any(stamp_font.WIDTHS[:32])
