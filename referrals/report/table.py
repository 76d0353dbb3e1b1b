"""A table as a value: its dimensions, its unit of count, its definition, its cells.

In: the counts of the innermost cells. Out: a `Table` complete with sub-totals
and totals, and the equations that hold between its cells. A cell that is not
shown is None. It must not know where counts come from or what is hidden why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from referrals.records.snapshot import Frozen

TOTAL = "total"
"""The key of a dimension's last line, which sums up the others."""

Place = tuple[str, str]
"""A cell's place: the keys of its row and of its column."""


class CountUnit(StrEnum):
    """What a number counts."""

    INCIDENT = "incident"
    ALLEGATION = "alleged violation"
    PERSON = "person"
    RECORDING = "recording"
    REFERRAL = "referral"

    @property
    def plural(self) -> str:
        """The unit's plural."""
        return f"{self.value}s"


class Line(Frozen):
    """A row or a column; `parent` is the sub-total it belongs to, if not the total."""

    key: str
    title: str
    parent: str = TOTAL


class Dimension(Frozen):
    """The rows or the columns of a table, the total last."""

    title: str
    lines: tuple[Line, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the lines, in order."""
        return tuple(line.key for line in self.lines)

    @property
    def families(self) -> dict[str, tuple[str, ...]]:
        """Each total or sub-total with the lines that it sums up."""
        found: dict[str, list[str]] = {}
        for line in self.lines:
            if line.key != TOTAL:
                found.setdefault(line.parent, []).append(line.key)
        return {parent: tuple(children) for parent, children in found.items()}

    @property
    def innermost(self) -> tuple[str, ...]:
        """The lines that sum up nothing."""
        families = self.families
        return tuple(key for key in self.keys if key not in families and key != TOTAL)


class TableForm(Frozen):
    """What a table counts, before it is counted.

    `protected` tables hide small counts, but never those of an open row or an
    open column. Tables with the same `margin` have the same column of totals.
    `months` is the number of months summed up, the report's own last.
    """

    key: str
    title: str
    unit: CountUnit
    definition: str
    rows: Dimension
    columns: Dimension
    protected: bool = False
    open_rows: tuple[str, ...] = (TOTAL,)
    open_columns: tuple[str, ...] = ()
    margin: str = ""
    months: int = 1

    def is_open(self, place: Place) -> bool:
        """Whether the cell is always shown."""
        row, column = place
        return not self.protected or row in self.open_rows or column in self.open_columns

    @property
    def places(self) -> Iterator[Place]:
        """The places of all cells, row by row."""
        return ((row, column) for row in self.rows.keys for column in self.columns.keys)

    @property
    def sums(self) -> Iterator[tuple[Place, tuple[Place, ...]]]:
        """Each total or sub-total with the cells that it sums up."""
        for parent, children in self.rows.families.items():
            for column in self.columns.keys:
                yield (parent, column), tuple((child, column) for child in children)
        for parent, children in self.columns.families.items():
            for row in self.rows.keys:
                yield (row, parent), tuple((row, child) for child in children)


class Table(TableForm):
    """A table with its cells, row by row; None is a count that is not shown."""

    cells: tuple[tuple[int | None, ...], ...]

    def values(self) -> dict[Place, int | None]:
        """Return the cells by their place."""
        rows = zip(self.rows.keys, self.cells, strict=True)
        return {
            (row, column): value
            for row, values in rows
            for column, value in zip(self.columns.keys, values, strict=True)
        }

    @property
    def hidden(self) -> int:
        """How many cells are not shown."""
        return sum(value is None for row in self.cells for value in row)


def completed(form: TableForm, innermost: Mapping[Place, int]) -> dict[Place, int]:
    """Return every cell of `form`, summed up from the innermost ones; absent ones are zero."""
    down = _ancestors(form.rows)
    across = _ancestors(form.columns)
    cells = dict.fromkeys(form.places, 0)
    for (row, column), count in innermost.items():
        for above in down[row]:
            for beside in across[column]:
                cells[above, beside] += count
    return cells


def table(form: TableForm, cells: Mapping[Place, int | None]) -> Table:
    """Return `form` with its cells filled in."""
    filled = tuple(
        tuple(cells[row, column] for column in form.columns.keys) for row in form.rows.keys
    )
    return Table(**{name: getattr(form, name) for name in TableForm.model_fields}, cells=filled)


def _ancestors(dimension: Dimension) -> dict[str, tuple[str, ...]]:
    """Return, for each innermost line, itself and all that sum it up."""
    parents = {line.key: line.parent for line in dimension.lines if line.key != TOTAL}
    found = {}
    for key in dimension.innermost or (TOTAL,):
        chain = [key]
        while chain[-1] in parents:
            chain.append(parents[chain[-1]])
        found[key] = tuple(chain)
    return found
