"""What is frozen and what is told: the snapshot of a month, and its public edition.

`EditionSnapshot` holds the true counts and never leaves the office: a digest of it is
not printed either, since small counts could be guessed from their digest.
`Edition` holds what readers may know, and every rendering is made of it alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from referrals.records.fields import Moment
from referrals.records.snapshot import Frozen, canonical_json
from referrals.report.measures import MEDIANS
from referrals.report.month import WINDOW, Month
from referrals.report.table import Table

FORMAT = 2
"""The version of the form in which both are kept."""

COMPARED = WINDOW + 1
"""Months that an edition tells of: the twelve of the trend, and the same month a year before."""


class Counted(Frozen):
    """The true counts of one month, every cell of every table included."""

    month: str
    measures: dict[str, int]
    medians: dict[str, float]
    tables: dict[str, tuple[tuple[int, ...], ...]]

    def told_medians(self, threshold: int) -> dict[str, int]:
        """Return the medians behind which stand at least `threshold` values, rounded."""
        found = {}
        for median in MEDIANS:
            behind = self.measures[median.counted] - self.measures.get(median.without, 0)
            if median.key in self.medians and behind >= threshold:
                found[median.key] = median.rounded(self.medians[median.key])
        return found


class EditionSnapshot(Frozen):
    """The true counts as of an instant, for the report's month and all it speaks of."""

    format: int = FORMAT
    as_of: Moment
    profile: str
    month: str
    fictional: bool
    counted: tuple[Counted, ...]

    @property
    def identity(self) -> str:
        """The SHA-256 of the snapshot's canonical JSON."""
        return _digest(self)

    def of(self, month: str) -> Counted | None:
        """Return the counts of a month, if the snapshot holds them."""
        return next((each for each in self.counted if each.month == month), None)


class Correction(Frozen):
    """A number that was published and is no longer right.

    `old` and `new` are words, since a number may have been hidden; `place` names
    the measure, the median, or the table with row and column. `measure` is the key
    of the measure or the median.
    """

    month: str
    measure: str = ""
    place: str
    unit: str
    old: str
    new: str


class Attacked(Frozen):
    """What the attack came to.

    `hidden` counts the hidden cells of this and all earlier publications that
    were attacked; `limited` those of which the open city-wide counts alone leave
    less than the protection; `narrowest` is the narrowest range that is left of
    the others (0 where there is none).
    """

    hidden: int
    limited: int
    narrowest: int
    editions: int


class Edition(Frozen):
    """One published state of one month's report."""

    format: int = FORMAT
    month: str
    number: int
    profile: str
    title: str
    agency: str
    contact: str
    time_zone: str
    as_of: Moment
    fictional: bool
    draft: bool = False
    reason: str = ""
    program_version: str
    threshold: int
    protection: int
    threshold_source: str
    trend: dict[str, dict[str, int]]
    medians: dict[str, dict[str, int]]
    tables: tuple[Table, ...]
    corrections: tuple[Correction, ...] = ()
    attacked: Attacked

    @property
    def canonical(self) -> bytes:
        """The edition as canonical JSON."""
        return canonical_json(self.model_dump(mode="json"))

    @property
    def identity(self) -> str:
        """The SHA-256 of the canonical form: a digest of public values only."""
        return _digest(self)

    @property
    def name(self) -> str:
        """The edition's name for files and lists: 2026-03-2 is the second of its month."""
        return f"{self.month}-{self.number}"

    @property
    def at(self) -> Month:
        """The report's month."""
        return Month.parse(self.month)

    @property
    def protected_cells(self) -> int:
        """How many cells could have been hidden."""
        return sum(
            not table.is_open(place)
            for table in self.tables
            if table.protected
            for place in table.places
        )

    @property
    def hidden(self) -> int:
        """How many cells are hidden."""
        return sum(table.hidden for table in self.tables)


@dataclass(frozen=True, slots=True)
class Version:
    """Which state of a month's counts was used, and by how much it differs from the one before.

    `changes` holds, by table and by margin, the sum of the differences of the innermost
    counts. The attack takes it that a reader knows them: corrections may tell as much.
    Counts are matched by the keys of their lines; lines that are new bind nothing.
    """

    number: int
    changes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """An edition with the states of the months it speaks of, by month."""

    edition: Edition
    versions: dict[str, Version]


def _digest(value: Frozen) -> str:
    return hashlib.sha256(canonical_json(value.model_dump(mode="json"))).hexdigest()
