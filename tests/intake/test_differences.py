"""What changed between two records, as a clerk reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from referrals.intake.case_yaml import read_case_folder
from referrals.intake.differences import RecordDifference, differences
from referrals.records.case_record import CaseRecord
from referrals.records.snapshot import EvidenceFile
from tests.intake.conftest import WriteCase


@pytest.fixture
def changed(write_case: WriteCase) -> Callable[..., list[str]]:
    def compare(*changes: tuple[str, str]) -> list[str]:
        old = read_case_folder(write_case()).record
        new = read_case_folder(write_case(*changes)).record
        return [str(entry) for entry in differences(old, new)]

    return compare


def test_the_same_record_has_no_difference(changed: Callable[..., list[str]]) -> None:
    assert changed() == []


def test_a_changed_field_is_named_by_its_entry_and_shows_both_texts(
    changed: Callable[..., list[str]],
) -> None:
    assert changed(("name: Ada Beispiel", "name: Ada Example")) == [
        "persons[P2].name: Ada Beispiel → Ada Example"
    ]
    assert changed(('    star: "00123"\n', "")) == ["persons[P1].star: 00123 → nothing"]
    assert changed(("fictional: true", "fictional: false")) == ["case.fictional: true → false"]


def test_an_added_entry_moves_no_other(changed: Callable[..., list[str]]) -> None:
    entry = "  - key: P9\n    name: New Example\n    role: witness\n"
    assert changed(("persons:\n", f"persons:\n{entry}")) == [
        "persons[P9]: added key: P9; name: New Example; role: witness; minor: false"
    ]


def test_entries_without_a_key_are_set_side_by_side(changed: Callable[..., list[str]]) -> None:
    first = (
        "  - item: ex:A\n    at: 2026-03-14T22:00:00-05:00\n    action: sealed\n    to_holder: X\n"
    )
    assert changed(("custody:\n", f"custody:\n{first}")) == [
        "custody[0]: added item: ex:A; at: 2026-03-14T22:00:00-05:00; action: sealed; to_holder: X"
    ]


def test_another_order_is_a_difference(write_case: WriteCase) -> None:
    old = read_case_folder(write_case()).record
    new = CaseRecord.model_validate({**old.model_dump(), "persons": old.persons[::-1]})
    assert differences(old, new) == [
        RecordDifference("persons (order)", "P1, P2, P3", "P3, P2, P1"),
    ]


def test_files_are_compared_by_their_content(write_case: WriteCase) -> None:
    record = read_case_folder(write_case()).record

    def file(path: str, digit: str) -> EvidenceFile:
        at = datetime(2026, 3, 15, tzinfo=UTC)
        return EvidenceFile(path=path, sha256=digit * 64, bytes=1234, taken_in_at=at)

    found = differences(
        record,
        record,
        [file("a", "1"), file("b", "2"), file("c", "3")],
        [file("a", "1"), file("b", "4"), file("d", "5")],
    )
    assert [str(entry) for entry in found] == [
        "file b: SHA-256 222222222222…, 1,234 bytes → SHA-256 444444444444…, 1,234 bytes",
        "file c: removed SHA-256 333333333333…, 1,234 bytes",
        "file d: added SHA-256 555555555555…, 1,234 bytes",
    ]
    assert found[1].as_json()["after"] == ""
