"""A scan finds what is missing, changed or nobody's, and goes on where it was stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import Engine
from sqlmodel import select

import sample_cases
from referrals.errors import MachineError
from referrals.evidence import scan as module
from referrals.evidence.scan import ScanReport, bytes_to_scan, evidence_lines, scan
from referrals.evidence.store import EvidenceStore
from referrals.intake.case_yaml import read_case_folder
from referrals.intake.take_in import take_in
from referrals.records import audit
from referrals.records.database import open_database, session
from referrals.records.tables import AuditEntry
from referrals.settings import Settings

AT = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
FILES = 19
"""Files of the fullest sample, each with its own content."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_database(Settings(tmp_path / "home"))
    yield made
    made.dispose()


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "home/evidence")


def take(engine: Engine, store: EvidenceStore) -> None:
    with session(engine) as opened:
        case = read_case_folder(sample_cases.folder("felony_referral"))
        take_in(case, opened, store, at=AT, who="clerk")


def run(
    engine: Engine,
    store: EvidenceStore,
    progress: Callable[[int], None] | None = None,
    days: int = 0,
) -> ScanReport:
    return scan(
        engine, store, who="clerk", clock=lambda: AT + timedelta(days=days), progress=progress
    )


def test_evidence_that_is_whole_is_proven_and_the_day_recorded(
    engine: Engine, store: EvidenceStore
) -> None:
    take(engine, store)
    assert {line.proven for line in evidence_lines(engine)} == {None}
    heard: list[int] = []
    report = run(engine, store, heard.append)
    assert (report.files, report.proven, report.resumed) == (FILES, FILES, 0)
    assert report.findings == ()
    assert sum(heard) == bytes_to_scan(engine)
    assert {line.proven for line in evidence_lines(engine, "JX-400112")} == {AT}
    run(engine, store, days=3)
    assert {line.proven for line in evidence_lines(engine)} == {AT + timedelta(days=3)}
    with session(engine) as opened:
        entries = opened.exec(select(AuditEntry).where(AuditEntry.what == "evidence scan")).all()
        assert len(entries) == 2
        assert all(entry.after for entry in entries)
        assert audit.verify(opened) == []


def test_what_is_missing_changed_or_named_by_no_record_is_told(
    engine: Engine, store: EvidenceStore, tmp_path: Path
) -> None:
    take(engine, store)
    lines = evidence_lines(engine)
    store.path(lines[0].sha256).unlink()
    changed = store.path(lines[1].sha256)
    changed.chmod(0o644)
    changed.write_bytes(b"another content")
    root = tmp_path / "home/evidence"
    (root / ".incoming-abc").write_bytes(b"half")
    (root / "ab").mkdir(exist_ok=True)
    (root / "ab" / f"ab{'0' * 62}").write_bytes(b"x")
    (root / "notes.txt").write_bytes(b"x")
    report = run(engine, store)
    assert report.broken
    assert (report.files, report.proven) == (FILES, FILES - 2)
    codes = [finding.code for finding in report.findings]
    assert codes == ["evidence-missing", "evidence-changed"] + ["evidence-orphaned"] * 3
    assert report.findings[0].where == f"JX-400112 {lines[0].path}"
    proven = {line.path: line.proven for line in evidence_lines(engine)}
    assert proven[lines[0].path] is proven[lines[1].path] is None


def test_a_stopped_scan_goes_on_where_it_was(
    engine: Engine, store: EvidenceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(engine, store)
    monkeypatch.setattr(module, "BATCH", 1)
    store.keeper.workers = 1
    seen: list[int] = []

    def stop(count: int) -> None:
        seen.append(count)
        if len(seen) == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(engine, store, stop)
    done = sum(line.proven is not None for line in evidence_lines(engine))
    assert 0 < done < FILES
    read: list[str] = []
    digest = store.keeper.digest
    monkeypatch.setattr(
        store.keeper,
        "digest",
        lambda sha256, heard=None: (read.append(sha256), digest(sha256, heard))[1],
    )
    report = run(engine, store, days=1)
    assert (report.proven, report.resumed, len(read)) == (FILES, done, FILES - done)
    assert run(engine, store).resumed == 0


def test_a_lost_network_stops_the_scan_and_the_next_one_goes_on(
    engine: Engine, s3_server: ThreadedMotoServer, bucket: str, tmp_path: Path
) -> None:
    store = EvidenceStore(bucket, tmp_path / "fetched")
    take(engine, store)
    here = EvidenceStore(tmp_path / "copy")
    with session(engine) as opened:
        case = read_case_folder(sample_cases.folder("felony_referral"))
        for name, path in case.files.items():
            here.put(path, path=name, taken_in_at=AT)
        assert audit.verify(opened) == []
    store.keeper.workers = 1
    heard: list[int] = []

    def lose(count: int) -> None:
        heard.append(count)
        if len(heard) == 5:
            s3_server.stop()

    with pytest.raises(MachineError, match="cannot be reached"):
        run(engine, store, lose)
    done = sum(line.proven is not None for line in evidence_lines(engine))
    assert 0 < done < FILES
    # The network is back: the same files, at another place that can be reached.
    assert run(engine, here).resumed == done


def test_a_share_that_is_not_mounted_is_not_called_missing_evidence(
    engine: Engine, store: EvidenceStore, tmp_path: Path
) -> None:
    take(engine, store)
    root = tmp_path / "home/evidence"
    root.rename(tmp_path / "unmounted")
    with pytest.raises(MachineError, match="is not there"):
        store.keeper.has("0" * 64)
    for _ in range(2):
        with pytest.raises(MachineError, match="holds nothing at all"):
            run(engine, store)
        root.mkdir(exist_ok=True)
    assert {line.proven for line in evidence_lines(engine)} == {None}
    root.rmdir()
    (tmp_path / "unmounted").rename(root)
    assert run(engine, store).proven == FILES
