"""The audit log: its entries, and whether it is whole.

In: an office. Out: entries, a report. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from referrals.office.office import Office
from referrals.records import audit
from referrals.records.database import session
from referrals.records.tables import AuditEntry


def audit_entries(office: Office) -> Sequence[AuditEntry]:
    """Return every entry of the audit log."""
    with session(office.engine) as opened:
        return audit.entries(opened)


def audit_report(office: Office, head: str = "") -> audit.AuditReport:
    """Return whether the audit log is whole; `head` is its head as a delivery prints it."""
    with session(office.engine) as opened:
        return audit.report(opened, head)
