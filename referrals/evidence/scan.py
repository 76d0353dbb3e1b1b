"""All evidence hashed again: what is missing, what has changed, what nobody names.

In: the database, the store, a clock. Out: a `ScanReport`. What is done is
recorded as it is done, so that a scan that was stopped, or whose store was lost
on the way, goes on where it was; the records keep when each file was last
proven.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from sqlalchemy import Engine

from referrals.errors import InputError, MachineError
from referrals.evidence.digests import FileDigest, NotThereError, Progress
from referrals.evidence.evidence_folder import INCOMING
from referrals.evidence.store import EvidenceStore, broken
from referrals.findings import Finding, Severity
from referrals.records import audit
from referrals.records.database import session
from referrals.records.evidence_proofs import (
    Kept,
    NamedEvidence,
    Proof,
    ProofState,
    close_scan,
    named_evidence,
    open_scan,
    proofs,
    record_proofs,
)
from referrals.records.snapshot import canonical_json

BATCH, PAUSE = 200, 5.0
"""Files, and seconds, after which what is done is recorded."""


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a scan found: counts of files, and findings for what is wrong.

    `resumed` counts the files that the scan had done before it was stopped.
    """

    files: int
    proven: int
    resumed: int
    started_at: datetime
    findings: tuple[Finding, ...]

    @property
    def broken(self) -> bool:
        """Whether evidence is missing or has changed."""
        return any(finding.severity is Severity.BLOCKING for finding in self.findings)

    @property
    def words(self) -> str:
        """The report as a sentence."""
        earlier = f", {self.resumed:,} of them before it was stopped" if self.resumed else ""
        return f"{self.proven:,} of {self.files:,} files are as they were taken in{earlier}."

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "files": self.files,
            "proven": self.proven,
            "resumed": self.resumed,
            "started_at": self.started_at.isoformat(),
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A file of the evidence as a list shows it; `proven` is empty if no scan has proven it."""

    case: str
    path: str
    bytes: int
    sha256: str
    place: str
    proven: datetime | None


def scan(
    engine: Engine,
    store: EvidenceStore,
    *,
    who: str,
    clock: Callable[[], datetime],
    progress: Progress | None = None,
) -> ScanReport:
    """Hash all evidence that the records name and compare.

    Raises:
        MachineError: the store cannot be reached, or the database not written;
            the files that were done stay done.
    """
    with session(engine) as opened:
        running, done = open_scan(opened, who, clock())
        named = named_evidence(opened)
    assert running.id is not None
    _stop_if_lost(store, named)
    wanted = {each.kept: each for each in named}
    resumed = len(done & wanted.keys())
    left = [each for kept, each in wanted.items() if kept not in done]
    for kept, each in wanted.items():
        if kept in done and progress is not None:
            progress(each.entry.bytes)
    _hash(engine, store, running.id, left, clock, progress)
    strangers = _strangers(engine, store)
    with session(engine) as opened:
        close_scan(opened, running.id, clock())
        found = {proof.kept: proof for proof in proofs(opened, running.id)}
        findings = [*_broken(named, found), *strangers]
        proven = sum(found[kept].state is ProofState.PROVEN for kept in wanted)
        audit.append(
            opened,
            at=clock(),
            who=who,
            what="evidence scan",
            subject=f"{proven} of {len(wanted)} files proven",
            after=_digest(found.values()),
        )
    return ScanReport(len(wanted), proven, resumed, running.started_at, tuple(findings))


def _stop_if_lost(store: EvidenceStore, named: Sequence[NamedEvidence]) -> None:
    """Refuse to call all evidence missing where its store is an empty mount point.

    Raises:
        MachineError: the store holds nothing at all.
    """
    copied = any(not each.entry.location for each in named)
    if copied and next(store.keeper.files(), None) is None:
        raise MachineError(
            f"The evidence store {store.keeper} holds nothing at all.",
            remedy="Check that its disk or share is mounted, or restore it from a backup; then "
            "scan again.",
        )


def bytes_to_scan(engine: Engine) -> int:
    """Return how many bytes a scan reads, for a progress bar."""
    with session(engine) as opened:
        sizes = {each.kept: each.entry.bytes for each in named_evidence(opened)}
    return sum(sizes.values())


def evidence_lines(engine: Engine, case: str = "") -> list[EvidenceLine]:
    """Return the evidence of all cases or of one, and when each was last proven."""
    from referrals.records.case_store import case_row
    from referrals.records.evidence_proofs import last_proofs

    with session(engine) as opened:
        if case:
            case_row(opened, case)
        last = last_proofs(opened)
        return [
            EvidenceLine(
                case=each.case,
                path=each.entry.path,
                bytes=each.entry.bytes,
                sha256=each.entry.sha256,
                place=each.entry.location,
                proven=last[each.kept].at if each.kept in last else None,
            )
            for each in named_evidence(opened, case)
        ]


def _hash(
    engine: Engine,
    store: EvidenceStore,
    scan_id: int,
    left: Sequence[NamedEvidence],
    clock: Callable[[], datetime],
    progress: Progress | None,
) -> None:
    """Hash what is left, and record it batch by batch, whatever stops the way."""
    held: list[Proof] = []
    written = monotonic()

    def write() -> None:
        with session(engine) as opened:
            record_proofs(opened, scan_id, held)
        held.clear()

    try:
        entries = {each.kept: each.entry for each in left}
        with closing(store.digests(entries, progress)) as hashed:
            for kept, digest in hashed:
                held.append(_proof(kept, digest, clock()))
                if len(held) >= BATCH or monotonic() - written > PAUSE:
                    write()
                    written = monotonic()
    finally:
        write()


def _proof(kept: Kept, digest: FileDigest | InputError, at: datetime) -> Proof:
    if isinstance(digest, NotThereError):
        return Proof(kept, ProofState.MISSING, at)
    if isinstance(digest, InputError):
        return Proof(kept, ProofState.UNREAD, at, str(digest))
    if digest.sha256 != kept[0]:
        return Proof(kept, ProofState.CHANGED, at, digest.sha256)
    return Proof(kept, ProofState.PROVEN, at)


def _broken(named: Sequence[NamedEvidence], found: dict[Kept, Proof]) -> list[Finding]:
    """Return a finding for each name of a file that is not as it was."""
    words = {
        ProofState.MISSING: "is missing",
        ProofState.CHANGED: "has the digest {} now",
        ProofState.UNREAD: "cannot be read ({})",
    }
    findings = []
    for each in named:
        proof = found[each.kept]
        if proof.state is not ProofState.PROVEN:
            finding = broken(each.entry, words[proof.state].format(proof.detail))
            where = f"{each.case} {each.entry.path}"
            code = f"evidence-{proof.state.value}"
            findings.append(Finding(finding.severity, code, finding.message, where, finding.remedy))
    return findings


def _strangers(engine: Engine, store: EvidenceStore) -> list[Finding]:
    """Return a warning for each file of the store that no record names.

    The records are asked after the store, so that a case that was taken in
    meanwhile is not called a stranger.
    """
    kept = sorted(store.keeper.files())
    with session(engine) as opened:
        names = {each.entry.sha256 for each in named_evidence(opened)}
    return [_stranger(name, size) for name, size in kept if name not in names]


def _stranger(name: str, size: int) -> Finding:
    if name.startswith(INCOMING):
        message = "is a copy that was not finished"
        remedy = "It is the rest of an intake that was stopped. If none is under way, delete it."
    elif re.fullmatch("[0-9a-f]{64}", name):
        message = "is named by no record"
        remedy = (
            "It is of an intake that was stopped or a file that was replaced; taking its case "
            "in again uses it. If neither is under way or wanted, delete it."
        )
    else:
        message = "is not a file of the store"
        remedy = "Move it out of the store; nothing but evidence belongs there."
    return Finding(
        Severity.WARNING,
        "evidence-orphaned",
        f"{name} ({size:,} bytes) {message}.",
        "evidence store",
        remedy,
    )


def _digest(found: Any) -> str:
    """Return the digest of all that a scan found, as the audit log keeps it."""
    lines = sorted([*proof.kept, proof.state.value, proof.detail] for proof in found)
    return hashlib.sha256(canonical_json(lines)).hexdigest()
