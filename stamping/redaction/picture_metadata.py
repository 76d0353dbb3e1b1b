"""Pictures without what cameras and programs wrote into them, their samples untouched.

In: a PDF. Out: the same PDF whose JPEG and JPEG 2000 pictures hold their samples, colour and
nothing else: no EXIF, XMP, comments, thumbnails, places (ITU-T T.81 annex B; ISO/IEC
15444-1 annex I). Metadata streams and programs' private data go too. Nothing is coded anew,
so that every pixel stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pikepdf import Array, Dictionary, Name, Pdf, Stream

from stamping.objects.saving import save

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
# JFIF, the colour profile and Adobe's colour transform: a reader needs them for the colours.
_COLOUR = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_APPLICATION = range(0xE0, 0xF0)
_COMMENT = 0xFE
_TELLING_BOXES = frozenset({b"uuid", b"xml ", b"uinf", b"url "})
_PRIVATE = (Name.Metadata, Name.PieceInfo, Name.Thumb, Name.LastModified)


def without_metadata(source: Path, target: Path) -> int:
    """Write `source` to `target` without it; return how many objects held any.

    Nothing is written where none does.

    Raises:
        PikepdfError: the file cannot be read.
    """
    changed = 0
    with Pdf.open(source) as pdf:
        for item in pdf.objects:
            changed += _without_private(item)
            if isinstance(item, Stream):
                changed += _without_telling(item)
        if changed:
            save(pdf, target)
    return changed


def _without_private(item: object) -> bool:
    if not isinstance(item, (Dictionary, Stream)):
        return False
    entries = item.stream_dict if isinstance(item, Stream) else item
    held = [key for key in _PRIVATE if key in entries]
    for key in held:
        del entries[key]
    return bool(held)


def _without_telling(stream: Stream) -> bool:
    filters = stream.get(Name.Filter)
    names = list(filters) if isinstance(filters, Array) else [filters]
    if len(names) != 1 or names[0] not in (Name.DCTDecode, Name.JPXDecode):
        return False
    content = stream.read_raw_bytes()
    plain = plain_jpeg(content) if names[0] == Name.DCTDecode else plain_jpeg_2000(content)
    if plain == content:
        return False
    held = stream.get(Name.DecodeParms)
    parameters = held if isinstance(held, (Dictionary, Array)) else None
    stream.write(plain, filter=Name(str(names[0])), decode_parms=parameters)
    return True


def plain_jpeg(content: bytes) -> bytes:
    """Return a JPEG without segments that say anything beside its picture."""
    return b"".join(_segments(content))


def _segments(content: bytes) -> Iterator[bytes]:
    """Yield the segments to keep; from the first that cannot be followed on, all the rest."""
    if content[:2] != bytes((0xFF, _START)):
        yield content
        return
    yield content[:2]
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            break
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _STANDALONE:
            yield content[at : at + 2]
            at += 2
            continue
        if marker in (_SCAN, _END):
            end = _end_of_picture(content, at)
            yield content[at:end]
            return
        size = 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        segment = content[at : at + size]
        known = _COLOUR.get(marker)
        tells = marker == _COMMENT or (
            marker in _APPLICATION and (known is None or not segment[4:].startswith(known))
        )
        if not tells:
            yield _plain_jfif(segment) if marker == 0xE0 else segment
        at += size
    yield content[at:]


def _plain_jfif(segment: bytes) -> bytes:
    """Return a JFIF segment without the small picture that it may hold."""
    head = segment[4:16]
    if len(head) < 12:
        return segment
    body = head + b"\0\0"
    return segment[:2] + (len(body) + 2).to_bytes(2, "big") + body


def _end_of_picture(content: bytes, at: int) -> int:
    """Return where the picture ends: what follows its end marker is not part of it."""
    # Within a scan's data the marker cannot stand (T.81 § B.1.1.5).
    end = content.find(bytes((0xFF, _END)), at)
    return end + 2 if end >= 0 else len(content)


def plain_jpeg_2000(content: bytes) -> bytes:
    """Return JPEG 2000 without boxes that say anything beside its picture."""
    if content[4:8] != b"jP  ":
        return content
    kept, at = [], 0
    while at + 8 <= len(content):
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        end = len(content) if size == 0 else at + size
        if size != 0 and size < 8:
            return content
        if kind not in _TELLING_BOXES:
            kept.append(content[at:end])
        at = end
    return b"".join(kept)
