"""Takes a records system's export in: CSV or JSON rows through a column map (TOML).

In: a column map and the folder with the export and the evidence files. Out: a
`CaseFolder`, validated the same way as `case.yaml`, with file, row and column
as the place of each refused value. docs/case-folder.md explains the map.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from referrals.errors import InputError
from referrals.findings import Finding, Severity
from referrals.intake.case_folder import CaseFolder, case_from, refusal
from referrals.intake.export_rows import ExportForm, ExportRow, cell_text, export_rows
from referrals.intake.located import Located
from referrals.intake.text_encoding import read_text
from referrals.records.case_record import CaseRecord
from referrals.refusals import Path as Way
from referrals.refusals import (
    field_at,
    fields_at,
    is_moment,
    is_time,
    nearest,
    path_text,
    refusals,
    shown,
)


class MapSection(BaseModel):
    """Where the entries of one section come from.

    `section` names it as in `case.yaml`; `allegations.elements` and the like
    name a list within an entry, and `parent` the column that holds the key of
    that entry. `rows` leads to the rows in a JSON file. `where` keeps only the
    rows whose columns hold these texts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: str
    file: str
    rows: str = ""
    parent: str = ""
    where: dict[str, str] = {}
    fields: dict[str, str] = {}
    constants: dict[str, str | bool | int | float] = {}
    values: dict[str, dict[str, str]] = {}


class ColumnMap(BaseModel):
    """A column map: how the export writes, and its sections in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoding: str = "utf-8-sig"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    date_formats: tuple[str, ...] = ("%Y-%m-%d",)
    moment_formats: tuple[str, ...] = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
    zone: str
    sections: tuple[MapSection, ...] = Field(min_length=1)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("write a name of the IANA list, such as America/Chicago") from error
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            "".encode(value)
        except LookupError as error:
            raise ValueError("write an encoding such as utf-8 or windows-1252") from error
        return value


def read_export(column_map: Path, folder: Path, footage: str = "") -> CaseFolder:
    """Return the case that the export in `folder` holds, read through `column_map`.

    `footage` is where recordings lie that are registered in place.

    Raises:
        InputError: the map or the export is refused; its findings name all of it.
    """
    if not folder.is_dir():
        raise InputError(
            f"There is no folder {folder}.", remedy="Give the folder that holds the export."
        )
    return case_from(exported(column_map, read_column_map(column_map), folder), folder, footage)


def exported(column_map: Path, how: ColumnMap, folder: Path) -> Located:
    """Return the values of the export in `folder`, as yet unchecked, with their places.

    Raises:
        InputError: rows or columns are missing; its findings name all of it.
    """
    made = _Making(how, column_map.name, folder)
    for index, section in enumerate(how.sections):
        made.add(index, section)
    if made.findings:
        raise refusal("the export", made.findings)
    return Located(made.value, column_map.name, made.places)


def read_column_map(path: Path) -> ColumnMap:
    """Return the column map at `path`.

    Raises:
        InputError: it cannot be read, is not TOML, or names what a record lacks.
    """
    try:
        values = tomllib.loads(read_text(path))
    except OSError as error:
        raise InputError(
            f"The column map {path} cannot be read: {error.strerror}.",
            remedy="Check the file and the right to read it.",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"The column map {path} is not valid TOML: {error}.",
            remedy="Fix the line named; docs/case-folder.md shows a map.",
        ) from error
    try:
        how = ColumnMap.model_validate(values)
    except ValidationError as error:
        found = refusals(error, ColumnMap, lambda way: f"{path.name}, {path_text(way)}")
        raise refusal(path.name, found) from error
    if found := _unknown_names(how, path.name):
        raise refusal(path.name, found)
    return how


def _unknown_names(how: ColumnMap, source: str) -> list[Finding]:
    found = []
    for index, section in enumerate(how.sections):
        place = f"{source}, sections[{index}]"
        way = _way(section.section)
        known = fields_at(CaseRecord, way) if way else {}
        if not known:
            sections = list(CaseRecord.model_fields)
            found.append(_unknown(f"{place}.section", section.section, sections, "section"))
            continue
        for table in ("fields", "constants", "values"):
            found += [
                _unknown(f"{place}.{table}", name, sorted(known), "field")
                for name in getattr(section, table)
                if name not in known
            ]
        if (len(way) == 4) != bool(section.parent):
            found.append(
                Finding(
                    Severity.BLOCKING,
                    "map-parent",
                    f"'parent' does not fit the section {shown(section.section)}",
                    f"{place}.parent",
                    "Give it for a list within an entry, such as allegations.elements, and only "
                    "there: the column that holds the key of the entry.",
                )
            )
    return found


def _unknown(place: str, name: str, known: list[str], what: str) -> Finding:
    guess = nearest(name, known)
    hint = f"Did you mean '{guess}'? " if guess else ""
    message = f"a record has no {what} called {shown(name)} here"
    remedy = f"{hint}Write one of: {', '.join(known)}."
    return Finding(Severity.BLOCKING, "map-unknown", message, place, remedy)


def _way(section: str) -> Way:
    """Return the path of an entry of `section`; empty where no such list or group exists."""
    way: Way = ()
    for name in section.split("."):
        info = field_at(CaseRecord, (*way, name))
        if info is None:
            return ()
        way = (*way, name)
        if fields_at(CaseRecord, (*way, 0)):
            way = (*way, 0)
    return way


@dataclass
class _Making:
    """The record in the making: its values, their places, and what was refused."""

    how: ColumnMap
    source: str
    folder: Path
    value: dict[str, Any] = field(default_factory=dict)
    places: dict[Way, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, place: str, code: str, message: str, remedy: str) -> None:
        self.findings.append(Finding(Severity.BLOCKING, code, message, place, remedy))

    def add(self, index: int, section: MapSection) -> None:
        """Add the entries of one section."""
        place = f"{self.source}, sections[{index}]"
        try:
            rows = list(self._rows(section))
        except InputError as error:
            self.refuse(f"{place}.file", "export-unreadable", str(error), error.remedy)
            return
        columns = {column for row in rows for column in row.cells}
        wanted = [*section.fields.values(), *section.where, *filter(None, [section.parent])]
        lacking = [column for column in dict.fromkeys(wanted) if rows and column not in columns]
        for column in lacking:
            guess = nearest(column, columns)
            hint = f"Did you mean '{guess}'? " if guess else ""
            self.refuse(
                place,
                "column-missing",
                f"{section.file} has no column {shown(column)}",
                f"{hint}Columns: {', '.join(sorted(columns))}.",
            )
        if lacking:
            return
        kept = [
            row
            for row in rows
            if all(cell_text(row.cells.get(name)) == value for name, value in section.where.items())
        ]
        names = section.section.split(".")
        if fields_at(CaseRecord, (names[0],)):
            self._group(place, names[0], section, kept)
            return
        for row in kept:
            self._entry(names, section, row)

    def _rows(self, section: MapSection) -> Iterator[ExportRow]:
        form = ExportForm(self.how.encoding, self.how.delimiter, section.rows)
        return export_rows(self.folder, section.file, form)

    def _group(self, place: str, name: str, section: MapSection, rows: list[ExportRow]) -> None:
        if len(rows) != 1:
            self.refuse(
                place,
                "export-rows",
                f"{section.file} gives {len(rows)} rows for '{name}', which takes one",
                "Pick the row of the case with 'where', for example RD_NO = \"JX-400112\".",
            )
            return
        # Two maps may fill one group, each from its own file.
        self.value.setdefault(name, {}).update(self._values((name,), section, rows[0]))
        self.places.setdefault((name,), rows[0].place)

    def _entry(self, names: list[str], section: MapSection, row: ExportRow) -> None:
        way: Way = (names[0],)
        entries = self.value.setdefault(names[0], [])
        if section.parent:
            key = cell_text(row.cells.get(section.parent))
            at = next((at for at, entry in enumerate(entries) if key in _keys(entry)), None)
            if at is None:
                self.refuse(
                    f"{row.place}, column '{section.parent}'",
                    "parent-unknown",
                    f"{shown(key)} is the key of no entry of '{names[0]}'",
                    "Correct it, or put the section of the entries before this one in the map.",
                )
                return
            way = (names[0], at, names[1])
            entries = entries[at].setdefault(names[1], [])
        way = (*way, len(entries))
        self.places[way] = row.place
        entries.append(self._values(way, section, row))

    def _values(self, way: Way, section: MapSection, row: ExportRow) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, constant in section.constants.items():
            made[name] = cell_text(constant)
            self.places[(*way, name)] = f"{self.source}, constant '{name}'"
        for name, column in section.fields.items():
            text = cell_text(row.cells.get(column))
            text = section.values.get(name, {}).get(text, text)
            place = f"{row.place}, column '{column}'"
            self.places[(*way, name)] = place
            info = field_at(CaseRecord, (*way, name))
            if text and info is not None and is_time(info.annotation):
                text = self._time(text, place, moment=is_moment(info.annotation))
            if text:
                made[name] = text
        return made

    def _time(self, text: str, place: str, *, moment: bool) -> str:
        """Return a date or time as ISO 8601; one that no format fits stays as it is."""
        for pattern in self.how.moment_formats if moment else self.how.date_formats:
            try:
                read = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone follows below
            except ValueError:
                continue
            if not moment:
                return read.date().isoformat()
            return self._in_zone(read, place) if read.tzinfo is None else read.isoformat()
        return text

    def _in_zone(self, read: datetime, place: str) -> str:
        zone = ZoneInfo(self.how.zone)
        early, late = (read.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
        if early.utcoffset() != late.utcoffset():
            self.refuse(
                place,
                "time-ambiguous",
                f"the clocks were changed at {read.isoformat()} in {self.how.zone}: it exists "
                "twice or not at all",
                "Write the time with its offset, as 2026-11-01T01:30:00-05:00.",
            )
        return early.isoformat()


def _keys(entry: dict[str, Any]) -> tuple[Any, ...]:
    return (entry.get("key"), entry.get("designator"))
