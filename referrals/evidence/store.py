"""The evidence store: every file under its own SHA-256, written once, never changed.

In: a file of a case folder. Out: an `EvidenceFile`. The copy is written beside
its place, flushed and renamed, so that a stop leaves no half file under a
digest; a file that is there already is not written again.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from referrals.errors import DigestMismatchError, MachineError
from referrals.evidence.digests import Progress, digest_file, digest_files, tool
from referrals.findings import Finding, Severity
from referrals.records.snapshot import EvidenceFile

READ_ONLY = 0o444


class EvidenceStore:
    """A folder of files named by their SHA-256."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Return where the file of that digest is, or would be."""
        return self.root / sha256[:2] / sha256

    def put(
        self,
        source: Path,
        *,
        path: str,
        taken_in_at: datetime,
        algorithms: Sequence[str] = ("sha256",),
        progress: Progress | None = None,
    ) -> EvidenceFile:
        """Copy `source` into the store; `path` is its name in the case folder.

        Raises:
            InputError: the source cannot be read, or changed while it was read.
            MachineError: the store is full or may not be written.
        """
        wanted = tuple(dict.fromkeys(("sha256", *algorithms)))
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".incoming-", dir=self.root)
        except OSError as error:
            raise self._cannot_write(error) from error
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                digest = digest_file(source, wanted, progress, copy_to=stream.write)
                stream.flush()
                os.fsync(stream.fileno())
            self._settle(beside, self.path(digest.sha256))
        except OSError as error:
            raise self._cannot_write(error) from error
        finally:
            beside.unlink(missing_ok=True)
        others = {name: text for name, text in digest.digests.items() if name != "sha256"}
        return EvidenceFile(
            path=path,
            sha256=digest.sha256,
            bytes=digest.bytes,
            taken_in_at=taken_in_at,
            tool=tool(),
            other_digests=others,
        )

    def prove(self, entries: Iterable[EvidenceFile], progress: Progress | None = None) -> None:
        """Hash the files again and make sure each is what was taken in.

        Raises:
            DigestMismatchError: a file is missing or differs; the findings name it.
        """
        findings = self.differences(entries, progress)
        if findings:
            raise DigestMismatchError(
                "Evidence is not what was taken in; nothing was built.",
                remedy="Restore the named files of the store from a backup.",
                findings=findings,
            )

    def differences(
        self, entries: Iterable[EvidenceFile], progress: Progress | None = None
    ) -> list[Finding]:
        """Return a finding for each file that is missing or differs."""
        by_digest = {entry.sha256: entry for entry in entries}
        there = [digest for digest in by_digest if self.path(digest).is_file()]
        found = digest_files([self.path(digest) for digest in there], progress=progress)
        findings = [
            _broken(by_digest[digest], "is missing from the evidence store")
            for digest in by_digest
            if digest not in set(there)
        ]
        findings.extend(
            _broken(by_digest[digest], f"has the digest {actual.sha256} now")
            for digest, actual in zip(there, found, strict=True)
            if actual.sha256 != digest
        )
        return findings

    def _settle(self, beside: Path, target: Path) -> None:
        if target.is_file() and _same(beside, target):
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

    def _cannot_write(self, error: OSError) -> MachineError:
        if error.errno == errno.ENOSPC:
            return MachineError(
                f"The disk that holds {self.root} is full; nothing was taken in.",
                remedy="Free some space, or move the office's folder to a larger disk.",
            )
        return MachineError(
            f"{self.root} cannot be written: {error.strerror}; nothing was taken in.",
            remedy="Check the rights of the office's folder.",
        )


def _same(new: Path, kept: Path) -> bool:
    """Whether the kept file still has the bytes that its name promises."""
    if new.stat().st_size != kept.stat().st_size:
        return False
    with kept.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == kept.name


def _broken(entry: EvidenceFile, what: str) -> Finding:
    return Finding(
        Severity.BLOCKING,
        "evidence-changed",
        f"{entry.path} {what}; it was taken in with {entry.sha256}.",
        where=entry.path,
        remedy="Restore it from a backup, or take the case folder in again with --update.",
    )
