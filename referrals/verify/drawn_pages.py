"""What the pages of a PDF draw, for holding two rounds of writing against each other.

In: the file as it was signed, and as it is. Out: whether each page still draws what
it drew: contents, resources, boxes and annotations with all that they refer to. A
signature field that was empty may have been filled, and nothing else.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

DRAWN = (
    "/Contents",
    "/Resources",
    "/MediaBox",
    "/CropBox",
    "/Rotate",
    "/UserUnit",
    "/Group",
    "/Annots",
)
"""What of a page decides what it shows (ISO 32000-2 table 31)."""

UPWARD = {"/P", "/Parent", "/StructParent", "/StructParents"}
"""Keys that lead out of what a page draws."""

FILLED = {"/AP", "/V"}
"""What filling a signature field changes in its annotation."""


def same_pages(signed: bytes, now: PdfReader) -> bool:
    """Return whether the pages of `now` draw what those of the file `signed` drew.

    Whatever pypdf raises on a broken file goes through.
    """
    before = PdfReader(io.BytesIO(signed))
    empty = {
        str(name)
        for name, field in (before.get_fields() or {}).items()
        if field.get("/FT") == "/Sig" and "/V" not in field
    }
    return _drawn(before, empty) == _drawn(now, empty)


def _drawn(reader: PdfReader, empty: Collection[str]) -> list[str]:
    """Return a digest for each page, and one for what the layers of the file show."""
    layers = {"/OCProperties": reader.root_object.get("/OCProperties")}
    pages = [{key: page.get(key) for key in DRAWN} for page in reader.pages]
    told = [hashlib.sha256() for _ in range(len(pages) + 1)]
    for digest, values in zip(told, (layers, *pages), strict=True):
        for piece in _told(values, empty, set()):
            digest.update(piece)
    return [digest.hexdigest() for digest in told]


def _told(value: Any, empty: Collection[str], met: set[tuple[int, int]]) -> Iterator[bytes]:
    if isinstance(value, IndirectObject):
        place = (value.idnum, value.generation)
        if place in met:
            # Where it was met is told already; an object of another number is a change.
            yield b"met %d %d;" % place
            return
        met.add(place)
        value = value.get_object()
    if isinstance(value, (DictionaryObject, dict)):
        left_out = UPWARD
        if value.get("/FT") == "/Sig" and str(value.get("/T")) in empty:
            left_out = UPWARD | FILLED
        for key in sorted(set(value) - left_out):
            yield f"{key}:".encode()
            raw = value.raw_get(key) if isinstance(value, DictionaryObject) else value[key]
            yield from _told(raw, empty, met)
        if isinstance(value, StreamObject):
            yield value.get_data()
        yield b">"
    elif isinstance(value, ArrayObject):
        yield b"["
        for each in value:
            yield from _told(each, empty, met)
        yield b"]"
    else:
        yield f"{type(value).__name__} {value!r};".encode()
