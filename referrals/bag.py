"""A delivery: one BagIt bag (RFC 8493) that stock tools can check.

In: named payload files. Out: a folder that either is there whole or is not
there at all: it is built beside its place, flushed to disk, and renamed. The
bag's dates are the packet's, so that the same packet gives the same bytes.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from referrals.errors import MachineError, UsageError

PAYLOAD = "data"
TAG_MANIFEST = "tagmanifest-sha256.txt"
MANIFEST = "manifest-sha256.txt"
TAGS = ("bag-info.txt", "bagit.txt", MANIFEST)


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """One payload file: its path below `data/`, its size in bytes, its digest."""

    path: str
    bytes: int
    sha256: str


@contextmanager
def delivery_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes `target` when the block ends well.

    What a killed build left beside `target` is swept away.

    Raises:
        UsageError: `target` is there already.
        MachineError: the disk is full or may not be written.
    """
    if target.exists():
        raise UsageError(
            f"{target} is there already.",
            remedy="Name another folder with --output, or move the old one away.",
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.{os.getpid()}.", dir=target.parent))
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        yield beside
        _flush(beside)
        beside.chmod(0o777 & ~_mask())
        beside.rename(target)
        _flush_folder(target.parent)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def withdraw_delivery(target: Path) -> bool:
    """Take a delivery away again, at once as a whole; return whether that could be done."""
    beside = target.with_name(f".{target.name}.{os.getpid()}.withdrawn")
    try:
        target.rename(beside)
    except OSError:
        return False
    shutil.rmtree(beside, ignore_errors=True)
    return True


def _sweep(target: Path) -> None:
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.*"):
        process = left.name.removeprefix(f".{target.name}.").partition(".")[0]
        if process.isdecimal() and not _is_running(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def payload_files(folder: Path, known: Mapping[str, str]) -> list[DeliveredFile]:
    """Return what lies in `folder`/data, ordered by path.

    `known` maps payload paths to digests that were taken while they were
    written; the rest is hashed here.
    """
    payload = folder / PAYLOAD
    files = []
    for path in sorted(path for path in payload.rglob("*") if path.is_file()):
        name = path.relative_to(payload).as_posix()
        sha256 = known.get(name) or _digest(path)
        files.append(DeliveredFile(name, path.stat().st_size, sha256))
    return files


def close_bag(
    folder: Path,
    known: Mapping[str, str],
    made: datetime,
    description: Mapping[str, str],
    tags: Callable[[Mapping[str, str]], Mapping[str, str]] = lambda digests: {},
) -> list[DeliveredFile]:
    """Write the bag's own files around the payload in `folder`/data.

    `tags` is told the digest of every file so far and answers the texts of
    further files beside the payload. Payload names are safe names, so that the
    manifest needs none of RFC 8493's escapes, which stock tools do not read.
    Returns the payload, ordered by path.
    """
    files = payload_files(folder, known)
    total = sum(file.bytes for file in files)
    _write(folder / "bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    information = {
        **description,
        "Bagging-Date": made.date().isoformat(),
        "Payload-Oxum": f"{total}.{len(files)}",
    }
    _write(
        folder / "bag-info.txt",
        "".join(f"{label}: {value}\n" for label, value in information.items()),
    )
    _write(
        folder / MANIFEST,
        "".join(f"{file.sha256}  {PAYLOAD}/{file.path}\n" for file in files),
    )
    digests = {name: _digest(folder / name) for name in TAGS}
    payload = {f"{PAYLOAD}/{file.path}": file.sha256 for file in files}
    for name, text in tags(digests | payload).items():
        _write(folder / name, text)
        digests[name] = _digest(folder / name)
    _write(
        folder / TAG_MANIFEST,
        "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(digests.items())),
    )
    return files


def delivery_digest(folder: Path) -> str:
    """Return the digest that stands for the whole delivery: that of its tag manifest."""
    return _digest(folder / TAG_MANIFEST)


def safe_name(text: str) -> str:
    """Return `text` as a file name that every portal and system takes.

    Letters, digits, dots, hyphens and underscores stay; runs of anything else
    become one underscore.
    """
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(
        character if character.isascii() and (character.isalnum() or character in ".-") else "_"
        for character in plain
        if not unicodedata.combining(character)
    )
    return "_".join(word for word in kept.split("_") if word.strip(".")).strip(".") or "file"


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def _flush(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            path.chmod(0o666 & ~_mask())
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
        else:
            _flush_folder(path)
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cannot_write(target: Path, error: OSError) -> MachineError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return MachineError(
            f"The disk that holds {target.parent} is full; nothing was delivered.",
            remedy="Free some space, or name a folder on another disk with --output.",
        )
    return MachineError(
        f"{target} cannot be written: {error.strerror or error}; nothing was delivered.",
        remedy="Name a folder that you may write to with --output.",
    )


def _mask() -> int:
    """Return what this process takes from the rights of its files."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
