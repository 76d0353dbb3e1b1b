"""Which cells to hide: small counts, and the fewest others that keep them from being worked out.

In: a month's true counts and everything published before. Out: the names of the
variables to hide. Primary: counts of protected tables from 1 to threshold - 1.
Complementary: an integer program picks the cells; linear programs take the
reader's part and answer with an inequality (a cut) for each hidden count whose
range is too narrow; so on until none is. The method is that of Fischetti and
Salazar, "Models and algorithms for the 2-dimensional cell suppression problem
in statistical disclosure control" (Mathematical Programming 84, 1999), with
ranges in place of fixed protection levels.

The attack (`attack.py`) judges the result in whole numbers and by other means.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from referrals.report.attack import components, ranges
from referrals.report.knowledge import KnowledgeRow, System
from referrals.report.solver import WHOLE, CountRange, Extreme, Program, Weights

ROUNDS = 200
"""Rounds of cuts after which all cells that hang together are hidden instead."""

EXACT_CELLS = 80
"""Choices up to which the integer program is solved to its optimum."""

FIRST_GAP = 0.2
"""How far from the optimum choices may be while cuts are still being gathered."""

BELOW_ONE_CELL = 0.9
"""A choice that costs so little more hides no cell more: costs are cells, but for ties."""

NODES = 200
"""Nodes after which a search takes the best choice that it has found.

Small programs end long before; where many areas are alike, proofs take for ever.
"""

NO_WEIGHT_OF_CUT = 1e-9
"""Below this a reduced cost is noise."""

GAP = 0.05
"""How far from the optimum a larger one may end."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be hidden: true values by variable, and how many cells print each.

    `primary` must be hidden. `unprinted` are the true counts of months that no
    edition has printed: those that are small must not come to light either.
    """

    truth: Mapping[str, int]
    cells: Mapping[str, int]
    primary: Collection[str]
    unprinted: Mapping[str, int]


def suppress(shown: System, choices: Choices, required: Mapping[str, int]) -> set[str]:
    """Return the variables to hide so that each unknown count spans what is required of it.

    `shown` is everything published and to be published, with all of `choices`
    unknown.
    """
    hidden: set[str] = set()
    for names, rows in components(shown, choices.truth):
        if set(names) <= set(choices.truth) and not set(names) & set(choices.primary):
            continue
        hidden |= _Chooser(shown, names, rows, choices, required).choose()
    return hidden


def requirements(shown: System, choices: Choices, threshold: int, enough: int) -> dict[str, int]:
    """Return how far each unknown count that the choices touch must span.

    That is `enough`, or as much as is left with all of `choices` hidden; nothing
    for a count that was never printed and is not small.
    """
    names = [name for names, _ in components(shown, choices.truth) for name in names]
    guarded = {
        name
        for name in names
        if name in shown.hidden or 0 < choices.unprinted.get(name, 0) < threshold
    }
    left = ranges(shown, guarded, enough)
    return {name: min(enough, left[name].width) if name in guarded else 0 for name in names}


class _Chooser:
    """The programs of variables that hang together: the chooser's in whole numbers,
    the reader's in real ones."""

    def __init__(
        self,
        system: System,
        names: Sequence[str],
        rows: Sequence[tuple[KnowledgeRow, int]],
        choices: Choices,
        required: Mapping[str, int],
    ) -> None:
        self.names, self.choices, self.required = names, choices, required
        self.place = {name: number for number, name in enumerate(names)}
        self.free = [name for name in names if name in choices.truth]
        self.choice = {self.place[name]: number for number, name in enumerate(self.free)}
        self.limits = [float(system.limits[name]) for name in names]
        self.truth = [float(choices.truth.get(name, -1)) for name in names]
        self.reader = Program(
            [(0.0, limit) for limit in self.limits],
            [
                CountRange(
                    {self.place[n]: weight for n, weight in row.weights if n in self.place},
                    row.low - value,
                    row.high - value,
                )
                for row, value in rows
            ],
        )
        self.sums = [row for row, _ in rows if row.low == row.high]

    def choose(self) -> set[str]:
        """Return the variables to hide."""
        if not self.free:
            return set()
        costs = [self._cost(name) for name in self.free]
        must = [float(name in self.choices.primary) for name in self.free]
        chooser = Program([(low, 1.0) for low in must], list(self._never_alone()), whole=True)
        hidden: set[str] = set()
        for gap in (FIRST_GAP, 0.0 if len(self.free) <= EXACT_CELLS else GAP):
            chooser.ends_early(gap, BELOW_ONE_CELL, NODES)
            for _ in range(ROUNDS):
                chosen = chooser.cheapest(costs).solution
                hidden = {name for name, y in zip(self.free, chosen, strict=True) if y > 0.5}
                cuts = list(self._cuts(hidden))
                if not cuts:
                    break
                for cut in cuts:
                    chooser.add(cut)
            else:
                return set(self.free)
        return hidden

    def _cost(self, name: str) -> float:
        """One for each cell that would be empty; among equals, small and inner counts first."""
        truth = self.choices.truth[name]
        tie = min(truth, 99) / 99 if truth else 0.5
        return self.choices.cells[name] + 0.001 * tie + 1e-6 * self.place[name] / len(self.names)

    def _never_alone(self) -> Iterator[CountRange]:
        """Yield that no hidden count may stand alone in a sum, where it would be known."""
        for row in self.sums:
            inside = [self.place[name] for name, _ in row.weights if name in self.place]
            if any(place not in self.choice for place in inside):
                continue
            for place in inside:
                if self.required[self.names[place]] > 0:
                    others = {self.choice[other]: 1.0 for other in inside if other != place}
                    yield CountRange({**others, self.choice[place]: -1.0}, 0.0, float("inf"))

    def _cuts(self, hidden: set[str]) -> Iterator[CountRange]:
        """Yield a cut for each unknown count whose range is too narrow with `hidden`."""
        for number, name in enumerate(self.names):
            if name in hidden or name not in self.choices.truth:
                self.reader.bound(number, 0.0, self.limits[number])
            else:
                self.reader.bound(number, self.truth[number], self.truth[number])
        import numpy

        low = numpy.full(len(self.names), numpy.inf)
        high = -low
        for number, name in enumerate(self.names):
            need = float(self.required[name])
            unknown = name in hidden or name not in self.choices.truth
            if not unknown or high[number] - low[number] >= need - WHOLE:
                continue
            least, most = self.reader.least(number), self.reader.least(number, -1)
            low = numpy.minimum(low, numpy.minimum(least.solution, most.solution))
            high = numpy.maximum(high, numpy.maximum(least.solution, most.solution))
            if -most.value - least.value < need - WHOLE:
                yield self._cut(number, need, least, most)

    def _cut(self, number: int, need: float, least: Extreme, most: Extreme) -> CountRange:
        """Return the inequality that any choice must satisfy for this count's range to do.

        By duality the range is at most constant + sum of weight x hidden, for
        any choice; a weight beyond what is needed is as good as what is needed.
        """
        constant = -least.proof - most.proof
        weights: dict[int, float] = {}
        for extreme in (least, most):
            for place in map(int, abs(extreme.reduced).argsort()[::-1]):
                cost = float(extreme.reduced[place])
                if abs(cost) < NO_WEIGHT_OF_CUT:
                    break
                if place in self.choice:
                    truth = self.truth[place]
                    constant -= cost * truth
                    gain = cost * truth if cost > 0 else -cost * (self.limits[place] - truth)
                    choice = self.choice[place]
                    weights[choice] = weights.get(choice, 0.0) + gain
                elif cost < 0:
                    constant -= cost * self.limits[place]
        most_needed = need - constant
        capped: Weights = {
            choice: min(weight, most_needed)
            for choice, weight in weights.items()
            if weight > NO_WEIGHT_OF_CUT
        }
        if number in self.choice:
            own = self.choice[number]
            return CountRange(
                {**capped, own: capped.get(own, 0.0) - most_needed}, 0.0, float("inf")
            )
        return CountRange(capped, most_needed, float("inf"))
