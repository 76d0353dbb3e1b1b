"""An edition as its pages say it: numbers in words, rows in order, nothing left to a template.

In: an edition. Out: plain values that the page, the Word file and the charts'
tables share, so that no two renderings can disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from referrals.report.edition import Edition
from referrals.report.measures import MEASURES, Measure
from referrals.report.month import WINDOW, Month
from referrals.report.table import TOTAL, Table

NOT_SHOWN = "n.s."
"""What stands in place of a hidden count; `Not shown` is what it is short for."""

KEY_FIGURES = (
    "incidents",
    "responded",
    "allegations",
    "force",
    "injury",
    "supervisor-refused",
    "footage",
    "referrals",
)
"""The counts that the first page puts first."""


LONG = 24
"""Rows beyond which a table may break between pages."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: its count, its change from the month before and the year before."""

    title: str
    unit: str
    count: str
    month_before: str
    year_before: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure with its four numbers: this month, the one before, a year before, twelve months."""

    measure: Measure
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Measures that are printed together; `basis` says which date puts them in a month."""

    title: str
    basis: str
    rows: tuple[MeasureRow, ...]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a printed table; `level` is total, subtotal or inner."""

    title: str
    level: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A table as it is printed: rows with nothing in them are named in one sentence instead."""

    key: str
    title: str
    unit: str
    definition: str
    row_heading: str
    columns: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    empty: tuple[str, ...]
    hidden: int

    @property
    def is_long(self) -> bool:
        """Whether the table may run over several pages."""
        return len(self.rows) > LONG


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction as it is printed."""

    month: str
    place: str
    unit: str
    old: str
    new: str


def figures(edition: Edition) -> tuple[Figure, ...]:
    """Return the key figures."""
    by_key = {measure.key: measure for measure in MEASURES}
    now, before, year = (edition.trend[str(month)] for month in compared(edition))
    return tuple(
        Figure(
            by_key[key].title,
            by_key[key].unit.value if now[key] == 1 else by_key[key].unit.plural,
            number(now[key]),
            change(now[key], before[key]),
            change(now[key], year[key]),
        )
        for key in KEY_FIGURES
    )


def groups(edition: Edition) -> dict[str, Group]:
    """Return the measures by their group, each with its four numbers."""
    found: dict[str, list[MeasureRow]] = {}
    for measure in MEASURES:
        values = [edition.trend[str(month)][measure.key] for month in compared(edition)]
        values.append(sum(edition.trend[str(month)][measure.key] for month in edition.at.window()))
        row = MeasureRow(measure, tuple(number(value) for value in values))
        found.setdefault(measure.group, []).append(row)
    return {
        title: Group(title, _basis([row.measure for row in rows]), tuple(rows))
        for title, rows in found.items()
    }


def compared_titles(edition: Edition) -> tuple[str, ...]:
    """Return the headings of the four numbers."""
    return (*(month.short for month in compared(edition)), f"{WINDOW} months")


def trend(edition: Edition, *keys: str) -> Printed:
    """Return the twelve months of some measures as a table, one row a measure."""
    by_key = {measure.key: measure for measure in MEASURES}
    months = edition.at.window()
    rows = tuple(
        ShownRow(
            by_key[key].title,
            "inner",
            tuple(number(edition.trend[str(month)][key]) for month in months),
        )
        for key in keys
    )
    units = {by_key[key].unit.plural for key in keys}
    return Printed(
        key=f"trend-{keys[0]}",
        title=joined((by_key[keys[0]].title, *map(_lower, keys[1:]))),
        unit=joined(sorted(units)),
        definition=_basis([by_key[key] for key in keys]),
        row_heading="Count",
        columns=tuple(f"{month.first_day:%b} {month.year % 100:02d}" for month in months),
        rows=rows,
        empty=(),
        hidden=0,
    )


def printed(table: Table) -> Printed:
    """Return a table as it is printed."""
    values = table.values()
    families = table.rows.families
    rows, empty = [], []
    order = [line for line in table.rows.lines if line.key == TOTAL]
    for line in table.rows.lines:
        if line.key != TOTAL and line.parent == TOTAL:
            below = [each for each in table.rows.lines if each.parent == line.key]
            order += [line, *below]
    for line in order:
        cells = [values[line.key, column] for column in table.columns.keys]
        if line.key == TOTAL:
            level = "total"
        elif line.key in families:
            level = "subtotal"
        else:
            level = "inner"
        if level == "inner" and not any(cell != 0 for cell in cells):
            empty.append(line.title)
        else:
            rows.append(ShownRow(line.title, level, tuple(number(cell) for cell in cells)))
    return Printed(
        key=table.key,
        title=table.title,
        unit=table.unit.plural,
        definition=table.definition,
        row_heading=table.rows.title,
        columns=tuple(line.title for line in table.columns.lines),
        rows=tuple(rows),
        empty=tuple(empty),
        hidden=table.hidden,
    )


def correction_rows(edition: Edition) -> tuple[CorrectionRow, ...]:
    """Return the corrections as they are printed."""
    return tuple(
        CorrectionRow(
            Month.parse(each.month).short, each.place, f"{each.unit}s", each.old, each.new
        )
        for each in edition.corrections
    )


def number(value: int | None) -> str:
    """Return a count in figures, thousands apart; a hidden one as `NOT_SHOWN`."""
    return NOT_SHOWN if value is None else f"{value:,}"


def change(now: int, then: int) -> str:
    """Return a change with its sign: +3, −2, or `no change`."""
    if now == then:
        return "no change"
    return f"+{now - then:,}" if now > then else f"−{then - now:,}"


def local_time(edition: Edition, moment: datetime) -> str:
    """Return an instant in the report's zone: 2 April 2026, 10:00 CDT."""
    local = moment.astimezone(ZoneInfo(edition.time_zone))
    return f"{local.day} {local:%B %Y, %H:%M %Z}"


def joined(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: one, two and three."""
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


def _basis(measures: Sequence[Measure]) -> str:
    """Return the dates that put measures in a month: by month of the incident."""
    bases = tuple(dict.fromkeys(each.basis for each in measures))
    return f"By {joined(bases)}."


def _lower(key: str) -> str:
    title = next(measure.title for measure in MEASURES if measure.key == key)
    return title[0].lower() + title[1:]


def compared(edition: Edition) -> tuple[Month, Month, Month]:
    """Return the report's month, the one before, and the same a year before."""
    return edition.at, edition.at.plus(-1), edition.at.plus(-12)
