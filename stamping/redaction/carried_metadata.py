"""Takes out of a PDF what its pictures, profiles and fonts say besides what they show.

In: a PDF. Out: the same pages: the coded pixels of a picture, the colours of a
profile and the shapes of a font stay byte for byte. Gone are EXIF, XMP, comments,
thumbnails and colour profiles within a JPEG (ITU-T T.81 annex B; the frame and the
marks of JFIF and Adobe stay, which tell how to decode it), the boxes of JPEG 2000
that draw nothing (ISO/IEC 15444-1 annex I), the texts of ICC profiles (ICC.1:2022
§ 10), the name table of a font, and metadata and private data on any object.
Knows no bar and no rule.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, StreamDecodeLevel

from stamping.objects.saving import save

_OF_ANY_OBJECT = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb")
_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_APPLICATION = range(0xE0, 0xF0)
_DATA_ENDS = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JFIF, _ADOBE = b"JFIF\x00", b"Adobe"
_JP2 = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
_DRAWING_BOXES = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})
_SFNT = (b"\x00\x01\x00\x00", b"true", b"OTTO")
_EMPTY_NAMES = b"\x00\x00\x00\x00\x00\x06"
_TYPE_1_TEXT = re.compile(rb"(/(?:Notice|FullName|FamilyName|Copyright)\s*\()([^()]*)(\))")


def take_out_metadata(source: Path, target: Path) -> bool:
    """Write `source` without carried metadata to `target`; False where it carries none.

    Nothing is written then.
    """
    with Pdf.open(source) as pdf:
        if not drop_carried_metadata(pdf):
            return False
        save(
            pdf,
            target,
            encryption=False,
            compress_streams=False,
            stream_decode_level=StreamDecodeLevel.none,
            preserve_pdfa=False,
        )
    return True


def drop_carried_metadata(pdf: Pdf) -> bool:
    """Change the document in place; return whether there was anything to take out."""
    changed = False
    profiles = set(_profiles(pdf))
    for held in pdf.objects:
        if not isinstance(held, Dictionary | Stream):
            continue
        for entry in _OF_ANY_OBJECT:
            if entry in held:
                del held[entry]
                changed = True
        if isinstance(held, Stream):
            changed = _rewritten(held, profiles) or changed
        elif held.get(Name.Type) == Name.FontDescriptor:
            for key, silence in (
                (Name.FontFile, _silent_type_1),
                (Name.FontFile2, _silent_sfnt),
                (Name.FontFile3, _silent_sfnt),
            ):
                if isinstance(font := held.get(key), Stream):
                    changed = _replaced(font, silence) or changed
    return changed


def bare_jpeg(data: bytes) -> bytes:
    """Return a JPEG with what decodes it alone; one whose segments do not add up stays."""
    if data[:2] != bytes((0xFF, _START)):
        return data
    kept, place = [data[:2]], 2
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            return data
        mark = data[place + 1]
        if mark == 0xFF:
            place += 1
            continue
        if mark == _END:
            return b"".join((*kept, data[place : place + 2]))
        end = place + 2
        if mark not in _ALONE:
            end += int.from_bytes(data[place + 2 : place + 4], "big")
            if end > len(data) or end < place + 4:
                return data
        kept.append(_kept_segment(mark, data[place:end]))
        if mark == _SCAN:
            found = _DATA_ENDS.search(data, end)
            stop = found.start() if found else len(data)
            kept.append(data[end:stop])
            end = stop
        place = end
    # What is cut short ends with its mark, or with nothing.
    return b"".join((*kept, data[place:] if data[place:] == bytes((0xFF, _END)) else b""))


def bare_jpeg_2000(data: bytes) -> bytes:
    """Return a JPEG 2000 file with the boxes that draw it alone; a bare codestream stays."""
    if not data.startswith(_JP2):
        return data
    kept, place = [], 0
    while place + 8 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if length == 1:
            length = int.from_bytes(data[place + 8 : place + 16], "big")
        end = place + length if length else len(data)
        if length and (length < 8 or end > len(data)):
            return data
        if kind in _DRAWING_BOXES:
            kept.append(data[place:end])
        place = end
    return b"".join(kept)


def silent_profile(data: bytes) -> bytes:
    """Return an ICC profile of the same length whose texts are empty."""
    if data[36:40] != b"acsp":
        return data
    made = bytearray(data)
    count = int.from_bytes(data[128:132], "big")
    for entry in range(132, min(132 + 12 * count, len(data) - 11), 12):
        start = int.from_bytes(data[entry + 4 : entry + 8], "big")
        end = start + int.from_bytes(data[entry + 8 : entry + 12], "big")
        kind = data[start : start + 4]
        if end > len(data) or kind not in (b"desc", b"mluc", b"text", b"dict"):
            continue
        # Of a description one zero is counted, of records none; a record has a fixed size.
        body = {
            b"desc": (1).to_bytes(4, "big"),
            b"mluc": bytes(4) + (12).to_bytes(4, "big"),
            b"dict": bytes(4) + (16).to_bytes(4, "big"),
            b"text": b"",
        }[kind]
        made[start:end] = (kind + bytes(4) + body).ljust(end - start, b"\x00")[: end - start]
    if made != data:
        made[84:100] = bytes(16)  # The profile's digest: zero says that none was computed.
    return bytes(made)


def _kept_segment(mark: int, segment: bytes) -> bytes:
    body = segment[4:]
    if mark == 0xE0 and body.startswith(_JFIF) and len(body) >= 14:
        return segment[:2] + (16).to_bytes(2, "big") + body[:12] + bytes(2)
    if mark == 0xEE and body.startswith(_ADOBE) and len(body) >= 12:
        return segment[:2] + (14).to_bytes(2, "big") + body[:12]
    return b"" if mark in _APPLICATION or mark == _COMMENT else segment


def _profiles(pdf: Pdf) -> Iterator[tuple[int, int]]:
    """Yield the streams that are colour profiles, by number."""
    for held in pdf.objects:
        spaces: list[object] = [held] if isinstance(held, Array) else []
        if isinstance(held, Dictionary | Stream):
            if isinstance(output := held.get("/DestOutputProfile"), Stream):
                yield output.objgen
            named = held.get(Name.ColorSpace)
            resources = held.get(Name.Resources)
            if isinstance(resources, Dictionary):
                named_there = resources.get(Name.ColorSpace)
                spaces += list(named_there.values()) if isinstance(named_there, Dictionary) else []
            spaces += list(named.values()) if isinstance(named, Dictionary) else [named]
        yield from (found for space in spaces for found in _profiles_in(space, 0))


def _profiles_in(space: object, depth: int) -> Iterator[tuple[int, int]]:
    """Yield the profiles of a colour space: its own, and those that it is based on."""
    if not isinstance(space, Array) or depth > 4:
        return
    if len(space) > 1 and space[0] == Name.ICCBased and isinstance(space[1], Stream):
        yield space[1].objgen
    for part in space:
        yield from _profiles_in(part, depth + 1)


def _rewritten(held: Stream, profiles: set[tuple[int, int]]) -> bool:
    coded = [str(each) for each in _listed(held.get(Name.Filter))]
    if coded[-1:] == ["/DCTDecode"]:
        return _replaced(held, bare_jpeg)
    if coded[-1:] == ["/JPXDecode"]:
        return _replaced(held, bare_jpeg_2000)
    if held.objgen in profiles:
        return _replaced(held, silent_profile)
    return False


def _replaced(held: Stream, change: Callable[[bytes], bytes]) -> bool:
    """Change what a stream holds beneath its general filters; return whether it changed."""
    filters = _listed(held.get(Name.Filter))
    last = filters[-1:] if filters and str(filters[-1]) in ("/DCTDecode", "/JPXDecode") else []
    general = filters[: len(filters) - len(last)]
    try:
        before = _decoded(held, bool(last), general)
    except (zlib.error, ValueError):
        return False
    if before is None or (after := change(before)) == before:
        return False
    parameters = _listed(held.get(Name.DecodeParms))
    own = parameters[-1] if last and len(parameters) == len(filters) else None
    if last:
        held.write(after, filter=Name(str(last[0])))
        if isinstance(own, Dictionary):
            held[Name.DecodeParms] = own
    else:
        held.write(zlib.compress(after, 9), filter=Name.FlateDecode)
        if Name.Length1 in held and len(after) != int(held.Length1):
            held.Length1 = len(after)
    return True


def _decoded(held: Stream, coded: bool, general: list[Object]) -> bytes | None:
    if not coded:
        return held.read_bytes(StreamDecodeLevel.generalized)
    raw = held.read_raw_bytes()
    if not general:
        return raw
    if [str(each) for each in general] == ["/FlateDecode"]:
        return zlib.decompress(raw)
    return None


def _silent_sfnt(data: bytes) -> bytes:
    """Return a TrueType or OpenType font with an empty name table (ISO/IEC 14496-22 § 5.2.6)."""
    if not data.startswith(_SFNT):
        return data
    made = bytearray(data)
    for entry in range(12, 12 + 16 * int.from_bytes(data[4:6], "big"), 16):
        if data[entry : entry + 4] != b"name":
            continue
        start = int.from_bytes(data[entry + 8 : entry + 12], "big")
        length = int.from_bytes(data[entry + 12 : entry + 16], "big")
        if length >= len(_EMPTY_NAMES) and start + length <= len(data):
            made[start : start + length] = _EMPTY_NAMES.ljust(length, b"\x00")
            made[entry + 4 : entry + 8] = (0x60000).to_bytes(4, "big")
    return bytes(made)


def _silent_type_1(data: bytes) -> bytes:
    """Return a Type 1 font with blanks in the texts that speak of it."""
    return _TYPE_1_TEXT.sub(lambda text: text[1] + b" " * len(text[2]) + text[3], data)


def _listed(held: object) -> list[Object]:
    if held is None:
        return []
    return list(held) if isinstance(held, Array) else [held]  # type: ignore[list-item]  # a Name
