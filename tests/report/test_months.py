"""Earlier publications give nothing away: rolling sums, corrections, changed records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from referrals.report.attack import attack
from referrals.report.edition import Published, Version
from referrals.report.knowledge import knowledge
from referrals.report.month import Month
from referrals.report.protection import protect
from referrals.report.table import TOTAL, Dimension, Line, Table, completed, table
from tests.report.conftest import MARCH, dimension, filled, form, published

ENOUGH = THRESHOLD = 3
ROWS = dimension("abcd")
MONTH = form("month", ROWS, dimension("xy"), margin="incidents")
YEAR = form(
    "year",
    ROWS,
    Dimension(title="All", lines=(Line(key=TOTAL, title="All", parent=""),)),
    margin="incidents",
    months=12,
)
Records = Mapping[str, Sequence[Sequence[int]]]


def edition(
    records: Records, month: Month, history: Sequence[Published], **extra: object
) -> Published:
    """Return the edition of a month as it would be published after `history`."""
    cells = {
        "month": completed(MONTH, filled(MONTH, records[str(month)])),
        "year": completed(YEAR, _summed(records, month)),
    }
    totals = {key: sum(map(sum, grid)) for key, grid in records.items()}

    def publish(tables: tuple[Table, ...]) -> Published:
        return published(tables, month, totals=totals, **extra)  # type: ignore[arg-type]

    tables, verdict = protect([MONTH, YEAR], cells, history, publish, THRESHOLD, ENOUGH)
    assert verdict.narrow == ()
    return publish(tables)


def _summed(records: Records, month: Month) -> dict[tuple[str, str], int]:
    found = dict.fromkeys(((row, TOTAL) for row in "abcd"), 0)
    for each in month.window():
        for row, counts in zip("abcd", records.get(str(each), ()), strict=False):
            found[row, TOTAL] += sum(counts)
    return found


def openly(records: Records, month: Month) -> Published:
    """Return an edition of which only the month's table hides anything: the first row."""
    cells = completed(MONTH, filled(MONTH, records[str(month)]))
    without = {(row, column) for row in "ab" for column in ("x", "y", TOTAL)}
    tables = (
        table(MONTH, {p: None if p in without else v for p, v in cells.items()}),
        table(YEAR, completed(YEAR, _summed(records, month))),
    )
    totals = {key: sum(map(sum, grid)) for key, grid in records.items()}
    return published(tables, month, totals=totals)


ZERO = [[0, 0]] * 4
BUSY = [[4, 5], [6, 3], [5, 5], [7, 4]]
SPARSE = [[1, 0], [6, 3], [5, 5], [7, 4]]


def records(last: Sequence[Sequence[int]]) -> dict[str, Sequence[Sequence[int]]]:
    months = MARCH.plus(-1).window(14)
    return {
        **{str(each): ZERO for each in months},
        str(MARCH.plus(-1)): BUSY,
        str(MARCH): last,
    }


def test_the_attack_subtracts_one_rolling_sum_from_the_next() -> None:
    history = [openly(records(SPARSE), MARCH.plus(-1)), openly(records(SPARSE), MARCH)]
    system = knowledge(history)
    verdict = attack(history, system, ENOUGH)
    assert verdict.ranges["2026-03#1/incidents:a"].width == 0
    assert verdict.ranges["2026-03#1/incidents:a"].low == 1


def test_a_small_month_cannot_be_had_by_subtracting_rolling_sums() -> None:
    first = edition(records(SPARSE), MARCH.plus(-1), [])
    year = first.edition.tables[1].values()
    assert year["a", TOTAL] == 9
    second = edition(records(SPARSE), MARCH, [first])
    assert second.edition.tables[0].values()["a", TOTAL] is None
    assert second.edition.tables[1].values()["a", TOTAL] is None


def test_a_new_edition_keeps_hidden_what_the_former_hid() -> None:
    before = records(SPARSE)
    first = edition(before, MARCH, [])
    hidden = {p for p, v in first.edition.tables[0].values().items() if v is None}
    assert ("a", "x") in hidden
    after = {**before, str(MARCH): [[5, 0], *SPARSE[1:]]}
    versions = {str(MARCH): Version(2, {"month": 4, "incidents": 4})}
    second = edition(after, MARCH, [first], number=2, versions=versions)
    assert second.edition.tables[0].values()["a", "x"] is None


def test_two_states_of_a_month_bind_each_other() -> None:
    before = completed(MONTH, filled(MONTH, BUSY))
    without = {(row, column) for row in "ab" for column in ("x", "y", TOTAL)}
    first = published([table(MONTH, {p: None if p in without else v for p, v in before.items()})])
    after = completed(MONTH, filled(MONTH, [[4, 5], [6, 4], [5, 5], [7, 4]]))
    versions = {str(MARCH): Version(2, {"month": 1, "incidents": 1})}
    second = published([table(MONTH, after)], number=2, versions=versions)
    alone = attack([first], knowledge([first]), 100)
    assert alone.ranges["2026-03#1/incidents:a"].width == 18
    verdict = attack([first, second], knowledge([first, second]), 100)
    # Now 9 and 10 are shown for a and b, which were 18 together: one of them has one more.
    found = verdict.ranges["2026-03#1/incidents:a"]
    assert (found.low, found.high) == (8, 9)


def march(grid: Sequence[Sequence[int]], hidden: str, **extra: object) -> Published:
    """Return an edition of March that hides some rows and nothing else."""
    cells = completed(MONTH, filled(MONTH, grid))
    without = {(row, column) for row in hidden for column in ("x", "y", TOTAL)}
    made = table(MONTH, {p: None if p in without else v for p, v in cells.items()})
    return published([made], **extra)  # type: ignore[arg-type]


def test_a_reader_knows_that_records_were_only_added() -> None:
    first = march(BUSY, "abc")
    versions = {str(MARCH): Version(2, {"month": 2, "incidents": 2})}
    second = march([[5, 5], [7, 3], [5, 5], [7, 4]], "", number=2, versions=versions)
    verdict = attack([first, second], knowledge([first, second]), 100)
    # Two more in all, and two changes: none of the three can have lost any.
    found = [verdict.ranges[f"2026-03#1/incidents:{row}"] for row in "abc"]
    assert [(each.low, each.high) for each in found] == [(8, 10)] * 3


def test_a_state_that_no_edition_speaks_of_does_not_part_its_neighbours() -> None:
    first = march(BUSY, "")
    between = {str(MARCH): Version(2, {"month": 1, "incidents": 1})}
    april = published([], MARCH.plus(1), versions=between)
    after = {str(MARCH): Version(3, {"month": 1, "incidents": 1})}
    third = march([[4, 5], [6, 4], [5, 5], [7, 5]], "abcd", number=2, versions=after)
    history = [first, april, third]
    found = attack(history, knowledge(history), 100).ranges["2026-03#3/month:a|x"]
    # It was 4; two records were added in two steps, and the totals say: to column y.
    assert (found.low, found.high) == (4, 4)


def test_months_follow_one_another_without_giving_anything_away() -> None:
    grids = [
        [[1, 2], [3, 0], [4, 4], [0, 1]],
        [[0, 2], [1, 1], [6, 2], [2, 0]],
        [[2, 2], [0, 0], [5, 1], [1, 1]],
        [[7, 1], [2, 3], [0, 0], [1, 0]],
    ]
    months = MARCH.window(4)
    every: dict[str, Sequence[Sequence[int]]] = {str(each): ZERO for each in MARCH.window(16)}
    every |= {str(month): grid for month, grid in zip(months, grids, strict=True)}
    history: list[Published] = []
    for month in months:
        history.append(edition(every, month, history))
    assert sum(each.edition.hidden for each in history) > 0
