"""The audit log: who did what to which case, each entry chained to the one before.

In: an act. Out: an entry whose digest covers the digest before it, so that an
entry removed, moved or edited shows. The database refuses to change a row.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from referrals.errors import UsageError
from referrals.findings import Finding, Severity
from referrals.records.snapshot import canonical_json
from referrals.records.tables import AuditEntry, Packet, PacketState

NOTHING = "0" * 64
"""What the first entry is chained to."""

SHORTEST = 12
"""Hex digits of a digest that a person must copy, at least."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a look through the log came to: its length, its head, its faults."""

    entries: int
    head: str
    findings: tuple[Finding, ...]

    @property
    def words(self) -> str:
        """The report as a sentence."""
        if self.findings:
            return f"The audit log of {self.entries:,} entries is not whole."
        return f"The audit log is whole: {self.entries:,} entries, head {self.head}."

    def as_json(self) -> dict[str, object]:
        """Return the report as plain values."""
        return {
            "entries": self.entries,
            "head": self.head,
            "whole": not self.findings,
            "findings": [finding.as_json() for finding in self.findings],
        }


def report(session: Session, printed: str = "") -> AuditReport:
    """Return the report on the log; `verify` says what `printed` is for."""
    findings = verify(session, printed)
    return AuditReport(len(entries(session)), head(session), tuple(findings))


def entries(session: Session) -> Sequence[AuditEntry]:
    """Return every entry, the first one first."""
    return session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence))).all()


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
    """Add an entry; `before` and `after` are digests of what was changed.

    Who appends holds the log until the end of the transaction, so that two who
    append at once do not both follow the same entry. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("LOCK TABLE audit_entry IN SHARE ROW EXCLUSIVE MODE")
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


def verify(session: Session, printed: str = "") -> list[Finding]:
    """Return a finding for each entry that is missing, moved or changed.

    An end that was cut off leaves a chain without a fault. It shows by `printed`,
    the head of the log as a delivery printed it (its first `SHORTEST` digits will
    do), and by issued packets that no entry tells of.

    Raises:
        UsageError: `printed` is not a digest.
    """
    wanted = "".join(printed.split()).lower()
    if wanted and not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},64}}", wanted):
        raise UsageError(
            f"{printed} is not a digest of the audit log.",
            remedy=f"Copy at least {SHORTEST} digits of it as the delivery prints it.",
        )
    findings = []
    digests, told = {NOTHING}, set()
    previous, expected = NOTHING, 1
    for entry in session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence))):
        where = f"audit entry {entry.sequence}"
        if entry.sequence != expected:
            last = entry.sequence - 1
            gone = f"entry {expected} is" if last == expected else f"{expected} to {last} are"
            findings.append(_broken("audit-missing", f"{gone} missing", where))
        if entry.previous != previous:
            findings.append(_broken("audit-chain", "it does not follow the one before it", where))
        if entry.digest != digest(entry):
            findings.append(_broken("audit-changed", "it is not as it was written", where))
        previous, expected = entry.digest, entry.sequence + 1
        digests.add(entry.digest)
        told.add((entry.subject, entry.after))
    if wanted and not any(each.startswith(wanted) for each in digests):
        message = f"no entry bears the digest {wanted}: entries were cut off or written anew"
        findings.append(_broken("audit-truncated", message, "audit log"))
    issued = select(Packet).where(Packet.state == PacketState.ISSUED).order_by(col(Packet.id))
    findings += [
        _broken("audit-unlogged", f"no entry tells that {packet.name} was issued", "audit log")
        for packet in session.exec(issued)
        if (packet.name, packet.manifest_sha256) not in told
    ]
    return findings


def _broken(code: str, message: str, where: str) -> Finding:
    return Finding(
        Severity.BLOCKING,
        code,
        message,
        where,
        "Keep the database as it is and compare it with a backup.",
    )
