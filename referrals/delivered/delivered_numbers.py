"""Which Bates numbers a delivery holds, and on which page of which file each stands.

In: the folder of a packet (`packet.json`), of a redacted set (`redaction-log.json`)
or of a court set (`filing.json`). Out: a `DeliveredNumbers`. Nothing is written, and
what such a file says besides is left alone. Whether the files are those that were
delivered is for `referrals verify` and for the digests given here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ValidationError

from referrals.bag import PAYLOAD
from referrals.delivered.delivery_statements import (
    CourtStatement,
    FileStatement,
    PacketStatement,
    PartStatement,
    RedactedStatement,
    StatedBates,
    StatedRedaction,
)
from referrals.errors import InputError
from referrals.refusals import path_text, refusals
from stamping.bates import BatesRange, BatesSeries
from stamping.errors import BatesFormatError


class DeliveryKind(StrEnum):
    """What a delivery is; the value is how it is called."""

    COURT = "court set"
    REDACTED = "redacted set"
    PACKET = "packet"


STATEMENTS = {
    DeliveryKind.COURT: "filing.json",
    DeliveryKind.REDACTED: "redaction-log.json",
    DeliveryKind.PACKET: "packet.json",
}
"""The file that says what a delivery holds; the first that is there is read."""


@dataclass(frozen=True, slots=True)
class NumberedPart:
    """A run of numbered pages in one file; `first_page` counts the file's pages from one."""

    key: str
    kind: str
    title: str
    exhibit: str
    first: int
    last: int
    first_page: int

    @property
    def words(self) -> str:
        """What the part is, for a person."""
        if not self.exhibit:
            return self.title
        sheet = ", slip sheet" if self.kind == "slip_sheet" else ""
        return f"Ex. {self.exhibit}{sheet}"


@dataclass(frozen=True, slots=True)
class NumberedFile:
    """A file of a delivery; `front_pages` at its beginning bear no numbers."""

    file: str
    bytes: int | None
    sha256: str
    numbers: BatesRange
    pages: int
    front_pages: int
    parts: tuple[NumberedPart, ...]


@dataclass(frozen=True, slots=True)
class HeldPage:
    """The page on which a number stands: in which file, which page of it, of which part.

    `part` is None where the delivery does not say.
    """

    file: NumberedFile
    page: int
    part: NumberedPart | None


@dataclass(frozen=True, slots=True)
class HeldRecording:
    """A recording that a delivery speaks of; `path` is empty where it was not delivered."""

    key: str
    title: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DeliveredNumbers:
    """What a delivery says of itself, as far as numbers go.

    `redactions` are the rules by number, once for each redaction. `recordings` is None
    where the delivery does not list any.
    """

    folder: Path
    kind: DeliveryKind
    name: str
    packet: str
    case: str
    court: str
    draft: bool
    series: BatesSeries
    files: tuple[NumberedFile, ...]
    redactions: Mapping[int, tuple[str, ...]]
    recordings: tuple[HeldRecording, ...] | None

    @property
    def words(self) -> str:
        """The delivery and its numbers, for a person."""
        ranges = ", ".join(str(numbers) for numbers in self.ranges)
        return f"{self.name} ({ranges or 'no numbers'})"

    @property
    def ranges(self) -> list[BatesRange]:
        """The unbroken runs of numbers that it holds, in order."""
        runs: list[BatesRange] = []
        for file in sorted(self.files, key=lambda file: file.numbers.first):
            for first, last in _runs(file):
                if runs and first <= runs[-1].last + 1:
                    runs[-1] = replace(runs[-1], last=max(last, runs[-1].last))
                else:
                    runs.append(BatesRange(self.series, first, last))
        return runs

    def page(self, number: int) -> HeldPage | None:
        """Return where `number` stands, or None if the delivery does not hold it."""
        for file in self.files:
            if number not in file.numbers:
                continue
            for part in file.parts:
                if part.first <= number <= part.last:
                    return HeldPage(file, part.first_page + number - part.first, part)
            if not file.parts:
                return HeldPage(file, file.front_pages + number - file.numbers.first + 1, None)
        return None

    def path(self, file: str) -> Path:
        """Return where a file that the delivery names lies."""
        return self.folder / PAYLOAD / file


def delivered_numbers(folder: Path) -> DeliveredNumbers:
    """Return what the delivery in `folder` holds.

    Raises:
        InputError: it is not a delivery, or does not say what it should.
    """
    kind, path = _statement(folder)
    try:
        text = path.read_text(encoding="utf-8")
        found = _READERS[kind](folder, text)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}.",
            remedy="Check the file and the right to read it.",
        ) from error
    except (json.JSONDecodeError, UnicodeDecodeError, BatesFormatError) as error:
        raise InputError(f"{path} is not what it should be: {error}.", remedy=_ASK) from error
    except ValidationError as error:
        model = _MODELS[kind]
        raise InputError(
            f"{path} is not what it should be.",
            remedy=_ASK,
            findings=refusals(error, model, lambda way: f"{path.name}, {path_text(way)}"),
        ) from error
    _stop_if_incomplete(found, path)
    return found


def sharing_parts(deliveries: Sequence[DeliveredNumbers]) -> list[DeliveredNumbers]:
    """Return the deliveries, a redacted set with the parts that its own packet names.

    A redacted set does not list its parts, and has the same pages as the packet's
    main volume.
    """
    volumes = {
        (each.packet, file.numbers): file.parts
        for each in deliveries
        if each.kind is DeliveryKind.PACKET
        for file in each.files
    }
    return [
        replace(
            each,
            files=tuple(
                replace(file, parts=file.parts or volumes.get((each.packet, file.numbers), ()))
                for file in each.files
            ),
        )
        for each in deliveries
    ]


def _statement(folder: Path) -> tuple[DeliveryKind, Path]:
    for kind, name in STATEMENTS.items():
        path = folder / PAYLOAD / name
        if path.is_file():
            return kind, path
    raise InputError(
        f"{folder} is not a delivery: it holds none of {', '.join(STATEMENTS.values())}.",
        remedy=f"Name the folder that holds '{PAYLOAD}' and the manifests.",
    )


_ASK = "Ask the sender for the delivery again; `referrals verify` tells what changed."


_MODELS: dict[DeliveryKind, type[BaseModel]] = {
    DeliveryKind.COURT: CourtStatement,
    DeliveryKind.REDACTED: RedactedStatement,
    DeliveryKind.PACKET: PacketStatement,
}


def _packet(folder: Path, text: str) -> DeliveredNumbers:
    stated = PacketStatement.model_validate_json(text)
    series = _series(stated.bates)
    return DeliveredNumbers(
        folder=folder,
        kind=DeliveryKind.PACKET,
        name=stated.packet,
        packet=stated.packet.removesuffix("-DRAFT"),
        case=stated.case,
        court="",
        draft=stated.state == "draft",
        series=series,
        files=tuple(_file(each, series) for each in stated.volumes),
        redactions={},
        recordings=tuple(HeldRecording(**each.model_dump()) for each in stated.footage),
    )


def _redacted(folder: Path, text: str) -> DeliveredNumbers:
    stated = RedactedStatement.model_validate_json(text)
    series = _series_of(stated.first)
    numbers = _range(series, stated.first, stated.last)
    packet = stated.packet.removesuffix("-DRAFT")
    return DeliveredNumbers(
        folder=folder,
        kind=DeliveryKind.REDACTED,
        name=stated.set,
        packet=packet,
        case=packet.rpartition("-")[0],
        court="",
        draft=stated.packet != packet,
        series=series,
        files=(NumberedFile(stated.file, None, stated.sha256, numbers, len(numbers), 0, ()),),
        redactions=_rules(stated.redactions, series),
        recordings=None,
    )


def _court(folder: Path, text: str) -> DeliveredNumbers:
    stated = CourtStatement.model_validate_json(text)
    series = _series(stated.bates)
    return DeliveredNumbers(
        folder=folder,
        kind=DeliveryKind.COURT,
        name=stated.set,
        packet=stated.packet.removesuffix("-DRAFT"),
        case=stated.case,
        court=stated.court.key,
        draft=stated.draft,
        series=series,
        files=tuple(_file(each, series) for each in stated.files),
        redactions=_rules(stated.redactions, series),
        recordings=None,
    )


_READERS = {
    DeliveryKind.COURT: _court,
    DeliveryKind.REDACTED: _redacted,
    DeliveryKind.PACKET: _packet,
}


def _file(stated: FileStatement, series: BatesSeries) -> NumberedFile:
    return NumberedFile(
        file=stated.file,
        bytes=stated.bytes,
        sha256=stated.sha256,
        numbers=_range(series, stated.first, stated.last),
        pages=stated.pages,
        front_pages=stated.front_pages,
        parts=tuple(_part(part, series) for part in stated.parts),
    )


def _part(stated: PartStatement, series: BatesSeries) -> NumberedPart:
    numbers = _range(series, stated.first, stated.last)
    if len(numbers) != stated.pages:
        raise BatesFormatError(f"{stated.title} has {stated.pages} pages for {numbers}")
    return NumberedPart(
        key=stated.key,
        kind=stated.kind,
        title=stated.title,
        exhibit=stated.exhibit,
        first=numbers.first,
        last=numbers.last,
        first_page=stated.first_page,
    )


def _runs(file: NumberedFile) -> list[tuple[int, int]]:
    if not file.parts:
        return [(file.numbers.first, file.numbers.last)]
    return sorted((part.first, part.last) for part in file.parts)


def _rules(stated: Sequence[StatedRedaction], series: BatesSeries) -> dict[int, tuple[str, ...]]:
    rules: dict[int, tuple[str, ...]] = {}
    for each in stated:
        number = series.parse(each.number)
        rules[number] = (*rules.get(number, ()), each.rule)
    return rules


def _series(stated: StatedBates) -> BatesSeries:
    return BatesSeries(stated.stem, "", stated.width)


def _series_of(label: str) -> BatesSeries:
    match = re.fullmatch(r"(.*?)(\d{1,12})", label)
    if match is None:
        raise BatesFormatError(f"{label!r} is no Bates number")
    return BatesSeries(match[1], "", len(match[2]))


def _range(series: BatesSeries, first: str, last: str) -> BatesRange:
    return BatesRange(series, series.parse(first), series.parse(last))


def _stop_if_incomplete(found: DeliveredNumbers, path: Path) -> None:
    for file in found.files:
        named = PurePosixPath(file.file)
        if named.is_absolute() or ".." in named.parts or "\\" in file.file:
            raise InputError(f"{path} names a file outside the delivery: {file.file}.", remedy=_ASK)
        if not found.path(file.file).is_file():
            raise InputError(f"{path} names {file.file}, which is not there.", remedy=_ASK)
