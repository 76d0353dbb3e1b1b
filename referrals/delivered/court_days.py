"""Court days: the last day on which a rejected filer may still ask to be heard.

In: the day of the rejection, in the court's own time zone, and the court's calendar
from its profile. Out: a `Deadline`. The day of the rejection does not count;
Saturdays, Sundays and the listed holidays do not either. A day that the calendar
does not reach is never guessed. Pure; asks no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from referrals.findings import Finding, Severity
from referrals.profiles.filing_rules import AfterRejection

SATURDAY = 5
"""The number of the first day of the weekend, as `date.weekday` counts."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The court days after a rejection; the last of them is the last day for the motion.

    `days` is empty where the calendar does not reach; the findings then say so.
    """

    rejected: date
    days: tuple[date, ...]
    findings: tuple[Finding, ...]

    @property
    def last(self) -> date | None:
        """The last day for the motion, if the calendar reaches it."""
        return self.days[-1] if self.days else None


def is_court_day(day: date, rules: AfterRejection) -> bool:
    """Whether the court sits on `day`, which its calendar must reach."""
    return day.weekday() < SATURDAY and day not in rules.holidays


def deadline(rejected: date, rules: AfterRejection) -> Deadline:
    """Return the court days that lie after the day of the rejection."""
    days: list[date] = []
    for day in _days_after(rejected):
        if day > rules.known_until or day.year < _known_from(rules):
            return Deadline(rejected, (), (_unknown(rejected, rules),))
        if is_court_day(day, rules):
            days.append(day)
        if len(days) == rules.court_days:
            break
    return Deadline(rejected, tuple(days), tuple(_unconfirmed(rules)))


def _days_after(day: date) -> Iterator[date]:
    while True:
        day += timedelta(days=1)
        yield day


def _known_from(rules: AfterRejection) -> int:
    """Return the first year of the calendar: that of its first holiday."""
    return min((day.year for day in rules.holidays), default=rules.known_until.year)


def _unknown(rejected: date, rules: AfterRejection) -> Finding:
    return Finding(
        Severity.BLOCKING,
        "court-calendar-ends",
        f"the court's holidays are listed from {_known_from(rules)} until {rules.known_until}, "
        f"and the {rules.court_days} court days after {rejected} reach beyond",
        where="filing.after_rejection.holidays",
        remedy="Add the missing holidays to a copy of the court's profile and set known_until.",
    )


def _unconfirmed(rules: AfterRejection) -> Iterator[Finding]:
    if not rules.confirmed:
        yield Finding(
            Severity.WARNING,
            "court-calendar-unconfirmed",
            "no source at hand confirms the number of court days or the holidays of this court",
            where="filing.after_rejection",
            remedy="Ask the clerk of the court before relying on the last day.",
        )
