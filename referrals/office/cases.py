"""What the records say: cases, one case, a number, how long recordings are kept.

In: an office and what is looked for. Out: values to show. Nothing is changed.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from referrals.duties.case_facts import case_facts
from referrals.evidence.retention import RetentionLine, retention_lines
from referrals.office.case_overview import Overview, case_overview
from referrals.office.office import Office
from referrals.office.results import FoundPage
from referrals.records.case_store import (
    CaseLine,
    case_numbers,
    case_row,
    list_cases,
    load_record,
)
from referrals.records.database import session
from referrals.records.packets import find_number, packets_of
from referrals.records.receipts import histories
from referrals.records.sign_off_answers import answers_of


def cases(office: Office) -> list[CaseLine]:
    """Return a line for each case."""
    with session(office.engine) as opened:
        return list_cases(opened)


def show(office: Office, case: str, now: datetime) -> Overview:
    """Return what there is of a case.

    Raises:
        UsageError: there is no such case.
    """
    snapshot = office.snapshot(case, now)
    facts = case_facts(snapshot, office.profile(snapshot.record.case.profile))
    with session(office.engine) as opened:
        packets, became = packets_of(opened, case), histories(opened, case)
        answers = answers_of(opened, case)
    return case_overview(facts, packets, became, answers, now)


def retention(office: Office, case: str, now: datetime) -> list[RetentionLine]:
    """Return how long each recording is kept, of one case or of all, the first to go first.

    Without a `case` it is all of them.
    """
    with session(office.engine) as opened:
        numbers = [case_row(opened, case).number] if case else case_numbers(opened)
        records = [load_record(opened, number) for number in numbers]
    lines = [
        line
        for record in records
        for line in retention_lines(record, office.profile(record.case.profile).retention, now)
    ]
    return sorted(lines, key=lambda line: line.left.kept_until)


def find(office: Office, number: str) -> FoundPage:
    """Return what a Bates number stands on.

    Raises:
        UsageError: no series of the office has such numbers.
    """
    with session(office.engine) as opened:
        return FoundPage(find_number(opened, number.strip()))


def deliveries(office: Office, case: str) -> list[tuple[str, Path]]:
    """Return the packets of a case and where they were delivered; none if unknown."""
    with session(office.engine) as opened:
        if case not in case_numbers(opened):
            return []
        return [(each.name, Path(each.delivery)) for each in packets_of(opened, case)]
