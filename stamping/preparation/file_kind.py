"""What a file is, told by its first bytes.

In: a path. Out: its `FileKind`, and whether its name agrees. Knows nothing of
what is done with each kind.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

# ISO 32000-2 § 7.5.2 wants the header first; readers accept it within 1,024 bytes.
PDF_HEADER_REACH = 1024


class FileKind(StrEnum):
    """The kinds that have pages here, and all others."""

    PDF = "PDF"
    JPEG = "JPEG"
    PNG = "PNG"
    TIFF = "TIFF"
    GIF = "GIF"
    HEIC = "HEIC"
    OTHER = "other"


EXTENSIONS: dict[str, FileKind] = {
    ".pdf": FileKind.PDF,
    ".jpg": FileKind.JPEG,
    ".jpeg": FileKind.JPEG,
    ".jpe": FileKind.JPEG,
    ".png": FileKind.PNG,
    ".tif": FileKind.TIFF,
    ".tiff": FileKind.TIFF,
    ".gif": FileKind.GIF,
    ".heic": FileKind.HEIC,
    ".heif": FileKind.HEIC,
}

_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_MAGIC: tuple[tuple[bytes, FileKind], ...] = (
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"II*\x00", FileKind.TIFF),
    (b"MM\x00*", FileKind.TIFF),
    (b"II+\x00", FileKind.TIFF),
    (b"MM\x00+", FileKind.TIFF),
    (b"GIF87a", FileKind.GIF),
    (b"GIF89a", FileKind.GIF),
)


def file_kind(head: bytes) -> FileKind:
    """Return the kind that the first `PDF_HEADER_REACH` bytes of a file show."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return FileKind.HEIC
    if b"%PDF-" in head[:PDF_HEADER_REACH]:
        return FileKind.PDF
    return FileKind.OTHER


def kind_by_name(source: Path) -> FileKind:
    """Return the kind that the file's extension claims."""
    return EXTENSIONS.get(source.suffix.lower(), FileKind.OTHER)
