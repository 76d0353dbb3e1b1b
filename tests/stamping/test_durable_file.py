"""A file goes to the disk while it is written, and a disk that fails is told of."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from stamping.assembly.engine import assemble
from stamping.objects import durable_file
from stamping.objects.durable_file import DurableFile
from stamping.values import Part
from tests.stamping.test_assemble import plain
from tests.stamping.test_stamp import order

STEP = 1000


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable_file, "_STEP_BYTES", STEP)


def threads() -> list[str]:
    """Return the threads that a file began and that still run."""
    return [each.name for each in threading.enumerate() if "(_flush)" in each.name]


def failing(times: int) -> Callable[[int], None]:
    """Return a disk that fails at its first calls, and then forgets it, as the kernel does."""
    calls = iter(range(times))

    def flush(descriptor: int) -> None:
        if next(calls, None) is not None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    return flush


def test_the_disk_works_before_the_last_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()
    monkeypatch.setattr(durable_file.os, "fsync", lambda _: begun.set())
    with (tmp_path / "a").open("wb", buffering=0) as file, DurableFile(file) as durable:
        durable.write(bytes(STEP - 1))
        assert not begun.is_set()
        durable.write(b"1")
        assert begun.wait(10)
        durable.finish()
    assert (tmp_path / "a").stat().st_size == STEP


def test_a_failure_in_between_is_an_error_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable_file.os, "fsync", failing(1))
    with (tmp_path / "a").open("wb") as file, DurableFile(file) as durable:
        durable.write(bytes(STEP))
        with pytest.raises(OSError, match=os.strerror(errno.EIO)):
            durable.finish()
    assert not threads()


def test_whatever_ends_the_writing_no_thread_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    monkeypatch.setattr(durable_file.os, "fsync", lambda _: goes_on.wait(10))
    with (
        pytest.raises(KeyboardInterrupt),
        (tmp_path / "a").open("wb") as file,
        DurableFile(file) as durable,
    ):
        durable.write(bytes(STEP))
        threading.Timer(0.05, goes_on.set).start()
        raise KeyboardInterrupt
    assert goes_on.is_set()
    assert not threads()


def test_a_disk_that_fails_leaves_nothing_at_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = plain(tmp_path / "in.pdf", 9)
    monkeypatch.setattr(durable_file.os, "fsync", failing(1))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        assemble([Part(source, title="in")], order(), tmp_path / "out.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["in.pdf"]


def test_without_another_thread_the_file_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_more)
    with (tmp_path / "a").open("wb") as file, DurableFile(file) as durable:
        for _ in range(3):
            durable.write(bytes(STEP))
        durable.finish()
    assert (tmp_path / "a").stat().st_size == 3 * STEP
