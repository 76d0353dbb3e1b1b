"""Issued packets: what was delivered, with which numbers, made of what.

A packet is announced when its delivery is whole, then the delivery takes its
place, then the packet is finished: its numbers are committed with it in one
transaction. In between, a stopped build leaves an announcement that says what
the delivery must be, so that it can be finished or withdrawn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from referrals.errors import UsageError
from referrals.records import audit
from referrals.records.bates_ledger import Reservation, commit
from referrals.records.case_store import case_row
from referrals.records.tables import (
    BatesRangeRow,
    BatesSeriesRow,
    Packet,
    PacketPart,
    PacketState,
    RangeState,
)
from stamping.bates import BatesSeries


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """What a number stands on; `state` is committed, void, reserved or unissued."""

    label: str
    state: str
    packet: str = ""
    reason: str = ""
    case: str = ""
    delivery: str = ""
    file: str = ""
    part: str = ""
    exhibit: str = ""
    page_of_part: int = 0
    page_of_file: int = 0
    source: str = ""
    sha256: str = ""


def announce_packet(
    session: Session,
    packet: Packet,
    parts: Sequence[PacketPart],
    reservation: Reservation,
) -> None:
    """Record a packet whose delivery is whole and about to take its place.

    Raises:
        UsageError: a packet of that name was recorded in the meantime.
    """
    series = session.exec(
        select(BatesRangeRow.series_id).where(BatesRangeRow.id == reservation.id)
    ).one()
    packet.series_id, packet.state = series, PacketState.DELIVERING
    session.add(packet)
    try:
        session.flush()
    except IntegrityError as error:
        raise UsageError(
            f"{packet.name} was issued by somebody else in the meantime.",
            remedy="Look at it with `referrals show`; what it lacks goes into a supplement.",
        ) from error
    for position, part in enumerate(parts):
        part.packet_id, part.position = packet.id or 0, position
        session.add(part)


def finish_packet(session: Session, reservation: Reservation) -> None:
    """Record that an announced packet is delivered, and commit its numbers with it."""
    packet = session.exec(select(Packet).where(Packet.name == reservation.packet)).one()
    commit(session, reservation)
    packet.state = PacketState.ISSUED
    audit.append(
        session,
        at=packet.issued_at,
        who=packet.issued_by,
        what="packet issued",
        subject=packet.name,
        before=packet.identity,
        after=packet.manifest_sha256,
    )


def announced_packet(session: Session, reservation: Reservation) -> Packet | None:
    """Return the packet that a reservation was announced for, if it was."""
    return session.exec(
        select(Packet).where(
            Packet.name == reservation.packet,
            Packet.first == reservation.range.first,
            Packet.state == PacketState.DELIVERING,
        )
    ).one_or_none()


def withdraw_packet(session: Session, packet: Packet) -> None:
    """Remove an announcement whose delivery never took its place."""
    session.exec(delete(PacketPart).where(col(PacketPart.packet_id) == packet.id))
    session.delete(packet)
    session.flush()


def packets_of(session: Session, number: str) -> list[Packet]:
    """Return the packets of a case, the first issued first."""
    case = case_row(session, number)
    return list(
        session.exec(
            select(Packet)
            .where(Packet.case_id == case.id, Packet.state != PacketState.DELIVERING)
            .order_by(col(Packet.first))
        )
    )


def parts_of(session: Session, packet: Packet) -> list[PacketPart]:
    """Return the parts of a packet in order."""
    return list(
        session.exec(
            select(PacketPart)
            .where(PacketPart.packet_id == packet.id)
            .order_by(col(PacketPart.position))
        )
    )


def find_number(session: Session, label: str) -> FoundNumber:
    """Return what the number printed as `label` stands on.

    Raises:
        UsageError: no series has such numbers; the message names those there are.
    """
    series, number = _series_of(session, label)
    row = session.exec(
        select(BatesRangeRow).where(
            BatesRangeRow.series_id == series.id,
            BatesRangeRow.first <= number,
            BatesRangeRow.last >= number,
            BatesRangeRow.state != RangeState.START,
        )
    ).one_or_none()
    if row is None:
        return FoundNumber(label, "unissued")
    if row.state != RangeState.COMMITTED:
        return FoundNumber(label, row.state, packet=row.packet, reason=row.reason)
    packet = session.exec(
        select(Packet).where(
            Packet.series_id == series.id, Packet.first <= number, Packet.last >= number
        )
    ).one()
    parts = [part for part in parts_of(session, packet) if part.last]
    part = next(part for part in parts if part.first <= number <= part.last)
    start = min(other.first for other in parts if other.volume == part.volume)
    return FoundNumber(
        label,
        RangeState.COMMITTED,
        packet=packet.name,
        case=packet.name.rpartition("-")[0],
        delivery=packet.delivery,
        file=part.file,
        part=part.title,
        exhibit=part.exhibit,
        page_of_part=number - part.first + 1,
        page_of_file=number - start + 1,
        source=part.source,
        sha256=part.sha256,
    )


def _series_of(session: Session, label: str) -> tuple[BatesSeriesRow, int]:
    rows = session.exec(select(BatesSeriesRow)).all()
    for row in rows:
        if re.fullmatch(re.escape(row.stem) + rf"[0-9]{{{row.width}}}", label):
            return row, BatesSeries(row.stem, "", row.width).parse(label)
    forms = [BatesSeries(row.stem, "", row.width).label(1) for row in rows]
    raise UsageError(
        f"{label} is not a number of this office.",
        remedy=f"Write it like {' or '.join(forms)}." if forms else "No packet was issued yet.",
    )
