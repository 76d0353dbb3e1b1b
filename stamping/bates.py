"""Bates numbers: a series, its labels and ranges.

In: a prefix, a separator, a fixed width. Out: labels such as `CPD-000123` whose
length never depends on the number, so that a page laid out with one label holds
any other. Knows nothing of who has issued which number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stamping.errors import BatesFormatError

_NUMERALS = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


@dataclass(frozen=True, slots=True)
class BatesSeries:
    """How numbers are written: prefix, separator and a fixed width in digits."""

    prefix: str
    separator: str = "-"
    width: int = 6

    def __post_init__(self) -> None:
        if not 1 <= self.width <= 12:
            raise BatesFormatError(
                f"a Bates width of {self.width} digits cannot be used",
                remedy="Choose a width from 1 to 12 digits.",
            )

    @property
    def highest(self) -> int:
        """The largest number that fits the width."""
        return int(10**self.width - 1)

    @property
    def stem(self) -> str:
        """What stands before the digits."""
        return f"{self.prefix}{self.separator}"

    def label(self, number: int) -> str:
        """Return the printed form of `number`.

        Raises:
            BatesFormatError: the number is below one or too long for the width.
        """
        if not 1 <= number <= self.highest:
            raise BatesFormatError(
                f"number {number} does not fit the series {self.stem}{'#' * self.width}",
                remedy="Use a wider series in the profile, or start at a lower number.",
            )
        return f"{self.stem}{number:0{self.width}d}"

    def parse(self, text: str) -> int:
        """Return the number that `text` prints.

        Raises:
            BatesFormatError: the text is not a label of this series.
        """
        match = re.fullmatch(re.escape(self.stem) + rf"([0-9]{{{self.width}}})", text.strip())
        if match is None or int(match.group(1)) < 1:
            raise BatesFormatError(
                f"{text!r} is not a number of the series {self.stem}{'#' * self.width}",
                remedy=f"Write it as {self.label(1)}.",
            )
        return int(match.group(1))


@dataclass(frozen=True, slots=True)
class BatesRange:
    """Consecutive numbers of one series, both ends included."""

    series: BatesSeries
    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BatesFormatError(f"a Bates range cannot run from {self.first} to {self.last}")

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last + 1))

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self.first <= number <= self.last

    def __str__(self) -> str:
        first = self.series.label(self.first)
        return first if self.first == self.last else f"{first} – {self.series.label(self.last)}"

    @property
    def labels(self) -> tuple[str, str]:
        """The printed first and last number."""
        return self.series.label(self.first), self.series.label(self.last)


def front_label(place: int) -> str:
    """Return the label of a page before the numbered ones: a small Roman numeral from one."""
    left, text = place, ""
    for value, numeral in _NUMERALS:
        text += numeral * (left // value)
        left %= value
    return text
