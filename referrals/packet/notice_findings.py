"""What the PDF engine noticed, as findings.

In: a notice of the engine and the file that it is about. Out: a `Finding`. Pure.
"""

from __future__ import annotations

from referrals.findings import Finding, Severity
from stamping.notices import Notice


def notice_finding(notice: Notice, where: str) -> Finding:
    """Return a notice of the engine as a finding about the file `where`."""
    place = f"{where}, page {notice.page}" if notice.page else where
    return Finding(
        Severity(notice.severity.value), notice.code, notice.message, place, notice.remedy
    )
