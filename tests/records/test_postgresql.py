"""The same office on PostgreSQL; skipped where no server can be started."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel, text

import sample_cases
from referrals.errors import MachineError
from referrals.records.database import open_database, session
from referrals.settings import Settings
from tests.acceptance.conftest import Clerk
from tests.postgresql_server import MISSING, may_run, server
from tests.records.crowd import ALL, reserved_at_once

CASE = "JX-400230"


pytestmark = pytest.mark.skipif(not may_run(), reason=MISSING)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The URL of an empty database on a server of our own."""
    with server() as address:
        yield address


@pytest.fixture(scope="module")
def office(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clerk]:
    """A clerk whose office is on the server, with one case taken in."""
    root = tmp_path_factory.mktemp("office")
    clerk = Clerk(root / "home", root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REFERRALS_DATABASE", url)
        taken = clerk.run("intake", sample_cases.states("later_supplement")[0])
        assert taken.returncode == 0, taken.stderr
        yield clerk


def test_the_migrations_make_every_table(office: Clerk, url: str) -> None:
    engine = open_database(Settings(office.home, database_url=url))
    names = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    with session(engine) as opened:
        found = {row[0] for row in opened.connection().execute(text(names))}
    assert set(SQLModel.metadata.tables) <= found
    assert not (office.home / "referrals.sqlite").exists()


def test_a_case_is_taken_in_once_and_comes_back_as_it_is_on_sqlite(
    office: Clerk, tmp_path: Path
) -> None:
    again = office.json("intake", sample_cases.states("later_supplement")[0])
    assert again["outcome"] == "unchanged"
    local = Clerk(tmp_path / "home", tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("REFERRALS_DATABASE")
        local.run("intake", sample_cases.states("later_supplement")[0])
        expected = local.json("show", CASE)
    assert office.json("show", CASE) == expected


def test_a_packet_is_issued_found_and_built_again(office: Clerk) -> None:
    assert office.run("sample", "later_supplement", "--build", "--into", "out").returncode == 0
    found = office.json("find", "LPD-000001")
    assert (found["packet"], found["state"]) == (f"{CASE}-1", "committed")
    again = office.run("packet", CASE, "--again", "-o", "again")
    assert "Byte for byte" in again.stdout, again.stderr


def test_eight_processes_are_never_given_the_same_number(url: str, tmp_path: Path) -> None:
    at = Settings(tmp_path, database_url=url)
    open_database(at)
    assert reserved_at_once(at) == ALL


@pytest.mark.parametrize("table", ["audit_entry", "custody_event"])
def test_what_is_append_only_refuses_to_be_changed_or_removed(
    office: Clerk, url: str, table: str
) -> None:
    engine = open_database(Settings(office.home, database_url=url))
    column = {"audit_entry": "who", "custody_event": "to_holder"}[table]
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = 'nobody'"):
        with pytest.raises(MachineError, match="append-only"), session(engine) as opened:
            opened.connection().execute(text(statement))
    engine.dispose()
