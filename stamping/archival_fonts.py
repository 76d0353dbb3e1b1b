"""Whether text is shown with fonts that an archive may hold (ISO 19005-2 § 6.2.11).

In: font dictionaries and the codes shown with them. Out: reasons why not: a font
that is not embedded, a code without Unicode or without a glyph, a width that is
not the glyph's. Fonts of kinds that are not looked into are a reason too.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont, TTLibError
from pikepdf import Array, Dictionary, Name, Stream

WIDTH_TOLERANCE = 1.0
"""How far a width may lie from the glyph's, in thousandths of the text size (§ 6.2.11.5)."""

# It tells of harmless oddities, file by file.
logging.getLogger("fontTools").setLevel(logging.CRITICAL)

NOT_EMBEDDED = "a font is not embedded"
_SYMBOLIC = 4
_ENCODINGS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}


@dataclass(frozen=True, slots=True)
class _Face:
    """An embedded font: the fault of one code, or an empty text."""

    code_bytes: int
    fault: Callable[[int], str]


class FontJudge:
    """Judges each font once and each code that is shown with it once."""

    def __init__(self) -> None:
        self._faces: dict[tuple[int, int], _Face | str] = {}
        self._judged: set[tuple[tuple[int, int], int]] = set()

    def shown(self, font: Any, strings: Iterable[bytes]) -> Iterator[str]:
        """Yield the reasons why these strings may not be shown with `font`."""
        if not isinstance(font, Dictionary):
            yield "text is shown without a font"
            return
        key = font.objgen
        if key == (0, 0) or key not in self._faces:
            self._faces[key] = _face(font)
        face = self._faces[key]
        if isinstance(face, str):
            yield face
            return
        for text in strings:
            for start in range(0, len(text), face.code_bytes):
                code = int.from_bytes(text[start : start + face.code_bytes], "big")
                if key == (0, 0) or (key, code) not in self._judged:
                    self._judged.add((key, code))
                    if words := face.fault(code):
                        yield words


def _face(font: Any) -> _Face | str:
    """Return the face of a font, or why there is none."""
    subtype = font.get("/Subtype")
    try:
        if subtype == Name.Type0:
            return _composite(font)
        if subtype == Name.TrueType:
            return _simple(font)
    except (TTLibError, KeyError, AttributeError, TypeError, ValueError, pikepdf.PdfError):
        return "a font cannot be read"
    descriptor = font.get("/FontDescriptor")
    if subtype != Name.Type3 and not _is_embedded(descriptor):
        return NOT_EMBEDDED
    return f"a font is of a kind that is not looked into ({str(subtype).lstrip('/')})"


def _is_embedded(descriptor: Any) -> bool:
    return isinstance(descriptor, Dictionary) and any(
        name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3")
    )


def _program(descriptor: Any) -> TTFont | str:
    if not _is_embedded(descriptor):
        return NOT_EMBEDDED
    if "/CIDSet" in descriptor:
        return "a font lists its glyphs, and the list is not looked into"
    program = descriptor.get("/FontFile2")
    if not isinstance(program, Stream):
        return "a font is of a kind that is not looked into"
    content = program.read_bytes()
    font = TTFont(io.BytesIO(content), fontNumber=0, lazy=True)
    tables = font.reader.tables.values()
    if any(table.offset + table.length > len(content) for table in tables):
        return "a font is cut off"
    return font


def _simple(font: Any) -> _Face | str:
    program = _program(font.get("/FontDescriptor"))
    if isinstance(program, str):
        return program
    encoding = font.get("/Encoding")
    if int(font.FontDescriptor.Flags) & _SYMBOLIC or str(encoding) not in _ENCODINGS:
        return "a font's encoding is not looked into"
    codec = _ENCODINGS[str(encoding)]
    table = program["cmap"].getcmap(3, 1)
    if table is None or table.format not in (4, 6):
        return "a font's encoding is not looked into"
    cmap = table.cmap
    metrics, scale = program["hmtx"], 1000 / program["head"].unitsPerEm
    first, widths = int(font.FirstChar), font.Widths

    def fault(code: int) -> str:
        glyph = cmap.get(ord(bytes([code]).decode(codec, errors="replace")))
        if glyph is None or glyph == ".notdef":
            return "a font lacks a glyph that is shown"
        place = code - first
        stated = float(widths[place]) if 0 <= place < len(widths) else 0.0
        return _width_fault(stated, metrics[glyph][0] * scale)

    return _Face(1, fault)


def _composite(font: Any) -> _Face | str:
    [below] = font.DescendantFonts
    program = _program(below.get("/FontDescriptor"))
    if isinstance(program, str):
        return program
    if below.get("/Subtype") != Name.CIDFontType2 or font.get("/Encoding") != Name("/Identity-H"):
        return "a font's encoding is not looked into"
    if below.get("/CIDToGIDMap") != Name.Identity:
        return "a font's encoding is not looked into"
    if not isinstance(font.get("/ToUnicode"), Stream):
        return "a font does not say which characters its glyphs are"
    known = _mapped(font.ToUnicode)
    widths, default = _widths(below.get("/W")), float(below.get("/DW", 1000))
    order = program.getGlyphOrder()
    metrics, scale = program["hmtx"], 1000 / program["head"].unitsPerEm

    def fault(code: int) -> str:
        if code == 0 or code >= len(order):
            return "a font lacks a glyph that is shown"
        if code not in known:
            return "a font does not say which characters its glyphs are"
        return _width_fault(widths.get(code, default), metrics[order[code]][0] * scale)

    return _Face(2, fault)


def _width_fault(stated: float, actual: float) -> str:
    if abs(stated - actual) > WIDTH_TOLERANCE:
        return "a font's widths are not those of its glyphs"
    return ""


def _widths(array: Any) -> dict[int, float]:
    """Return the widths by code of a composite font (ISO 32000-2 § 9.7.4.3)."""
    found: dict[int, float] = {}
    entries = list(array) if isinstance(array, Array) else []
    place = 0
    while place + 1 < len(entries):
        first = int(entries[place])
        if isinstance(entries[place + 1], Array):
            found.update(enumerate(map(float, entries[place + 1]), start=first))
            place += 2
        else:
            last, width = int(entries[place + 1]), float(entries[place + 2])
            found.update((code, width) for code in range(first, last + 1))
            place += 3
    return found


def _mapped(cmap: Stream) -> set[int]:
    """Return the codes that a ToUnicode map gives characters to (ISO 32000-2 § 9.10.3)."""
    known: set[int] = set()
    for instruction in pikepdf.parse_content_stream(cmap):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator == "endbfchar":
            known.update(int.from_bytes(bytes(each), "big") for each in operands[::2])
        elif operator == "endbfrange":
            for first, last in zip(operands[::3], operands[1::3], strict=True):
                known.update(
                    range(
                        int.from_bytes(bytes(first), "big"), int.from_bytes(bytes(last), "big") + 1
                    )
                )
    return known
