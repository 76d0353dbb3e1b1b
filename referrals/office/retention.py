"""How long recordings are kept, and which run out.

In: an office. Out: a line for each recording. Nothing is changed.
"""

from __future__ import annotations

from datetime import datetime

from referrals.evidence.retention import RetentionLine, retention_lines
from referrals.office.office import Office
from referrals.records.case_store import case_numbers, case_row, load_record
from referrals.records.database import session


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
