"""How far a packet has come: draft, ready, issued, and what the prosecutor answered.

In: the findings of a check; or the answers to an issued packet, and when a later
packet of its case was issued. Out: a `Standing`. Knows no database: an issued packet's
row never changes, so what became of it is worked out anew each time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from referrals.findings import Finding, Severity


class Standing(StrEnum):
    """Where a packet stands; `draft` and `ready` are said of a case before its next packet."""

    DRAFT = "draft"
    READY = "ready"
    ISSUED = "issued"
    SUPPLEMENTED = "supplemented"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Outcome(StrEnum):
    """What a prosecutor answers to a packet."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class StatedReason:
    """A reason as the profile worded it when the answer was recorded."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That an answer was recorded by mistake: why, who says so, when."""

    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReceiptAnswer:
    """A prosecutor's answer to a packet; `on` is its day where the case happened."""

    number: int
    outcome: Outcome
    on: date
    reasons: tuple[StatedReason, ...]
    note: str
    answered_by: str
    recorded_by: str
    recorded_at: datetime
    withdrawn: Withdrawal | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the answer as plain values."""
        values = asdict(self)
        gone = values["withdrawn"]
        return values | {
            "outcome": self.outcome.value,
            "on": self.on.isoformat(),
            "reasons": list(values["reasons"]),
            "recorded_at": self.recorded_at.isoformat(),
            "withdrawn": gone and {**gone, "at": gone["at"].isoformat()},
        }


@dataclass(frozen=True, slots=True)
class PacketHistory:
    """An issued packet and what came after; both instants are told in the case's zone.

    `place` counts the packets of a case from one; `supplemented_at` is the issue of the
    newest later one; `answers` stand in the order they were recorded.
    """

    packet: str
    case: str
    place: int
    issued_at: datetime
    supplemented_at: datetime | None = None
    answers: tuple[ReceiptAnswer, ...] = ()

    @property
    def standing_answers(self) -> list[ReceiptAnswer]:
        """The answers that were not withdrawn, the earliest day first."""
        left = [answer for answer in self.answers if answer.withdrawn is None]
        return sorted(left, key=lambda answer: (answer.on, answer.number))

    @property
    def standing(self) -> Standing:
        """Where the packet stands: the newer of its last answer and its supplement says."""
        answers, later = self.standing_answers, self.supplemented_at
        if not answers:
            return Standing.SUPPLEMENTED if later else Standing.ISSUED
        newest = answers[-1]
        if later and (newest.on, newest.recorded_at) <= (later.date(), later):
            return Standing.SUPPLEMENTED
        return Standing(newest.outcome.value)


def case_standing(findings: Iterable[Finding]) -> Standing:
    """Return whether the next packet of a case may be issued as the record stands."""
    blocked = any(finding.severity is Severity.BLOCKING for finding in findings)
    return Standing.DRAFT if blocked else Standing.READY
