"""The report for programs: CSV for each table, a data dictionary, a Frictionless package, JSON.

In: an edition. Out: files by name. Every CSV is tidy: one count a row, its unit
beside it, an empty count where it is not shown and the word for why. The
package's descriptor follows the Data Package standard, version 1
(specs.frictionlessdata.io).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from referrals.report import pages
from referrals.report.edition import Edition
from referrals.report.measures import MEASURES, MEDIANS
from referrals.report.table import TOTAL, Table

SHOWN, HIDDEN = "shown", "not_shown"

FOLDER = "data"
"""Where the CSV files lie."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a CSV: its type, and what it means."""

    name: str
    kind: str
    meaning: str
    required: bool = True
    values: tuple[str, ...] = ()


MONTH = Column("month", "yearmonth", "The month counted, as 2026-03.")
COUNT = Column("count", "integer", "The count; empty where it is not shown.", required=False)
STATUS = Column(
    "status",
    "string",
    "Whether the count is shown, or left out to protect people.",
    values=(SHOWN, HIDDEN),
)
UNIT = Column("unit", "string", "What one of the count is: the unit of count.")

TABLE_COLUMNS = (
    MONTH,
    Column("row_key", "string", "The row, as a stable key; total sums up all rows."),
    Column("row", "string", "The row, as it is printed."),
    Column("row_parent", "string", "The key of the row that sums this one up.", required=False),
    Column("column_key", "string", "The column, as a stable key; total sums up all columns."),
    Column("column", "string", "The column, as it is printed."),
    UNIT,
    COUNT,
    STATUS,
)
MEASURE_COLUMNS = (
    MONTH,
    Column("measure", "string", "The count, as a stable key."),
    Column("group", "string", "The group in which it is printed."),
    Column("title", "string", "The count, as it is printed."),
    UNIT,
    Column("basis", "string", "Which date puts it in a month."),
    Column("count", "integer", "The count."),
)
MEDIAN_COLUMNS = (
    MONTH,
    Column("median", "string", "ems or referred.", values=("ems", "referred")),
    Column("unit", "string", "minute or day.", values=("minute", "day")),
    Column("value", "integer", "The median, in whole units."),
)
CORRECTION_COLUMNS = (
    MONTH,
    Column("count", "string", "A measure, a median, or a table with row and column."),
    UNIT,
    Column("published", "string", "The number as it was last published."),
    Column("now", "string", "The number as it is now."),
)
DICTIONARY_COLUMNS = (
    Column("file", "string", "The CSV file."),
    Column("column", "string", "The column, or the key that stands in it."),
    Column("type", "string", "Its type; key for a key that stands in a column."),
    Column("unit", "string", "The unit of count, where there is one.", required=False),
    Column("meaning", "string", "What it means."),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file: its name, what it holds, its columns, its rows and their key."""

    path: str
    title: str
    description: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[object, ...], ...]
    key: tuple[str, ...]


def data_files(edition: Edition) -> dict[str, bytes]:
    """Return the files for programs, by their path in the report's folder."""
    sheets = [
        _measures(edition),
        _medians(edition),
        *(_table(edition, table) for table in edition.tables),
        _corrections(edition),
    ]
    sheets.append(_dictionary(edition, sheets))
    files = {sheet.path: _csv(sheet) for sheet in sheets}
    files["datapackage.json"] = _json(_package(edition, sheets, files))
    files["report.json"] = _json(edition.model_dump(mode="json"))
    return files


def _measures(edition: Edition) -> Sheet:
    rows = tuple(
        (month, each.key, each.group, each.title, each.unit.value, each.basis, counts[each.key])
        for month, counts in sorted(edition.trend.items())
        for each in MEASURES
    )
    return Sheet(
        f"{FOLDER}/measures.csv",
        "City-wide counts",
        "Counts of conduct, never hidden: thirteen months, the report's own last.",
        MEASURE_COLUMNS,
        rows,
        ("month", "measure"),
    )


def _medians(edition: Edition) -> Sheet:
    rows = tuple(
        (month, each.key, each.unit, values[each.key])
        for month, values in sorted(edition.medians.items())
        for each in MEDIANS
        if each.key in values
    )
    return Sheet(
        f"{FOLDER}/medians.csv",
        "Medians",
        "From the call for EMS to its arrival, and from incident to referral; "
        f"told where at least {edition.threshold} times stand behind one.",
        MEDIAN_COLUMNS,
        rows,
        ("month", "median"),
    )


def _table(edition: Edition, table: Table) -> Sheet:
    values = table.values()
    rows = tuple(
        (
            edition.month,
            row.key,
            row.title,
            row.parent if row.key != TOTAL else "",
            column.key,
            column.title,
            table.unit.value,
            "" if values[row.key, column.key] is None else values[row.key, column.key],
            HIDDEN if values[row.key, column.key] is None else SHOWN,
        )
        for row in table.rows.lines
        for column in table.columns.lines
    )
    return Sheet(
        f"{FOLDER}/{table.key}.csv",
        table.title,
        f"{table.definition} Rows: {table.rows.title.lower()}; "
        f"columns: {table.columns.title.lower()}.",
        TABLE_COLUMNS,
        rows,
        ("row_key", "column_key"),
    )


def _corrections(edition: Edition) -> Sheet:
    return Sheet(
        f"{FOLDER}/corrections.csv",
        "Corrections",
        "Numbers of earlier publications that are no longer right.",
        CORRECTION_COLUMNS,
        tuple(
            (each.month, each.place, each.unit, each.old, each.new) for each in edition.corrections
        ),
        ("month", "count"),
    )


def _dictionary(edition: Edition, sheets: Sequence[Sheet]) -> Sheet:
    rows: list[tuple[object, ...]] = [
        (sheet.path, column.name, column.kind, "", column.meaning)
        for sheet in sheets
        for column in sheet.columns
    ]
    rows += [
        (f"{FOLDER}/measures.csv", each.key, "key", each.unit.value, each.definition)
        for each in MEASURES
    ]
    rows += [
        (f"{FOLDER}/{table.key}.csv", line.key, "key", table.unit.value, line.title)
        for table in edition.tables
        for dimension in (table.rows, table.columns)
        for line in dimension.lines
        if not (line.key == TOTAL and dimension is table.columns)
    ]
    return Sheet(
        "data-dictionary.csv",
        "Data dictionary",
        "Every file, every column, every key, and what it means.",
        DICTIONARY_COLUMNS,
        tuple(dict.fromkeys(rows)),
        (),
    )


def _csv(sheet: Sheet) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in sheet.columns)
    writer.writerows(sheet.rows)
    return text.getvalue().encode()


def _package(
    edition: Edition, sheets: Iterable[Sheet], files: Mapping[str, bytes]
) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": f"referrals-report-{edition.name}",
        "title": pages.title(edition),
        "description": edition.title,
        "version": f"{edition.number}.0.0",
        "created": edition.as_of.isoformat(),
        "contributors": [{"title": edition.agency, "role": "publisher"}],
        "resources": [_resource(sheet, files[sheet.path]) for sheet in sheets],
    }


def _resource(sheet: Sheet, content: bytes) -> dict[str, Any]:
    import hashlib

    schema: dict[str, Any] = {
        "fields": [_field(column) for column in sheet.columns],
        "missingValues": [""],
    }
    if sheet.key:
        schema["primaryKey"] = list(sheet.key)
    return {
        "profile": "tabular-data-resource",
        "name": sheet.path.rpartition("/")[2].removesuffix(".csv").replace("_", "-"),
        "path": sheet.path,
        "title": sheet.title,
        "description": sheet.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": {"lineTerminator": "\r\n", "delimiter": ","},
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    limits: dict[str, Any] = {"required": column.required}
    if column.values:
        limits["enum"] = list(column.values)
    if column.kind == "integer":
        limits["minimum"] = 0
    return {
        "name": column.name,
        "type": column.kind,
        "description": column.meaning,
        "constraints": limits,
    }


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
