"""A month counted under one set of lists is compared with the next by key, not by place."""

from __future__ import annotations

from collections.abc import Sequence

from referrals.report.compile import Former, _versions
from referrals.report.edition import Counted, EditionSnapshot
from referrals.report.table import TableForm, completed, table
from tests.report.conftest import MARCH, NOW, dimension, filled, form, published

BEFORE = form(
    "areas",
    dimension(("a", "b", "north", "c", "south"), {"a": "north", "b": "north", "c": "south"}),
    dimension("xy"),
    margin="incidents",
)
COUNTS = {"a": (1, 4), "b": (2, 0), "c": (5, 3), "d": (0, 7)}


def counted(made: TableForm) -> Counted:
    cells = completed(made, filled(made, [COUNTS[row] for row in made.rows.innermost]))
    rows = tuple(tuple(cells[row, key] for key in made.columns.keys) for row in made.rows.keys)
    return Counted(month=str(MARCH), measures={}, medians={}, tables={made.key: rows})


def snapshot(month: Counted) -> EditionSnapshot:
    return EditionSnapshot(
        as_of=NOW, profile="sample", month=str(MARCH), fictional=True, counted=(month,)
    )


def former() -> Sequence[Former]:
    own = counted(BEFORE)
    cells = completed(BEFORE, filled(BEFORE, [COUNTS[row] for row in BEFORE.rows.innermost]))
    return [Former(published([table(BEFORE, cells)]), snapshot(own))]


def test_an_area_moved_to_another_region_is_a_new_state_that_changes_no_count() -> None:
    moved = form(
        "areas",
        dimension(("a", "north", "c", "b", "south"), {"a": "north", "b": "south", "c": "south"}),
        dimension("xy"),
        margin="incidents",
    )
    version = _versions(snapshot(counted(moved)), former(), [moved])[str(MARCH)]
    assert version.number == 2
    assert version.changes == {"areas": 0, "incidents": 0}


def test_an_area_that_is_new_hides_no_other_from_the_comparison() -> None:
    more = form(
        "areas",
        dimension(
            ("a", "b", "north", "d", "c", "south"),
            {"a": "north", "b": "north", "c": "south", "d": "south"},
        ),
        dimension("xy"),
        margin="incidents",
    )
    version = _versions(snapshot(counted(more)), former(), [more])[str(MARCH)]
    assert (version.number, version.changes) == (2, {"areas": 0, "incidents": 0})


def test_the_same_lists_and_counts_are_the_same_state() -> None:
    version = _versions(snapshot(counted(BEFORE)), former(), [BEFORE])[str(MARCH)]
    assert version.number == 1
