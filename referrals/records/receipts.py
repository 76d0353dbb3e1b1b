"""Prosecutors' answers to issued packets: recorded once, withdrawn at most, never changed.

In: an open session. Out: `PacketHistory`s, an `ReceiptAnswer`. Each act is told to the audit
log with the digest of what was recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from referrals.errors import UsageError
from referrals.records import audit
from referrals.records.packet_history import (
    Outcome,
    PacketHistory,
    ReceiptAnswer,
    StatedReason,
    Withdrawal,
)
from referrals.records.snapshot import canonical_json
from referrals.records.tables import (
    Case,
    Incident,
    Packet,
    PacketState,
    Receipt,
    ReceiptWithdrawal,
)


def histories(session: Session, case: str = "") -> list[PacketHistory]:
    """Return what became of the issued packets of a case, or of all, in order of issue."""
    chosen = (
        select(Packet, Case.number, Incident.time_zone)
        .join(Case, col(Case.id) == col(Packet.case_id))
        .join(Incident, col(Incident.case_id) == col(Packet.case_id))
        .where(Packet.state == PacketState.ISSUED)
        .order_by(col(Case.number), col(Packet.id))
    )
    rows = session.exec(chosen.where(Case.number == case) if case else chosen).all()
    answers = _answers(session)
    by_case: defaultdict[str, list[PacketHistory]] = defaultdict(list)
    for packet, number, zone in rows:
        earlier = by_case[number]
        issued = packet.issued_at.astimezone(ZoneInfo(zone))
        # The newest packet answers whatever came back of those before it.
        earlier[:] = [replace(history, supplemented_at=issued) for history in earlier]
        said = tuple(answers[packet.id or 0])
        earlier.append(PacketHistory(packet.name, number, len(earlier) + 1, issued, None, said))
    return [history for found in by_case.values() for history in found]


def record_answer(
    session: Session,
    packet: str,
    outcome: Outcome,
    *,
    on: date | None,
    reasons: Sequence[StatedReason],
    note: str,
    answered_by: str,
    who: str,
    at: datetime,
) -> ReceiptAnswer:
    """Record an answer to an issued packet; without a day it is today's.

    The same answer of the same day is recorded once.

    Raises:
        UsageError: no such packet was issued, or the day is before its issue or to come.
    """
    row, history = _issued(session, packet)
    today = at.astimezone(history.issued_at.tzinfo).date()
    day = on or today
    if not history.issued_at.date() <= day <= today:
        raise UsageError(
            f"{packet} was issued on {history.issued_at.date()} and cannot have been answered "
            f"on {day}.",
            remedy=f"Name with --on a day from then to today, {today}.",
        )
    for answer in history.standing_answers:
        if (answer.outcome, answer.on, answer.reasons, answer.note, answer.answered_by) == (
            *(outcome, day, tuple(reasons), note, answered_by),
        ):
            return answer
    receipt = Receipt(
        packet_id=row.id or 0,
        outcome=outcome.value,
        answered_on=day.isoformat(),
        answered_by=answered_by,
        reasons=[{"key": reason.key, "text": reason.text} for reason in reasons],
        note=note,
        recorded_at=at,
        recorded_by=who,
    )
    session.add(receipt)
    session.flush()
    answer = _answer(receipt, None)
    audit.append(
        session,
        at=at,
        who=who,
        what=f"packet {outcome.value}",
        subject=packet,
        before=row.manifest_sha256,
        after=_digest(answer),
    )
    return answer


def withdraw_answer(
    session: Session, packet: str, number: int, *, note: str, who: str, at: datetime
) -> ReceiptAnswer:
    """Record that answer `number` to a packet was recorded by mistake; it stays readable.

    Raises:
        UsageError: the packet has no such answer, or it is withdrawn already.
    """
    _, history = _issued(session, packet)
    left = {answer.number: answer for answer in history.standing_answers}
    if number not in left:
        numbers = ", ".join(str(each) for each in sorted(left)) or "none"
        raise UsageError(
            f"{packet} has no answer {number} to withdraw.", remedy=f"Its answers: {numbers}."
        )
    session.add(ReceiptWithdrawal(receipt_id=number, note=note, withdrawn_at=at, withdrawn_by=who))
    withdrawn = replace(left[number], withdrawn=Withdrawal(note, who, at))
    audit.append(
        session,
        at=at,
        who=who,
        what="answer withdrawn",
        subject=packet,
        before=_digest(left[number]),
        after=_digest(withdrawn),
    )
    return withdrawn


def profile_of(session: Session, packet: str) -> str:
    """Return the key of the profile that an issued packet was made under.

    Raises:
        UsageError: no packet of that name was issued.
    """
    return _issued(session, packet)[0].profile


def _issued(session: Session, packet: str) -> tuple[Packet, PacketHistory]:
    found = session.exec(
        select(Packet, Case.number)
        .join(Case, col(Case.id) == col(Packet.case_id))
        .where(Packet.name == packet, Packet.state == PacketState.ISSUED)
    ).one_or_none()
    if found is None:
        issued = session.exec(select(Packet.name).where(Packet.state == PacketState.ISSUED)).all()
        raise UsageError(
            f"No packet {packet} was issued.",
            remedy=_nearest(packet, issued),
        )
    row, case = found
    known = {history.packet: history for history in histories(session, case)}
    return row, known[packet]


def _nearest(packet: str, issued: Iterable[str]) -> str:
    cases = (packet, packet.rpartition("-")[0])
    near = [name for name in issued if name.rpartition("-")[0] in cases]
    return f"Issued: {', '.join(near)}." if near else "Its packets: referrals show CASE"


def _answers(session: Session) -> defaultdict[int, list[ReceiptAnswer]]:
    withdrawn = {row.receipt_id: row for row in session.exec(select(ReceiptWithdrawal))}
    found: defaultdict[int, list[ReceiptAnswer]] = defaultdict(list)
    for row in session.exec(select(Receipt).order_by(col(Receipt.id))):
        found[row.packet_id].append(_answer(row, withdrawn.get(row.id or 0)))
    return found


def _answer(row: Receipt, gone: ReceiptWithdrawal | None) -> ReceiptAnswer:
    return ReceiptAnswer(
        row.id or 0,
        Outcome(row.outcome),
        date.fromisoformat(row.answered_on),
        tuple(StatedReason(each["key"], each["text"]) for each in row.reasons),
        row.note,
        row.answered_by,
        row.recorded_by,
        row.recorded_at,
        Withdrawal(gone.note, gone.withdrawn_by, gone.withdrawn_at) if gone else None,
    )


def _digest(answer: ReceiptAnswer) -> str:
    return sha256(canonical_json(answer.as_json())).hexdigest()
