"""The audit log: who did what to which case, each entry chained to the one before.

In: an act. Out: an entry whose digest covers the digest before it, so that an
entry removed, moved or edited shows. The database refuses to change a row.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlmodel import Session, col, select

from referrals.findings import Finding, Severity
from referrals.records.snapshot import canonical_json
from referrals.records.tables import AuditEntry

NOTHING = "0" * 64
"""What the first entry is chained to."""


def append(
    session: Session,
    *,
    at: datetime,
    who: str,
    what: str,
    subject: str,
    before: str = "",
    after: str = "",
) -> AuditEntry:
    """Add an entry; `before` and `after` are digests of what was changed."""
    last = session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence).desc())).first()
    entry = AuditEntry(
        sequence=last.sequence + 1 if last else 1,
        at=at,
        who=who,
        what=what,
        subject=subject,
        before=before,
        after=after,
        previous=last.digest if last else NOTHING,
        digest="",
    )
    entry.digest = digest(entry)
    session.add(entry)
    session.flush()
    return entry


def entry_after(session: Session, what: str, after: str) -> AuditEntry | None:
    """Return the newest entry of the act `what` that came to the digest `after`."""
    return session.exec(
        select(AuditEntry)
        .where(AuditEntry.what == what, AuditEntry.after == after)
        .order_by(col(AuditEntry.sequence).desc())
    ).first()


def head(session: Session) -> str:
    """Return the digest of the newest entry."""
    last = session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence).desc())).first()
    return last.digest if last else NOTHING


def digest(entry: AuditEntry) -> str:
    """Return the digest that an entry must bear."""
    values = entry.model_dump(mode="python", exclude={"digest"})
    values["at"] = entry.at.isoformat()
    return hashlib.sha256(canonical_json(values)).hexdigest()


def verify(session: Session) -> list[Finding]:
    """Return a finding for each entry that is missing, moved or changed."""
    findings = []
    previous, expected = NOTHING, 1
    for entry in session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence))):
        where = f"audit entry {entry.sequence}"
        if entry.sequence != expected:
            findings.append(_broken("audit-missing", f"entry {expected} is missing", where))
        if entry.previous != previous:
            findings.append(_broken("audit-chain", "it does not follow the one before it", where))
        if entry.digest != digest(entry):
            findings.append(_broken("audit-changed", "it is not as it was written", where))
        previous, expected = entry.digest, entry.sequence + 1
    return findings


def _broken(code: str, message: str, where: str) -> Finding:
    return Finding(
        Severity.BLOCKING,
        code,
        message,
        where,
        "Keep the database as it is and compare it with a backup.",
    )
