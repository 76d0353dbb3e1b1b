"""The clerk's pages name every section, field, duty and key of a profile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from referrals.duties.duties import DUTIES
from referrals.intake.column_map import ColumnMap, MapSection
from referrals.profiles.profile import Profile
from referrals.profiles.profile_files import available, load
from referrals.records.case_record import CaseRecord
from referrals.refusals import fields_at

DOCS = Path(__file__).parents[2] / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def entries(way: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield each list or group of a record with the names of its fields."""
    for name in fields_at(CaseRecord, way):
        for below in ((*way, name), (*way, name, 0)):
            if fields := fields_at(CaseRecord, below):
                yield from ((below, field) for field in fields)
                yield from entries(below)


@pytest.mark.parametrize("section", list(CaseRecord.model_fields))
def test_every_field_of_a_section_stands_in_its_table(section: str) -> None:
    part = re.search(rf"(?ms)^### `{section}`$(.*?)(?=^##|\Z)", page("case-folder.md"))
    assert part is not None
    rows = [row for row in part[1].splitlines() if row.startswith("| `")]
    for way, name in entries():
        if way[0] == section:
            info = fields_at(CaseRecord, way)[name]
            required = "yes" if info.is_required() else ""
            start = f"| `{name}` | {required} | {info.description}"
            assert any(row.startswith(start) for row in rows), start


def test_every_duty_stands_in_the_table() -> None:
    text = page("case-folder.md")
    for duty in DUTIES:
        excusable = "yes" if duty.excusable else "no"
        assert f"| `{duty.key}` | {duty.title} | {excusable} | {duty.source} |" in text


@pytest.mark.parametrize("model", [ColumnMap, MapSection])
def test_every_key_of_a_column_map_is_explained(model: type[BaseModel]) -> None:
    part = page("case-folder.md").split("## An export instead of case.yaml")[1]
    for name in model.model_fields:
        assert f"`{name}`" in part or f"[[{name}]]" in part, name


def test_every_key_of_a_profile_and_every_shipped_one_is_explained() -> None:
    text = page("profiles.md")
    for name in Profile.model_fields:
        assert f"`{name}`" in text, name
        for field in fields_at(Profile, (name,)) or fields_at(Profile, (name, 0)):
            assert f"`{field}`" in text, f"{name}.{field}"
    for line in available():
        assert f"`{line.key}`" in text


@pytest.mark.parametrize(
    "source",
    ["735 ILCS 5/1-109", "50 ILCS 706/10-20", "5 ILCS 805/15", "902(14)", "Ill. S. Ct. R. 412"],
)
def test_a_source_of_the_profile_stands_on_the_page_of_sources(source: str) -> None:
    assert source in page("sources.md")
    assert any(source in key for key in load("ccsao-review").sources)
