"""What supervisors answered before they signed off; nobody changes or removes it.

In: answers. Out: rows of the database, in the order they were given.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from referrals.records.case_store import case_row
from referrals.records.tables import SignOffAnswer


def record_answers(session: Session, answers: Sequence[SignOffAnswer]) -> None:
    """Record answers, right or wrong."""
    session.add_all(answers)
    session.flush()


def answers_of(session: Session, number: str) -> list[SignOffAnswer]:
    """Return every answer given for a case, the first given first."""
    case = case_row(session, number)
    rows = select(SignOffAnswer).where(SignOffAnswer.case_id == case.id)
    return list(session.exec(rows.order_by(col(SignOffAnswer.id))))
