"""Tells what is missing before a packet can go out.

In: an office and a case. Out: a `CheckReport`. Where every exhibit was prepared before, no
library of PDF or layout is loaded.
"""

from __future__ import annotations

from datetime import datetime

from referrals.office.office import Office
from referrals.office.requests import new_request
from referrals.packet.check_report import CheckReport
from referrals.packet.facts import facts_of


def check(office: Office, case: str, now: datetime) -> CheckReport:
    """Return what is missing before a packet can go out.

    Raises:
        UsageError: there is no such case.
    """
    request = new_request(office, case, now, draft=False)
    return CheckReport(facts_of(request, office.places, office.progress))
