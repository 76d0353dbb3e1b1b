"""A court set that was sent back, and how the set that takes its place differs.

In: what a delivery holds, the court's grounds and words. Out: values that the kit and
its motion are made of.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from referrals.delivered.delivered_numbers import DeliveredNumbers
from referrals.delivered.set_differences import SAME, FileDifference, PageDifference
from referrals.errors import UsageError
from referrals.profiles.court import Court
from referrals.profiles.filing_rules import AfterRejection, Ground


@dataclass(frozen=True, slots=True)
class Rejection:
    """A court set that was sent back: on which grounds, in which words, when, by which court.

    `attempted` is the day of the rejected attempt, if it is known. `corrected` is the
    set that takes its place.
    """

    original: DeliveredNumbers
    corrected: DeliveredNumbers | None
    court: Court
    grounds: tuple[Ground, ...]
    words: str
    rejected: date
    attempted: date | None

    @property
    def rules(self) -> AfterRejection:
        """What the court's profile says of the days after a rejection.

        Raises:
            UsageError: it says nothing.
        """
        rules = self.court.filing.after_rejection
        if rules is None:
            raise UsageError(
                f"The profile '{self.court.key}' does not say what may follow a rejection.",
                remedy="Add [filing.after_rejection] to a copy of it; see docs/after-rejection.md.",
            )
        return rules


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the corrected set differs from the rejected one."""

    pages: tuple[PageDifference, ...]
    files: tuple[FileDifference, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many pages differ in which way."""
        return dict(Counter(each.change.value if each.change else SAME for each in self.pages))
