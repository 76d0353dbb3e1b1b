"""What a delivery says of itself: `packet.json`, read with distrust.

In: the text of the file. Out: plain values. What is missing or of another kind
than `packet.schema.json` says makes the whole file unreadable.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

FORMAT = 2


class UnreadableStatementError(ValueError):
    """`packet.json` is not what it should be; the message says where."""


@dataclass(frozen=True, slots=True)
class StatedFile:
    """A file of the delivery: its path below `data/`, its size in bytes, its digest."""

    path: str
    bytes: int
    sha256: str
    source: str = ""
    belongs_to: str = ""


@dataclass(frozen=True, slots=True)
class StatedPart:
    """A run of pages; `source` is the file that an exhibit was made of."""

    key: str
    kind: str
    title: str
    first: str
    last: str
    pages: int
    first_page: int
    section: int
    exhibit: str
    source: StatedFile | None

    @property
    def written(self) -> bool:
        """Whether the agency's program wrote these pages."""
        return self.kind != "exhibit"

    @property
    def is_exhibit(self) -> bool:
        """Whether the index lists it: an exhibit's pages, or its placeholder."""
        return self.kind in ("exhibit", "placeholder")


@dataclass(frozen=True, slots=True)
class StatedVolume:
    """One PDF, its parts, and a digest of each of its pages."""

    kind: str
    file: str
    pages: int
    bytes: int
    sha256: str
    first: str
    last: str
    parts: tuple[StatedPart, ...]
    page_sha256: tuple[str, ...]

    def part_of(self, page: int) -> StatedPart | None:
        """Return the part that `page`, counted from one, belongs to."""
        for part in self.parts:
            if part.first_page <= page < part.first_page + part.pages:
                return part
        return None


@dataclass(frozen=True, slots=True)
class StatedFootage:
    """A recording of the record; `path` is empty where it was not delivered."""

    key: str
    file: str
    bytes: int
    sha256: str
    path: str


@dataclass(frozen=True, slots=True)
class StatedSignature:
    """A signature made with a key: where in the form, whose, with which certificate."""

    field: str
    signer: str
    serial: str
    certificate_sha256: str


@dataclass(frozen=True, slots=True)
class StatedAttestation:
    """An attestation: the facts, and the scan of the form where it is signed."""

    key: str
    state: str
    required: bool
    path: str
    sha256: str
    signed_on: str
    signed_sha256: str
    scan: str
    scan_sha256: str
    signatures: tuple[StatedSignature, ...]
    countersignature_required: bool
    countersigned_by: str


@dataclass(frozen=True, slots=True)
class StatedArchive:
    """The main volume with originals inside: its file, and the paths of those originals.

    `values` names the file inside that says again what `packet.json` says.
    """

    file: str
    holds: tuple[str, ...]
    values: str


@dataclass(frozen=True, slots=True)
class Series:
    """How the numbers are written: what stands before the digits, and how many."""

    stem: str
    width: int

    def label(self, number: int) -> str:
        """Return a number as it is printed."""
        return f"{self.stem}{number:0{self.width}d}"

    def number(self, label: str) -> int | None:
        """Return the number of a label, or None if it is none of this series."""
        found = self.pattern.fullmatch(label)
        return int(found[1]) if found else None

    @property
    def pattern(self) -> re.Pattern[str]:
        """What a label looks like."""
        return re.compile(re.escape(self.stem) + rf"(\d{{{self.width}}})(?!\d)")


@dataclass(frozen=True, slots=True)
class Stated:
    """All that `packet.json` says."""

    packet: str
    state: str
    case: str
    identity: str
    audit_head: str
    series: Series
    first: str
    last: str
    volumes: tuple[StatedVolume, ...]
    archive: StatedArchive | None
    natives: tuple[StatedFile, ...]
    footage: tuple[StatedFootage, ...]
    attestations: tuple[StatedAttestation, ...]
    files: tuple[StatedFile, ...]

    @property
    def parts(self) -> list[StatedPart]:
        """The parts of all volumes, in order."""
        return [part for volume in self.volumes for part in volume.parts]


def read_stated(text: str) -> Stated:
    """Return what `packet.json` says.

    Raises:
        UnreadableStatementError: it is no JSON, of another format, or lacks something.
    """
    try:
        values = json.loads(text)
        if values["format"] != FORMAT:
            raise UnreadableStatementError(f"its format is {values['format']!r}, not {FORMAT}")
        return _stated(values)
    except KeyError as error:
        raise UnreadableStatementError(f"it lacks {error}") from error
    except (TypeError, AttributeError) as error:
        raise UnreadableStatementError(f"a value is of the wrong kind ({error})") from error
    except RecursionError as error:
        raise UnreadableStatementError("it is nested without an end") from error
    except json.JSONDecodeError as error:
        raise UnreadableStatementError(f"it is no JSON ({error})") from error


def _stated(values: Any) -> Stated:
    bates = values["bates"]
    return Stated(
        **_texts(values, "packet", "state", "case", "identity", "audit_head"),
        series=Series(_text(bates["stem"]), _count(bates["width"])),
        **_texts(bates, "first", "last"),
        volumes=tuple(_volume(each) for each in values["volumes"]),
        archive=_archive(values["archive"]),
        natives=tuple(_file(each, "source", "belongs_to") for each in values["natives"]),
        footage=tuple(
            StatedFootage(
                **_texts(each, "key", "file", "sha256", "path"), bytes=_count(each["bytes"])
            )
            for each in values["footage"]
        ),
        attestations=tuple(_attestation(each) for each in values["attestations"]),
        files=tuple(_file(each) for each in values["files"]),
    )


def _volume(values: Any) -> StatedVolume:
    return StatedVolume(
        **_texts(values, "kind", "file", "sha256", "first", "last"),
        pages=_count(values["pages"]),
        bytes=_count(values["bytes"]),
        parts=tuple(_part(each) for each in values["parts"]),
        page_sha256=tuple(_text(each) for each in values["page_sha256"]),
    )


def _part(values: Any) -> StatedPart:
    source = values.get("source")
    made_of = None
    if source is not None:
        made_of = StatedFile(
            _text(source["file"]), _count(source["bytes"]), _text(source["sha256"])
        )
    return StatedPart(
        **_texts(values, "key", "kind", "title", "first", "last"),
        pages=_count(values["pages"]),
        first_page=_count(values["first_page"]),
        section=_count(values.get("section", 0)),
        exhibit=_text(values.get("exhibit", "")),
        source=made_of,
    )


def _archive(values: Any) -> StatedArchive | None:
    if values is None:
        return None
    holds = tuple(_text(each) for each in values["holds"])
    return StatedArchive(_text(values["file"]), holds, _text(values["values"]))


def _attestation(values: Any) -> StatedAttestation:
    names = ("key", "state", "path", "sha256", "signed_on", "signed_sha256", "scan", "scan_sha256")
    signatures = tuple(
        StatedSignature(**_texts(each, "field", "signer", "serial", "certificate_sha256"))
        for each in values.get("signatures", ())
    )
    return StatedAttestation(
        **_texts(values, *names),
        required=values["required"] is True,
        signatures=signatures,
        countersignature_required=values.get("countersignature_required") is True,
        countersigned_by=str(values.get("countersigned_by", "")),
    )


def _file(values: Any, *more: str) -> StatedFile:
    return StatedFile(
        **_texts(values, "path", "sha256", *more),
        bytes=_count(values["bytes"]),
    )


def _texts(values: Any, *names: str) -> dict[str, Any]:
    return {name: _text(values[name]) for name in names}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{value!r} is not a count")
    return value
