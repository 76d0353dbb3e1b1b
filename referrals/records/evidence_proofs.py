"""Which evidence the records name, and when each file was last proven to be unchanged.

In: an open session. Out: entries with the cases that name them, and the proofs
of a scan, which is taken up again where it was stopped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from referrals.records.snapshot import EvidenceFile
from referrals.records.tables import (
    Case,
    Evidence,
    EvidenceProof,
    EvidenceScan,
    Packet,
    SignedForm,
)

Kept = tuple[str, str]
"""What tells one kept file from another: its SHA-256, and its place if not in the store."""


class ProofState(StrEnum):
    """What a scan found of a file."""

    PROVEN = "proven"
    CHANGED = "changed"
    MISSING = "missing"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class NamedEvidence:
    """A file of the evidence and the case that names it."""

    case: str
    entry: EvidenceFile

    @property
    def kept(self) -> Kept:
        """Which file it is."""
        return self.entry.sha256, self.entry.location


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found of a file, and when; `detail` says in which way it is wrong."""

    kept: Kept
    state: ProofState
    at: datetime
    detail: str = ""


def named_evidence(session: Session, case: str = "") -> list[NamedEvidence]:
    """Return all evidence that the records name, or that of one case.

    Besides the cases as they stand these are the signed forms, and what the
    issued packets were made of: it is needed to build them again.
    """
    numbers = {row.id: row.number for row in session.exec(select(Case).order_by(Case.number))}
    found: dict[tuple[str, str, str], NamedEvidence] = {}
    for number, entry in _entries(session, numbers):
        if not case or number == case:
            named = NamedEvidence(number, entry)
            found.setdefault((*named.kept, f"{number} {entry.path}"), named)
    return list(found.values())


def _entries(
    session: Session, numbers: dict[int | None, str]
) -> Iterator[tuple[str, EvidenceFile]]:
    fields = EvidenceFile.model_fields
    order = (col(Evidence.case_id), col(Evidence.position))
    for row in session.exec(select(Evidence).order_by(*order)):
        yield (
            numbers[row.case_id],
            EvidenceFile(**{name: getattr(row, name) for name in fields}),
        )
    for form in session.exec(select(SignedForm).order_by(col(SignedForm.id))):
        yield numbers[form.case_id], EvidenceFile.model_validate(form.scan)
    for packet in session.exec(select(Packet).order_by(col(Packet.id))):
        frozen = json.loads(packet.snapshot)
        scans = [signed["scan"] for signed in frozen["signed"]]
        for values in (*frozen["evidence"], *scans):
            yield numbers[packet.case_id], EvidenceFile.model_validate(values)


def open_scan(session: Session, who: str, now: datetime) -> tuple[EvidenceScan, set[Kept]]:
    """Return the scan that was stopped with the files it has done, else a new one."""
    scan = session.exec(
        select(EvidenceScan)
        .where(col(EvidenceScan.finished_at).is_(None))
        .order_by(col(EvidenceScan.id).desc())
    ).first()
    if scan is None:
        scan = EvidenceScan(started_at=now, started_by=who)
        session.add(scan)
        session.flush()
        return scan, set()
    return scan, {proof.kept for proof in proofs(session, scan.id)}


def record_proofs(session: Session, scan_id: int, found: Iterable[Proof]) -> None:
    """Record what a scan found; it is not asked again when the scan is taken up.

    What another process has recorded of the same scan stays.
    """
    listed = list(found)
    there = session.exec(
        select(EvidenceProof.sha256, EvidenceProof.location).where(
            EvidenceProof.scan_id == scan_id,
            col(EvidenceProof.sha256).in_([proof.kept[0] for proof in listed]),
        )
    ).all()
    known = {(sha256, location) for sha256, location in there}
    session.add_all(
        EvidenceProof(
            scan_id=scan_id,
            sha256=proof.kept[0],
            location=proof.kept[1],
            state=proof.state.value,
            detail=proof.detail,
            at=proof.at,
        )
        for proof in listed
        if proof.kept not in known
    )


def close_scan(session: Session, scan_id: int, now: datetime) -> None:
    """Record that a scan has seen everything."""
    session.exec(select(EvidenceScan).where(EvidenceScan.id == scan_id)).one().finished_at = now


def proofs(session: Session, scan_id: int | None) -> list[Proof]:
    """Return what a scan has found, in the order of the files' digests."""
    rows = session.exec(
        select(EvidenceProof)
        .where(EvidenceProof.scan_id == scan_id)
        .order_by(col(EvidenceProof.sha256), col(EvidenceProof.location))
    )
    return [_proof(row) for row in rows]


def last_proofs(session: Session) -> dict[Kept, Proof]:
    """Return for each file the newest proof that it was unchanged."""
    rows = session.exec(
        select(EvidenceProof)
        .where(EvidenceProof.state == ProofState.PROVEN.value)
        .order_by(col(EvidenceProof.id))
    )
    return {(row.sha256, row.location): _proof(row) for row in rows}


def _proof(row: EvidenceProof) -> Proof:
    return Proof((row.sha256, row.location), ProofState(row.state), row.at, row.detail)
