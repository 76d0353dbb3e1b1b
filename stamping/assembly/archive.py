"""The archive variant: a finished PDF/A-2a file that holds its originals, as PDF/A-3a.

In: a file that claims PDF/A-2a and files to keep inside it. Out: the same pages
with the files embedded and named as associated (ISO 19005-3 § 6.8).
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pikepdf import (
    Array,
    Dictionary,
    Name,
    Object,
    ObjectStreamMode,
    Pdf,
    Stream,
    StreamDecodeLevel,
    String,
)

from stamping.errors import StampingError
from stamping.objects.saving import save

_CLAIM = (b"<pdfaid:part>2</pdfaid:part>", b"<pdfaid:part>3</pdfaid:part>")


class Relationship(StrEnum):
    """What an embedded file is to the pages (ISO 19005-3 § 6.8)."""

    SOURCE = "Source"
    """The pages were made of it."""
    DATA = "Data"
    """It says for programs what the pages say."""
    SUPPLEMENT = "Supplement"
    """It belongs to the pages and cannot be shown on them."""


@dataclass(frozen=True, slots=True)
class AssociatedFile:
    """A file to embed: `name` as it is shown and unlike any other, its MIME type, what it is."""

    content: bytes
    name: str
    mime: str
    description: str
    relationship: Relationship


def archive(
    source: Path, files: Sequence[AssociatedFile], modified: datetime, output: Path
) -> None:
    """Write `source` with `files` embedded to `output`; the same input gives the same bytes.

    `modified` must carry a zone.

    Raises:
        StampingError: `source` does not claim PDF/A-2a.
        OSError: the disk is full or may not be written.
    """
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    with Pdf.open(source) as pdf:
        _claim_part_three(pdf, source)
        # A name tree is in the order of its keys' bytes (ISO 32000-2 § 7.9.6).
        entries = sorted(
            ((String(file.name), _embedded(pdf, file, modified)) for file in files),
            key=lambda entry: bytes(entry[0]),
        )
        if entries:
            names = Array([each for entry in entries for each in entry])
            pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))
            pdf.Root.AF = Array([entry for _, entry in entries])
        try:
            save(
                pdf,
                beside,
                object_stream_mode=ObjectStreamMode.generate,
                stream_decode_level=StreamDecodeLevel.none,
                # The pages stay those of the source, byte for byte.
                compress_streams=False,
            )
            beside.replace(output)
        finally:
            beside.unlink(missing_ok=True)


def _claim_part_three(pdf: Pdf, source: Path) -> None:
    old, new = _CLAIM
    metadata: Any = pdf.Root.get("/Metadata")
    text = metadata.read_bytes() if isinstance(metadata, Stream) else b""
    if text.count(old) != 1:
        raise StampingError(
            "only a file that claims PDF/A-2a can become an archive",
            source=source,
            remedy="Make the packet without an archive; its page on archiving says what is amiss.",
        )
    metadata.write(text.replace(old, new))


def _embedded(pdf: Pdf, file: AssociatedFile, modified: datetime) -> Object:
    moment = String(f"D:{modified.astimezone(UTC):%Y%m%d%H%M%S}+00'00'")
    stream = Stream(pdf, b"")
    stream.write(zlib.compress(file.content), filter=Name.FlateDecode)
    stream.Type = Name.EmbeddedFile
    stream.Subtype = Name(f"/{file.mime}")
    stream.Params = Dictionary(Size=len(file.content), ModDate=moment)
    held = pdf.make_indirect(stream)
    entry = Dictionary(
        Type=Name.Filespec,
        F=String(file.name),
        UF=String(file.name),
        Desc=String(file.description),
        AFRelationship=Name(f"/{file.relationship}"),
        EF=Dictionary(F=held, UF=held),
    )
    return pdf.make_indirect(entry)
