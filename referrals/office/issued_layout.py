"""Whether a packet that is drawn once more has the pages that were issued.

In: a drawn packet and the records of issued packets. A set made of other pages would
bear numbers that stand on something else in the packet: it is refused.
"""

from __future__ import annotations

from sqlalchemy import Engine

import referrals
from referrals.errors import BlockedError
from referrals.packet.draw import DrawnPacket
from referrals.records.database import session
from referrals.records.packets import packets_of, parts_of


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
