"""A packet drawn once more for a set that is made of it, and the set's entry in the log.

In: an office and a numbered request. Out: a `DrawnPacket` with the pages and numbers that
were issued; anything else is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Engine

import referrals
from referrals.errors import BlockedError
from referrals.office.office import Office, login
from referrals.office.requests import NumberedRequest
from referrals.packet.draw import DrawnPacket, drawn_pages
from referrals.packet.facts import facts_of
from referrals.packet.request import PacketRequest
from referrals.records import audit
from referrals.records.database import session
from referrals.records.packets import packets_of, parts_of


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


def stop_if_laid_out_otherwise(engine: Engine, drawn: DrawnPacket) -> None:
    """Refuse a drawn packet whose parts have other numbers than the issued one's.

    A draft was not issued, and may have any.

    Raises:
        BlockedError: a part stands on other pages than were issued.
    """
    request = drawn.request
    with session(engine) as opened:
        issued = packets_of(opened, request.snapshot.record.case.number)
        packet = next((each for each in issued if each.name == request.packet), None)
        if packet is None:
            return
        known = {part.key: (part.first, part.last) for part in parts_of(opened, packet)}
    for laid in drawn.layout.parts:
        now = (laid.range.first, laid.range.last)
        if known.get(laid.part.key) != now:
            raise BlockedError(
                f"This program lays {request.packet} out otherwise than it was issued: "
                f"'{laid.part.title}' would stand on {laid.range} "
                f"(program {packet.program_version} then, {referrals.__version__} now).",
                remedy="Use the program's version that issued it, or issue a supplement.",
            )


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
