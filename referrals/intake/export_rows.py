"""The rows of a records system's export, CSV or JSON.

In: a file and how it is written. Out: rows whose cells are named by column, each
with its place as a user finds it: the row as a spreadsheet counts it, or the
entry of a JSON list. Knows nothing of a case.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from referrals.errors import InputError
from referrals.intake.text_encoding import LIKELY, read_text
from referrals.refusals import shown

LARGEST = 64_000_000
"""How many bytes an export may have."""


@dataclass(frozen=True, slots=True)
class ExportForm:
    """How a file is written; `rows` leads to the rows of a JSON file."""

    encoding: str
    delimiter: str
    rows: str = ""


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One row of an export: its cells by column, and how its place is named."""

    place: str
    cells: dict[str, Any]


def export_rows(folder: Path, file: str, form: ExportForm) -> Iterator[ExportRow]:
    """Yield the rows of `file`, a CSV file or, by its ending, a JSON file.

    Raises:
        InputError: the file lies outside of `folder`, cannot be read, is too
            large, or is not what its ending says.
    """
    path = folder / file
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(
            f"{shown(file)} lies outside of the folder.",
            remedy="Put the export into the folder and name it from there.",
        )
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(
                f"{file} is larger than {LARGEST:,} bytes.",
                remedy="Export one case at a time.",
            )
        remedy = f"Give the export's 'encoding' in the map, for example {LIKELY}."
        text = read_text(path, form.encoding, remedy)
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror}.",
            remedy="Put the export into the folder, or correct 'file'.",
        ) from error
    if path.suffix.lower() == ".json":
        yield from _json_rows(text, file, form)
    else:
        yield from _csv_rows(text, file, form)


def _csv_rows(text: str, file: str, form: ExportForm) -> Iterator[ExportRow]:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=form.delimiter, strict=True)
        header = [name.strip() for name in next(reader, [])]
        for number, cells in enumerate(reader, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise InputError(
                    f"{file}, row {number} has {len(cells)} cells under {len(header)} columns.",
                    remedy="Export it again; a comma within a text must stand in quotation marks.",
                )
            yield ExportRow(f"{file}, row {number}", dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise InputError(
            f"{file} is not valid CSV: {error}.",
            remedy="Export it again, and check 'delimiter' in the map.",
        ) from error


def _json_rows(text: str, file: str, form: ExportForm) -> Iterator[ExportRow]:
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(
            f"{file} is not valid JSON: {error}.", remedy="Export it again."
        ) from error
    for name in filter(None, form.rows.split(".")):
        found = found.get(name) if isinstance(found, dict) else None
    rows = found if isinstance(found, list) else [found]
    if not all(isinstance(row, dict) for row in rows):
        raise InputError(
            f"{file} holds no rows at {shown(form.rows or 'its top')}.",
            remedy="Give in 'rows' the names that lead to them, with dots between.",
        )
    for number, row in enumerate(rows, start=1):
        yield ExportRow(f"{file}, entry {number}", dict(_flat("", row)))


def _flat(prefix: str, row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the cells of a JSON row; what lies deeper is named with dots."""
    for name, value in row.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{name}.", value)
        elif not isinstance(value, list):
            yield f"{prefix}{name}", value


def cell_text(cell: Any) -> str:
    """Return a cell as text, in Unicode normal form C and without space around it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return unicodedata.normalize("NFC", str(cell)).strip()
