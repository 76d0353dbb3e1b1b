"""What a reader of every edition knows, as linear equations over unknown counts.

In: editions as they were or would be published. Out: a `System` of variables,
the values that were shown, and the equations and limits that hold between them.

A variable is a count of one month in one state of its records. Tables of the
same month share their margins; a table of twelve months is the sum of the
margins of twelve months; the counts of two states of a month differ by no more,
all in all, than the reader is taken to know (`edition.Version`), who has read the
corrections. No truth is known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from referrals.report.edition import Published
from referrals.report.table import TOTAL, Place, TableForm


@dataclass(frozen=True, slots=True)
class KnowledgeRow:
    """A constraint: the weighted sum of variables lies between `low` and `high`."""

    weights: tuple[tuple[str, int], ...]
    low: int = 0
    high: int = 0


@dataclass(slots=True)
class System:
    """Everything that was published: what was shown, what was hidden, and how it hangs together.

    `places` counts, for each variable of a protected table, the cells that print
    it. `limits` holds the largest value that the open total of its table allows.
    """

    known: dict[str, int] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    limits: dict[str, int] = field(default_factory=dict)
    rows: dict[KnowledgeRow, None] = field(default_factory=dict)

    def variables(self) -> set[str]:
        """Return the names of all variables."""
        return {name for row in self.rows for name, _ in row.weights} | set(self.known)


def variable(token: str, form: TableForm, place: Place) -> str:
    """Return the name of the count that stands in a cell; tables share their margins."""
    row, column = place
    if form.margin and column == TOTAL and form.months == 1:
        return f"{token}/{form.margin}:{row}"
    return f"{token}/{form.key}:{row}|{column}"


def token(published: Published, form: TableForm, sequence: int) -> str:
    """Return what the variables of a table begin with: a month's state, or a publication."""
    if form.months > 1:
        return f"publication {sequence}"
    return state(published.edition.month, published)


def state(month: str, published: Published) -> str:
    """Return the name of the state of a month that an edition used."""
    return f"{month}#{published.versions[month].number}"


def knowledge(history: Sequence[Published]) -> System:
    """Return what is known from all of `history`, in the order of publication."""
    system = System()
    for sequence, published in enumerate(history):
        _learn(system, published, sequence)
    for row in _between_states(system, history):
        system.rows[row] = None
    return system


def _learn(system: System, published: Published, sequence: int) -> None:
    edition = published.edition
    for table in edition.tables:
        if not table.protected:
            continue
        begin = token(published, table, sequence)
        cells = {place: variable(begin, table, place) for place in table.places}
        values = table.values()
        total = values[TOTAL, TOTAL]
        assert total is not None, "a table's total is always shown"
        for place, name in cells.items():
            value = values[place]
            system.limits[name] = total
            if value is None:
                system.hidden.add(name)
            else:
                system.known[name] = value
        for whole, parts in table.sums:
            _sum(system, cells[whole], (cells[part] for part in parts))
        if table.months > 1:
            _learn_months(system, published, table, cells)
    # What one edition shows another may hide, of the same state of the same month.
    system.hidden -= set(system.known)


def _learn_months(
    system: System, published: Published, table: TableForm, cells: dict[Place, str]
) -> None:
    """Learn that a table of several months sums up the margins of those months."""
    edition = published.edition
    months = [str(month) for month in edition.at.window(table.months)]
    for row in table.rows.keys:
        parts = [f"{state(month, published)}/{table.margin}:{row}" for month in months]
        _sum(system, cells[row, TOTAL], parts)
    for month in months:
        margin = {row: f"{state(month, published)}/{table.margin}:{row}" for row in table.rows.keys}
        total = edition.trend[month][table.margin]
        system.known[margin[TOTAL]] = total
        for name in margin.values():
            system.limits[name] = total
        for parent, children in table.rows.families.items():
            _sum(system, margin[parent], (margin[child] for child in children))


def _sum(system: System, whole: str, parts: Iterable[str]) -> None:
    weights = tuple(sorted((part, 1) for part in parts))
    system.rows[KnowledgeRow((*weights, (whole, -1)))] = None


def _between_states(system: System, history: Sequence[Published]) -> Iterator[KnowledgeRow]:
    """Yield what binds the states of a month: all in all they differ by no more than is known.

    A count is bound to its last earlier state that some edition speaks of, though
    states that none speaks of lie between.
    """
    versions = {
        (month, version.number): version
        for published in history
        for month, version in published.versions.items()
    }
    groups = _innermost(history)
    present = system.variables()
    last: dict[tuple[str, str, str], int] = {}
    for month, number in sorted(versions):
        for key, counts in groups.items():
            pairs: dict[int, list[str]] = {}
            for count in counts:
                if f"{month}#{number}/{count}" not in present:
                    continue
                earlier = last.get((month, key, count))
                if earlier is not None:
                    pairs.setdefault(earlier, []).append(count)
                last[month, key, count] = number
            for earlier, shared in sorted(pairs.items()):
                changes = [
                    versions[month, each].changes.get(key)
                    for each in range(earlier + 1, number + 1)
                ]
                if None not in changes:
                    most = sum(filter(None, changes))
                    yield from _differ(
                        system, f"{month}#{earlier}", f"{month}#{number}", shared, most
                    )


def _innermost(history: Sequence[Published]) -> dict[str, dict[str, None]]:
    """Return the innermost counts of each table and each margin, as variables name them."""
    found: dict[str, dict[str, None]] = {}
    for table in (table for published in history for table in published.edition.tables):
        if not table.protected or table.months > 1:
            continue
        inner = found.setdefault(table.key, {})
        for row in table.rows.innermost:
            for column in table.columns.innermost or (TOTAL,):
                inner[variable("", table, (row, column))[1:]] = None
            if table.margin:
                margin = variable("", table, (row, TOTAL))[1:]
                found.setdefault(table.margin, {})[margin] = None
    return found


def _differ(
    system: System, before: str, after: str, counts: Sequence[str], most: int
) -> Iterator[KnowledgeRow]:
    """Yield that the counts rise and fall by `most` together."""
    moved: list[tuple[str, int]] = []
    for count in counts:
        old, new = f"{before}/{count}", f"{after}/{count}"
        if old in system.known and new in system.known:
            most -= abs(system.known[new] - system.known[old])
            continue
        up, down = f"{new} up", f"{new} down"
        moved += [(up, 1), (down, 1)]
        yield KnowledgeRow(((new, 1), (old, -1), (up, -1), (down, 1)))
    system.limits |= {name: most for name, _ in moved}
    if moved:
        yield KnowledgeRow(tuple(moved), 0, most)
