"""How often packets are accepted at first look, and why they come back.

In: what became of issued packets. Out: an `Acceptance`. The measure is the prosecutor's
first answer to the first packet of a case; reasons are those of every return.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from referrals.records.packet_history import Outcome, PacketHistory, StatedReason

FEW = 10
"""Fewer answers than this are told as counts, never as a share."""


@dataclass(frozen=True, slots=True)
class CountedReason:
    """A return reason and how many returns state it."""

    key: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Counts of first packets by their first answer; `median_days` from issue to it."""

    first_packets: int
    accepted: int
    declined: int
    returned: int
    median_days: float | None
    return_reasons: tuple[CountedReason, ...]

    @property
    def answered(self) -> int:
        """First packets that were answered."""
        return self.accepted + self.declined + self.returned

    @property
    def unanswered(self) -> int:
        """First packets without an answer yet."""
        return self.first_packets - self.answered

    @property
    def share(self) -> float | None:
        """The share accepted at first look, of those answered; None where none was."""
        return self.accepted / self.answered if self.answered else None

    @property
    def words(self) -> str:
        """The measure as a sentence."""
        if not self.first_packets:
            return "No first packet was issued."
        if self.share is None:
            return "No packet was answered yet."
        counted = f"Accepted at first look: {self.accepted} of {self.answered} answered"
        if self.answered < FEW:
            return f"{counted}; too few to tell a share."
        return f"{counted}, {self.share:.0%}."

    def as_json(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        return asdict(self) | {
            "answered": self.answered,
            "unanswered": self.unanswered,
            "share": self.share,
            "return_reasons": [asdict(reason) for reason in self.return_reasons],
        }


def acceptance(histories: Iterable[PacketHistory]) -> Acceptance:
    """Return the measure over packets: answers to first ones, reasons of all returns."""
    packets = list(histories)
    firsts = [history for history in packets if history.place == 1]
    looks = [
        (history, history.standing_answers[0]) for history in firsts if history.standing_answers
    ]
    outcomes = Counter(answer.outcome for _, answer in looks)
    days = [(answer.on - history.issued_at.date()).days for history, answer in looks]
    return Acceptance(
        len(firsts),
        outcomes[Outcome.ACCEPTED],
        outcomes[Outcome.DECLINED],
        outcomes[Outcome.RETURNED],
        float(median(days)) if days else None,
        _reasons(
            reason
            for history in packets
            for answer in history.standing_answers
            if answer.outcome is Outcome.RETURNED
            for reason in answer.reasons
        ),
    )


def _reasons(stated: Iterable[StatedReason]) -> tuple[CountedReason, ...]:
    counts: Counter[str] = Counter()
    texts: dict[str, str] = {}
    for reason in stated:
        counts[reason.key] += 1
        texts[reason.key] = reason.text
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return tuple(CountedReason(key, texts[key], count) for key, count in ordered)
