"""What was published and is no longer right: old and new values, side by side.

In: a new edition, its snapshot, and all earlier editions. Out: a `Correction`
for each city-wide count of a published month that differs from what readers were
last told, and for each cell of the edition that this one takes the place of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from referrals.report.content import MEASURES
from referrals.report.edition import Correction, Edition, Published, Snapshot

HIDDEN = "not shown"


def corrections(
    new: Edition, snapshot: Snapshot, history: Sequence[Published]
) -> tuple[Correction, ...]:
    """Return the corrections, earlier months first."""
    return (*_measures(new, snapshot, history), *_cells(new, history))


def _measures(
    new: Edition, snapshot: Snapshot, history: Sequence[Published]
) -> Iterator[Correction]:
    told: dict[tuple[str, str], int] = {}
    for published in history:
        for month, measures in published.edition.trend.items():
            told |= {(month, key): value for key, value in measures.items()}
        for correction in published.edition.corrections:
            if correction.measure:
                told[correction.month, correction.measure] = int(correction.new)
    for counted in snapshot.counted:
        for measure in MEASURES:
            old = told.get((counted.month, measure.key))
            now = counted.measures[measure.key]
            if old is not None and old != now:
                yield Correction(
                    month=counted.month,
                    measure=measure.key,
                    place=measure.title,
                    unit=measure.unit,
                    old=str(old),
                    new=str(now),
                )


def _cells(new: Edition, history: Sequence[Published]) -> Iterator[Correction]:
    same = [each.edition for each in history if each.edition.month == new.month]
    if not same:
        return
    former = {table.key: table for table in same[-1].tables}
    for table in new.tables:
        if table.key not in former:
            continue
        before = former[table.key].values()
        rows = {line.key: line.title for line in table.rows.lines}
        columns = {line.key: line.title for line in table.columns.lines}
        for (row, column), value in table.values().items():
            if (row, column) in before and before[row, column] != value:
                yield Correction(
                    month=new.month,
                    place=f"{table.title}: {rows[row]}, {columns[column]}",
                    unit=table.unit,
                    old=_words(before[row, column]),
                    new=_words(value),
                )


def _words(value: int | None) -> str:
    return HIDDEN if value is None else str(value)
