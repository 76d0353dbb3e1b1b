"""Linear and integer programs, solved by HiGHS.

In: columns with bounds, rows with weights. Out: the extreme of a column with
the solution that attains it, or the cheapest choice. One thread, no clock and
no chance, so that the same program gives the same answer. HiGHS comes with the
extra `report` (MIT licence).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from referrals.errors import MachineError

WHOLE = 1e-6
"""How near to a whole number counts as whole."""

FEASIBLE = 2
"""HiGHS's word for a solution that satisfies its program."""

NO_WEIGHT = 1e-12
"""Below this a dual is noise."""

Weights = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class CountRange:
    """A row: the weighted sum of columns lies between `low` and `high`."""

    weights: Weights
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Extreme:
    """The least value of an objective, where it is attained, and its reduced costs.

    `solution` and `reduced` are arrays with a number for each column. `proof` is
    the part of the bound that comes from the rows. The bound holds for any bounds
    of the columns: proof + the sum of reduced cost x bound, the lower bound for a
    positive reduced cost and the upper for a negative one.
    """

    value: float
    solution: Any
    reduced: Any
    proof: float

    @property
    def is_whole(self) -> bool:
        """Whether every column of the solution is a whole number."""
        return bool((abs(self.solution - self.solution.round()) < WHOLE).all())


class Program:
    """A program over columns that are numbered from zero."""

    def __init__(
        self,
        bounds: Sequence[tuple[float, float]],
        rows: Sequence[CountRange],
        *,
        whole: bool = False,
    ) -> None:
        highs = _highs()
        self.rows = list(rows)
        self.solver: Any = _quiet_class(highs)()
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("parallel", "off"),
            ("random_seed", 0),
            ("mip_rel_gap", 0.0),
            ("mip_feasibility_tolerance", 1e-9),
        ):
            self.solver.setOptionValue(option, value)
        model = highs.HighsLp()
        model.num_col_, model.num_row_ = len(bounds), len(rows)
        model.col_cost_ = [0.0] * len(bounds)
        model.col_lower_ = [float(low) for low, _ in bounds]
        model.col_upper_ = [float(high) for _, high in bounds]
        model.row_lower_ = [row.low for row in rows]
        model.row_upper_ = [row.high for row in rows]
        starts = [0]
        columns: list[int] = []
        weights: list[float] = []
        for row in rows:
            columns += row.weights.keys()
            weights += row.weights.values()
            starts.append(len(columns))
        model.a_matrix_.format_ = highs.MatrixFormat.kRowwise
        model.a_matrix_.start_ = starts
        model.a_matrix_.index_ = columns
        model.a_matrix_.value_ = weights
        if whole:
            model.integrality_ = [highs.HighsVarType.kInteger] * len(bounds)
        self.solver.passModel(model)
        self._last: int | None = None
        self._row_ends: tuple[Any, Any] | None = None

    def bound(self, column: int, low: float, high: float) -> None:
        """Give a column other bounds."""
        self.solver.changeColBounds(column, float(low), float(high))

    def ends_early(self, relative: float, absolute: float, nodes: int) -> None:
        """Let a whole-number search end that near to the optimum, or after so many nodes.

        What it has found by then is taken. Nodes are counted, not seconds, so that
        the same program ends at the same place on any machine.
        """
        self.solver.setOptionValue("mip_max_nodes", nodes)
        self.solver.setOptionValue("mip_rel_gap", relative)
        self.solver.setOptionValue("mip_abs_gap", absolute)

    def add(self, row: CountRange) -> None:
        """Add a row."""
        self.rows.append(row)
        self._row_ends = None
        self.solver.addRow(
            row.low, row.high, len(row.weights), list(row.weights), list(row.weights.values())
        )

    def least(self, column: int, sign: int = 1) -> Extreme:
        """Return the least value of a column, or of its negative with `sign` -1.

        Raises:
            InfeasibleError: nothing satisfies the rows.
        """
        if self._last is not None:
            self.solver.changeColCost(self._last, 0.0)
        self.solver.changeColCost(column, float(sign))
        self._last = column
        return self._solve()

    def cheapest(self, costs: Sequence[float]) -> Extreme:
        """Return the solution whose weighted sum is least.

        Raises:
            InfeasibleError: nothing satisfies the rows.
        """
        for column, cost in enumerate(costs):
            self.solver.changeColCost(column, float(cost))
        self._last = None
        return self._solve()

    def _ends(self) -> tuple[Any, Any]:
        import numpy

        if self._row_ends is None:
            self._row_ends = (
                numpy.array([row.low for row in self.rows]),
                numpy.array([row.high for row in self.rows]),
            )
        return self._row_ends

    def _solve(self) -> Extreme:
        import numpy

        self.solver.run()
        status = self.solver.getModelStatus()
        ended = _highs().HighsModelStatus
        feasible = self.solver.getInfo().primal_solution_status == FEASIBLE
        if status != ended.kOptimal and not (status == ended.kSolutionLimit and feasible):
            raise InfeasibleError(self.solver.modelStatusToString(status))
        found = self.solver.getSolution()
        duals = numpy.array(found.row_dual)
        low, high = self._ends()
        bears = abs(duals) > NO_WEIGHT
        ends = numpy.where(duals > 0, low, high)
        proof = float(duals[bears] @ ends[bears])
        return Extreme(
            self.solver.getInfo().objective_function_value,
            numpy.array(found.col_value),
            numpy.array(found.col_dual),
            proof,
        )


class InfeasibleError(ArithmeticError):
    """Nothing satisfies a program's rows and bounds."""


@functools.cache
def _quiet_class(highs: Any) -> Any:
    class Quiet(highs.Highs):  # type: ignore[misc]  # known only where it is installed
        """The solver without its banner, which it prints when callbacks are enabled."""

        def enableCallbacks(self) -> None:  # noqa: N802 – the library's name
            """Enable none: nothing here calls back."""
            self.setOptionValue("output_flag", False)

    return Quiet


def _highs() -> Any:
    try:
        import highspy
    except ImportError as error:
        raise MachineError(
            "The monthly report needs the solver HiGHS, which is not installed.",
            remedy="Install it: pip install 'referrals[report]'.",
        ) from error
    return highspy
