"""What two editions tell differently, count by count.

In: two editions. Out: lines of what was counted, with both numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from referrals.report.edition import Edition
from referrals.report.measures import MEASURES, MEDIANS
from referrals.report.view import number


@dataclass(frozen=True, slots=True)
class EditionDifference:
    """A count that two editions tell differently; empty where one does not tell it."""

    count: str
    first: str
    second: str


def differences(first: Edition, second: Edition) -> list[EditionDifference]:
    """Return what differs in each edition's own month: counts, medians, then the tables' cells."""
    return [*_measures(first, second), *_medians(first, second), *_cells(first, second)]


def _measures(first: Edition, second: Edition) -> Iterator[EditionDifference]:
    old, new = first.trend[first.month], second.trend[second.month]
    for measure in MEASURES:
        if old.get(measure.key) != new.get(measure.key):
            yield EditionDifference(
                measure.title, _told(old.get(measure.key)), _told(new.get(measure.key))
            )


def _medians(first: Edition, second: Edition) -> Iterator[EditionDifference]:
    old, new = first.medians[first.month], second.medians[second.month]
    for median in MEDIANS:
        if old.get(median.key) != new.get(median.key):
            title = f"{median.title}, {median.unit}s"
            yield EditionDifference(title, _told(old.get(median.key)), _told(new.get(median.key)))


def _cells(first: Edition, second: Edition) -> Iterator[EditionDifference]:
    old, new = ({each.key: each for each in edition.tables} for edition in (first, second))
    for key in dict.fromkeys((*old, *new)):
        table = new.get(key) or old[key]
        titles = {line.key: line.title for line in table.rows.lines}
        columns = {line.key: line.title for line in table.columns.lines}
        before = old[key].values() if key in old else {}
        after = new[key].values() if key in new else {}
        for place in dict.fromkeys((*before, *after)):
            row, column = place
            was = number(before[place]) if place in before else ""
            now = number(after[place]) if place in after else ""
            if was != now:
                name = f"{titles.get(row, row)}, {columns.get(column, column)}"
                yield EditionDifference(f"{table.title}: {name}", was, now)


def _told(value: int | None) -> str:
    return "" if value is None else number(value)
