"""The Bates ledger: which packet holds which numbers, without overlap or gap.

In: a series and a count. Out: a `Reservation`, later committed with its packet
or voided with a reason. Ranges form a chain that the database's constraints
hold together (`tables.BatesRangeRow`), so that two builds, in two processes or
on two machines, cannot be given the same number, and a number without a packet
is a recorded void.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from referrals.errors import MachineError
from referrals.records.database import session
from referrals.records.process_mark import is_gone, this_process
from referrals.records.tables import BatesRangeRow, BatesSeriesRow, RangeState
from stamping.bates import BatesRange, BatesSeries

ATTEMPTS = 50


@dataclass(frozen=True, slots=True)
class Reservation:
    """A range that is set aside for a packet."""

    id: int
    range: BatesRange
    packet: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A range as the ledger shows it."""

    range: BatesRange
    state: str
    packet: str
    reason: str


def reserve(engine: Engine, series: BatesSeries, count: int, packet: str) -> Reservation:
    """Set aside the next `count` numbers of `series` for `packet`.

    Raises:
        MachineError: too many others ask at the same time.
        BatesFormatError: the numbers do not fit the width of the series.
    """
    for _ in range(ATTEMPTS):
        try:
            with session(engine) as opened:
                return _reserve(opened, series, count, packet)
        except IntegrityError:
            continue  # another process took the same place; the next free one is tried
    raise MachineError(
        "No Bates numbers could be reserved: others are reserving at the same time.",
        remedy="Try again in a moment.",
    )


def commit(opened: Session, reservation: Reservation) -> None:
    """Make the range the packet's, in the transaction that records the packet.

    Raises:
        MachineError: the reservation was voided in the meantime.
    """
    row = _row(opened, reservation)
    if row.state != RangeState.RESERVED:
        raise MachineError(
            f"The numbers of {reservation.packet} are {row.state} already.",
            remedy="Build the packet again; it is given new numbers.",
        )
    row.state = RangeState.COMMITTED


def void(opened: Session, reservation: Reservation, reason: str) -> None:
    """Record that the numbers of a reservation will never stand on a page."""
    row = _row(opened, reservation)
    if row.state == RangeState.RESERVED:
        row.state, row.reason = RangeState.VOID, reason


def abandoned(opened: Session) -> list[Reservation]:
    """Return the reservations whose process, on this machine, is gone."""
    rows = opened.exec(
        select(BatesRangeRow, BatesSeriesRow)
        .join(BatesSeriesRow, col(BatesSeriesRow.id) == col(BatesRangeRow.series_id))
        .where(BatesRangeRow.state == RangeState.RESERVED)
        .order_by(col(BatesRangeRow.id))
    ).all()
    return [
        Reservation(row.id or 0, _numbers(row, series), row.packet)
        for row, series in rows
        if is_gone(row.maker)
    ]


def next_number(opened: Session, series: BatesSeries) -> int:
    """Return the number that the next reservation would begin with."""
    row = _series_row(opened, series)
    if row is None:
        return 1
    return _last(opened, row) + 1


def ranges(opened: Session, series: BatesSeries) -> list[LedgerLine]:
    """Return every range of the series, in order."""
    row = _series_row(opened, series)
    if row is None:
        return []
    found = opened.exec(
        select(BatesRangeRow)
        .where(BatesRangeRow.series_id == row.id, BatesRangeRow.state != RangeState.START)
        .order_by(col(BatesRangeRow.first))
    )
    return [LedgerLine(_numbers(each, row), each.state, each.packet, each.reason) for each in found]


def _reserve(opened: Session, series: BatesSeries, count: int, packet: str) -> Reservation:
    row = _series_row(opened, series)
    if row is None:
        row = BatesSeriesRow(stem=series.stem, width=series.width)
        opened.add(row)
        opened.flush()
        assert row.id is not None
        opened.add(
            BatesRangeRow(series_id=row.id, first=0, last=0, state=RangeState.START, packet="")
        )
        opened.flush()
    after = _last(opened, row)
    numbers = BatesRange(series, after + 1, after + count)
    series.label(numbers.last)
    assert row.id is not None
    reserved = BatesRangeRow(
        series_id=row.id,
        first=numbers.first,
        last=numbers.last,
        after=after,
        state=RangeState.RESERVED,
        packet=packet,
        maker=this_process(),
    )
    opened.add(reserved)
    opened.flush()
    assert reserved.id is not None
    return Reservation(reserved.id, numbers, packet)


def _series_row(opened: Session, series: BatesSeries) -> BatesSeriesRow | None:
    return opened.exec(
        select(BatesSeriesRow).where(
            BatesSeriesRow.stem == series.stem, BatesSeriesRow.width == series.width
        )
    ).one_or_none()


def _last(opened: Session, row: BatesSeriesRow) -> int:
    newest = opened.exec(
        select(BatesRangeRow)
        .where(BatesRangeRow.series_id == row.id)
        .order_by(col(BatesRangeRow.last).desc())
    ).first()
    return newest.last if newest else 0


def _row(opened: Session, reservation: Reservation) -> BatesRangeRow:
    return opened.exec(select(BatesRangeRow).where(BatesRangeRow.id == reservation.id)).one()


def _numbers(row: BatesRangeRow, series: BatesSeriesRow) -> BatesRange:
    return BatesRange(BatesSeries(series.stem, "", series.width), row.first, row.last)
