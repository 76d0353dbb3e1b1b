"""Hashing: one read, any number of files, nothing lost by a file that changes or a stop."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.errors import InputError, MachineError
from referrals.evidence.digests import (
    BUFFER,
    FileDigest,
    digest_each,
    digest_file,
    digest_runs,
)
from referrals.evidence.sums import files_below, hash_files


@pytest.mark.parametrize("ahead", [True, False])
@given(runs=st.lists(st.binary(max_size=300), max_size=20))
def test_a_digest_does_not_depend_on_how_the_bytes_arrive(ahead: bool, runs: list[bytes]) -> None:
    arriving = iter([run for run in runs if run])
    heard = bytearray()

    def readinto(buffer: bytearray) -> int:
        run = next(arriving, b"")
        buffer[: len(run)] = run
        return len(run)

    taken = digest_runs(readinto, ("sha256", "sha512"), copy_to=heard.extend, ahead=ahead)
    whole = b"".join(runs)
    assert bytes(heard) == whole
    assert taken == FileDigest(
        len(whole),
        {
            "sha256": hashlib.sha256(whole).hexdigest(),
            "sha512": hashlib.sha512(whole).hexdigest(),
        },
    )


@pytest.mark.parametrize("ahead", [True, False])
def test_a_file_that_grows_without_end_is_left_at_its_first_size(
    tmp_path: Path, ahead: bool
) -> None:
    path = tmp_path / "growing.mp4"
    path.write_bytes(bytes(2 * BUFFER))
    read = []

    def grow(count: int) -> None:
        read.append(count)
        with path.open("ab") as stream:
            stream.write(bytes(BUFFER))

    with pytest.raises(InputError, match="changed while it was read"):
        digest_file(path, progress=grow, ahead=ahead)
    assert len(read) <= 3


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="is not a file"):
        digest_file(tmp_path / "pipe")


def test_what_the_reader_of_the_bytes_raises_is_not_laid_on_the_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"evidence")

    def full(run: memoryview) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        digest_file(path, copy_to=full)


def test_one_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}" for number in range(40)]
    for path in paths[1:]:
        path.write_bytes(path.name.encode())
    found = dict(digest_each(paths, workers=3))
    assert set(found) == set(paths)
    assert isinstance(found[paths[0]], InputError)
    good = [each for each in found.values() if isinstance(each, FileDigest)]
    assert len(good) == 39


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as stream:
        stream.truncate(64 * BUFFER)
    tracemalloc.start()
    digest_file(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * BUFFER


def test_a_stopped_list_goes_on_where_it_was(tmp_path: Path) -> None:
    folder, output = tmp_path / "files", tmp_path / "files.sha256"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}").write_bytes(bytes([number]) * 100)
    files = files_below([folder])
    heard: list[int] = []

    def stop(count: int) -> None:
        heard.append(count)
        if len(heard) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hash_files(files, output=output, workers=1, progress=stop)
    assert not output.exists()
    with (tmp_path / "files.sha256.part").open("a") as torn:
        torn.write('\n{"file": "')
    (folder / "00").write_bytes(b"another content")
    done = hash_files(files, output=output)
    assert 0 < done.resumed < 12
    assert list(done.digests) == files
    checked = subprocess.run(["sha256sum", "-c", "--strict", output], cwd="/", check=False)
    assert checked.returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["files", "files.sha256"]


def test_a_list_with_a_file_that_cannot_be_read_is_not_written(tmp_path: Path) -> None:
    good, gone, output = tmp_path / "good", tmp_path / "gone", tmp_path / "sums"
    good.write_bytes(b"x")
    done = hash_files([good, gone], output=output)
    assert [finding.where for finding in done.findings] == [str(gone)]
    with pytest.raises(InputError, match="1 of 2 files"):
        done.stop_if_unread()
    assert not output.exists()
    gone.write_bytes(b"y")
    assert hash_files([good, gone], output=output).resumed == 1


def test_names_that_break_lines_are_escaped_as_sha256sum_does(tmp_path: Path) -> None:
    path = tmp_path / "a\nb\\c"
    path.write_bytes(b"x")
    output = tmp_path / "sums"
    hash_files([path], ("md5",), output)
    for command in (["sha256sum", "-c"], ["md5sum", "-c"]):
        assert subprocess.run([*command, output], check=False).returncode == 0


def test_a_list_that_cannot_be_written_is_the_machines_fault(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    with pytest.raises(MachineError, match="cannot be written"):
        hash_files([path], output=tmp_path / "nowhere" / "sums")
