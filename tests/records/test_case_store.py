"""What is saved comes back as it was written, in a schema that holds nothing it must not."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event
from sqlmodel import SQLModel

import sample_cases
from referrals.errors import MachineError, UsageError
from referrals.intake.case_yaml import read_case_folder
from referrals.records import audit, case_store
from referrals.records.case_record import CaseRecord
from referrals.records.database import open_database, session
from referrals.records.snapshot import EvidenceFile, Snapshot
from referrals.settings import Settings

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_database(Settings(tmp_path / "home"))


@pytest.fixture(params=["felony_referral", "later_supplement/second", "incomplete_record"])
def record(request: pytest.FixtureRequest) -> CaseRecord:
    return read_case_folder(sample_cases.folder(request.param)).record


def _evidence(record: CaseRecord) -> list[EvidenceFile]:
    files = [each.file for each in (*record.exhibits, *record.footage)]
    return [
        EvidenceFile(path=path, sha256=f"{n:064x}", bytes=n, taken_in_at=NOW)
        for n, path in enumerate(files)
    ]


def test_a_record_comes_back_as_it_was_written(engine: Engine, record: CaseRecord) -> None:
    with session(engine) as opened:
        case_store.save_case(opened, record, _evidence(record), [], [])
    with session(engine) as opened:
        loaded = case_store.load_record(opened, record.case.number)
    assert loaded.model_copy(update={"narratives": []}) == record.model_copy(
        update={"narratives": []}
    )
    assert loaded.incident.began.utcoffset() == record.incident.began.utcoffset()


def test_freezing_twice_gives_the_same_identity(engine: Engine, record: CaseRecord) -> None:
    with session(engine) as opened:
        case_store.save_case(opened, record, _evidence(record), [], [])
    identities = set()
    for _ in range(2):
        with session(engine) as opened:
            frozen = case_store.freeze(opened, record.case.number, NOW)
        identities.add(frozen.identity)
        assert Snapshot.model_validate_json(frozen.canonical).identity == frozen.identity
    assert len(identities) == 1


def test_saving_again_replaces_every_row(engine: Engine, record: CaseRecord) -> None:
    fewer = record.model_copy(update={"persons": record.persons[:1], "chronology": []})
    with session(engine) as opened:
        case_store.save_case(opened, record, _evidence(record), [], [])
        case_store.save_case(opened, fewer, _evidence(fewer), [], [])
        loaded = case_store.load_record(opened, record.case.number)
    assert loaded.persons == fewer.persons
    assert loaded.chronology == []


def test_a_case_is_read_with_the_same_number_of_queries_whatever_its_size(
    engine: Engine,
) -> None:
    record = read_case_folder(sample_cases.folder("later_supplement/first")).record
    counted = []
    for size in (3, 300):
        exhibits = [
            record.exhibits[0].model_copy(update={"designator": str(n + 1)}) for n in range(size)
        ]
        grown = record.model_copy(update={"exhibits": exhibits})
        with session(engine) as opened:
            case_store.save_case(opened, grown, [], [], [])
        statements: list[str] = []
        event.listen(
            engine,
            "before_cursor_execute",
            lambda *words, held=statements: held.append(words[2]),
        )
        with session(engine) as opened:
            case_store.freeze(opened, record.case.number, NOW)
        counted.append(len(statements))
    assert counted[0] < 45
    # The first listener hears the second reading too; the second hears only its own.
    assert counted[1] == counted[0]


def test_the_schema_has_no_place_for_birthplace_or_immigration_status() -> None:
    names = {column.name for table in SQLModel.metadata.tables.values() for column in table.columns}
    forbidden = ("birthplace", "place_of_birth", "immigration", "citizen", "nationality", "alien")
    assert not [name for name in names for word in forbidden if word in name]


def test_migrations_make_the_schema_of_the_classes(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_foreign_keys_and_the_write_ahead_log_are_on(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_an_unknown_case_is_answered_with_those_there_are(
    engine: Engine, record: CaseRecord
) -> None:
    with session(engine) as opened:
        case_store.save_case(opened, record, [], [], [])
        with pytest.raises(UsageError) as raised:
            case_store.load_record(opened, "JX-0")
    assert record.case.number in raised.value.remedy


def test_a_damaged_database_is_named_in_words(tmp_path: Path) -> None:
    (tmp_path / "referrals.sqlite").write_bytes(b"this is not a database" * 100)
    with pytest.raises(MachineError, match="cannot be opened"):
        open_database(Settings(tmp_path))


def test_the_audit_log_refuses_changes_and_shows_tampering(engine: Engine, tmp_path: Path) -> None:
    with session(engine) as opened:
        for number in range(4):
            audit.append(opened, at=NOW, who="clerk", what="test", subject=str(number))
    with pytest.raises(MachineError, match="append-only"), session(engine) as opened:
        opened.connection().exec_driver_sql("DELETE FROM audit_entry WHERE sequence = 2")
    with session(engine) as opened:
        assert audit.verify(opened) == []
    tampered = sqlite3.connect(tmp_path / "home" / "referrals.sqlite")
    tampered.execute("DROP TRIGGER audit_entry_is_not_removed")
    tampered.execute("DROP TRIGGER audit_entry_is_not_changed")
    tampered.execute("UPDATE audit_entry SET who = 'nobody' WHERE sequence = 1")
    tampered.execute("DELETE FROM audit_entry WHERE sequence = 3")
    tampered.commit()
    with session(engine) as opened:
        codes = {finding.code for finding in audit.verify(opened)}
    assert codes == {"audit-changed", "audit-missing", "audit-chain"}
