"""The cases of an office, and where their packets went.

In: an office. Out: values to show. Nothing is changed.
"""

from __future__ import annotations

from pathlib import Path

from referrals.office.office import Office
from referrals.records.case_store import CaseLine, case_numbers, list_cases
from referrals.records.database import session
from referrals.records.packets import packets_of


def cases(office: Office) -> list[CaseLine]:
    """Return a line for each case."""
    with session(office.engine) as opened:
        return list_cases(opened)


def deliveries(office: Office, case: str) -> list[tuple[str, Path]]:
    """Return the packets of a case and where they were delivered; none if unknown."""
    with session(office.engine) as opened:
        if case not in case_numbers(opened):
            return []
        return [(each.name, Path(each.delivery)) for each in packets_of(opened, case)]
