"""Evidence is what was taken in: copied once, hashed right, never worded beyond what is known."""

from __future__ import annotations

import errno
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sample_cases
from referrals.errors import DigestMismatchError, InputError, MachineError
from referrals.evidence.custody import custody_breaks
from referrals.evidence.digests import digest_file, digest_files
from referrals.evidence.footage import probe
from referrals.evidence.hash_certificate import HashResult, hash_result
from referrals.evidence.retention import countdown, retention_findings
from referrals.evidence.stills import spread, stills, time_code
from referrals.evidence.store import EvidenceStore
from referrals.intake.case_yaml import read_case_folder
from referrals.profiles.profile_files import load
from referrals.records.case_record import CaseRecord
from referrals.records.snapshot import EvidenceFile

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/Chicago")
FELONY = sample_cases.folder("felony_referral")


@pytest.fixture(scope="module")
def record() -> CaseRecord:
    return read_case_folder(FELONY).record


@given(st.binary(max_size=5000))
def test_digests_are_those_of_hashlib(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("files") / "file"
    path.write_bytes(content)
    taken = digest_file(path, ("sha256", "md5"))
    assert taken.bytes == len(content)
    assert taken.sha256 == hashlib.sha256(content).hexdigest()
    assert taken.digests["md5"] == hashlib.md5(content).hexdigest()


def test_a_file_that_shrinks_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "growing.mp4"
    path.write_bytes(bytes(3 << 20))

    def cut(count: int) -> None:
        with path.open("r+b") as stream:
            stream.truncate(1 << 20)

    with pytest.raises(InputError, match="changed while it was read"):
        digest_file(path, progress=cut)


def test_many_files_keep_their_order(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}" for number in range(20)]
    for number, path in enumerate(paths):
        path.write_bytes(bytes([number]) * 1000)
    expected = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    assert [each.sha256 for each in digest_files(paths)] == expected


def test_a_file_is_stored_once_and_read_only(tmp_path: Path) -> None:
    source = tmp_path / "a file.bin"
    source.write_bytes(b"evidence")
    store = EvidenceStore(tmp_path / "store")
    first = store.put(source, path="exhibits/a file.bin", taken_in_at=NOW, algorithms=("md5",))
    second = store.put(source, path="exhibits/a file.bin", taken_in_at=NOW, algorithms=("md5",))
    assert first == second
    kept = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert kept == [store.path(first.sha256)]
    assert kept[0].stat().st_mode & 0o222 == 0
    assert first.other_digests == {"md5": hashlib.md5(b"evidence").hexdigest()}


def test_a_flipped_bit_and_a_missing_file_are_named(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "store")
    entries = []
    for name in ("one", "two", "three"):
        source = tmp_path / name
        source.write_bytes(name.encode())
        entries.append(store.put(source, path=name, taken_in_at=NOW))
    store.prove(entries)
    changed = store.path(entries[0].sha256)
    changed.chmod(0o644)
    changed.write_bytes(b"onf")
    store.path(entries[1].sha256).unlink()
    with pytest.raises(DigestMismatchError) as raised:
        store.prove(entries)
    assert {finding.where for finding in raised.value.findings} == {"one", "two"}


def test_a_full_disk_leaves_nothing_in_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "file"
    source.write_bytes(b"evidence")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(MachineError, match="is full"):
        EvidenceStore(tmp_path / "store").put(source, path="file", taken_in_at=NOW)
    assert not [path for path in (tmp_path / "store").rglob("*") if path.is_file()]


def test_a_recording_is_probed_and_shown_by_time() -> None:
    path = FELONY / "footage/bwc-1012.mp4"
    facts = probe(path, "0" * 64, "bwc-1012.mp4")
    assert (facts.width, facts.height, facts.video_codec) == (320, 180, "h264")
    assert facts.duration == pytest.approx(5.0, abs=0.1)
    assert facts.created.startswith("2026-03-15T02:06:10")
    times = spread(facts.duration, 4)
    shown = stills(path, times)
    assert [each.time for each in shown] == times
    assert len({each.png for each in shown}) == 4
    assert shown == stills(path, times)
    assert time_code(3723.5) == "01:02:03.5"


@pytest.mark.parametrize("content", [b"", b"this is not a recording at all"])
def test_what_is_no_recording_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "v.mp4"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"v\.mp4"):
        probe(path, "0" * 64, "v.mp4")


@given(days=st.integers(0, 1000))
def test_retention_counts_calendar_days(record: CaseRecord, days: int) -> None:
    rule = load("sample").retention
    footage = record.footage[0].model_copy(update={"flagged": False, "flag_ground": ""})
    as_of = footage.began + timedelta(days=days)
    left = countdown(footage, rule, as_of, ZONE)
    assert left is not None
    recorded = footage.began.astimezone(ZONE).date()
    assert left.kept_until == recorded + timedelta(days=90)
    codes = {each.code for each in retention_findings(footage, rule, as_of, ZONE)}
    if left.days_left < 0:
        assert codes == {"retention-ended"}
    elif left.day >= 30:
        assert codes == {"retention-running-out"}
    else:
        assert codes == set()


def test_a_flag_without_a_ground_blocks(record: CaseRecord) -> None:
    rule = load("sample").retention
    footage = record.footage[0].model_copy(update={"flag_ground": "because"})
    assert [each.code for each in retention_findings(footage, rule, NOW, ZONE)] == [
        "retention-ground"
    ]


def test_custody_without_a_break_is_clean_and_a_break_is_named(record: CaseRecord) -> None:
    assert custody_breaks(record) == []
    events = [each for each in record.custody if each.item == "ex:A"]
    wrong = events[1].model_copy(update={"from_holder": "Somebody else", "at": events[0].at})
    late = events[0].model_copy(update={"at": events[1].at + timedelta(days=9)})
    broken = record.model_copy(update={"custody": [late, wrong]})
    codes = {each.code for each in custody_breaks(broken) if each.where == "custody of ex:A"}
    assert codes == {"custody-gap", "custody-order"}


def test_a_digest_on_receipt_is_never_worded_as_a_match(record: CaseRecord) -> None:
    file = EvidenceFile(path="x", sha256="a" * 64, bytes=1, taken_in_at=NOW)
    footage = record.footage[0]

    def result(**update: object) -> HashResult:
        return hash_result(footage.model_copy(update=update), file)

    assert "match" not in result(reference_digest="").value
    assert result(reference_digest="A" * 64, reference_algorithm="SHA-256") is (
        HashResult.MATCHES_RECORDER
    )
    assert result(reference_digest="a" * 64, reference_by="upload of 15 March") is (
        HashResult.MATCHES_UPLOAD
    )
    assert "match" not in result(reference_digest="a" * 64, reference_by="a neighbour").value
    assert result(reference_digest="b" * 64) is HashResult.MISMATCH
