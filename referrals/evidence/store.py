"""The evidence store: every file as it was taken in, and the proof that it still is.

In: files of a case. Out: `EvidenceFile` values, paths to the bytes, findings
where a file is missing or differs. A file is copied into the store, which is a
folder or a bucket, under its own SHA-256; one too large to copy is registered
where it lies, with its size, its time and its digest.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from referrals.errors import DigestMismatchError, InputError
from referrals.evidence.digests import (
    FileDigest,
    Job,
    NotThereError,
    Progress,
    digest_file,
    side_by_side,
    tool,
    with_sha256,
)
from referrals.evidence.evidence_bucket import (
    EvidenceBucket,
    digest_at,
    fetch,
    is_away,
    is_there,
    modified_at,
    open_at,
)
from referrals.evidence.evidence_folder import EvidenceFolder
from referrals.evidence.recordings import Recording
from referrals.findings import Finding, Severity
from referrals.records.snapshot import EvidenceFile
from referrals.settings import Settings


class Keeper(Protocol):
    """What keeps the copies: a folder or a bucket."""

    workers: int

    def path(self, sha256: str) -> Path: ...
    def has(self, sha256: str) -> bool: ...
    def digest(self, sha256: str, progress: Progress | None = None) -> FileDigest: ...
    def files(self) -> Iterator[tuple[str, int]]: ...
    def put(
        self, source: Path, algorithms: Sequence[str], progress: Progress | None = None
    ) -> FileDigest: ...


class EvidenceStore:
    """The store at `root`, a folder or a URL; `fetched` keeps copies of what lies away.

    `registered` holds the places of files that were not copied, by SHA-256.
    """

    def __init__(self, root: Path | str, fetched: Path | None = None) -> None:
        away = isinstance(root, str) and is_away(root)
        if fetched is None:
            held = tempfile.mkdtemp(prefix="referrals-") if away else Path(root).parent
            fetched = Path(held) / "fetched"
        self.root = root
        self.fetched = fetched
        self.keeper: Keeper = (
            EvidenceBucket(str(root), fetched)
            if away
            else EvidenceFolder(Path(str(root).removeprefix("file://")))
        )
        self.registered: dict[str, str] = {}
        self._proven: set[str] = set()

    def knowing(self, entries: Iterable[EvidenceFile]) -> EvidenceStore:
        """Learn where those entries lie that were not copied; return the store itself."""
        self.registered |= {entry.sha256: entry.location for entry in entries if entry.location}
        return self

    def path(self, sha256: str) -> Path:
        """Return where the file of that digest is on this machine, or would be.

        What lies away is fetched.

        Raises:
            DigestMismatchError: what was fetched is not that file.
            MachineError: the place cannot be reached.
        """
        location = self.registered.get(sha256)
        if location is None:
            return self.keeper.path(sha256)
        if is_away(location):
            return fetch(location, sha256, self.fetched, self._proven)
        return Path(location)

    @contextmanager
    def media(self, sha256: str) -> Iterator[Recording]:
        """Yield a recording for reading here and there: a path, or what opens it away.

        So a recording too large to copy is not fetched for a few stills.
        """
        location = self.registered.get(sha256)
        if location is not None and is_away(location):
            with open_at(location) as stream:
                yield stream
        else:
            yield self.path(sha256)

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
            MachineError: the store is full, may not be written, or is not reached.
        """
        digest = self.keeper.put(source, with_sha256(algorithms), progress)
        return _entry(path, digest, taken_in_at)

    def register(
        self,
        location: str,
        *,
        path: str,
        taken_in_at: datetime,
        algorithms: Sequence[str] = ("sha256",),
        progress: Progress | None = None,
    ) -> EvidenceFile:
        """Take a file in where it lies: a path of this machine or a URL.

        Raises:
            InputError: it cannot be read, or changed while it was read.
            MachineError: the URL cannot be reached.
        """
        digest = digest_place(location, with_sha256(algorithms), progress)
        return _entry(path, digest, taken_in_at, location, modified(location))

    def holds(self, entry: EvidenceFile) -> bool:
        """Whether there is a file where the entry says; its bytes are not read."""
        if not entry.location:
            return self.keeper.has(entry.sha256)
        if is_away(entry.location):
            return is_there(entry.location)
        return Path(entry.location).is_file()

    def digest(self, entry: EvidenceFile, progress: Progress | None = None) -> FileDigest:
        """Return the digest that the entry's file has now.

        Raises:
            InputError: it cannot be read.
            MachineError: it cannot be reached.
        """
        if entry.location:
            return digest_place(entry.location, progress=progress)
        return self.keeper.digest(entry.sha256, progress)

    def digests(
        self, entries: Mapping[tuple[str, str], EvidenceFile], progress: Progress | None = None
    ) -> Generator[tuple[tuple[str, str], FileDigest | InputError], None, None]:
        """Yield the digest that each entry's file has now, or what is wrong, as it is done.

        Raises:
            MachineError: the store or a place cannot be reached.
        """

        def job(entry: EvidenceFile) -> Job:
            def read(heard: Progress) -> FileDigest:
                try:
                    return self.digest(entry, heard)
                except NotThereError:
                    self.holds(entry)  # a store that is lost as a whole is another matter
                    raise

            return read

        jobs = ((kept, job(entry)) for kept, entry in entries.items())
        return side_by_side(jobs, self.keeper.workers, progress)

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
        """Return a finding for each entry whose file is missing or differs, in order.

        A file that several entries name is read once, and each of them is named.
        """
        listed = list(entries)
        once = {_kept(entry): entry for entry in listed}
        wrong: dict[tuple[str, str], str] = {}
        with closing(self.digests(once, progress)) as each:
            for kept, found in each:
                if isinstance(found, NotThereError):
                    wrong[kept] = _MISSING
                elif isinstance(found, InputError):
                    wrong[kept] = f"cannot be read ({found})"
                elif found.sha256 != kept[0]:
                    wrong[kept] = f"has the digest {found.sha256} now"
        return [broken(entry, wrong[_kept(entry)]) for entry in listed if _kept(entry) in wrong]


_MISSING = "is missing from the evidence store"


def evidence_store(settings: Settings) -> EvidenceStore:
    """Return the store of an office."""
    return EvidenceStore(settings.evidence, settings.fetched)


def broken(entry: EvidenceFile, what: str) -> Finding:
    """Return the finding that an entry's file is not what was taken in."""
    lies = f"It lies at {entry.location}. " if entry.location else ""
    return Finding(
        Severity.BLOCKING,
        "evidence-changed",
        f"{entry.path} {what}; it was taken in with {entry.sha256}.",
        where=entry.path,
        remedy=f"{lies}Restore it from a backup, or take the case folder in again with --update.",
    )


def digest_place(
    location: str, algorithms: Sequence[str] = ("sha256",), progress: Progress | None = None
) -> FileDigest:
    """Return the digests of the file at a path of this machine or a URL.

    Raises:
        InputError: it cannot be read, or changed while it was read.
        MachineError: the URL cannot be reached.
    """
    if is_away(location):
        return digest_at(location, algorithms, progress)
    return digest_file(Path(location), algorithms, progress, ahead=False)


def modified(location: str) -> str:
    """Return when the file was last changed, as ISO 8601 in UTC; empty where unknown."""
    if is_away(location):
        moment = modified_at(location)
    else:
        moment = datetime.fromtimestamp(Path(location).stat().st_mtime, UTC)
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else ""


def _kept(entry: EvidenceFile) -> tuple[str, str]:
    """What tells one kept file from another: its digest and its place."""
    return entry.sha256, entry.location


def _entry(
    path: str, digest: FileDigest, taken_in_at: datetime, location: str = "", changed: str = ""
) -> EvidenceFile:
    return EvidenceFile(
        path=path,
        sha256=digest.sha256,
        bytes=digest.bytes,
        taken_in_at=taken_in_at,
        tool=tool(),
        other_digests={name: text for name, text in digest.digests.items() if name != "sha256"},
        location=location,
        modified=changed,
    )
