"""No number is used twice, and a number without a packet is a recorded void."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from referrals.errors import MachineError
from referrals.records import bates_ledger as ledger
from referrals.records import process_mark as maker
from referrals.records.database import open_database, session
from referrals.records.packets import find_number
from referrals.settings import Settings
from stamping.bates import BatesFormatError, BatesSeries
from tests.records.crowd import ALL, reserved_at_once

SERIES = BatesSeries("LPD", "-", 6)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_database(Settings(tmp_path))


@settings(max_examples=20, deadline=None)
@given(steps=st.lists(st.tuples(st.integers(1, 50), st.sampled_from(["commit", "void", "leave"]))))
def test_ranges_are_gapless_whatever_becomes_of_them(
    steps: list[tuple[int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    engine = open_database(Settings(tmp_path_factory.mktemp("office")))
    for count, fate in steps:
        reservation = ledger.reserve(engine, SERIES, count, "JX-1-1")
        assert len(reservation.range) == count
        if fate == "commit":
            with session(engine) as opened:
                ledger.commit(opened, reservation)
        elif fate == "void":
            with session(engine) as opened:
                ledger.void(opened, reservation, "the build failed")
    with session(engine) as opened:
        lines = ledger.ranges(opened, SERIES)
        following = ledger.next_number(opened, SERIES)
    numbers = [number for line in lines for number in line.range]
    assert numbers == list(range(1, following))
    assert [line.state for line in lines] == [
        {"commit": "committed", "void": "void", "leave": "reserved"}[fate] for _, fate in steps
    ]


def test_eight_processes_are_never_given_the_same_number(tmp_path: Path) -> None:
    open_database(Settings(tmp_path))
    assert reserved_at_once(Settings(tmp_path)) == ALL


def test_the_database_itself_refuses_an_overlap_and_a_gap(engine: Engine) -> None:
    ledger.reserve(engine, SERIES, 10, "JX-1-1")
    for first, last, after in ((5, 9, 4), (13, 20, 12), (11, 20, 5)):
        with pytest.raises((IntegrityError, MachineError)), session(engine) as opened:
            opened.connection().execute(
                text(
                    "INSERT INTO bates_range (series_id, first, last, after, state, packet,"
                    " reason, maker) VALUES (1, :f, :l, :a, 'reserved', 'x', '', '')"
                ),
                {"f": first, "l": last, "a": after},
            )


def test_only_a_killed_builds_reservation_is_abandoned(tmp_path: Path) -> None:
    engine = open_database(Settings(tmp_path))
    script = (
        "import os, sys; from pathlib import Path\n"
        "from referrals.records import bates_ledger as ledger\n"
        "from referrals.records.database import open_database\n"
        "from referrals.settings import Settings\n"
        "from stamping.bates import BatesSeries\n"
        "engine = open_database(Settings(Path(sys.argv[1])))\n"
        "ledger.reserve(engine, BatesSeries('LPD', '-', 6), 7, 'JX-1-1')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    own = ledger.reserve(engine, SERIES, 1, "JX-1-2")
    with session(engine) as opened:
        left = ledger.abandoned(opened)
    assert [str(each.range) for each in left] == ["LPD-000001 – LPD-000007"]
    assert own.range.first == 8


def test_a_process_number_that_was_given_away_again_is_not_the_same_process() -> None:
    host, boot, process, start = maker.this_process().split(" ")
    assert not maker.is_gone(f"{host} {boot} {process} {start}")
    assert maker.is_gone(f"{host} {boot} {process} {int(start) - 1}")
    assert maker.is_gone(f"{host} another-start {process} {start}")
    assert not maker.is_gone(f"elsewhere {boot} 999999999 {start}")
    assert maker.is_gone(f"{host} {boot} 999999999 {start}")


def test_a_process_number_that_another_person_was_given_is_not_the_same_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A builder's number went to a process that may not be signalled; the range stayed alive."""
    host, boot, process, start = maker.this_process().split(" ")

    def forbidden(process: int, signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr(maker.os, "kill", forbidden)
    assert not maker.is_gone(f"{host} {boot} {process} {start}")
    assert maker.is_gone(f"{host} {boot} {process} {int(start) - 1}")
    # Where processes of others are hidden, nothing is known.
    monkeypatch.setattr(maker, "_start", lambda process: maker.UNKNOWN)
    assert not maker.is_gone(f"{host} {boot} {process} {int(start) - 1}")


def test_a_voided_range_cannot_be_committed(engine: Engine) -> None:
    reservation = ledger.reserve(engine, SERIES, 3, "JX-1-1")
    with session(engine) as opened:
        ledger.void(opened, reservation, "stopped")
    with pytest.raises(MachineError, match="void already"), session(engine) as opened:
        ledger.commit(opened, reservation)


def test_a_label_is_a_number_of_one_series_only(engine: Engine) -> None:
    """Other digits than 0 to 9 may stand in a prefix and are no part of a number."""
    wide, narrow = BatesSeries("X", "-", 7), BatesSeries("X", "-\u0663", 6)
    for series in (wide, narrow):
        ledger.reserve(engine, series, 3, "JX-1-1")
    with session(engine) as opened:
        for series in (wide, narrow):
            for number in (1, 3):
                assert find_number(opened, series.label(number)).state == "reserved"
            assert find_number(opened, series.label(4)).state == "unissued"
    with pytest.raises(BatesFormatError):
        wide.parse(narrow.label(1))


def test_a_series_that_is_full_is_refused_and_reserves_nothing(engine: Engine) -> None:
    small = BatesSeries("X", "-", 4)
    ledger.reserve(engine, small, 9000, "JX-1-1")
    with pytest.raises(BatesFormatError):
        ledger.reserve(engine, small, 1000, "JX-1-2")
    with session(engine) as opened:
        assert ledger.next_number(opened, small) == 9001
