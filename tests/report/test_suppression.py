"""What is hidden stays hidden: known answers, random tables, and the fewest cells."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referrals.report.attack import attack
from referrals.report.edition import Published
from referrals.report.knowledge import knowledge, variable
from referrals.report.protection import protect
from referrals.report.table import TOTAL, Place, Table, TableForm, completed, table
from tests.report.conftest import dimension, filled, form, published
from tests.report.enumeration import possible_ranges

THRESHOLD = ENOUGH = 3
SQUARE = form("square", dimension("abc"), dimension("xyz"))
NESTED = form(
    "nested",
    dimension(
        ("a", "b", "north", "c", "d", "south"),
        dict.fromkeys("ab", "north") | dict.fromkeys("cd", "south"),
    ),
    dimension("xy"),
)
WIDE = form("wide", dimension("abc"), dimension("xy"), margin="rows")
TALL = form("tall", dimension("abc"), dimension("pq"), margin="rows")


def protected(forms: list[TableForm], rows: list[list[list[int]]]) -> tuple[Table, ...]:
    """Return the tables as they are published, judged by the attack and by enumeration."""
    cells = {
        each.key: completed(each, filled(each, values))
        for each, values in zip(forms, rows, strict=True)
    }
    tables, verdict = protect(forms, cells, [], published, THRESHOLD, ENOUGH)
    assert verdict.narrow == ()
    for made in tables:
        for place, value in made.values().items():
            assert value in (None, cells[made.key][place]), "a shown count is the true one"
            if 0 < cells[made.key][place] < THRESHOLD and not made.is_open(place):
                assert value is None, "a small count is never shown"
    return tables


def hidden(made: Table) -> set[Place]:
    return {place for place, value in made.values().items() if value is None}


def spans(tables: tuple[Table, ...], margin: bool = False) -> None:
    """Check by enumeration that each hidden cell spans enough, or all that the totals leave."""
    withheld = tuple(
        table(each, {p: None if not each.is_open(p) else v for p, v in each.values().items()})
        for each in tables
    )
    left = possible_ranges(withheld, margin)
    for cell, (low, high) in possible_ranges(tables, margin).items():
        widest = left[cell][1] - left[cell][0]
        assert high - low >= min(ENOUGH, widest), f"{cell} lies from {low} to {high}"


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    (made,) = protected([SQUARE], [[[5, 6, 7], [8, 9, 4], [0, 3, 5]]])
    assert hidden(made) == set()


def test_a_small_count_takes_one_more_with_it_in_its_row() -> None:
    (made,) = protected([SQUARE], [[[1, 6, 7], [8, 9, 4], [0, 3, 5]]])
    # City-wide counts are open, so that a row's total may be hidden, but a column's may not.
    assert ("a", "x") in hidden(made)
    assert len(hidden(made)) == 4
    assert not any(row == TOTAL for row, _ in hidden(made))


def test_a_thin_table_is_withheld_but_for_its_empty_columns() -> None:
    (made,) = protected([SQUARE], [[[1, 0, 0], [0, 1, 0], [0, 0, 0]]])
    columns = {column for _, column in hidden(made)}
    assert columns == {"x", "y", TOTAL}
    assert len(hidden(made)) == 9
    assert made.values()["a", "z"] == 0


def test_an_empty_month_hides_nothing() -> None:
    (made,) = protected([SQUARE], [[[0] * 3] * 3])
    assert hidden(made) == set()


def test_a_month_of_small_counts_only_is_protected() -> None:
    spans(protected([SQUARE], [[[1, 2, 1], [2, 1, 1], [1, 1, 2]]]))


def test_a_subtotal_does_not_give_its_part_away() -> None:
    tables = protected([NESTED], [[[1, 3], [4, 3], [3, 0], [0, 5]]])
    assert ("a", "x") in hidden(tables[0])
    spans(tables)


def test_a_shared_margin_is_hidden_in_both_tables_or_in_none() -> None:
    tables = protected([WIDE, TALL], [[[1, 5], [2, 4], [3, 3]], [[4, 2], [5, 1], [0, 6]]])
    totals = [{row for row, column in hidden(each) if column == TOTAL} for each in tables]
    assert totals[0] == totals[1]
    spans(tables, margin=True)


SMALL = st.integers(0, 4)


def grids(rows: int, columns: int) -> st.SearchStrategy[list[list[int]]]:
    return st.lists(
        st.lists(SMALL, min_size=columns, max_size=columns), min_size=rows, max_size=rows
    ).filter(lambda grid: sum(map(sum, grid)) <= 12)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(grids(3, 3))
def test_no_random_table_gives_a_hidden_count_away(grid: list[list[int]]) -> None:
    spans(protected([SQUARE], [grid]))


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(grids(4, 2))
def test_no_random_table_with_subtotals_gives_a_hidden_count_away(grid: list[list[int]]) -> None:
    spans(protected([NESTED], [grid]))


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(grids(3, 2), st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_no_random_pair_of_linked_tables_gives_a_hidden_count_away(
    grid: list[list[int]], shares: list[float]
) -> None:
    other = [
        [round(sum(row) * share), sum(row) - round(sum(row) * share)]
        for row, share in zip(grid, shares, strict=True)
    ]
    if sum(map(sum, grid)) <= 8:
        spans(protected([WIDE, TALL], [grid, other]), margin=True)


SMALL_SQUARE = form("small", dimension("abc"), dimension("xy"))
SMALL_NESTED = form(
    "small nested",
    dimension(("a", "b", "north", "c"), dict.fromkeys("ab", "north")),
    dimension("xy"),
)
PAIR = [
    form("pair x", dimension("ab"), dimension("xy"), margin="rows"),
    form("pair p", dimension("ab"), dimension("pq"), margin="rows"),
]


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(grids(3, 2), st.sampled_from([SMALL_SQUARE, SMALL_NESTED]))
def test_no_choice_of_fewer_cells_would_do(grid: list[list[int]], made_form: TableForm) -> None:
    hides_few_enough([made_form], [grid])


@settings(max_examples=8, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(grids(2, 2), st.lists(st.floats(0, 1), min_size=2, max_size=2))
def test_no_choice_of_fewer_cells_would_do_for_linked_tables(
    grid: list[list[int]], shares: list[float]
) -> None:
    parts = [round(sum(row) * share) for row, share in zip(grid, shares, strict=True)]
    other = [[part, sum(row) - part] for row, part in zip(grid, parts, strict=True)]
    hides_few_enough(PAIR, [grid, other])


def hides_few_enough(forms: list[TableForm], grids: list[list[list[int]]]) -> None:
    """Check that at most 1.5 times as many cells are hidden as the best of all choices hides."""
    if sum(map(sum, grids[0])) < THRESHOLD:
        return
    cells = {
        each.key: completed(each, filled(each, grid))
        for each, grid in zip(forms, grids, strict=True)
    }
    found = sum(len(hidden(each)) for each in protected(forms, grids))
    assert found <= 1.5 * fewest(forms, cells)


def fewest(forms: list[TableForm], cells: dict[str, dict[Place, int]]) -> int:
    """Return the fewest cells that protect, by trying all choices, the smaller first.

    Cells that print the same count, as shared margins do, are hidden together.
    """
    counts: dict[str, list[tuple[TableForm, Place]]] = {}
    for each in forms:
        for place in each.places:
            if not each.is_open(place):
                counts.setdefault(variable("", each, place), []).append((each, place))
    must = [name for name, at in counts.items() if 0 < cells[at[0][0].key][at[0][1]] < THRESHOLD]
    free = [name for name in counts if name not in must]

    def edition(without: Iterable[str]) -> Published:
        places = [at for name in without for at in counts[name]]
        return published(
            [
                shown(each, cells[each.key], {place for own, place in places if own is each})
                for each in forms
            ]
        )

    def amount(names: Iterable[str]) -> int:
        return sum(len(counts[name]) for name in names)

    withheld = knowledge([edition(counts)])
    choices = [more for size in range(len(free) + 1) for more in combinations(free, size)]
    for more in sorted(choices, key=amount):
        if not attack([edition([*must, *more])], withheld, ENOUGH).narrow:
            return amount([*must, *more])
    raise AssertionError("hiding everything protects")


def shown(made_form: TableForm, cells: dict[Place, int], without: set[Place]) -> Table:
    return table(made_form, {place: None if place in without else cells[place] for place in cells})


GRID = [[1, 6, 7], [8, 9, 4], [5, 3, 5]]


@pytest.mark.parametrize(
    ("without", "worked_out"),
    [
        ({("a", "x")}, {("a", "x"): (1, 1)}),
        ({("a", "x"), ("a", "y")}, {("a", "x"): (1, 1), ("a", "y"): (6, 6)}),
        (
            {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")},
            {},
        ),
        ({("a", "x"), ("a", TOTAL)}, {("a", "x"): (1, 1), ("a", TOTAL): (14, 14)}),
    ],
)
def test_the_attack_finds_what_can_be_worked_out(
    without: set[Place], worked_out: dict[Place, tuple[int, int]]
) -> None:
    cells = completed(SQUARE, filled(SQUARE, GRID))
    every = {place for place in SQUARE.places if not SQUARE.is_open(place)}
    verdict = attack(
        [published([shown(SQUARE, cells, without)])],
        knowledge([published([shown(SQUARE, cells, every)])]),
        ENOUGH,
    )
    named = {f"2026-03#1/square:{row}|{column}": ends for (row, column), ends in worked_out.items()}
    assert set(verdict.narrow) == set(named)
    for name, ends in named.items():
        assert (verdict.ranges[name].low, verdict.ranges[name].high) == ends
    codes = {finding.code for finding in verdict.findings}
    assert codes == ({"report-not-protected"} if worked_out else set())


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(
    grids(3, 3),
    st.sets(st.sampled_from([p for p in SQUARE.places if not SQUARE.is_open(p)]), min_size=1),
)
def test_the_attack_finds_the_exact_ranges_of_any_pattern(
    grid: list[list[int]], without: set[Place]
) -> None:
    cells = completed(SQUARE, filled(SQUARE, grid))
    made = shown(SQUARE, cells, without)
    far = 1000
    verdict = attack([published([made])], knowledge([published([made])]), far)
    found = {name.partition(":")[2]: (each.low, each.high) for name, each in verdict.ranges.items()}
    expected = {
        f"{row}|{column}": ends for (_, (row, column)), ends in possible_ranges([made]).items()
    }
    assert found == expected
