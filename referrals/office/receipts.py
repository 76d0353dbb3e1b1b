"""What a clerk can ask of prosecutors' answers: record one, withdraw it, show, count.

In: an office and words from the command line. Out: values to print. An issued packet
is never touched: an answer is a row of its own, and a return is met by a supplement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from referrals.errors import UsageError
from referrals.intake.record_texts import holds_a_number
from referrals.office.office import Office, login
from referrals.profiles.profile import Profile
from referrals.records.acceptance import Acceptance, acceptance
from referrals.records.database import session
from referrals.records.packet_history import Outcome, PacketHistory, ReceiptAnswer, StatedReason
from referrals.records.receipts import histories, profile_of, record_answer, withdraw_answer
from referrals.report.month import Month


@dataclass(frozen=True, slots=True)
class RecordedReceipt:
    """An answer as it stands on record, and what became of its packet."""

    answer: ReceiptAnswer
    history: PacketHistory

    @property
    def words(self) -> str:
        """One sentence for a clerk, and what to do next."""
        case, packet = self.history.case, self.history.packet
        if self.answer.withdrawn is not None:
            return f"Withdrawn: answer {self.answer.number} to {packet}."
        said = f"Recorded: {packet} {self.answer.outcome} on {self.answer.on}."
        if self.answer.outcome is Outcome.RETURNED:
            return (
                f"{said}\n→ Fix it in the case folder, take it in with --update, and issue a "
                f"supplement: referrals packet {case}"
            )
        return said

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "packet": self.history.packet,
            "state": self.history.standing.value,
            "answer": self.answer.as_json(),
        }


def record(
    office: Office,
    packet: str,
    outcome: Outcome,
    *,
    reasons: Sequence[str],
    note: str,
    on: date | None,
    answered_by: str,
    who: str,
    now: datetime,
) -> RecordedReceipt:
    """Record a prosecutor's answer to an issued packet.

    Raises:
        UsageError: no such packet, no such reason, a return without one, or a day that
            cannot be.
    """
    _refuse_a_number(note, answered_by)
    with session(office.engine) as opened:
        profile = office.profile(profile_of(opened, packet))
        answer = record_answer(
            opened,
            packet,
            outcome,
            on=on,
            reasons=_stated(profile, outcome, reasons),
            note=note,
            answered_by=answered_by,
            who=who or login(),
            at=now,
        )
    return _recorded(office, packet, answer)


def withdraw(
    office: Office, packet: str, number: int, *, note: str, who: str, now: datetime
) -> RecordedReceipt:
    """Record that an answer was recorded by mistake.

    Raises:
        UsageError: no such packet or answer, or no note that says why.
    """
    if not note.strip():
        raise UsageError("A withdrawal needs a reason.", remedy="Say why with --note.")
    _refuse_a_number(note)
    with session(office.engine) as opened:
        answer = withdraw_answer(opened, packet, number, note=note, who=who or login(), at=now)
    return _recorded(office, packet, answer)


def statistics(office: Office, first: str, last: str) -> Acceptance:
    """Return the acceptance of packets issued from month `first` to `last`, both included.

    Raises:
        UsageError: one of them is not a month, or they are in the wrong order.
    """
    begin, end = (Month.parse(text) if text else None for text in (first, last))
    if begin and end and end < begin:
        raise UsageError(f"{end} is before {begin}.", remedy="Name the earlier month with --from.")
    with session(office.engine) as opened:
        found = histories(opened)
    return acceptance(
        history
        for history in found
        for month in [Month(history.issued_at.year, history.issued_at.month)]
        if (begin is None or begin <= month) and (end is None or month <= end)
    )


def _recorded(office: Office, packet: str, answer: ReceiptAnswer) -> RecordedReceipt:
    with session(office.engine) as opened:
        found = histories(opened)
    return RecordedReceipt(answer, next(history for history in found if history.packet == packet))


def _stated(profile: Profile, outcome: Outcome, codes: Sequence[str]) -> tuple[StatedReason, ...]:
    """Return the reasons with the profile's wording, each once."""
    allowed = {reason.key: reason.text for reason in profile.return_reasons}
    if unknown := [code for code in codes if code not in allowed]:
        known = ", ".join(allowed) or "none; add [[return_reasons]] to it"
        raise UsageError(
            f"'{unknown[0]}' is not a return reason of the profile {profile.key}.",
            remedy=f"Its codes: {known}.",
        )
    if outcome is Outcome.ACCEPTED and codes:
        raise UsageError(
            "An acceptance has no reasons.", remedy="Leave --reason out; --note takes any words."
        )
    if outcome is Outcome.RETURNED and not codes:
        raise UsageError(
            "A return needs at least one reason.",
            remedy=f"Name it with --reason: {', '.join(allowed)}.",
        )
    return tuple(StatedReason(code, allowed[code]) for code in dict.fromkeys(codes))


def _refuse_a_number(*texts: str) -> None:
    if any(holds_a_number(text) for text in texts):
        raise UsageError(
            "This holds what looks like an immigration file number (A and 8 or 9 digits).",
            remedy="Leave it out: immigration status may not stand in a record (5 ILCS 805/15).",
        )
