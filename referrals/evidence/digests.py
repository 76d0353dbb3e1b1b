"""Digests of files, read once whatever the number of algorithms.

In: paths. Out: sizes and hex digests, or the error of each file that cannot be
read. Files are hashed side by side in threads, since hashlib lets the
interpreter go; where a core is left over, a thread reads ahead of the hashing.
Memory stays at two buffers a file. Files are never mapped: one that is cut
short while it is mapped kills the process.
"""

from __future__ import annotations

import hashlib
import os
import platform
import stat
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import TypeVar

import referrals
from referrals.errors import InputError

BUFFER = 1 << 20
"""Bytes read at a time: larger ones fall out of the processor's cache."""

Progress = Callable[[int], None]
Job = Callable[[Progress], "FileDigest"]
"""Reads one file and tells of the bytes as they are read."""

Name = TypeVar("Name")

ReadInto = Callable[[bytearray], int | None]
"""Fills a buffer and says with how many bytes; none at the end."""


class NotThereError(InputError):
    """A file is not there at all."""


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file's size in bytes and its digests by algorithm."""

    bytes: int
    digests: dict[str, str]

    @property
    def sha256(self) -> str:
        """The SHA-256, which is always taken."""
        return self.digests["sha256"]


def tool() -> str:
    """Return with what the digests are taken: program, library, system."""
    return (
        f"referrals {referrals.__version__}; Python {platform.python_version()} hashlib; "
        f"{platform.system()} {platform.machine()}"
    )


def with_sha256(algorithms: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the algorithms without repeats, SHA-256 first, which is always taken."""
    return tuple(dict.fromkeys(("sha256", *algorithms)))


def digest_file(
    path: Path,
    algorithms: Sequence[str] = ("sha256",),
    progress: Progress | None = None,
    copy_to: Callable[[memoryview], object] | None = None,
    *,
    ahead: bool = True,
) -> FileDigest:
    """Return the size and the digests of the file at `path`.

    `copy_to` hears every run of bytes, so that a copy needs no second read; what
    it raises is raised unchanged. `ahead` reads in a thread of its own while
    the run before is hashed.

    Raises:
        InputError: the file cannot be read, or changed while it was read.
    """
    with _reading(path):
        _size(path, path.stat())  # asked first: opening a pipe waits for its other end
        stream = path.open("rb", buffering=0)
    with stream:
        before = os.fstat(stream.fileno())
        size = _size(path, before)

        def readinto(buffer: bytearray) -> int | None:
            with _reading(path):
                return stream.readinto(buffer)

        def within(total: int) -> None:
            if total > size:
                raise _changed(path, size, total)

        digest = digest_runs(readinto, algorithms, progress, copy_to, within, ahead=ahead)
        after = os.fstat(stream.fileno())
    if (digest.bytes, after.st_mtime_ns) != (size, before.st_mtime_ns):
        raise _changed(path, size, digest.bytes)
    return digest


def digest_runs(
    readinto: ReadInto,
    algorithms: Sequence[str] = ("sha256",),
    progress: Progress | None = None,
    copy_to: Callable[[memoryview], object] | None = None,
    within: Callable[[int], None] | None = None,
    *,
    ahead: bool = True,
) -> FileDigest:
    """Return the digests of all that `readinto` gives, until it gives nothing.

    `within` is told the sum of bytes after each run and may raise.
    """
    hashes = [hashlib.new(name, usedforsecurity=False) for name in algorithms]
    total = 0
    with closing(_read_ahead(readinto) if ahead else _read(readinto)) as runs:
        for run in runs:
            for each in hashes:
                each.update(run)
            if copy_to is not None:
                copy_to(run)
            total += len(run)
            if within is not None:
                within(total)
            if progress is not None:
                progress(len(run))
    digests = {name: each.hexdigest() for name, each in zip(algorithms, hashes, strict=True)}
    return FileDigest(total, digests)


def digest_each(
    paths: Iterable[Path],
    algorithms: Sequence[str] = ("sha256",),
    workers: int | None = None,
    progress: Progress | None = None,
) -> Generator[tuple[Path, FileDigest | InputError], None, None]:
    """Yield each file with its digests, or with what is wrong, as each is done."""
    count = workers or os.cpu_count() or 1
    named = _largest_first(paths)
    ahead = len(named) < count

    def job(path: Path) -> Job:
        return lambda heard: digest_file(path, algorithms, heard, ahead=ahead)

    return side_by_side(((path, job(path)) for path in named), count, progress)


def side_by_side(
    jobs: Iterable[tuple[Name, Job]], workers: int, progress: Progress | None = None
) -> Generator[tuple[Name, FileDigest | InputError], None, None]:
    """Do the jobs in threads and yield what each gives, under its name, as it is done.

    A file that cannot be read does not stop the others; any other error does.
    No more is begun than there are workers, however many jobs there are, and
    whoever stops listening stops the reading.
    """
    stopped = Event()

    def heard(count: int) -> None:
        if stopped.is_set():
            raise InputError("The reading was stopped.", remedy="Run the command again.")
        if progress is not None:
            progress(count)

    def one(job: Job) -> FileDigest | InputError:
        try:
            return job(heard)
        except InputError as error:
            return error

    waiting = iter(jobs)
    held: dict[Future[FileDigest | InputError], Name] = {}
    with ThreadPoolExecutor(max_workers=workers) as threads:
        try:
            while True:
                for name, job in islice(waiting, 2 * workers - len(held)):
                    held[threads.submit(one, job)] = name
                if not held:
                    return
                done, _ = wait(held, return_when=FIRST_COMPLETED)
                for each in done:
                    yield held.pop(each), each.result()
        finally:
            stopped.set()


def digest_files(
    paths: Sequence[Path],
    algorithms: Sequence[str] = ("sha256",),
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[FileDigest]:
    """Return the digests of many files, in their order.

    Raises:
        InputError: one of them cannot be read, or changed while it was read.
    """
    found: dict[Path, FileDigest] = {}
    with closing(digest_each(paths, algorithms, workers, progress)) as each:
        for path, digest in each:
            if isinstance(digest, InputError):
                raise digest
            found[path] = digest
    return [found[path] for path in paths]


def _largest_first(paths: Iterable[Path]) -> list[Path]:
    """Return the paths so that no large file is left for one worker at the end."""

    def size(path: Path) -> int:
        try:
            return path.stat().st_size
        except OSError:
            return 0

    return sorted(dict.fromkeys(paths), key=size, reverse=True)


def _read(readinto: ReadInto) -> Generator[memoryview, None, None]:
    buffer = bytearray(BUFFER)
    view = memoryview(buffer)
    while count := readinto(buffer):
        yield view[:count]


def _read_ahead(readinto: ReadInto) -> Generator[memoryview, None, None]:
    """Yield runs of bytes; while one is used, the next is read."""
    free: SimpleQueue[bytearray | None] = SimpleQueue()
    full: SimpleQueue[tuple[bytearray, int] | BaseException] = SimpleQueue()

    def fill() -> None:
        try:
            while (buffer := free.get()) is not None:
                count = readinto(buffer) or 0
                full.put((buffer, count))
                if not count:
                    return
        except BaseException as error:  # noqa: BLE001 – raised again where the bytes are awaited
            full.put(error)

    for _ in range(2):
        free.put(bytearray(BUFFER))
    reader = Thread(target=fill, name="read-ahead", daemon=True)
    reader.start()
    try:
        while True:
            got = full.get()
            if isinstance(got, BaseException):
                raise got
            buffer, count = got
            if not count:
                return
            yield memoryview(buffer)[:count]
            free.put(buffer)
    finally:
        free.put(None)
        reader.join()


def _size(path: Path, state: os.stat_result) -> int:
    if stat.S_ISDIR(state.st_mode):
        raise InputError(f"{path} is a folder.", remedy="Name a file.")
    if not stat.S_ISREG(state.st_mode):
        raise InputError(f"{path} is not a file.", remedy="Name a file.")
    return state.st_size


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Say of the file at `path` what the system says of reading it."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotThereError(
            f"{path} is not there.", remedy="Put the file back, or correct the record."
        ) from error
    except PermissionError as error:
        raise InputError(
            f"{path} may not be read.", remedy="Ask for the right to read it."
        ) from error
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}.",
            remedy="Check the disk or the network share that it lies on, then try again.",
        ) from error


def _changed(path: Path, before: int, read: int) -> InputError:
    return InputError(
        f"{path} changed while it was read ({before} bytes before, {read} read).",
        remedy="Wait until nothing writes to it, then try again.",
    )
