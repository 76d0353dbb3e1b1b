"""An export through a column map: the sample is taken in, and each fault names its cell."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from referrals.errors import InputError
from referrals.findings import Finding
from referrals.intake.column_map import read_column_map, read_export
from referrals.records.fields import Basis, CredentialOutcome, OffenseClass, Role

SAMPLE = Path(__file__).parents[2] / "sample_cases/records_export"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    shutil.copytree(SAMPLE, folder)
    return folder


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def refused(folder: Path) -> list[Finding]:
    with pytest.raises(InputError) as caught:
        read_export(folder / "map.toml", folder)
    return list(caught.value.findings)


def test_the_sample_export_becomes_a_case() -> None:
    case = read_export(SAMPLE / "map.toml", SAMPLE)
    record = case.record
    assert record.case.number == "JX-400199"
    assert record.case.fictional
    assert record.incident.began == datetime(2026, 3, 15, 2, 5, tzinfo=UTC)
    assert record.incident.began.isoformat() == "2026-03-14T21:05:00-05:00"
    assert [(p.key, p.role, p.star) for p in record.persons] == [
        ("P1", Role.REPORTING_OFFICER, "00123"),
        ("P2", Role.SUPERVISOR, "00456"),
        ("P3", Role.ALLEGED_VICTIM, ""),
    ]
    assert record.persons[2].birth_date == date(1990, 2, 3)
    assert record.federal_personnel[0].is_supervisor
    assert record.federal_personnel[0].mask == "black neck gaiter"
    assert record.credential_checks[0].outcome is CredentialOutcome.REFUSED
    assert record.allegations[0].offense_class is OffenseClass.FELONY
    assert len(record.allegations[0].elements) == 2
    assert [p.basis for p in record.attestations[0].paragraphs] == [
        Basis.KNOWLEDGE,
        Basis.INFORMATION_AND_BELIEF,
    ]
    assert list(case.files) == ["exhibits/case report.txt", "statements/narrative.md"]
    assert case.findings == ()


CELLS = [
    ("persons.csv", ",VIC,", ",SUSPECT,", "persons.csv, row 4, column 'ROLE'", "alleged_victim"),
    ("persons.csv", "02/03/1990", "1990", "persons.csv, row 4, column 'DOB'", "2026-03-14"),
    ("case.csv", "03/14/2026 21:05,", "soon,", "case.csv, row 3, column 'OCC_BEGIN'", "-05:00"),
    ("case.csv", ",Y,N,F,", ",Y,Maybe,F,", "case.csv, row 3, column 'INJURY'", "true or false"),
    ("case.csv", ",Lakeshore East,", ",,", "case.csv, row 3, column 'AREA'", "community area"),
    (
        "elements.csv",
        "A1,without",
        "A2,without",
        "elements.csv, row 3, column 'ALLEGATION'",
        "Correct",
    ),
    ("force.csv", "F1,P3", "F7,P3", "force.csv, row 2, column 'BY'", "F1"),
    ("exhibits.csv", "case report.txt", "none.txt", "exhibits.csv, row 2, column 'FILE'", "Put"),
    (
        "case.csv",
        '(fictional),"A person',
        'A12345678,"A person',
        "case.csv, row 3, column 'AGENCY'",
        "immigration",
    ),
    (
        "case.csv",
        "03/14/2026 21:05,03/14",
        "11/01/2026 01:30,03/14",
        "case.csv, row 3, column 'OCC_BEGIN'",
        "with its offset",
    ),
    (
        "case.csv",
        "03/14/2026 21:05,03/14",
        "03/08/2026 02:30,03/14",
        "case.csv, row 3, column 'OCC_BEGIN'",
        "with its offset",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "where", "remedy"), CELLS)
def test_a_refused_cell_names_file_row_and_column(
    export: Path, file: str, old: str, new: str, where: str, remedy: str
) -> None:
    change(export, file, old, new)
    matching = [entry for entry in refused(export) if entry.where.startswith(where)]
    assert len(matching) == 1
    assert remedy in matching[0].remedy


MAPS = [
    ('section = "persons"', 'section = "people"', "map-unknown", "people"),
    ('section = "allegations.elements"', 'section = "allegations.facts"', "map-unknown", "facts"),
    ('role = "ROLE"', 'roll = "ROLE"', "map-unknown", "Did you mean 'role'?"),
    ("[sections.values.role]", "[sections.values.rolle]", "map-unknown", "Did you mean 'role'?"),
    ('role = "ROLE"', 'role = "ROLL"', "column-missing", "Did you mean 'ROLE'?"),
    ('parent = "ALLEGATION"\n', "", "map-parent", "'parent'"),
    ('file = "force.csv"\n', 'file = "force.csv"\nparent = "BY"\n', "map-parent", "'parent'"),
    ('file = "force.csv"\n', 'file = "gone.csv"\n', "export-unreadable", "gone.csv"),
    ('file = "force.csv"\n', 'file = "../map.toml"\n', "export-unreadable", "outside"),
    ('rows = "case.checks"', 'rows = "case.cheks"', "export-unreadable", "'rows'"),
    ('RD_NO = "JX-400199"', 'RD_NO = "JX-0"', "export-rows", "0 rows"),
    ('where = { RD_NO = "JX-400199" }\n', "", "export-rows", "2 rows"),
    ('zone = "America/Chicago"', 'zone = "Chicago"', "value-refused", "IANA"),
    ("date_formats", "date_form", "field-unknown", "Did you mean 'date_formats'?"),
    ('zone = "America/Chicago"', 'zone = "UTC"\nencoding = "klingon"', "value-refused", "utf-8"),
    (
        'zone = "America/Chicago"',
        'zone = "UTC"\nencoding = "ascii"',
        "export-unreadable",
        "encoding",
    ),
]


@pytest.mark.parametrize(("old", "new", "code", "said"), MAPS)
def test_a_map_that_does_not_fit_says_so(
    export: Path, old: str, new: str, code: str, said: str
) -> None:
    change(export, "map.toml", old, new)
    found = [entry for entry in refused(export) if entry.code == code]
    assert found
    assert said in found[0].message + found[0].remedy
    assert found[0].where.startswith("map.toml")


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("force.csv", "BY,ON,KIND,AT,NARRATIVE\nF1,P3\n"),
        ("force.csv", 'BY,ON\n"F1,P3\n'),
        ("federal.json", "{"),
        ("federal.json", "[" * 100_000),
    ],
)
def test_an_export_that_is_damaged_is_named(export: Path, file: str, content: str) -> None:
    (export / file).write_text(content, encoding="utf-8")
    found = refused(export)
    assert {entry.code for entry in found} == {"export-unreadable"}
    assert all(file in entry.message for entry in found)


def test_an_export_in_an_old_encoding_is_read_where_the_map_names_it(export: Path) -> None:
    path = export / "persons.csv"
    text = path.read_text("utf-8").replace("Zoë Łódź", "Zoë Pérez").replace("\n", "\r\n")
    path.write_bytes(text.encode("cp1252"))
    found = refused(export)
    assert [entry.code for entry in found] == ["export-unreadable"]
    assert "persons.csv, line 4: byte EB" in found[0].message
    assert "'encoding'" in found[0].remedy
    zone = 'zone = "America/Chicago"'
    change(export, "map.toml", zone, f'{zone}\nencoding = "cp1252"')
    record = read_export(export / "map.toml", export).record
    assert record.persons[2].name == "Zoë Pérez (fictional)"


def test_a_map_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text("zone =", encoding="utf-8")
    with pytest.raises(InputError, match="not valid TOML"):
        read_column_map(tmp_path / "map.toml")
    with pytest.raises(InputError, match="cannot be read"):
        read_column_map(tmp_path / "none.toml")
