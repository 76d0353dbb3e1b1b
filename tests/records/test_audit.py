"""Whatever is done to the audit log behind the program's back shows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from referrals.errors import UsageError
from referrals.records import audit
from referrals.records.database import open_database, session
from referrals.settings import Settings

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
LENGTH = 6
COLUMNS = ("at", "who", "what", "subject", "before", "after", "previous", "digest")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Path]]:
    """A log of six entries, and the file that it lies in, without its triggers."""
    home = tmp_path_factory.mktemp("home")
    engine = open_database(Settings(home))
    with session(engine) as opened:
        for number in range(LENGTH):
            audit.append(
                opened,
                at=NOW,
                who="clerk",
                what="test",
                subject=f"{number}",
                before=f"{number:064x}",
                after=f"{number + 1:064x}",
            )
    with sqlite3.connect(home / "referrals.sqlite") as beside:
        beside.execute("DROP TRIGGER audit_entry_is_not_removed")
        beside.execute("DROP TRIGGER audit_entry_is_not_changed")
    yield engine, home / "referrals.sqlite"
    engine.dispose()


def codes(engine: Engine, printed: str = "") -> set[str]:
    with session(engine) as opened:
        return {finding.code for finding in audit.verify(opened, printed)}


def tampered(log: tuple[Engine, Path], *statements: str, printed: str = "") -> set[str]:
    """Return what shows after the statements; the log is put back."""
    engine, path = log
    beside = sqlite3.connect(path)
    kept = beside.execute("SELECT * FROM audit_entry").fetchall()
    for statement in statements:
        beside.execute(statement)
    beside.commit()
    found = codes(engine, printed)
    beside.execute("DELETE FROM audit_entry")
    beside.executemany(f"INSERT INTO audit_entry VALUES ({', '.join('?' * 9)})", kept)
    beside.commit()
    beside.close()
    assert codes(engine) == set()
    return found


@given(sequence=st.integers(1, LENGTH), column=st.sampled_from(COLUMNS))
def test_any_edited_field_of_any_entry_shows(
    log: tuple[Engine, Path], sequence: int, column: str
) -> None:
    changed = "'2026-04-02T15:00:01+00:00'" if column == "at" else f"{column} || '0'"
    statement = f"UPDATE audit_entry SET {column} = {changed} WHERE sequence = {sequence}"
    assert "audit-changed" in tampered(log, statement)


@given(sequence=st.integers(1, LENGTH - 1))
def test_any_removed_entry_before_the_last_shows(log: tuple[Engine, Path], sequence: int) -> None:
    removed = f"DELETE FROM audit_entry WHERE sequence = {sequence}"
    assert "audit-missing" in tampered(log, removed)
    closed = f"UPDATE audit_entry SET sequence = sequence - 1 WHERE sequence > {sequence}"
    assert {"audit-chain", "audit-changed"} & tampered(log, removed, closed)


@given(pair=st.lists(st.integers(1, LENGTH), min_size=2, max_size=2, unique=True))
def test_any_two_entries_in_each_others_place_show(
    log: tuple[Engine, Path], pair: list[int]
) -> None:
    first, second = pair
    found = tampered(
        log,
        f"UPDATE audit_entry SET sequence = 99 WHERE sequence = {first}",
        f"UPDATE audit_entry SET sequence = {first} WHERE sequence = {second}",
        f"UPDATE audit_entry SET sequence = {second} WHERE sequence = 99",
    )
    assert "audit-chain" in found


@pytest.mark.parametrize("cut", range(1, LENGTH + 1))
def test_an_end_that_was_cut_off_shows_by_the_head_that_was_printed(
    log: tuple[Engine, Path], cut: int
) -> None:
    engine, _ = log
    with session(engine) as opened:
        printed = audit.head(opened)
        earlier = audit.entries(opened)[0].digest
    statement = f"DELETE FROM audit_entry WHERE sequence > {LENGTH - cut}"
    assert tampered(log, statement) == set()
    assert tampered(log, statement, printed=printed) == {"audit-truncated"}
    assert codes(engine, printed) == codes(engine, printed[:12].upper()) == set()
    assert codes(engine, earlier) == set(), "a head that was printed long ago"


@pytest.mark.parametrize("printed", ["4f1c", "nothing at all", "0" * 65])
def test_a_head_that_is_no_digest_is_refused(log: tuple[Engine, Path], printed: str) -> None:
    with pytest.raises(UsageError, match="not a digest of the audit log"):
        codes(log[0], printed)
