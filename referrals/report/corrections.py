"""What was published and is no longer right: old and new values, side by side.

In: a new edition, its snapshot, and all earlier editions. Out: a `Correction`
for each city-wide count and median of a published month that differs from what
readers were last told, and for each cell of the edition that this one takes the
place of. Cells of other months are corrected by new editions of those months,
which are protected as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from referrals.report.edition import Correction, Counted, Edition, EditionSnapshot, Published
from referrals.report.measures import MEASURES, MEDIANS

HIDDEN = "not shown"

TOO_FEW = "too few"
"""What stands in place of a median of fewer values than the threshold."""


def corrections(
    new: Edition, snapshot: EditionSnapshot, history: Sequence[Published]
) -> tuple[Correction, ...]:
    """Return the corrections, earlier months first."""
    return (*_city_wide(new, snapshot, history), *_cells(new, history))


def _city_wide(
    new: Edition, snapshot: EditionSnapshot, history: Sequence[Published]
) -> Iterator[Correction]:
    told: dict[tuple[str, str], str] = {}
    for published in history:
        told |= _told(published.edition)
    named = {each.key: (each.title, each.unit.value) for each in MEASURES}
    named |= {f"median-{each.key}": (each.title, each.unit) for each in MEDIANS}
    for counted in snapshot.counted:
        now = _now(counted, new.threshold)
        for key, (title, unit) in named.items():
            old = told.get((counted.month, key))
            if old is not None and old != now[key]:
                yield Correction(
                    month=counted.month, measure=key, place=title, unit=unit, old=old, new=now[key]
                )


def _told(edition: Edition) -> dict[tuple[str, str], str]:
    """Return every city-wide number that an edition tells, by month and key."""
    found: dict[tuple[str, str], str] = {}
    for month, measures in edition.trend.items():
        found |= {(month, key): str(value) for key, value in measures.items()}
        medians = edition.medians.get(month, {})
        for each in MEDIANS:
            found[month, f"median-{each.key}"] = str(medians.get(each.key, TOO_FEW))
    for correction in edition.corrections:
        if correction.measure:
            found[correction.month, correction.measure] = correction.new
    return found


def _now(counted: Counted, threshold: int) -> dict[str, str]:
    medians = counted.told_medians(threshold)
    return {key: str(value) for key, value in counted.measures.items()} | {
        f"median-{each.key}": str(medians.get(each.key, TOO_FEW)) for each in MEDIANS
    }


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
                    unit=table.unit.value,
                    old=_words(before[row, column]),
                    new=_words(value),
                )


def _words(value: int | None) -> str:
    return HIDDEN if value is None else str(value)
