"""Evidence in a folder: every file under its own SHA-256, written once, read-only.

In: files. Out: their copies, each written beside its place, flushed and
renamed, so that a stop leaves no half file under a digest. It must not know
cases.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from referrals.errors import InputError, MachineError
from referrals.evidence.digests import FileDigest, Progress, digest_file

READ_ONLY = 0o440
INCOMING = ".incoming-"
"""How the name begins of a copy that is not complete."""


class EvidenceFolder:
    """A folder of files named by their SHA-256, in folders of their first two digits."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.workers = os.cpu_count() or 1

    def __str__(self) -> str:
        return str(self.root)

    def path(self, sha256: str) -> Path:
        """Return where the file of that digest is, or would be."""
        return self.root / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether there is a file under that digest.

        Raises:
            MachineError: the folder itself is not there, or does not answer.
        """
        try:
            if self.path(sha256).is_file():
                return True
            there = self.root.is_dir()
        except OSError as error:
            raise self._lost(error.strerror or str(error)) from error
        if not there:
            raise self._lost("it is not there")
        return False

    def digest(self, sha256: str, progress: Progress | None = None) -> FileDigest:
        """Return the digest that the file kept under `sha256` has now.

        Raises:
            InputError: it cannot be read.
        """
        return digest_file(self.path(sha256), progress=progress, ahead=False)

    def files(self) -> Iterator[tuple[str, int]]:
        """Yield the name and the size in bytes of everything in the folder.

        A file at the place of its digest is named by the digest, any other by
        its path in the folder.
        """
        for path in self.root.rglob("*"):
            try:
                state = path.stat()
            except FileNotFoundError:
                continue  # an intake has finished its copy in the meantime
            if stat.S_ISREG(state.st_mode):
                regular = path == self.path(path.name)
                name = path.name if regular else path.relative_to(self.root).as_posix()
                yield name, state.st_size

    def put(
        self, source: Path, algorithms: Sequence[str], progress: Progress | None = None
    ) -> FileDigest:
        """Copy `source` to its place; one that is there and whole is not written again.

        Raises:
            InputError: the source cannot be read, or changed while it was read.
            MachineError: the folder is full or may not be written.
        """
        with self._writing():
            self.root.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=INCOMING, dir=self.root)
        beside = Path(name)
        try:
            with self._writing(), os.fdopen(handle, "wb") as stream:
                digest = digest_file(source, algorithms, progress, copy_to=stream.write)
                stream.flush()
                os.fsync(stream.fileno())
            with self._writing():
                self._settle(beside, digest)
        finally:
            beside.unlink(missing_ok=True)
        return digest

    def _settle(self, beside: Path, digest: FileDigest) -> None:
        target = self.path(digest.sha256)
        if self._whole(digest):
            return
        target.parent.mkdir(exist_ok=True)
        beside.chmod(READ_ONLY)
        beside.replace(target)
        for folder in (target.parent, self.root):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def _whole(self, digest: FileDigest) -> bool:
        """Whether the kept file still has the bytes that its name promises."""
        try:
            kept = self.path(digest.sha256)
            return (
                kept.is_file()
                and kept.stat().st_size == digest.bytes
                and self.digest(digest.sha256).sha256 == digest.sha256
            )
        except InputError:
            return False

    def _lost(self, why: str) -> MachineError:
        return MachineError(
            f"The evidence store {self.root} cannot be reached: {why}.",
            remedy="Nothing was lost. Check that its disk or share is mounted, then run the same "
            "command again.",
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise MachineError(
                    f"The disk that holds {self.root} is full; nothing was taken in.",
                    remedy="Free some space, or move the office's folder to a larger disk.",
                ) from error
            raise MachineError(
                f"{self.root} cannot be written: {error.strerror or error}; nothing was taken in.",
                remedy="Check the rights of the office's folder.",
            ) from error
