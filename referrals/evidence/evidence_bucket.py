"""Evidence away from this machine: a bucket or a share, reached through fsspec.

In: a URL such as `s3://bucket/evidence`. Out: the same as of a folder. A copy
is written under a name of its own, read back, and only then given its digest
for a name, so that what stands under a digest was proven once. Files are
fetched into a folder of this machine when a path is asked for. It must not
know cases.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from referrals.errors import DigestMismatchError, InputError, MachineError, UsageError
from referrals.evidence.digests import (
    FileDigest,
    NotThereError,
    Progress,
    digest_file,
    digest_runs,
)
from referrals.evidence.evidence_folder import INCOMING, READ_ONLY

WORKERS = 8
"""Files read side by side: the network answers late, the processor hardly works."""

_NETWORK_ERRORS = (
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("aiohttp", "ClientError"),
)
"""What the libraries raise that is no OSError; they are loaded only where used."""


class EvidenceBucket:
    """Files named by their SHA-256 at a URL; `fetched` keeps copies on this machine."""

    def __init__(self, url: str, fetched: Path) -> None:
        self.url = url.rstrip("/")
        self.fetched = fetched
        self.workers = WORKERS
        self._proven: set[str] = set()

    def __str__(self) -> str:
        return self.url

    def path(self, sha256: str) -> Path:
        """Return a copy on this machine, fetched and proven.

        Raises:
            DigestMismatchError: what the store holds under that digest is not that file.
            MachineError: the store cannot be reached.
        """
        return fetch(self._at(sha256), sha256, self.fetched, self._proven)

    def has(self, sha256: str) -> bool:
        """Whether there is a file under that digest."""
        return is_there(self._at(sha256))

    def digest(self, sha256: str, progress: Progress | None = None) -> FileDigest:
        """Return the digest that the file kept under `sha256` has now.

        Raises:
            InputError: it is not there.
            MachineError: the store cannot be reached.
        """
        return digest_at(self._at(sha256), progress=progress)

    def files(self) -> Iterator[tuple[str, int]]:
        """Yield the name and the size in bytes of everything at the URL."""
        with reaching(self.url):
            system, root = _system(self.url)
            listed: dict[str, Any] = system.find(root, detail=True)
        for full, about in listed.items():
            name = full[len(root) :].lstrip("/")
            sha256 = name.rpartition("/")[2]
            yield (sha256 if name == f"{sha256[:2]}/{sha256}" else name), int(about["size"])

    def put(
        self, source: Path, algorithms: Sequence[str], progress: Progress | None = None
    ) -> FileDigest:
        """Copy `source` to its place; one that is there and whole is not written again.

        Raises:
            InputError: the source cannot be read, or changed while it was read.
            MachineError: the store cannot be reached, or did not keep what was written.
        """
        digest = digest_file(source, algorithms, progress)
        target = self._at(digest.sha256)
        if self.has(digest.sha256) and self.digest(digest.sha256).sha256 == digest.sha256:
            return digest
        beside = f"{self.url}/{INCOMING}{uuid.uuid4().hex}"
        with reaching(self.url):
            system, path = _system(beside)
            try:
                with system.open(path, "wb") as stream:
                    again = digest_file(source, copy_to=stream.write)
                if again.sha256 != digest.sha256:
                    raise InputError(
                        f"{source} changed while it was read.",
                        remedy="Wait until nothing writes to it, then try again.",
                    )
                if digest_at(beside).sha256 != digest.sha256:
                    raise MachineError(
                        f"{self.url} did not keep what was written; nothing was taken in.",
                        remedy="Try again; if it happens twice, have the store checked.",
                    )
                place = _system(target)[1]
                system.makedirs(place.rpartition("/")[0], exist_ok=True)
                system.mv(path, place)
            finally:
                # What went wrong is told; a rest that stays behind is named by a scan.
                with suppress(Exception):
                    if system.exists(path):
                        system.rm_file(path)
        return digest

    def _at(self, sha256: str) -> str:
        return f"{self.url}/{sha256[:2]}/{sha256}"


def is_away(place: str) -> bool:
    """Whether a place is a URL that is not a path of this machine."""
    return "://" in place and not place.startswith("file://")


def is_there(url: str) -> bool:
    """Whether there is a file at the URL.

    Raises:
        MachineError: it cannot be reached.
    """
    with reaching(url):
        system, path = _system(url)
        # isfile() would take a network that is down for a file that is missing.
        try:
            return bool(system.info(path)["type"] == "file")
        except FileNotFoundError:
            return False


def modified_at(url: str) -> datetime | None:
    """Return when the file at the URL was last changed, where its store says so."""
    with reaching(url):
        system, path = _system(url)
        try:
            moment = system.modified(path)
        except NotImplementedError:
            return None
    return moment if isinstance(moment, datetime) else None


def digest_at(
    url: str, algorithms: Sequence[str] = ("sha256",), progress: Progress | None = None
) -> FileDigest:
    """Return the size and the digests of the file at the URL.

    Raises:
        InputError: it is not there.
        MachineError: it cannot be reached.
    """
    with open_at(url) as stream:
        return digest_runs(stream.readinto, algorithms, progress)


class AwayFile(io.RawIOBase):
    """A file at a URL, opened for reading; what keeps it from being read is said in words."""

    def __init__(self, url: str, stream: Any) -> None:
        super().__init__()
        self.url = url
        self.stream = stream

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def seekable(self) -> bool:
        """Whether it can be read from any place."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer and return with how many bytes."""
        with reaching(self.url):
            return int(self.stream.readinto(buffer))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place and return it."""
        with reaching(self.url):
            return int(self.stream.seek(offset, whence))

    def tell(self) -> int:
        """Return the place."""
        return int(self.stream.tell())


@contextmanager
def open_at(url: str) -> Iterator[AwayFile]:
    """Yield the file at the URL, opened for reading anywhere in it.

    Raises:
        InputError: it is not there.
        MachineError: it cannot be reached.
    """
    with reaching(url):
        system, path = _system(url)
        try:
            stream = system.open(path, "rb")
        except FileNotFoundError as error:
            raise NotThereError(
                f"{url} is not there.", remedy="Put the file back, or correct the record."
            ) from error
    with stream:
        yield AwayFile(url, stream)


def fetch(url: str, sha256: str, into: Path, proven: set[str]) -> Path:
    """Return a copy of the file at the URL in the folder `into`, proven to be that file.

    `proven` holds the digests of the copies that this process has proven.

    Raises:
        DigestMismatchError: the file at the URL is another.
        InputError: it is not there.
        MachineError: it cannot be reached, or the copy cannot be written.
    """
    target = into / sha256[:2] / sha256
    if target.is_file() and (sha256 in proven or digest_file(target).sha256 == sha256):
        proven.add(sha256)
        return target
    beside: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(prefix=INCOMING, dir=into)
        beside = Path(name)
        with os.fdopen(handle, "wb") as copy, open_at(url) as stream:
            found = digest_runs(stream.readinto, copy_to=copy.write)
        if found.sha256 != sha256:
            raise DigestMismatchError(
                f"{url} has the digest {found.sha256}; it was taken in with {sha256}.",
                remedy="Restore it in the store from a backup.",
            )
        beside.chmod(READ_ONLY)
        beside.replace(target)
    except OSError as error:
        raise MachineError(
            f"{into} cannot be written: {error.strerror or error}.",
            remedy="Free some space there: it holds only copies that are fetched again.",
        ) from error
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)
    proven.add(sha256)
    return target


@contextmanager
def reaching(url: str) -> Iterator[None]:
    """Say in words what keeps a store from being reached.

    Raises:
        MachineError: it cannot be reached, or refuses.
    """
    try:
        yield
    except Exception as error:
        # Asked only now: the libraries are loaded by what was tried.
        away = tuple(
            getattr(sys.modules[module], name)
            for module, name in _NETWORK_ERRORS
            if module in sys.modules
        )
        if not isinstance(error, (OSError, *away)):
            raise
        words = " ".join(str(error).split()) or type(error).__name__
        raise MachineError(
            f"{url} cannot be reached: {words}.",
            remedy="Nothing was lost. Check the network, the address and the credentials, then "
            "run the same command again.",
        ) from error


def _system(url: str) -> tuple[Any, str]:
    """Return the file system behind a URL and the path in it."""
    import fsspec

    try:
        system, path = fsspec.core.url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        raise MachineError(
            f"{url.partition(':')[0]}:// needs a Python library that is not installed.",
            remedy="Install it: pip install 'referrals[s3]' for s3://.",
        ) from error
    except ValueError as error:
        raise UsageError(
            f"{url} is not a place that evidence can be kept at: {error}.",
            remedy="Write a folder, or a URL such as s3://bucket/evidence.",
        ) from error
    return system, path.rstrip("/")
