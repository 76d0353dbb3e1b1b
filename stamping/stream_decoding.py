"""What a content stream says once its filters are undone.

In: a stream as it is coded. Out: its bytes, or None where no reader could agree
on them: damaged, of an unknown filter, or larger than content ever is. What
`FlateDecode` alone does not do, pikepdf does.
"""

from __future__ import annotations

import zlib

import pikepdf
from pikepdf import Name, Object, Pdf

from stamping.pdf_syntax import Value, written
from stamping.source_objects import SourceObjects, Stream

UNDECODABLE = (pikepdf.PikepdfError, UnicodeDecodeError)
"""What pikepdf raises at a stream it cannot decode: the message itself may be no UTF-8."""

_LARGEST = 512 * 1024**2


def decoded(stream: Stream, source: SourceObjects) -> bytes | None:
    """Return the decoded bytes of `stream`."""
    coding = source.resolve(stream.entries.get("Filter"))
    if coding in (None, []):
        return stream.coded()
    parameters = source.resolve(stream.entries.get("DecodeParms"))
    if coding in ("FlateDecode", ["FlateDecode"]) and parameters in (None, [None], {}):
        inflate = zlib.decompressobj()
        try:
            content = inflate.decompress(stream.coded(), _LARGEST)
        except zlib.error:
            return None
        return content if inflate.eof else None
    return _decoded_by_pikepdf(stream, source, coding, parameters)


def _decoded_by_pikepdf(
    stream: Stream, source: SourceObjects, coding: Value, parameters: Value
) -> bytes | None:
    with Pdf.new() as pdf:
        made = pikepdf.Stream(pdf, stream.coded())
        made[Name.Filter] = _object(source, coding)
        if parameters is not None:
            made[Name.DecodeParms] = _object(source, parameters)
        try:
            return made.read_bytes()
        except UNDECODABLE:
            return None


def _object(source: SourceObjects, value: Value) -> Object:
    return Object.parse(written(_direct(source, value)).encode("latin-1"))


def _direct(source: SourceObjects, value: Value) -> Value:
    """Return filters or their parameters with nothing by reference."""
    held = source.resolve(value)
    if isinstance(held, Stream):
        return None
    if type(held) is dict:
        return {key: source.resolve(each) for key, each in held.items() if key != "JBIG2Globals"}
    if type(held) is list:
        return [_direct(source, each) for each in held]
    return held
