"""Whether text is shown with fonts that an archive may hold (ISO 19005-2 § 6.2.11).

In: font dictionaries and the codes shown with them. Out: reasons why not: a font
that is not embedded, a code without Unicode or without a glyph, a width that is
not the glyph's. Fonts of kinds that are not looked into (Type 1 programs that are
not compact, Type 3, encodings but the usual ones) are a reason too.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from fontTools import agl
from fontTools.ttLib import TTFont, TTLibError
from pikepdf import Array, Dictionary, Name, Stream

from stamping.preparation.compact_font import CompactFont

WIDTH_TOLERANCE = 1.0
"""How far a width may lie from the glyph's, in thousandths of the text size (§ 6.2.11.5)."""

# It tells of harmless oddities, file by file.
logging.getLogger("fontTools").setLevel(logging.CRITICAL)

NOT_EMBEDDED = "a font is not embedded"
_ENCODING = "a font's encoding is not looked into"
_KIND = "a font is of a kind that is not looked into"
_NO_GLYPH = "a font lacks a glyph that is shown"
_NO_CHARACTER = "a font does not say which characters its glyphs are"
_PRIVATE = "a font says that its glyphs are no known characters"
_SYMBOLIC = 4
_ENCODINGS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
_COMPACT = frozenset({"/Type1C", "/CIDFontType0C"})


_UNREADABLE = (
    TTLibError,
    pikepdf.PdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a damaged font does to its reader is not foreseeable."""


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


def unseen_fault(font: Any) -> str:
    """Return why text that is not seen may not be there with `font`: it must mean characters."""
    if not isinstance(font, Dictionary):
        return "text is shown without a font"
    known = isinstance(font.get("/ToUnicode"), Stream) or str(font.get("/Encoding")) in _ENCODINGS
    descriptors = [font.get("/FontDescriptor")]
    if font.get("/Subtype") == Name.Type0:
        descriptors = [below.get("/FontDescriptor") for below in font.DescendantFonts]
    if not all(_is_embedded(descriptor) for descriptor in descriptors):
        return NOT_EMBEDDED
    return "" if known else "a font does not say which characters its glyphs are"


def _face(font: Any) -> _Face | str:
    """Return the face of a font, or why there is none."""
    subtype = str(font.get("/Subtype")).lstrip("/")
    readers = {"Type0": _composite, "TrueType": _truetype, "Type1": _compact, "MMType1": _compact}
    if subtype not in readers:
        return f"{_KIND} ({subtype})"
    try:
        return readers[subtype](font)
    except _UNREADABLE:
        return "a font cannot be read"


def _is_embedded(descriptor: Any) -> bool:
    return isinstance(descriptor, Dictionary) and any(
        name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3")
    )


def _fault_of_descriptor(descriptor: Any) -> str:
    if not _is_embedded(descriptor):
        return NOT_EMBEDDED
    if "/CIDSet" in descriptor or "/CharSet" in descriptor:
        return "a font lists its glyphs, and the list is not looked into"
    return ""


def _program(descriptor: Any) -> TTFont | str:
    if words := _fault_of_descriptor(descriptor):
        return words
    program = descriptor.get("/FontFile2")
    if not isinstance(program, Stream):
        return _KIND
    content = program.read_bytes()
    font = TTFont(io.BytesIO(content), fontNumber=0, lazy=True)
    tables = font.reader.tables.values()
    if any(table.offset + table.length > len(content) for table in tables):
        return "a font is cut off"
    return font


def _compact_program(descriptor: Any) -> CompactFont | str:
    if words := _fault_of_descriptor(descriptor):
        return words
    program = descriptor.get("/FontFile3")
    if not isinstance(program, Stream) or str(program.get("/Subtype")) not in _COMPACT:
        return _KIND
    return CompactFont(program.read_bytes())


def _truetype(font: Any) -> _Face | str:
    program = _program(font.get("/FontDescriptor"))
    if isinstance(program, str):
        return program
    symbolic = bool(int(font.FontDescriptor.Flags) & _SYMBOLIC)
    glyph_of = _symbolic(font, program) if symbolic else _by_character(font, program)
    if glyph_of is None:
        return _ENCODING
    metrics, scale = program["hmtx"], 1000 / program["head"].unitsPerEm
    known, stated = _mapped(font.get("/ToUnicode")), _simple_widths(font)
    characters = {} if symbolic else _characters(font.Encoding)

    def fault(code: int) -> str:
        glyph = glyph_of(code)
        if glyph is None or glyph == ".notdef":
            return _NO_GLYPH
        words = _character_fault(known.get(code, characters.get(code)))
        return words or _width_fault(stated(code), metrics[glyph][0] * scale)

    return _Face(1, fault)


def _symbolic(font: Any, program: TTFont) -> Callable[[int], str | None] | None:
    """Return the glyph of each code where the font's own table says it (§ 6.2.11.6)."""
    table = program["cmap"].getcmap(3, 0)
    tables = program["cmap"].tables
    if "/Encoding" in font or (table is None and len(tables) != 1):
        return None
    # The codes of a symbolic table may lie in a private range (ISO 32000-1 § 9.6.6.4).
    cmap = (table or tables[0]).cmap
    shift = 0xF000 if table is not None and any(code >= 0xF000 for code in cmap) else 0
    return lambda code: cmap.get(shift + code)


def _by_character(font: Any, program: TTFont) -> Callable[[int], str | None] | None:
    """Return the glyph of each code where its character says it."""
    table = program["cmap"].getcmap(3, 1)
    characters = _characters(font.get("/Encoding"))
    if table is None or table.format not in (4, 6) or not characters:
        return None
    cmap = table.cmap
    return lambda code: cmap.get(ord(characters[code])) if code in characters else None


def _characters(encoding: Any) -> dict[int, str]:
    """Return the characters of an encoding that a text font may have; none of another."""
    changed = encoding.get("/Differences") if isinstance(encoding, Dictionary) else None
    base = encoding.get("/BaseEncoding") if isinstance(encoding, Dictionary) else encoding
    if str(base) not in _ENCODINGS:
        return {}
    found = {}
    for code in range(32, 256):
        if character := bytes([code]).decode(_ENCODINGS[str(base)], errors="ignore"):
            found[code] = character
    for code, name in _differences(changed):
        if name not in agl.AGL2UV:
            return {}
        found[code] = chr(agl.AGL2UV[name])
    return found


def _differences(array: Any) -> Iterator[tuple[int, str]]:
    code = 0
    for entry in array if isinstance(array, Array) else ():
        if isinstance(entry, Name):
            yield code, str(entry).lstrip("/")
            code += 1
        else:
            code = int(entry)


def _compact(font: Any) -> _Face | str:
    program = _compact_program(font.get("/FontDescriptor"))
    if isinstance(program, str):
        return program
    names = None if program.by_number else _glyph_names(font.get("/Encoding"), program.encoding)
    if names is None:
        return _ENCODING
    known, stated = _mapped(font.get("/ToUnicode")), _simple_widths(font)

    def fault(code: int) -> str:
        name = names.get(code, ".notdef")
        if name == ".notdef" or name not in program:
            return _NO_GLYPH
        words = _character_fault(known.get(code) or agl.toUnicode(name) or None)
        return words or _width_fault(stated(code), program.width(name))

    return _Face(1, fault)


def _glyph_names(encoding: Any, own: dict[int, str]) -> dict[int, str] | None:
    """Return the glyph names of an encoding, which changes the font's own; None of an unusual."""
    names, changed = own, None
    base = encoding
    if isinstance(encoding, Dictionary):
        base, changed = encoding.get("/BaseEncoding"), encoding.get("/Differences")
    if base is not None:
        characters = _characters(base)
        if not characters:
            return None
        names = {code: agl.UV2AGL.get(ord(each), "") for code, each in characters.items()}
    return names | dict(_differences(changed))


def _simple_widths(font: Any) -> Callable[[int], float]:
    first, widths = int(font.FirstChar), font.Widths

    def stated(code: int) -> float:
        place = code - first
        return float(widths[place]) if 0 <= place < len(widths) else 0.0

    return stated


def _composite(font: Any) -> _Face | str:
    [below] = font.DescendantFonts
    if font.get("/Encoding") != Name("/Identity-H"):
        return _ENCODING
    actual = (
        _numbered_glyphs(below)
        if below.get("/Subtype") == Name.CIDFontType2
        else _compact_glyphs(below)
    )
    if isinstance(actual, str):
        return actual
    known = _mapped(font.get("/ToUnicode"))
    widths, default = _widths(below.get("/W")), float(below.get("/DW", 1000))

    def fault(code: int) -> str:
        width = actual(code)
        if width is None:
            return _NO_GLYPH
        words = _character_fault(known.get(code))
        return words or _width_fault(widths.get(code, default), width)

    return _Face(2, fault)


def _numbered_glyphs(below: Any) -> Callable[[int], float | None] | str:
    """Return the width of the glyph of each code in a TrueType font; None where it has none."""
    program = _program(below.get("/FontDescriptor"))
    if isinstance(program, str):
        return program
    held = below.get("/CIDToGIDMap")
    if held != Name.Identity and not isinstance(held, Stream):
        return _ENCODING
    numbers = held.read_bytes() if isinstance(held, Stream) else None
    order = program.getGlyphOrder()
    metrics, scale = program["hmtx"], 1000 / program["head"].unitsPerEm

    def actual(code: int) -> float | None:
        glyph = code if numbers is None else int.from_bytes(numbers[2 * code : 2 * code + 2], "big")
        return metrics[order[glyph]][0] * scale if 0 < glyph < len(order) else None

    return actual


def _compact_glyphs(below: Any) -> Callable[[int], float | None] | str:
    """Return the width of the glyph of each code in a compact font; None where it has none."""
    program = _compact_program(below.get("/FontDescriptor"))
    if isinstance(program, str):
        return program

    def actual(code: int) -> float | None:
        name = program.name(code)
        return program.width(name) if name is not None and code else None

    return actual


def _character_fault(text: str | None) -> str:
    """Return what is wrong with the characters of a code; an empty text joins the one before."""
    if text is None:
        return _NO_CHARACTER
    if any(each in "\0\ufeff\ufffe" or _is_private(ord(each)) for each in text):
        return _PRIVATE
    return ""


def _is_private(code: int) -> bool:
    """Whether a character is of a private use area, which says nothing (§ 6.2.11.7.3)."""
    return 0xE000 <= code <= 0xF8FF or code >= 0xF0000


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


def _mapped(cmap: Any) -> dict[int, str]:
    """Return the characters that a ToUnicode map gives to codes (ISO 32000-2 § 9.10.3)."""
    known: dict[int, str] = {}
    if not isinstance(cmap, Stream):
        return known
    for instruction in pikepdf.parse_content_stream(cmap):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator == "endbfchar":
            for code, text in zip(operands[::2], operands[1::2], strict=True):
                known[_code(code)] = _decoded(bytes(text))
        elif operator == "endbfrange":
            for first, last, text in zip(
                operands[::3], operands[1::3], operands[2::3], strict=True
            ):
                known.update(_range(_code(first), _code(last), text))
    return known


def _range(first: int, last: int, text: Any) -> Iterator[tuple[int, str]]:
    if isinstance(text, Array):
        for code, each in zip(range(first, last + 1), text, strict=False):
            yield code, _decoded(bytes(each))
        return
    start = bytes(text)
    for code in range(first, last + 1):
        final = int.from_bytes(start[-2:], "big") + code - first
        yield code, _decoded(start[:-2] + (final & 0xFFFF).to_bytes(2, "big"))


def _code(value: Any) -> int:
    return int.from_bytes(bytes(value), "big")


def _decoded(text: bytes) -> str:
    return text.decode("utf-16-be", errors="replace")
