"""The sRGB colour profile, built from its definition.

In: nothing. Out: the bytes of a version 2 ICC display profile (ICC.1:2001-04,
IEC 61966-2-1), the same on every machine; libraries that make one date it.
"""

from __future__ import annotations

import struct

_D50 = (0.9642, 1.0, 0.8249)
# The primaries of sRGB, adapted from D65 to D50 (Bradford).
_PRIMARIES = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
_STEPS = 1024
_HEADER_BYTES = 128


def srgb_profile() -> bytes:
    """Return the profile."""
    name = b"sRGB IEC61966-2.1\0"
    description = struct.pack(">4s4xI", b"desc", len(name)) + name + bytes(78)
    tags = {
        b"desc": description,
        b"cprt": b"text\0\0\0\0No copyright, use freely\0",
        b"wtpt": _xyz(_D50),
        **{tag: _xyz(value) for tag, value in _PRIMARIES.items()},
    }
    curve = struct.pack(">4s4xI", b"curv", _STEPS)
    curve += struct.pack(
        f">{_STEPS}H", *(round(_linear(step / (_STEPS - 1)) * 65535) for step in range(_STEPS))
    )
    names = [*tags, b"rTRC", b"gTRC", b"bTRC"]
    place = _HEADER_BYTES + 4 + 12 * len(names)
    table, body = struct.pack(">I", len(names)), b""
    for tag in names:
        # The three curves are one: the table may name the same bytes again.
        data = tags.get(tag, curve)
        if tag in (b"gTRC", b"bTRC"):
            table += struct.pack(">4sII", tag, place - len(_padded(curve)), len(curve))
            continue
        table += struct.pack(">4sII", tag, place, len(data))
        body += _padded(data)
        place += len(_padded(data))
    content = table + body
    return _header(_HEADER_BYTES + len(content)) + content


def _header(size: int) -> bytes:
    fixed = struct.pack(
        ">I4sI4s4s4s6H4s",
        size,
        bytes(4),
        0x02100000,
        b"mntr",
        b"RGB ",
        b"XYZ ",
        *(2000, 1, 1, 0, 0, 0),
        b"acsp",
    )
    # Platform, flags, device and intent are left at zero: any, none, perceptual.
    return (fixed + bytes(28) + _fixed(_D50)).ljust(_HEADER_BYTES, b"\0")


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(value)


def _fixed(value: tuple[float, float, float]) -> bytes:
    return struct.pack(">3i", *(round(part * 65536) for part in value))


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
