"""What has changed in a case since it was frozen.

In: an open session and a snapshot. Out: a finding for each part that is no longer what was
frozen. Called in the transaction that commits a packet's numbers: what is issued is what is
recorded at that moment, or nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session, select

from referrals.findings import Finding, Severity
from referrals.records.case_store import freeze
from referrals.records.snapshot import Snapshot
from referrals.records.tables import Case


def changes_since(session: Session, snapshot: Snapshot) -> list[Finding]:
    """Return what the records say now that `snapshot` does not; nothing where they agree."""
    number = snapshot.record.case.number
    # Who takes the case in meanwhile waits until this transaction has ended.
    session.exec(select(Case).where(Case.number == number).with_for_update()).one_or_none()
    now = freeze(session, number, snapshot.as_of)
    return [
        Finding(
            Severity.BLOCKING,
            "changed-while-built",
            f"{what} changed while the packet was built",
            where,
            "Build the packet again: it takes the record as it stands.",
        )
        for what, where in _changed(snapshot, now)
    ]


def same_case(one: Snapshot, other: Snapshot) -> bool:
    """Whether two snapshots have the same record and the same files, byte for byte."""
    return one.record == other.record and _files(one) == _files(other)


def _changed(then: Snapshot, now: Snapshot) -> Iterator[tuple[str, str]]:
    before, after = then.record.model_dump(), now.record.model_dump()
    for section in before:
        if before[section] != after[section]:
            yield f"The section '{section}'", section
    old, new = _files(then), _files(now)
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            yield "The file", path
    if then.narratives != now.narratives:
        yield "A narrative", "narratives"
    if then.signed != now.signed:
        yield "A signed attestation", "attestations"
    if then.issued != now.issued:
        yield "What was issued", "packets"


def _files(snapshot: Snapshot) -> dict[str, str]:
    return {entry.path: entry.sha256 for entry in snapshot.evidence}
