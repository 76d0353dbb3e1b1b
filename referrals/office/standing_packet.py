"""A packet drawn once more for a set that is made of it, and the set's entry in the log.

In: an office and a numbered request. Out: a `DrawnPacket` with the pages and numbers that
were issued; anything else is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from referrals.office.issued_layout import stop_if_laid_out_otherwise
from referrals.office.office import Office, login
from referrals.office.requests import NumberedRequest
from referrals.packet.draw import DrawnPacket, drawn_pages
from referrals.packet.facts import facts_of
from referrals.packet.request import PacketRequest
from referrals.records import audit
from referrals.records.database import session


@contextmanager
def standing_packet(office: Office, numbered: NumberedRequest) -> Iterator[DrawnPacket]:
    """Yield the packet as it was issued; as it would be, where it is a draft.

    Raises:
        BlockedError: a part stands on other pages than were issued.
    """
    facts = facts_of(numbered.request, office.places, office.progress)
    with drawn_pages(facts, office.places, office.progress) as pages:
        drawn = pages.number(numbered.first, office.progress)
        stop_if_laid_out_otherwise(office.engine, drawn)
        yield drawn


def record_set(
    office: Office,
    what: str,
    name: str,
    request: PacketRequest,
    digest: str,
    who: str,
    now: datetime,
) -> None:
    """Tell the audit log of a set that is about to take its place, by its digest."""
    with session(office.engine) as opened:
        audit.append(
            opened,
            at=now,
            who=who or login(),
            what=what,
            subject=name,
            before=request.snapshot.identity,
            after=digest,
        )
