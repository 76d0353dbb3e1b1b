"""What `referrals retention` tells: the ground, the last day, the warnings of an office."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

import sample_cases
from referrals.intake.case_yaml import read_case_folder
from referrals.office.intake import take_in
from referrals.office.office import Office
from referrals.office.retention import retention
from referrals.progress import silent
from referrals.settings import Settings
from tests.acceptance.conftest import Clerk

CASE = "JX-400230"


@pytest.fixture
def unflagged(tmp_path: Path) -> Path:
    """A case folder whose recordings of the agency nobody flagged."""
    folder = tmp_path / "case"
    shutil.copytree(sample_cases.states("later_supplement")[0], folder)
    record = folder / "case.yaml"
    text = record.read_text("utf-8")
    assert "flagged: true" in text
    record.write_text(text.replace("flagged: true", "flagged: false"), "utf-8")
    return folder


def test_an_unflagged_recording_is_warned_of_on_the_days_of_the_profile(
    unflagged: Path, tmp_path: Path
) -> None:
    office = Office(Settings(tmp_path / "home"), silent)
    recording = read_case_folder(unflagged).record.footage[0]
    made = recording.began
    take_in(office, unflagged, who="clerk", now=made)

    def told(day: int) -> tuple[object, ...]:
        [line] = [
            line
            for line in retention(office, "", made + timedelta(days=day))
            if line.key == recording.key
        ]
        assert line.left.kept_until == made.date() + timedelta(days=90)
        return line.left.days_left, _day(line.warned_since, made), _day(line.next_warning, made)

    assert [told(day) for day in (29, 30, 59, 60, 79, 80, 90, 91)] == [
        *((61, None, 30), (60, 30, 60), (31, 30, 60), (30, 60, 80)),
        *((11, 60, 80), (10, 80, None), (0, 80, None), (-1, 80, None)),
    ]


def _day(when: object, made: datetime) -> int | None:
    return (when - made.date()).days if isinstance(when, date) else None


def test_the_command_lists_grounds_and_last_days(clerk: Clerk, unflagged: Path) -> None:
    assert "No recording is under the rule." in clerk.run("retention").stdout
    assert clerk.run("intake", sample_cases.folder("felony_referral")).returncode == 0
    assert clerk.run("intake", unflagged).returncode == 0
    lines = clerk.json("retention")
    assert [line["kept_until"] for line in lines] == sorted(line["kept_until"] for line in lines)
    flagged = [line for line in lines if line["flagged"]]
    assert {line["case"] for line in flagged} == {"JX-400112"}
    assert all(line["ground"] and line["next_warning"] is None for line in flagged)
    [ended] = clerk.json("retention", CASE)
    assert (ended["kept_until"], ended["flagged"], ended["ground"]) == ("2026-06-17", False, "")
    printed = clerk.run("retention", CASE, COLUMNS="200").stdout
    assert "not flagged" in printed
