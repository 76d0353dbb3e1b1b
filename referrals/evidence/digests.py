"""Digests of files, read once whatever the number of algorithms.

In: paths. Out: sizes and hex digests. Files are hashed side by side in threads,
since hashlib lets the interpreter go; memory stays at one buffer a thread.
"""

from __future__ import annotations

import hashlib
import os
import platform
import stat
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import referrals
from referrals.errors import InputError

BUFFER = 1 << 20
"""Bytes read at a time: larger ones fall out of the processor's cache."""

Progress = Callable[[int], None]


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


def digest_file(
    path: Path,
    algorithms: Sequence[str] = ("sha256",),
    progress: Progress | None = None,
    copy_to: Callable[[memoryview], object] | None = None,
) -> FileDigest:
    """Return the size and the digests of the file at `path`.

    `copy_to` hears every run of bytes, so that a copy needs no second read.

    Raises:
        InputError: the file cannot be read, or changed while it was read.
    """
    hashes = [hashlib.new(name, usedforsecurity=False) for name in algorithms]
    buffer = bytearray(BUFFER)
    view = memoryview(buffer)
    total = 0
    try:
        with path.open("rb", buffering=0) as stream:
            before = os.fstat(stream.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise InputError(f"{path} is not a file.", remedy="Name a file.")
            while count := stream.readinto(buffer):
                run = view[:count]
                for each in hashes:
                    each.update(run)
                if copy_to is not None:
                    copy_to(run)
                total += count
                if progress is not None:
                    progress(count)
            after = os.fstat(stream.fileno())
    except FileNotFoundError as error:
        raise InputError(
            f"{path} is not there.", remedy="Put the file back, or correct the record."
        ) from error
    except IsADirectoryError as error:
        raise InputError(f"{path} is a folder.", remedy="Name a file.") from error
    except PermissionError as error:
        raise InputError(
            f"{path} may not be read.", remedy="Ask for the right to read it."
        ) from error
    if total != before.st_size or after.st_mtime_ns != before.st_mtime_ns:
        raise InputError(
            f"{path} changed while it was read ({before.st_size} bytes before, {total} read).",
            remedy="Wait until nothing writes to it, then try again.",
        )
    digests = {name: each.hexdigest() for name, each in zip(algorithms, hashes, strict=True)}
    return FileDigest(total, digests)


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
    with ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1) as threads:
        return list(threads.map(lambda path: digest_file(path, algorithms, progress), paths))
