"""A new case folder: every field explained, its examples valid, nothing overwritten."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from referrals.errors import InputError, UsageError
from referrals.intake.case_folder import validated
from referrals.intake.case_yaml import read_case_folder
from referrals.intake.located import read_yaml
from referrals.intake.references import reference_findings
from referrals.intake.scaffold import new_case_folder, record_text, schema
from referrals.records.case_record import CaseRecord
from referrals.refusals import fields_at

FILLED = {
    "event_number": '"2607"',
    "title": "Alleged battery",
    "prepared_by": "R. Sample",
    "began": "2026-03-14T21:05:00-05:00",
    "ended": "2026-03-14T21:25:00-05:00",
    "how_learned": "observed",
    "learned_at": "2026-03-14T21:05:00-05:00",
    "address": "Example Street",
    "community_area": "East",
    "federal_agency": "Example Agency",
    "summary": '"Reported [[ex:A]]."',
    "force_used": "true",
    "injury_reported": "true",
    "determination": "felony",
    "determined_by": "P1",
    "determined_at": "2026-03-15T09:00:00-05:00",
    "recipient": "felony-review",
}


def filled(text: str) -> str:
    for name, value in FILLED.items():
        text, count = re.subn(rf"(?m)^  {name}:  #", f"  {name}: {value}  #", text)
        assert count == 1, name
    return text


def test_a_new_folder_holds_a_record_a_schema_and_the_places_for_files(tmp_path: Path) -> None:
    record = new_case_folder(" JX-400112 ", tmp_path / "new")
    assert record == tmp_path / "new/case.yaml"
    names = sorted(path.name for path in record.parent.iterdir())
    assert names == ["case.schema.json", "case.yaml", "exhibits", "footage", "statements"]
    assert record.read_text(encoding="utf-8").startswith(
        "# yaml-language-server: $schema=case.schema.json\n"
    )
    assert json.loads((record.parent / "case.schema.json").read_text("utf-8")) == schema()


def test_every_section_and_every_field_stands_in_it() -> None:
    text = record_text("JX-1")
    for section in CaseRecord.model_fields:
        part = re.search(rf"(?ms)^{section}:$(.*?)(?=^\S|\Z)", text)
        assert part is not None, section
        for name in fields_at(CaseRecord, (section,)) or fields_at(CaseRecord, (section, 0)):
            assert re.search(rf"(?m)^  (# [- ] )?{name}:", part[1]), f"{section}.{name}"


def test_an_untouched_record_says_what_is_missing_and_nothing_else(tmp_path: Path) -> None:
    record = new_case_folder("JX-1", tmp_path / "new")
    with pytest.raises(InputError) as caught:
        read_case_folder(record.parent)
    assert {finding.code for finding in caught.value.findings} == {"field-missing"}
    assert {finding.where.split(".")[-1] for finding in caught.value.findings} == set(FILLED)


def test_the_examples_make_a_record_that_agrees_with_itself() -> None:
    text = filled(re.sub(r"(?m)^  # ", "  ", record_text("JX-1")))
    located, found = read_yaml(text, "case.yaml")
    record, refused = validated(located)
    assert found + refused == []
    assert record is not None
    assert reference_findings(record, located.where) == []
    for name in CaseRecord.model_fields:
        assert getattr(record, name), f"no example for '{name}'"


def test_without_examples_the_record_is_valid_too() -> None:
    located, found = read_yaml(filled(record_text("2026-03-14")), "case.yaml")
    record, refused = validated(located)
    assert found + refused == []
    assert record is not None
    assert record.case.number == "2026-03-14"
    assert record.persons == []


def test_what_is_there_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty"):
        new_case_folder("JX-1", tmp_path)
    with pytest.raises(UsageError, match="already exists"):
        new_case_folder("JX-1", tmp_path / "kept.txt")
    with pytest.raises(UsageError, match="blank"):
        new_case_folder("  ", tmp_path / "new")
    with pytest.raises(UsageError, match="will not do"):
        new_case_folder("../JX-1", tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        new_case_folder("JX-1", tmp_path / "file/below")


def test_the_schema_describes_every_field_and_has_no_place_for_status_or_birthplace() -> None:
    made = schema()
    assert made["$schema"].startswith("https://json-schema.org/draft/2020-12")
    assert made["additionalProperties"] is False
    assert all(field.get("description") for field in made["properties"].values())
    names = set()
    for definition in made["$defs"].values():
        for name, field in definition.get("properties", {}).items():
            assert field.get("description"), name
            names.add(name)
    assert not [
        name for name in names if re.search(r"immigr|alien|citizen|birth_?place|nationality", name)
    ]
