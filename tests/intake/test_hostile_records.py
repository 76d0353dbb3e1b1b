"""Records that no clerk writes: refused at once, by field, in few words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from referrals.errors import InputError
from referrals.intake.case_yaml import read_case_folder
from tests.intake.conftest import RECORD, WriteCase


@pytest.mark.parametrize("year", ["0001", "1899", "2101", "9999"])
@pytest.mark.parametrize("field", ["began: ", "ended: ", "learned_at: ", "dated: "])
def test_a_year_beyond_reason_is_refused_by_its_field(
    field: str, year: str, write_case: WriteCase
) -> None:
    at = RECORD.index(field) + len(field)
    line = RECORD[at - len(field) : RECORD.index("\n", at)]
    with pytest.raises(InputError) as caught:
        read_case_folder(write_case((line, line.replace("2026", year))))
    assert any("from 1900 to 2100" in each.remedy for each in caught.value.findings)


@pytest.mark.parametrize("value", [".inf", "inf", "nan", "-inf", "1e308", "1e999"])
def test_a_number_beyond_reason_is_refused_by_its_field(value: str, write_case: WriteCase) -> None:
    changed = f"  - key: V1\n    clock_offset_seconds: {value}\n    title: Body"
    with pytest.raises(InputError) as caught:
        read_case_folder(write_case(("  - key: V1\n    title: Body", changed)))
    assert any("clock_offset_seconds" in each.where for each in caught.value.findings)


def test_a_record_that_is_a_pipe_or_a_link_is_refused_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    os.mkfifo(folder / "case.yaml")
    with pytest.raises(InputError, match="not a file"):
        read_case_folder(folder)
    (folder / "case.yaml").unlink()
    (tmp_path / "secret").write_text("SECRET: 1")
    (folder / "case.yaml").symlink_to(tmp_path / "secret")
    with pytest.raises(InputError, match="not a file") as caught:
        read_case_folder(folder)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("text", ["{}", "a: &x [*x]\n" * 3, "a: 1\n" * 5000, "- 1"])
def test_a_record_of_nonsense_is_refused_in_few_words(text: str, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(text)
    with pytest.raises(InputError) as caught:
        read_case_folder(tmp_path)
    assert 1 <= len(caught.value.findings) <= 110
    assert "0 things" not in str(caught.value)
