"""A case folder: what is refused says file, line, field, what was found, and what would do."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from referrals.errors import InputError
from referrals.findings import Finding, Severity
from referrals.intake.case_yaml import read_case_folder
from tests.intake.conftest import RECORD, WriteCase


def refused(folder: Path) -> list[Finding]:
    with pytest.raises(InputError) as caught:
        read_case_folder(folder)
    return [entry for entry in caught.value.findings if entry.severity is Severity.BLOCKING]


def line_of(text: str) -> int:
    return RECORD[: RECORD.index(text)].count("\n") + 1


def test_a_complete_folder_is_read(write_case: WriteCase) -> None:
    folder = write_case()
    case = read_case_folder(folder)
    assert case.record.case.number == "JX-400112"
    assert case.record.units[0].key == "0012"
    assert case.record.persons[2].name == "Zoë Łódź"
    assert list(case.files) == ["exhibits/report.pdf", "footage/v1.mp4", "statements/narrative.md"]
    assert case.files["footage/v1.mp4"] == folder / "footage/v1.mp4"
    assert case.narratives[0].paragraphs == (
        "Narrative",
        "I was on foot patrol.",
        "I saw [[ex:A p.1]].",
    )
    assert case.findings == ()


REFUSED_VALUES = [
    (
        "role: supervisor",
        "role: supervisr",
        "persons[1].role",
        "supervisr",
        "Did you mean 'supervisor'?",
    ),
    ("role: supervisor", "roll: supervisor", "persons[1].roll", "roll", "Did you mean 'role'?"),
    ("how_learned: observed", "how_learned: heard", "incident.how_learned", "heard", "dispatched"),
    ("how_learned: observed", "how_learned:", "incident.how_learned", "missing", "dispatched"),
    (
        "ended: 2026-03-14T21:25:00-05:00",
        "ended: 2026-03-14T21:25:00",
        "incident.ended",
        "no time zone",
        "offset from UTC",
    ),
    ("ended: 2026-03-14T21:25:00-05:00", "ended: 20260314", "incident.ended", "a number", "-05:00"),
    ("ended: 2026-03-14T21:25:00-05:00", "ended: 14 March", "incident.ended", "14 March", "-05:00"),
    (
        "ended: 2026-03-14T21:25:00-05:00",
        "ended: 2026-03-14T20:25:00-05:00",
        "incident.ended",
        "lies before 'began'",
        "Correct the one",
    ),
    (
        "birth_date: 1990-02-03",
        "birth_date: 3/2/1990",
        "persons[2].birth_date",
        "3/2/1990",
        "year-month-day",
    ),
    ("force_used: true", "force_used: perhaps", "incident.force_used", "perhaps", "true or false"),
    ("time_code: 00:00:02", "time_code: 2s", "credential_checks[0].time_code", "2s", "00:01:02"),
    ("asked_by: P1", "asked_by: P11", "credential_checks[0].asked_by", "'P11'", "P1, P2, P3"),
    ("footage: V1", "footage: V2", "credential_checks[0].footage", "'V2'", "V1"),
    ("footage: V1\n", "\n", "credential_checks[0].time_code", "without the recording", "footage"),
    ("officers: P1", "officers: P1, P9", "units[0].officers", "'P9'", "P1"),
    ("by: F1", "by: F2", "force[0].by", "'F2'", "F1"),
    ("against: F1", "against: P1", "allegations[0].against", "'P1'", "F1"),
    ("person: P3\n    ems", "person: P8\n    ems", "medical_aid[0].person", "'P8'", "P3"),
    ("unit: 0012", "unit: 12", "footage[0].unit", "'12'", "0012"),
    ("item: footage:V1", "item: V1", "custody[0].item", "'V1'", "footage:V1"),
    ("determined_by: P2", "determined_by: P1", "referral.determined_by", "'P1'", "P2"),
    ("key: P2", "key: P1", "persons[1].key", "already the key", "the first is at case.yaml, line"),
    ("key: F1", "key: P1", "federal_personnel[0].key", "also the key", "F1"),
    ("flagged: true", "derived_from: V1", "footage[0].derived_from", "made from itself", "empty"),
    ("flagged: true", "derived_from: V7", "footage[0].derived_from", "'V7'", "V1"),
    ("[[ex:A p.1]] [[", "[[ex:B p.1]] [[", "incident.summary", "leads nowhere", "A"),
    ("[[ex:A p.1]] [[", "[[ex:A p.0]] [[", "incident.summary", "leads nowhere", "from one"),
    ("[[ex:A p.1]] [[", "[[exhibit A]] [[", "incident.summary", "cannot be read", "[[ex:B p.3]]"),
    (
        "[[footage:V1 00:00:02]].",
        "[[footage:V3 00:00:02]].",
        "incident.summary",
        "leads nowhere",
        "V1",
    ),
    (
        "community_area: Lakeshore East",
        "community_area: 5\n  time_zone: Chicago",
        "incident.time_zone",
        "'Chicago'",
        "America/Chicago",
    ),
    (
        "acquired_at: 2026-03-15",
        "acquired_at: 2026-03-13",
        "footage[0].acquired_at",
        "before",
        "wrong",
    ),
    (
        'facts: "Reported at [[footage:V1 00:00:02]]"',
        "facts: [a, b]",
        "allegations[0].elements[0].facts",
        "'facts'",
        "single text",
    ),
    (
        "flagged: true",
        "reference_algorithm: crc32",
        "footage[0].reference_algorithm",
        "'crc32'",
        "sha256",
    ),
    (
        "flagged: true",
        "reference_algorithm: md5\n    reference_digest: abc",
        "footage[0].reference_digest",
        "'abc'",
        "all 32",
    ),
    ("flagged: true", "reference_digest: abc", "footage[0].reference_digest", "'abc'", "Give"),
    (
        "custody:\n",
        "reasons:\n  - duty: credential\n    reason: X\n    given_by: P1\ncustody:\n",
        "reasons[0].duty",
        "'credential'",
        "Did you mean 'credentials'?",
    ),
    ("designator: A", "designator: a", "exhibits[0].designator", "'a'", "never used twice"),
    (
        "    paragraphs:\n      - basis: knowledge\n        text: I was present and saw what the "
        "narrative states.",
        "    paragraphs: []",
        "attestations[0].paragraphs",
        "'paragraphs'",
        "at least one",
    ),
]


@pytest.mark.parametrize(("old", "new", "field", "found", "remedy"), REFUSED_VALUES)
def test_a_refused_value_says_where_and_what_would_do(
    write_case: WriteCase, old: str, new: str, field: str, found: str, remedy: str
) -> None:
    matching = [
        entry for entry in refused(write_case((old, new))) if entry.where.endswith(f", {field}")
    ]
    assert len(matching) == 1
    assert matching[0].where.startswith("case.yaml, line ")
    assert found in matching[0].message
    assert remedy in matching[0].remedy


def test_the_line_is_the_line_of_the_value(write_case: WriteCase) -> None:
    found = refused(write_case(("method: Asked aloud", "methid: Asked aloud")))
    line = line_of("method: Asked aloud")
    assert f"case.yaml, line {line}, credential_checks[0].methid" in {
        entry.where for entry in found
    }


def test_all_that_is_wrong_is_said_at_once(write_case: WriteCase) -> None:
    folder = write_case(
        ("role: supervisor", "role: boss"),
        ("force_used: true", "force_used: perhaps"),
        ("outcome: refused", "outcome: fled"),
    )
    assert {entry.where.split(", ")[-1] for entry in refused(folder)} == {
        "persons[1].role",
        "incident.force_used",
        "credential_checks[0].outcome",
    }


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("  fictional: true\n", "  fictional: true\n  number: JX-2\n", "yaml-duplicate", "line 10"),
        ("title: Alleged", "title: &a Alleged", "yaml-alias", "line 4"),
        ("profile: sample", "profile: *a", "yaml-alias", "line 5"),
        ("number: JX-400112", "number: !!python/object:os.system x", "yaml-tag", "line 2"),
        ("incident:\n", "  - incident:\n", "yaml-unreadable", "line"),
        ("case:\n", "case: [[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]\n", "yaml-depth", "line 1"),
        ("incident:\n", "---\nincident:\n", "yaml-unreadable", "line 10"),
    ],
)
def test_yaml_that_could_mislead_is_refused(
    write_case: WriteCase, old: str, new: str, code: str, where: str
) -> None:
    assert any(e.code == code and where in e.where for e in refused(write_case((old, new))))


@pytest.mark.parametrize(
    "content", [b"", b"- a\n- b\n", b"just words\n", b"a: \x00\n", b"# only\n"]
)
def test_a_file_without_a_record_is_refused(write_case: WriteCase, content: bytes) -> None:
    folder = write_case()
    (folder / "case.yaml").write_bytes(content)
    assert [entry.code for entry in refused(folder)] == ["yaml-unreadable"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("case:\n  title: Muñoz".encode("cp1252"), r"case.yaml, line 2: byte F1 \('title: Muñ'"),
        ("case:\n  title: Muñoz".encode("utf-16"), "case.yaml, line 1: the file is UTF-16"),
    ],
)
def test_text_that_is_not_utf_8_is_refused_at_its_line(
    write_case: WriteCase, content: bytes, said: str
) -> None:
    folder = write_case()
    (folder / "case.yaml").write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        read_case_folder(folder)
    assert "is not UTF-8 text" in str(caught.value)
    assert "UTF-8" in caught.value.remedy


def test_a_tab_is_named_as_one(write_case: WriteCase) -> None:
    found = refused(write_case(("  title: Alleged", "\ttitle: Alleged")))
    assert [(entry.where, entry.code) for entry in found] == [
        ("case.yaml, line 4", "yaml-unreadable")
    ]
    assert "begins with a tab" in found[0].message
    assert "spaces" in found[0].remedy


@pytest.mark.parametrize(
    "written", [lambda text: text.replace("\n", "\r\n"), lambda text: f"\ufeff{text}"]
)
def test_a_record_as_windows_writes_it_is_the_same_record(
    write_case: WriteCase, written: Callable[[str], str]
) -> None:
    folder = write_case()
    before = read_case_folder(folder)
    text = (folder / "case.yaml").read_text("utf-8")
    (folder / "case.yaml").write_bytes(written(text).encode())
    assert read_case_folder(folder).record == before.record


@pytest.mark.parametrize(
    "number", ["../../elsewhere", "a/b", "JX\\1", ".hidden", "JX-1:2", "x" * 41]
)
def test_a_case_number_that_could_name_no_file_is_refused(
    write_case: WriteCase, number: str
) -> None:
    found = refused(write_case(("number: JX-400112", f"number: '{number}'")))
    assert [entry.where for entry in found] == ["case.yaml, line 2, case.number"]


def test_a_record_of_unlikely_size_is_not_read(write_case: WriteCase) -> None:
    folder = write_case()
    (folder / "case.yaml").write_bytes(b"#" * 8_000_001)
    with pytest.raises(InputError, match="larger than"):
        read_case_folder(folder)


def test_a_folder_without_a_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no case\.yaml in"):
        read_case_folder(tmp_path)
    with pytest.raises(InputError, match="There is no folder"):
        read_case_folder(tmp_path / "none")


PATHS = [
    ("exhibits/none.pdf", "file-missing", "Put the file there"),
    ("exhibits/Report.pdf", "file-missing", "Did you mean 'exhibits/report.pdf'?"),
    ("../outside.pdf", "path-refused", "into the case folder"),
    ("exhibits/../../outside.pdf", "path-refused", "into the case folder"),
    ("/etc/passwd", "path-refused", "forward slashes"),
    ("C:/evidence/report.pdf", "path-refused", "forward slashes"),
    ("exhibits\\report.pdf", "path-refused", "forward slashes"),
    ("./exhibits//report.pdf", "path-refused", "'exhibits/report.pdf'"),
    ("exhibits", "file-missing", "the file itself"),
]


@pytest.mark.parametrize(("path", "code", "remedy"), PATHS)
def test_a_path_that_will_not_do_is_refused(
    write_case: WriteCase, path: str, code: str, remedy: str
) -> None:
    folder = write_case(("file: exhibits/report.pdf", f"file: '{path}'"))
    (folder.parent / "outside.pdf").write_bytes(b"secret")
    found = refused(folder)
    assert [entry.code for entry in found] == [code]
    assert found[0].where.endswith("exhibits[0].file")
    assert remedy in found[0].remedy


@pytest.mark.parametrize("link", ["file", "folder"])
def test_a_link_out_of_the_folder_is_refused(write_case: WriteCase, link: str) -> None:
    outside = "link/secret.pdf" if link == "folder" else "exhibits/link.pdf"
    folder = write_case(("file: exhibits/report.pdf", f"file: {outside}"))
    (folder.parent / "elsewhere").mkdir()
    (folder.parent / "elsewhere/secret.pdf").write_bytes(b"secret")
    if link == "folder":
        (folder / "link").symlink_to(folder.parent / "elsewhere")
    else:
        (folder / "exhibits/link.pdf").symlink_to(folder.parent / "elsewhere/secret.pdf")
    found = refused(folder)
    assert [entry.code for entry in found] == ["path-refused"]
    assert "leaves the case folder" in found[0].message


def test_a_link_within_the_folder_is_followed(write_case: WriteCase) -> None:
    folder = write_case(("file: exhibits/report.pdf", "file: exhibits/link.pdf"))
    (folder / "exhibits/link.pdf").symlink_to("report.pdf")
    assert "exhibits/link.pdf" in read_case_folder(folder).files


def test_a_link_to_nothing_and_a_pipe_are_refused(write_case: WriteCase) -> None:
    folder = write_case(("file: exhibits/report.pdf", "file: exhibits/link.pdf"))
    (folder / "exhibits/link.pdf").symlink_to("gone.pdf")
    assert [entry.code for entry in refused(folder)] == ["file-missing"]
    (folder / "exhibits/link.pdf").unlink()
    os.mkfifo(folder / "exhibits/link.pdf")
    assert [entry.code for entry in refused(folder)] == ["file-missing"]


def test_an_empty_recording_is_refused(write_case: WriteCase) -> None:
    folder = write_case()
    (folder / "footage/v1.mp4").write_bytes(b"")
    found = refused(folder)
    assert [entry.code for entry in found] == ["file-empty"]
    assert "0 bytes" in found[0].message


def test_a_file_that_the_record_does_not_name_is_a_warning(write_case: WriteCase) -> None:
    folder = write_case()
    (folder / "exhibits/extra.pdf").write_bytes(b"x")
    (folder / "exhibits/.DS_Store").write_bytes(b"x")
    (folder / "notes.txt").write_text("not evidence", encoding="utf-8")
    found = read_case_folder(folder).findings
    assert [(e.severity, e.code, e.where) for e in found] == [
        (Severity.WARNING, "file-not-named", "exhibits/extra.pdf")
    ]


def test_names_are_compared_in_one_unicode_form(write_case: WriteCase) -> None:
    composed, apart = (unicodedata.normalize(form, "exhibits/Zoë é.pdf") for form in ("NFC", "NFD"))
    folder = write_case(("file: exhibits/report.pdf", f"file: {apart}"))
    (folder / composed).write_bytes(b"x")
    case = read_case_folder(folder)
    assert case.files[composed] == folder / composed
    (folder / apart).write_bytes(b"y")
    assert [entry.code for entry in refused(folder)] == ["file-ambiguous"]


def test_two_exhibits_with_one_designator_are_refused(write_case: WriteCase) -> None:
    entry = RECORD[RECORD.index("  - designator: A") : RECORD.index("footage:\n  - key")]
    folder = write_case((entry, entry + entry))
    assert {found.code for found in refused(folder)} == {"designator-duplicate", "file-duplicate"}


@pytest.mark.parametrize(
    "text",
    [
        "A123456789",
        "A-12345678",
        "A# 123 456 789",
        "a123456789",
        "A12-345-678",
        "alien no. A 123456789",
        "\uff21\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
    ],
)
def test_an_immigration_number_stops_the_intake_and_is_not_repeated(
    write_case: WriteCase, text: str
) -> None:
    found = refused(
        write_case(("description: Tall, grey vest", f"description: 'Said {text} aloud'"))
    )
    assert [entry.code for entry in found] == ["a-number"]
    assert found[0].where.endswith("federal_personnel[0].description")
    assert text not in str(found)


def test_an_immigration_number_in_a_narrative_stops_the_intake(write_case: WriteCase) -> None:
    folder = write_case()
    (folder / "statements/narrative.md").write_text(
        "One.\n\nNumber A 123-456-789.\n", encoding="utf-8"
    )
    found = refused(folder)
    assert [entry.where for entry in found] == ["statements/narrative.md, paragraph 2"]


@pytest.mark.parametrize(
    "text", ["Exhibit A 2026", "A1234567", "JA123456789", "A1234567890", "AB-12345678"]
)
def test_other_numbers_are_no_immigration_numbers(write_case: WriteCase, text: str) -> None:
    read_case_folder(write_case(("description: Tall, grey vest", f"description: '{text}'")))


def test_a_device_may_have_a_serial_number_of_that_form(write_case: WriteCase) -> None:
    read_case_folder(write_case(("device: Example Cam 3", "device: Cam\n    serial: A12345678")))


def test_a_character_that_cannot_be_printed_is_refused(write_case: WriteCase) -> None:
    found = refused(write_case(("description: Tall, grey vest", 'description: "Tall\\a vest"')))
    assert [(entry.code, "U+0007" in entry.message) for entry in found] == [("unprintable", True)]


def test_markup_in_a_text_stays_text(write_case: WriteCase) -> None:
    folder = write_case(("Tall, grey vest", "'<b>{{ 7*7 }}</b> {% raw %}'"))
    assert read_case_folder(folder).record.federal_personnel[0].description == (
        "<b>{{ 7*7 }}</b> {% raw %}"
    )


def test_a_narrative_that_cannot_be_read_is_refused(write_case: WriteCase) -> None:
    folder = write_case(("statements/narrative.md", "statements/narrative.docx"))
    (folder / "statements/narrative.docx").write_bytes(b"no Word file")
    found = refused(folder)
    assert [entry.code for entry in found] == ["narrative-unreadable"]
    assert found[0].where.endswith("narratives[0].file")
