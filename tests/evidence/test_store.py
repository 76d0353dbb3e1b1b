"""The store does the same wherever it lies; what is lost on the way is named, and not lost."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from referrals.errors import DigestMismatchError, InputError, MachineError, UsageError
from referrals.evidence.evidence_bucket import EvidenceBucket
from referrals.evidence.footage import probe
from referrals.evidence.stills import stills
from referrals.evidence.store import EvidenceStore, evidence_store
from referrals.settings import settings
from tests.evidence.conftest import MakeStore

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
FOOTAGE = Path(__file__).parents[2] / "sample_cases/felony_referral/footage/bwc-1012.mp4"


def test_what_is_put_in_comes_out_and_is_there_once(make_store: MakeStore, tmp_path: Path) -> None:
    source = tmp_path / "a file.bin"
    source.write_bytes(os.urandom(3 << 20))
    first = make_store().put(source, path="a", taken_in_at=NOW, algorithms=("md5",))
    store = make_store()
    assert store.put(source, path="a", taken_in_at=NOW, algorithms=("md5",)) == first
    assert list(store.keeper.files()) == [(first.sha256, 3 << 20)]
    assert store.path(first.sha256).read_bytes() == source.read_bytes()
    assert store.path(first.sha256).stat().st_mode & 0o222 == 0
    assert store.holds(first)
    assert first.other_digests == {"md5": hashlib.md5(source.read_bytes()).hexdigest()}
    assert store.differences([first]) == []


def _overwrite(store: EvidenceStore, sha256: str, content: bytes) -> None:
    if isinstance(store.keeper, EvidenceBucket):
        with fsspec.open(f"{store.root}/{sha256[:2]}/{sha256}", "wb") as stream:
            stream.write(content)
    else:
        store.path(sha256).chmod(0o644)
        store.path(sha256).write_bytes(content)


def test_each_name_of_a_changed_file_is_told_and_the_next_intake_heals_it(
    make_store: MakeStore, tmp_path: Path
) -> None:
    source = tmp_path / "file"
    source.write_bytes(b"evidence")
    store = make_store()
    one = store.put(source, path="exhibits/one", taken_in_at=NOW)
    two = one.model_copy(update={"path": "exhibits/two"})
    gone = one.model_copy(update={"path": "exhibits/gone", "sha256": "0" * 64})
    _overwrite(store, one.sha256, b"evidencf")
    where = [finding.where for finding in make_store().differences([one, gone, two])]
    assert where == ["exhibits/one", "exhibits/gone", "exhibits/two"]
    fresh = EvidenceStore(store.root, tmp_path / "elsewhere")
    if isinstance(fresh.keeper, EvidenceBucket):
        with pytest.raises(DigestMismatchError, match="taken in with"):
            fresh.path(one.sha256)
    store.put(source, path="exhibits/one", taken_in_at=NOW)
    assert make_store().differences([one, two]) == []


def test_a_source_that_changes_leaves_nothing(make_store: MakeStore, tmp_path: Path) -> None:
    source = tmp_path / "file"
    source.write_bytes(bytes(2 << 20))
    store = make_store()

    def grow(count: int) -> None:
        with source.open("ab") as stream:
            stream.write(b"x")

    with pytest.raises(InputError, match="changed while it was read"):
        store.put(source, path="file", taken_in_at=NOW, progress=grow)
    assert list(make_store().keeper.files()) == []


def test_the_store_is_not_blamed_for_a_source_that_cannot_be_read(make_store: MakeStore) -> None:
    # Reading a process's memory at its very start fails with EIO, as a bad disk does.
    with pytest.raises(InputError, match=r"/proc/self/mem cannot be read"):
        make_store().put(Path("/proc/self/mem"), path="file", taken_in_at=NOW)
    assert list(make_store().keeper.files()) == []


def test_a_registered_file_is_proven_where_it_lies(tmp_path: Path, bucket: str) -> None:
    with fsspec.open(f"{bucket}/footage/v.mp4", "wb") as stream:
        stream.write(FOOTAGE.read_bytes())
    here = tmp_path / "v.mp4"
    here.write_bytes(FOOTAGE.read_bytes())
    for place in (str(here), f"{bucket}/footage/v.mp4"):
        store = EvidenceStore(tmp_path / "store", tmp_path / "fetched")
        entry = store.register(place, path="footage/v.mp4", taken_in_at=NOW)
        assert (entry.location, entry.bytes) == (place, here.stat().st_size)
        assert datetime.fromisoformat(entry.modified).tzinfo is not None
        assert not (tmp_path / "store").exists()
        store = EvidenceStore(tmp_path / "store", tmp_path / "fetched").knowing([entry])
        with store.media(entry.sha256) as source:
            assert probe(source, entry.sha256, "v.mp4").width == 320
        with store.media(entry.sha256) as source:
            assert stills(source, [1.0, 3.0]) == stills(FOOTAGE, [1.0, 3.0])
        assert not (tmp_path / "fetched").exists()
        assert store.path(entry.sha256).read_bytes() == FOOTAGE.read_bytes()
        assert store.differences([entry]) == []
    here.write_bytes(b"another recording")
    moved = entry.model_copy(update={"location": str(here)})
    assert "has the digest" in store.differences([moved])[0].message
    here.unlink()
    assert "is missing" in store.differences([moved])[0].message


def test_a_store_that_loses_the_network_is_not_called_empty(
    s3_server: ThreadedMotoServer, bucket: str, tmp_path: Path
) -> None:
    source = tmp_path / "file"
    source.write_bytes(b"evidence")
    store = EvidenceStore(bucket, tmp_path / "fetched")
    entry = store.put(source, path="file", taken_in_at=NOW)
    s3_server.stop()
    for asked in (
        lambda: store.holds(entry),
        lambda: store.differences([entry]),
        lambda: store.path(entry.sha256),
        lambda: store.put(source, path="file", taken_in_at=NOW),
    ):
        with pytest.raises(MachineError, match="cannot be reached") as raised:
            asked()
        assert "run the same command again" in raised.value.remedy


def test_the_places_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert evidence_store(settings(tmp_path)).root == str(tmp_path / "evidence")
    monkeypatch.setenv("REFERRALS_EVIDENCE", "memory://office/evidence")
    monkeypatch.setenv("REFERRALS_FOOTAGE", "/mnt/footage")
    chosen = settings(tmp_path)
    assert str(evidence_store(chosen).keeper) == "memory://office/evidence"
    assert chosen.footage_url == "/mnt/footage"


def test_an_unknown_kind_of_place_is_refused_in_words(tmp_path: Path) -> None:
    store = EvidenceStore("nowhere://x", tmp_path)
    with pytest.raises(UsageError, match="not a place that evidence can be kept at"):
        list(store.keeper.files())
