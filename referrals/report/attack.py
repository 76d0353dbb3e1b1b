"""The attack: what a hostile reader can work out of everything that was published.

In: editions, as their readers have them. Out: the exact range of every hidden
count that whole numbers allow, by integer programming, and a finding for each
range that is too narrow. It knows nothing of the truth, nor of how the hidden
cells were chosen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from referrals.findings import Finding, Severity
from referrals.report.edition import Attacked, Published
from referrals.report.knowledge import KnowledgeRow, System, knowledge
from referrals.report.solver import CountRange, Extreme, Program


@dataclass(frozen=True, slots=True)
class Range:
    """The values from `low` to `high` that a hidden count may have.

    Where it spans enough it may be wider still: the search ends there.
    """

    low: int
    high: int

    @property
    def width(self) -> int:
        """How far the ends lie apart; zero means the count is known."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class AttackVerdict:
    """The ranges of all hidden counts, what each had to span, and what fell short."""

    ranges: Mapping[str, Range]
    required: Mapping[str, int]
    summary: Attacked

    @property
    def narrow(self) -> tuple[str, ...]:
        """The counts whose range is too narrow, by name."""
        return tuple(
            sorted(name for name in self.ranges if self.ranges[name].width < self.required[name])
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One blocking finding for each count that can be worked out too well."""
        return tuple(
            Finding(
                Severity.BLOCKING,
                "report-not-protected",
                f"a hidden count can be worked out to lie from {self.ranges[name].low} to "
                f"{self.ranges[name].high}; it must span at least {self.required[name]}",
                name,
                "Nothing was published. Send this to the program's maintainers.",
            )
            for name in self.narrow
        )


def attack(history: Sequence[Published], withheld: System, enough: int) -> AttackVerdict:
    """Attack every hidden count of `history`.

    A range must span `enough`, or all that is left by `withheld`: what is known
    when all that could be hidden in the newest edition is hidden.
    """
    system = knowledge(history)
    found = ranges(system, system.hidden, enough)
    short = {name for name, each in found.items() if each.width < enough}
    left = ranges(withheld, short, enough) if short else {}
    required = {name: min(enough, left[name].width) if name in short else enough for name in found}
    wide = [each.width for name, each in found.items() if required[name] == enough]
    summary = Attacked(
        hidden=len(found),
        limited=sum(need < enough for need in required.values()),
        narrowest=min(wide, default=0),
        editions=len(history),
    )
    return AttackVerdict(found, required, summary)


def ranges(system: System, targets: Collection[str], enough: int) -> dict[str, Range]:
    """Return the range of each target; the search for one ends when it spans `enough`."""
    found: dict[str, Range] = {}
    for names, rows in components(system, targets):
        found |= _Component(system, names, rows).ranges(targets, enough)
    for name in targets:
        if name in system.known:
            found[name] = Range(system.known[name], system.known[name])
        elif name not in found:
            found[name] = Range(0, system.limits[name])
    return found


def components(
    system: System, targets: Collection[str]
) -> Iterator[tuple[list[str], list[tuple[KnowledgeRow, int]]]]:
    """Yield the unknown variables that hang together and hold a target, with their rows.

    With each row comes the sum of what is known in it.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    unknown_rows: list[tuple[KnowledgeRow, int, list[str]]] = []
    for row in system.rows:
        unknown = [name for name, _ in row.weights if name not in system.known]
        if not unknown:
            continue
        value = sum(weight * system.known.get(name, 0) for name, weight in row.weights)
        unknown_rows.append((row, value, unknown))
        for name in unknown[1:]:
            parent[root(name)] = root(unknown[0])
        root(unknown[0])
    wanted = {root(name) for name in targets if name in parent}
    names: dict[str, list[str]] = {each: [] for each in wanted}
    rows: dict[str, list[tuple[KnowledgeRow, int]]] = {each: [] for each in wanted}
    for name in sorted(parent):
        if root(name) in wanted:
            names[root(name)].append(name)
    for row, value, unknown in unknown_rows:
        if root(unknown[0]) in wanted:
            rows[root(unknown[0])].append((row, value))
    for each in sorted(wanted):
        yield names[each], rows[each]


def _tightened(
    system: System, names: Sequence[str], rows: Sequence[tuple[KnowledgeRow, int]]
) -> dict[str, int]:
    """Return an upper limit of each count: a part is not larger than its sum.

    What it is for is speed: a count that has been seen at both its limits is done.
    """
    limits = {name: system.limits[name] for name in names}
    changed = True
    while changed:
        changed = False
        for row, value in rows:
            if row.low != row.high:
                continue
            unknown = [(name, weight) for name, weight in row.weights if name in limits]
            wholes = [name for name, weight in unknown if weight < 0]
            room = row.high - value + sum(limits[name] for name in wholes)
            for name, weight in unknown:
                if weight > 0 and limits[name] > room:
                    limits[name] = room
                    changed = True
    return limits


class _Component:
    """Unknown counts that hang together, and the programs that bound them."""

    def __init__(
        self, system: System, names: Sequence[str], rows: Iterable[tuple[KnowledgeRow, int]]
    ) -> None:
        self.names = names
        place = {name: number for number, name in enumerate(names)}
        rows = list(rows)
        limits = _tightened(system, names, rows)
        self.bounds = [(0.0, float(limits[name])) for name in names]
        self.rows = [
            CountRange(
                {place[name]: weight for name, weight in row.weights if name in place},
                row.low - value,
                row.high - value,
            )
            for row, value in rows
        ]
        self.linear = Program(self.bounds, self.rows)
        self.whole: Program | None = None
        self.low: Any = None
        self.high: Any = None

    def ranges(self, targets: Collection[str], enough: int) -> dict[str, Range]:
        found = {}
        for number, name in enumerate(self.names):
            if name not in targets:
                continue
            sought = min(enough, self.bounds[number][1])
            for sign in (-1, 1):
                if self.low is None or self.high[number] - self.low[number] < sought:
                    self._witness(number, sign)
            found[name] = Range(int(self.low[number]), int(self.high[number]))
        return found

    def _witness(self, number: int, sign: int) -> None:
        """Take a count to its extreme; the solution is a witness for all others too."""
        import numpy

        extreme = self.linear.least(number, sign)
        if not extreme.is_whole:
            extreme = self._in_whole_numbers(number, sign)
        seen = extreme.solution.round()
        self.low = seen if self.low is None else numpy.minimum(self.low, seen)
        self.high = seen if self.high is None else numpy.maximum(self.high, seen)

    def _in_whole_numbers(self, number: int, sign: int) -> Extreme:
        if self.whole is None:
            self.whole = Program(self.bounds, self.rows, whole=True)
        return self.whole.least(number, sign)
