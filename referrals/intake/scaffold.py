"""Lays out a new case folder, and prints the JSON Schema of its record.

In: a case number and a folder. Out: `case.yaml`, with every section and every
field explained from the model's own descriptions, its schema beside it for an
editor that completes, and the folders for the files.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from referrals.errors import InputError, UsageError
from referrals.intake.case_yaml import RECORD
from referrals.intake.example_entries import EXAMPLES
from referrals.intake.folder_files import PLACES
from referrals.records.case_record import CaseRecord
from referrals.records.fields import CaseNumber
from referrals.refusals import enum_values, fields_at, shown

SCHEMA = "case.schema.json"
"""The name of the JSON Schema in a case folder."""

_HEAD = """\
# yaml-language-server: $schema={schema}
#
# The record of one case. Write a value after each colon; what stands after a #
# is an explanation. A field marked "required" may not be left empty; the others
# may. To use an example, remove the "# " before each of its lines; copy it for
# each further entry. Times carry their offset from UTC: 2026-03-14T21:05:00-05:00.
#
# Texts that "may cite" take pin-cites, which become links in the packet:
#   [[ex:B p.3]]              page 3 of exhibit B
#   [[footage:V1 00:00:04]]   four seconds into recording V1
#
# Immigration status and place of birth have no field and may stand nowhere.
# docs/case-folder.md explains every section at length.
"""


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `case.yaml`."""
    made = CaseRecord.model_json_schema()
    for section, described in made["properties"].items():
        described.setdefault("description", _about(_entry_model(section)))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "Case record",
        "description": "One case as a records clerk writes it in case.yaml.",
    }


def new_case_folder(number: str, folder: Path) -> Path:
    """Lay out `folder` for the case `number` and return the path of its record.

    Raises:
        UsageError: the number will not do, or the folder exists and is not empty.
        InputError: the folder cannot be written.
    """
    number = " ".join(number.split())
    if not number:
        raise UsageError("The case number is blank.", remedy="Give it, for example JX-400112.")
    try:
        TypeAdapter(CaseNumber).validate_python(number)
    except ValidationError as error:
        raise UsageError(
            f"The case number {shown(number)} will not do.",
            remedy="Write Latin letters, digits and '-', as in JX-400112: it names files.",
        ) from error
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} already exists and is not empty.",
            remedy="Name a new folder; what is there was not touched.",
        )
    record = folder / RECORD
    try:
        for place in PLACES:
            (folder / place).mkdir(parents=True, exist_ok=True)
        text = json.dumps(schema(), indent=2, ensure_ascii=False)
        (folder / SCHEMA).write_text(f"{text}\n", encoding="utf-8")
        record.write_text(record_text(number), encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{folder} cannot be written: {error.strerror}.",
            remedy="Name a folder where you may write.",
        ) from error
    return record


def record_text(number: str) -> str:
    """Return a new `case.yaml` for the case `number`, complete with explanations."""
    parts = [_HEAD.format(schema=SCHEMA)]
    for section, info in CaseRecord.model_fields.items():
        listed = bool(get_args(info.annotation))
        way: tuple[str | int, ...] = (section, 0) if listed else (section,)
        example = {"number": number} if section == "case" else {}
        example |= EXAMPLES.get(section, {})
        about = _about(_entry_model(section))
        lines = _entry(way, example, "  # " if listed else "  ", listed=listed)
        note = " One entry for each, or none:" if listed else ""
        parts.append("\n".join([f"# {about}{note}", f"{section}:", *lines]) + "\n")
    return "\n".join(parts)


def _entry_model(section: str) -> Any:
    annotation = CaseRecord.model_fields[section].annotation
    return next(iter(get_args(annotation)), annotation)


def _about(model: Any) -> str:
    """Return the first line of what the model or the fields it extends say of themselves."""
    base = next((cls for cls in model.__mro__ if cls.__name__.endswith("Fields")), model)
    return (base.__doc__ or "").strip().split("\n")[0]


def _entry(
    way: tuple[str | int, ...], example: dict[str, Any], margin: str, *, listed: bool
) -> list[str]:
    lines = []
    lead = "- " if listed else ""
    for name, info in fields_at(CaseRecord, way).items():
        value = example.get(name, "")
        if isinstance(value, dict):
            lines.append(f"{margin}{lead}{name}:  # {_explained(info)}")
            lines += _entry((*way, name, 0), value, f"{margin}    ", listed=True)
        else:
            lines.append(f"{margin}{lead}{name}:{_scalar(value)}  # {_explained(info)}")
        lead = "  " if listed else ""
    return lines


def _scalar(value: str) -> str:
    if not value:
        return ""
    if re.fullmatch(r"[\w][\w ./,:()+-]*", value) and ": " not in value:
        return f" {value}"
    return f" {json.dumps(value, ensure_ascii=False)}"


def _explained(info: FieldInfo) -> str:
    about = info.description or ""
    values = enum_values(info.annotation)
    if values and not all(value in about for value in values):
        about = f"{about} One of: {', '.join(values)}."
    return f"required. {about}" if info.is_required() else about
