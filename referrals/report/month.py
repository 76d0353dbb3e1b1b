"""A calendar month, and the months that a report compares it with."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from referrals.errors import UsageError

WINDOW = 12
"""Months that the trend and the twelve-month tables cover, the report's own included."""


@functools.total_ordering
@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar, from the first instant to the last."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Return the month written as `2026-03`.

        Raises:
            UsageError: the text is not a month.
        """
        found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text)
        if not found or not 1900 <= int(found[1]) <= 9998:
            raise UsageError(f"{text!r} is not a month.", remedy="Write it like 2026-03.")
        return cls(int(found[1]), int(found[2]))

    def plus(self, months: int) -> Month:
        """Return the month that many months later, or earlier if negative."""
        count = self.year * 12 + self.number - 1 + months
        return Month(count // 12, count % 12 + 1)

    def window(self, months: int = WINDOW) -> tuple[Month, ...]:
        """Return the months that end with this one, in order."""
        return tuple(self.plus(back) for back in range(1 - months, 1))

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.number, 1)

    @property
    def title(self) -> str:
        """The month in words: March 2026."""
        return f"{self.first_day:%B} {self.year}"

    @property
    def short(self) -> str:
        """The month in short: Mar 2026."""
        return f"{self.first_day:%b} {self.year}"

    def begins(self, zone: str) -> datetime:
        """Return the instant, in UTC, at which the month begins in `zone`."""
        local = datetime(self.year, self.number, 1, tzinfo=ZoneInfo(zone))
        return local.astimezone(UTC)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def __lt__(self, other: Month) -> bool:
        return (self.year, self.number) < (other.year, other.number)
