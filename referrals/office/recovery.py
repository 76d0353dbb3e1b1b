"""What a stopped build left behind, finished or undone.

In: the database. A reservation whose process is gone is either the numbers of a
delivery that took its place whole, which is then recorded as issued, or numbers
that stand on no page, which are then voided.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from referrals.bag import delivery_digest, withdraw_delivery
from referrals.records.bates_ledger import Reservation, abandoned, void
from referrals.records.database import session
from referrals.records.packets import announced_packet, finish_packet, withdraw_packet
from referrals.records.tables import Packet

STOPPED = "the build was stopped before its end"


def recover(engine: Engine) -> None:
    """Finish or undo every build that was stopped on this machine."""
    with session(engine) as opened:
        for reservation in abandoned(opened):
            packet = announced_packet(opened, reservation)
            if packet is not None and _delivered(packet):
                finish_packet(opened, reservation)
                continue
            if packet is not None:
                withdraw_packet(opened, packet)
            void(opened, reservation, STOPPED)


def undo(engine: Engine, reservation: Reservation, reason: str) -> None:
    """Take a failed build back: no delivery, no packet, its numbers a recorded void.

    A delivery that is whole and cannot be taken away any more stays announced; the
    next command issues it.
    """
    with session(engine) as opened:
        packet = announced_packet(opened, reservation)
        if packet is not None:
            if _delivered(packet) and not withdraw_delivery(Path(packet.delivery)):
                return
            withdraw_packet(opened, packet)
        void(opened, reservation, reason)


def _delivered(packet: Packet) -> bool:
    """Whether the delivery took its place; a rename is whole or has not happened."""
    try:
        return delivery_digest(Path(packet.delivery)) == packet.manifest_sha256
    except OSError:
        return False
