"""Undoes the one filter that nearly every stream has, without a PDF library.

In: a stream's entries and its coded bytes. Out: what they say (ISO 32000-2 § 7.4.4),
or None where that takes more than this module knows, or more bytes than allowed.
"""

from __future__ import annotations

import zlib

from stamping.objects.pdf_syntax import Value

# Deflated bytes never give more than this many each (RFC 1951: 258 bytes in two bits).
_GREATEST_RATIO = 1032
_UP = 12


def inflated(entries: dict[str, Value], coded: bytes, most: int) -> bytes | None:
    """Return the decoded bytes, at most `most`; None where only a PDF library can tell."""
    coding, parameters = entries.get("Filter"), entries.get("DecodeParms")
    if coding is None and parameters is None:
        return coded if len(coded) <= most else None
    if coding not in ("FlateDecode", ["FlateDecode"]):
        return None
    content = _inflated(coded, most)
    if content is None or parameters in (None, [None], {}):
        return content
    if type(parameters) is list and len(parameters) == 1:
        parameters = parameters[0]
    if type(parameters) is not dict or parameters.keys() - {"Columns", "Predictor"}:
        return None
    columns = parameters.get("Columns")
    if parameters.get("Predictor") != _UP or type(columns) is not int or columns < 1:
        return None
    return _from_differences(content, columns)


def _inflated(coded: bytes, most: int) -> bytes | None:
    if len(coded) * _GREATEST_RATIO <= most:
        try:
            return zlib.decompress(coded)
        except zlib.error:
            # Bytes behind the end are no error to a reader.
            pass
    inflate = zlib.decompressobj()
    try:
        content = inflate.decompress(coded, most)
    except zlib.error:
        return None
    return content if inflate.eof else None


def _from_differences(content: bytes, columns: int) -> bytes | None:
    """Undo the PNG filter Up (RFC 2083 § 6.4), the only one that writers use for tables."""
    if len(content) % (columns + 1):
        return None
    rows: list[bytes] = []
    above = bytes(columns)
    for at in range(0, len(content), columns + 1):
        if content[at] != 2:
            return None
        row = content[at + 1 : at + 1 + columns]
        above = bytes([(one + other) & 255 for one, other in zip(above, row, strict=True)])
        rows.append(above)
    return b"".join(rows)
