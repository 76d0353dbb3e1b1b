"""Every table that agrees with what was published, one by one: the slow way to be sure.

Shares no code with the attack: it fills in hidden inner cells in turn, column by
column, and keeps what adds up to every number shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from referrals.report.table import TOTAL, Place, Table, completed

Ends = dict[Place, tuple[int, int]]
RowTotals = tuple[tuple[str, int], ...]


def possible_ranges(
    tables: Sequence[Table], margin: bool = False
) -> dict[tuple[str, Place], tuple[int, int]]:
    """Return the least and the greatest value of each hidden cell over all agreeing tables.

    With `margin`, the tables must agree on their row totals too.
    """
    every = [_by_row_totals(table, margin) for table in tables]
    common = set.intersection(*(set(each) for each in every))
    found: dict[tuple[str, Place], tuple[int, int]] = {}
    for table, ranges in zip(tables, every, strict=True):
        for totals in common:
            for place, ends in ranges[totals].items():
                if table.values()[place] is None:
                    low, high = found.get((table.key, place), ends)
                    found[table.key, place] = min(low, ends[0]), max(high, ends[1])
    return found


def _by_row_totals(table: Table, margin: bool) -> dict[RowTotals, Ends]:
    found: dict[RowTotals, Ends] = {}
    for cells in _agreeing(table):
        rows = tuple(sorted((row, n) for (row, column), n in cells.items() if column == TOTAL))
        ends = found.setdefault(rows if margin else (), {})
        for place, value in cells.items():
            low, high = ends.get(place, (value, value))
            ends[place] = min(low, value), max(high, value)
    return found


def _agreeing(table: Table) -> Iterator[dict[Place, int]]:
    shown = table.values()
    columns = table.columns.innermost or (TOTAL,)
    inner = [(row, column) for column in columns for row in table.rows.innermost]
    last_row = table.rows.innermost[-1]

    def fill(place: int, chosen: dict[Place, int], left: int) -> Iterator[dict[Place, int]]:
        if place == len(inner):
            cells = completed(table, chosen)
            if all(value in (None, cells[each]) for each, value in shown.items()):
                yield cells
            return
        row, column = inner[place]
        if row == table.rows.innermost[0]:
            total = shown[TOTAL, column]
            assert total is not None, "a column's total is always shown"
            left = total
        known = shown[row, column]
        values = range(left + 1) if known is None else [known]
        if row == last_row:
            values = [value for value in values if value == left]
        for value in values:
            if value <= left:
                yield from fill(place + 1, {**chosen, (row, column): value}, left - value)

    yield from fill(0, {}, 0)
