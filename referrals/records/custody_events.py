"""The custody events of a case: added to, never changed or removed.

In: the events that a record lists now. Out: rows; those that were there stay.
The database refuses everything else (migration 0003).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from referrals.errors import BlockedError
from referrals.findings import Finding, Severity
from referrals.records.fields import CustodyEventFields
from referrals.records.tables import CustodyEvent


def save_custody(session: Session, case_id: int, events: Sequence[CustodyEventFields]) -> None:
    """Add the events that are new; an event's place in the list may be another.

    Raises:
        BlockedError: an event that was taken in before is changed or gone.
    """
    rows = session.exec(
        select(CustodyEvent)
        .where(CustodyEvent.case_id == case_id)
        .order_by(col(CustodyEvent.position))
    ).all()
    left: dict[tuple[str, ...], list[CustodyEvent]] = {}
    for row in rows:
        left.setdefault(_said(row), []).append(row)
    for position, event in enumerate(events):
        same = left.get(_said(event))
        if same:
            same.pop(0).position = position
        else:
            session.add(CustodyEvent(case_id=case_id, position=position, **event.model_dump()))
    lost = [row for same in left.values() for row in same]
    if lost:
        raise BlockedError(
            "Custody events that were taken in are changed or gone; nothing was changed.",
            remedy="Write them as they were; to correct one, add an event that says so.",
            findings=[
                Finding(
                    Severity.BLOCKING,
                    "custody-not-appended",
                    f"'{row.action}' at {row.at.isoformat()}, to {row.to_holder}, was taken in "
                    "and is not in the record any more.",
                    f"custody of {row.item}",
                    "Put it back under 'custody', and add a correcting event after it.",
                )
                for row in sorted(lost, key=lambda row: row.position)
            ],
        )


def _said(event: CustodyEventFields) -> tuple[str, ...]:
    names = [name for name in CustodyEventFields.model_fields if name != "at"]
    return (event.at.isoformat(), *(getattr(event, name) for name in names))
