"""Taking a case in: whole or not at all, safe to repeat, with the changes shown first."""

from __future__ import annotations

import hashlib
import wave
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from referrals.errors import BlockedError, InputError, MachineError
from referrals.evidence.store import EvidenceStore
from referrals.findings import Severity
from referrals.intake import take_in as module
from referrals.intake.case_yaml import read_case_folder
from referrals.intake.take_in import IntakeOutcome, IntakeResult, take_in, total_bytes
from referrals.records.case_store import case_numbers, freeze, load_record
from referrals.records.database import open_database, session
from referrals.records.tables import AuditEntry
from referrals.settings import Settings
from tests.intake.conftest import WriteCase

AT = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 21, 15, 0, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_database(Settings(tmp_path / "home"))
    yield made
    made.dispose()


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "home/evidence")


def record_sound(path: Path) -> None:
    """Write a second of silence as a recording that can be read."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0" * 16000)


def take(
    folder: Path, engine: Engine, store: EvidenceStore, *, at: datetime = AT, update: bool = False
) -> IntakeResult:
    with session(engine) as opened:
        return take_in(
            read_case_folder(folder), opened, store, at=at, who="R. Sample", update=update
        )


def contents(root: Path) -> dict[str, float]:
    return {str(path): path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}


def test_a_case_is_there_whole(write_case: WriteCase, engine: Engine, store: EvidenceStore) -> None:
    folder = write_case()
    record_sound(folder / "footage/v1.mp4")
    heard: list[int] = []
    case = read_case_folder(folder)
    with session(engine) as opened:
        result = take_in(case, opened, store, at=AT, who="R. Sample", progress=heard.append)
    assert result.outcome is IntakeOutcome.TAKEN_IN
    assert result.words == "Case JX-400112 was taken in: 3 files."
    assert result.findings == ()
    assert sum(heard) == total_bytes(case)
    with session(engine) as opened:
        snapshot = freeze(opened, "JX-400112", AT)
        entries = opened.exec(select(AuditEntry)).all()
    assert snapshot.record == case.record
    assert snapshot.narratives == case.narratives
    assert snapshot.media[0].duration == 1.0
    for entry in snapshot.evidence:
        content = case.files[entry.path].read_bytes()
        assert entry.sha256 == hashlib.sha256(content).hexdigest()
        assert store.path(entry.sha256).read_bytes() == content
    assert [(e.who, e.what, e.subject, e.before) for e in entries] == [
        ("R. Sample", "intake: taken in", "JX-400112", "")
    ]


def test_the_same_folder_twice_changes_nothing(
    write_case: WriteCase, engine: Engine, store: EvidenceStore
) -> None:
    folder = write_case()
    take(folder, engine, store)
    with session(engine) as opened:
        before = freeze(opened, "JX-400112", AT).identity
    files = contents(store.root)
    result = take(folder, engine, store, at=LATER)
    assert result.outcome is IntakeOutcome.UNCHANGED
    assert "nothing was changed" in result.words
    assert contents(store.root) == files
    with session(engine) as opened:
        assert freeze(opened, "JX-400112", AT).identity == before
        assert len(opened.exec(select(AuditEntry)).all()) == 1


def test_a_changed_folder_shows_its_changes_and_is_not_taken(
    write_case: WriteCase, engine: Engine, store: EvidenceStore
) -> None:
    take(write_case(), engine, store)
    files = contents(store.root)
    folder = write_case(("name: Ada Beispiel", "name: Ada Example"))
    (folder / "exhibits/report.pdf").write_bytes(b"another report")
    with pytest.raises(BlockedError, match="nothing was changed") as caught:
        take(folder, engine, store, at=LATER)
    assert "--update" in caught.value.remedy
    assert [finding.where for finding in caught.value.findings] == [
        "persons[P2].name",
        "file exhibits/report.pdf",
    ]
    assert contents(store.root) == files
    with session(engine) as opened:
        assert load_record(opened, "JX-400112").persons[1].name == "Ada Beispiel"


def test_an_update_is_taken_and_unchanged_files_keep_their_time(
    write_case: WriteCase, engine: Engine, store: EvidenceStore
) -> None:
    take(write_case(), engine, store)
    folder = write_case(("name: Ada Beispiel", "name: Ada Example"))
    (folder / "exhibits/report.pdf").write_bytes(b"another report")
    result = take(folder, engine, store, at=LATER, update=True)
    assert result.outcome is IntakeOutcome.UPDATED
    assert result.words == "Case JX-400112 was updated: 2 changes, 3 files."
    times = {entry.path: entry.taken_in_at for entry in result.evidence}
    assert times["exhibits/report.pdf"] == LATER
    assert times["footage/v1.mp4"] == AT
    with session(engine) as opened:
        assert load_record(opened, "JX-400112").persons[1].name == "Ada Example"
        entries = opened.exec(select(AuditEntry).order_by(col(AuditEntry.sequence))).all()
    assert [entry.what for entry in entries] == ["intake: taken in", "intake: updated"]
    assert entries[1].before == entries[0].after != entries[1].after
    assert take(folder, engine, store, at=LATER).outcome is IntakeOutcome.UNCHANGED
    assert result.as_json()["differences"][0]["field"] == "persons[P2].name"


def test_a_changed_narrative_alone_is_a_change(
    write_case: WriteCase, engine: Engine, store: EvidenceStore
) -> None:
    folder = write_case()
    take(folder, engine, store)
    (folder / "statements/narrative.md").write_text("I saw more.\n", encoding="utf-8")
    with pytest.raises(BlockedError) as caught:
        take(folder, engine, store)
    assert [finding.where for finding in caught.value.findings] == ["file statements/narrative.md"]


def test_nothing_stays_of_an_intake_that_fails(
    write_case: WriteCase, engine: Engine, store: EvidenceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MachineError("the disk is full")

    folder = write_case()
    monkeypatch.setattr(module.audit, "append", fail)
    with pytest.raises(MachineError):
        take(folder, engine, store)
    with session(engine) as opened:
        assert case_numbers(opened) == []


def test_a_file_that_vanishes_meanwhile_stops_the_intake(
    write_case: WriteCase, engine: Engine, store: EvidenceStore
) -> None:
    folder = write_case()
    case = read_case_folder(folder)
    (folder / "exhibits/report.pdf").unlink()
    with pytest.raises(InputError, match="not there"), session(engine) as opened:
        take_in(case, opened, store, at=AT, who="R. Sample")
    with session(engine) as opened:
        assert case_numbers(opened) == []


def test_the_same_content_under_two_names_is_reported(
    write_case: WriteCase, engine: Engine, store: EvidenceStore
) -> None:
    folder = write_case()
    (folder / "footage/v1.mp4").write_bytes((folder / "exhibits/report.pdf").read_bytes())
    found = {finding.code: finding for finding in take(folder, engine, store).findings}
    assert found["content-duplicate"].severity is Severity.WARNING
    assert "'exhibits/report.pdf'" in found["content-duplicate"].message


def test_a_recording_that_cannot_be_read_is_reported(
    write_case: WriteCase, engine: Engine, store: EvidenceStore
) -> None:
    found = take(write_case(), engine, store).findings
    assert [(entry.code, entry.where) for entry in found] == [
        ("recording-unreadable", "footage[V1].file")
    ]


@pytest.mark.parametrize("matches", [True, False])
def test_a_reference_digest_is_compared_by_its_own_algorithm(
    write_case: WriteCase, engine: Engine, store: EvidenceStore, matches: bool
) -> None:
    content = b"not read by the reader of the folder" if matches else b"something else"
    reference = hashlib.md5(content, usedforsecurity=False).hexdigest()
    folder = write_case(
        (
            "flagged: true",
            f"reference_algorithm: md5\n    reference_digest: {reference}\n"
            "    reference_by: upload\n    reference_at: 2026-03-14T23:00:00-05:00",
        )
    )
    result = take(folder, engine, store)
    assert ("reference-mismatch" not in {entry.code for entry in result.findings}) is matches
    assert set(result.evidence[1].other_digests) == {"md5"}
    assert take(folder, engine, store, at=LATER).outcome is IntakeOutcome.UNCHANGED


def test_footage_in_place_is_registered_and_not_copied(
    write_case: WriteCase, engine: Engine, store: EvidenceStore, tmp_path: Path
) -> None:
    folder = write_case(
        ("lodged: Records Division", "lodged: Records Division\n    in_place: true")
    )
    mount = tmp_path / "mount"
    (mount / "footage").mkdir(parents=True)
    lying = mount / "footage/v1.mp4"
    (folder / "footage/v1.mp4").rename(lying)
    record_sound(lying)
    size = lying.stat().st_size

    def taken(footage: str, update: bool = False) -> IntakeResult:
        case = read_case_folder(folder, footage)
        assert total_bytes(case) > size
        with session(engine) as opened:
            return take_in(case, opened, store, at=AT, who="R. Sample", update=update)

    result = taken(str(mount))
    entry = next(each for each in result.evidence if each.path == "footage/v1.mp4")
    assert entry.location == str(lying)
    assert entry.sha256 == hashlib.sha256(lying.read_bytes()).hexdigest()
    assert datetime.fromisoformat(entry.modified)
    assert not store.keeper.has(entry.sha256)
    assert len(list(store.keeper.files())) == 2
    with session(engine) as opened:
        frozen = freeze(opened, "JX-400112", AT)
    assert frozen.file("footage/v1.mp4") == entry
    assert [facts.sha256 for facts in frozen.media] == [entry.sha256]
    assert taken(f"file://{mount}").outcome is IntakeOutcome.UNCHANGED
    moved = mount.rename(tmp_path / "moved")
    with pytest.raises(BlockedError) as raised:
        taken(str(moved))
    assert "place of footage/v1.mp4" in raised.value.findings[0].message
    again = taken(str(moved), update=True)
    assert again.outcome is IntakeOutcome.UPDATED
    known = EvidenceStore(store.root).knowing(again.evidence)
    assert known.path(entry.sha256) == moved / "footage/v1.mp4"


def test_footage_in_place_that_lies_nowhere_is_refused(
    write_case: WriteCase, tmp_path: Path
) -> None:
    folder = write_case(
        ("lodged: Records Division", "lodged: Records Division\n    in_place: true")
    )
    (folder / "footage/v1.mp4").unlink()
    for footage in ("", str(tmp_path)):
        with pytest.raises(InputError) as raised:
            read_case_folder(folder, footage)
        assert [each.code for each in raised.value.findings] == ["file-missing"]


def test_a_custody_event_that_was_taken_in_stays(
    write_case: WriteCase, engine: Engine, store: EvidenceStore
) -> None:
    folder = write_case()
    take(folder, engine, store)
    record = folder / "case.yaml"
    first = record.read_text("utf-8")
    later = """
  - item: ex:A
    at: 2026-03-14T22:00:00-05:00
    action: collected
    to_holder: P1
  - item: footage:V1"""
    record.write_text(first.replace("\n  - item: footage:V1", later, 1), "utf-8")
    take(folder, engine, store, update=True)
    with session(engine) as opened:
        events = load_record(opened, "JX-400112").custody
    assert [event.item for event in events] == ["ex:A", "footage:V1"]
    record.write_text(first.replace("to_holder: R. Sample", "to_holder: R. Muster"), "utf-8")
    with pytest.raises(BlockedError, match="Custody events") as raised:
        take(folder, engine, store, update=True)
    assert [each.code for each in raised.value.findings] == ["custody-not-appended"] * 2
    with session(engine) as opened:
        assert load_record(opened, "JX-400112").custody == events
    for statement in (
        "DELETE FROM custody_event",
        "UPDATE custody_event SET to_holder = 'nobody'",
    ):
        with pytest.raises(MachineError, match="append-only"), session(engine) as opened:
            opened.connection().exec_driver_sql(statement)
