"""Bring a file nearer to what an archive may hold, where nothing that is seen changes.

In: a prepared document. Out: the same with lists of glyphs that may be wrong
left out, defaults written down that were understood, packing that archives
refuse replaced; each is noted in `Removals` (ISO 19005-2).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream

from stamping.objects.library_decoding import UNDECODABLE
from stamping.preparation.sanitise import Removals

CODE = "archival-mended"

_FONT_KINDS = frozenset({"/Type0", "/Type1", "/MMType1", "/TrueType", "/Type3"})
_UNPACKED = frozenset({"/LZWDecode", "/LZW"})


def mend_for_archive(pdf: Pdf, removals: Removals) -> None:
    """Fix every object of `pdf` that can be fixed unseen."""
    for item in pdf.objects:
        if not isinstance(item, (Dictionary, Stream)):
            continue
        for words, mend in _MENDS.items():
            if mend(item):
                removals.add(CODE, words)


def _without_glyph_lists(item: Any) -> bool:
    """Leave out which glyphs a font has: the font itself says it (§ 6.2.11.4.2)."""
    if item.get("/Type") != Name.FontDescriptor:
        return False
    found = [key for key in ("/CIDSet", "/CharSet") if key in item]
    for key in found:
        del item[key]
    return bool(found)


def _with_default_map(item: Any) -> bool:
    """Write down that codes are glyphs, as is understood (§ 6.2.11.3.2; ISO 32000-1 table 117)."""
    if item.get("/Subtype") != Name.CIDFontType2 or "/CIDToGIDMap" in item:
        return False
    descriptor = item.get("/FontDescriptor")
    if not isinstance(descriptor, Dictionary) or "/FontFile2" not in descriptor:
        return False
    item.CIDToGIDMap = Name.Identity
    return True


def _with_type(item: Any) -> bool:
    """Say of a font that it is one (§ 6.2.11.2)."""
    if "/Type" in item or not ("/BaseFont" in item or "/CharProcs" in item):
        return False
    if str(item.get("/Subtype")) not in _FONT_KINDS:
        return False
    item.Type = Name.Font
    return True


def _without_metadata(item: Any) -> bool:
    """Leave out what programs say of a page or picture, which archives want in their form."""
    kind = item.get("/Type"), item.get("/Subtype")
    shown = kind[0] == Name.Page or kind[1] in (Name.Image, Name.Form)
    if not shown or "/Metadata" not in item:
        return False
    del item["/Metadata"]
    return True


def _packed_anew(item: Any) -> bool:
    """Pack with Deflate what LZW packs (§ 6.1.7.2)."""
    if not isinstance(item, Stream):
        return False
    value = item.get("/Filter")
    names = [str(each) for each in value] if isinstance(value, pikepdf.Array) else [str(value)]
    if not _UNPACKED & set(names):
        return False
    try:
        data = item.read_bytes()
    except UNDECODABLE:
        return False  # packed as a picture too, or damaged: it stays, and stands in the way
    item.write(zlib.compress(data, 6), filter=Name.FlateDecode)
    return True


_MENDS: dict[str, Callable[[Any], bool]] = {
    "lists of glyphs left out": _without_glyph_lists,
    "the default map of codes to glyphs written down": _with_default_map,
    "fonts marked as fonts": _with_type,
    "descriptions of pages and pictures for programs left out": _without_metadata,
    "LZW replaced by Deflate": _packed_anew,
}
