"""Dividing: nothing is lost, nothing that belongs together is parted without need."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.court_sets.file_division import (
    DivisionUnit,
    Rooms,
    divide,
    envelopes,
    piece_of,
    units_in,
    units_of,
    weight_of,
)
from referrals.errors import BlockedError
from referrals.packet.assembly import Run
from referrals.packet.layout import LaidPart
from referrals.packet.plan import PartKind, PlannedPart, VolumeKind
from referrals.profiles.filing_rules import Division
from stamping.bates import BatesRange, BatesSeries

SERIES = BatesSeries("REF")


def laid(kinds: list[tuple[str, PartKind, int]]) -> list[Run]:
    """Return whole parts of those keys, kinds and page counts, numbered from one."""
    runs, page = [], 1
    for key, kind, pages in kinds:
        numbers = BatesRange(SERIES, page, page + pages - 1)
        part = LaidPart(PlannedPart(key, kind, key), VolumeKind.MAIN, page, numbers)
        runs.append(Run(part, 1, pages))
        page += pages
    return runs


def case(exhibits: list[int]) -> list[Run]:
    """Return two sections, exhibits of those page counts behind slip sheets, two sections."""
    parts = [("memo", PartKind.SECTION, 2), ("index", PartKind.SECTION, 1)]
    for place, pages in enumerate(exhibits):
        parts.append((f"slip-{place}", PartKind.SLIP_SHEET, 1))
        parts.append((f"exhibit-{place}", PartKind.EXHIBIT, pages))
    parts += [("hashes", PartKind.SECTION, 1), ("certificate", PartKind.SECTION, 1)]
    return laid(parts)


def even(runs: list[Run], size: int = 10) -> list[tuple[int, ...]]:
    return [(size,) * run.pages for run in runs]


def told(files: list[tuple[Run, ...]]) -> list[list[str]]:
    return [[f"{run.laid.part.key}:{run.first}-{run.last}" for run in file] for file in files]


def test_an_exhibit_keeps_its_slip_sheet_and_files_are_filled_in_order() -> None:
    runs = case([2, 2])
    units = units_of(runs, even(runs), Division.SIZE)
    files = divide(units, Division.SIZE, lambda place: 60)
    assert told(files) == [
        ["memo:1-2", "index:1-1", "slip-0:1-1", "exhibit-0:1-2"],
        ["slip-1:1-1", "exhibit-1:1-2", "hashes:1-1", "certificate:1-1"],
    ]


@pytest.mark.parametrize(("room", "count"), [(59, 3), (60, 2), (61, 2), (109, 2), (110, 1)])
def test_the_limit_itself_is_allowed(room: int, count: int) -> None:
    runs = case([2, 2])
    units = units_of(runs, even(runs), Division.SIZE)
    assert len(divide(units, Division.SIZE, lambda place: room)) == count


def test_an_exhibit_larger_than_a_file_is_divided_at_its_pages() -> None:
    runs = case([7])
    units = units_of(runs, even(runs), Division.SIZE)
    files = divide(units, Division.SIZE, lambda place: 40)
    assert told(files)[1:] == [
        ["slip-0:1-1", "exhibit-0:1-3"],
        ["exhibit-0:4-7"],
        ["hashes:1-1", "certificate:1-1"],
    ]
    pieces = [run for file in files for run in file if run.laid.part.key == "exhibit-0"]
    assert [piece_of(run, files) for run in pieces] == [(1, 2), (2, 2)]
    assert piece_of(files[0][0], files) is None


def test_a_file_for_each_exhibit_and_for_what_stands_around_them() -> None:
    runs = case([2, 3])
    units = units_of(runs, even(runs), Division.EXHIBIT)
    files = divide(units, Division.EXHIBIT, lambda place: None)
    assert told(files) == [
        ["memo:1-2", "index:1-1"],
        ["slip-0:1-1", "exhibit-0:1-2"],
        ["slip-1:1-1", "exhibit-1:1-3"],
        ["hashes:1-1", "certificate:1-1"],
    ]


def test_one_file_where_nothing_is_divided() -> None:
    runs = case([2, 3])
    units = units_of(runs, even(runs), Division.NONE)
    assert told(divide(units, Division.NONE, lambda place: None)) == [
        [f"{run.laid.part.key}:1-{run.pages}" for run in runs]
    ]


@given(
    exhibits=st.lists(st.integers(1, 30), max_size=12),
    room=st.integers(1, 400),
    by=st.sampled_from(Division),
    data=st.data(),
)
def test_every_page_stands_in_one_file_in_order(
    exhibits: list[int], room: int, by: Division, data: st.DataObject
) -> None:
    runs = case(exhibits)
    sizes = [
        data.draw(st.lists(st.integers(1, 50), min_size=run.pages, max_size=run.pages))
        for run in runs
    ]
    units = units_of(runs, sizes, by)
    limit = None if by is Division.NONE else room
    files = divide(units, by, lambda place: limit)
    numbers = [number for file in files for run in file for number in run.range]
    assert numbers == list(range(1, sum(run.pages for run in runs) + 1))
    assert sum(weight_of(file, units) for file in files) == sum(map(sum, sizes))
    for file in files:
        single = sum(run.pages for run in file) == 1
        assert limit is None or single or weight_of(file, units) <= limit
    if by is Division.SIZE:
        for one, other in pairwise(files):
            _no_room_was_left(one, other, units, room)


def _no_room_was_left(
    one: tuple[Run, ...], other: tuple[Run, ...], units: tuple[DivisionUnit, ...], room: int
) -> None:
    """A boundary stands where what follows would not have fitted, or beside a divided exhibit."""
    follows = next(unit for unit in units if unit.runs[0].laid.part.key == first_key(other, units))
    divided = any(weight_of(unit.runs, units) > room for unit in units_in(one, units))
    whole = weight_of(one, units) + follows.bytes > room
    assert divided or whole or follows.bytes > room


def first_key(file: tuple[Run, ...], units: tuple[DivisionUnit, ...]) -> str:
    key = file[0].laid.part.key
    unit = next(each for each in units if any(run.laid.part.key == key for run in each.runs))
    return unit.runs[0].laid.part.key


def test_what_may_fit_one_file_is_tried_in_one_and_a_guess_keeps_room_in_several() -> None:
    runs = case([2, 2])
    units = units_of(runs, even(runs), Division.SIZE)
    whole = sum(unit.bytes for unit in units)
    assert len(Rooms(units, Division.SIZE, whole, 60).shares()) == 1
    assert len(Rooms(units, Division.SIZE, whole - 1, 0).shares()) == 2
    assert len(Rooms(units, Division.SIZE, whole - 1, 50).shares()) == 3
    assert len(Rooms(units, Division.SIZE, whole - 1, 10**9).shares()) == 3


@pytest.mark.parametrize(
    ("limit", "planned"),
    [
        (None, [("a", "b", "c")]),
        (50, [("a", "b"), ("c",)]),
        (49, [("a",), ("b",), ("c",)]),
        (75, [("a", "b", "c")]),
        (74, [("a", "b"), ("c",)]),
    ],
)
def test_envelopes_are_filled_to_their_limit(
    limit: int | None, planned: list[tuple[str, ...]]
) -> None:
    assert envelopes([("a", 25), ("b", 25), ("c", 25)], limit) == planned


@given(
    exhibits=st.lists(st.integers(1, 12), min_size=1, max_size=8),
    limit=st.integers(2_000, 60_000),
    by=st.sampled_from([Division.SIZE, Division.EXHIBIT]),
    beside=st.integers(0, 1_500),
    guess=st.integers(0, 4_000),
    data=st.data(),
)
@settings(deadline=None)
def test_every_file_keeps_its_limit_however_much_stands_beside_its_pages(
    exhibits: list[int], limit: int, by: Division, beside: int, guess: int, data: st.DataObject
) -> None:
    runs = case(exhibits)
    sizes = [
        data.draw(st.lists(st.integers(1, 20_000), min_size=run.pages, max_size=run.pages))
        for run in runs
    ]
    units = units_of(runs, sizes, by)
    rooms = Rooms(units, by, limit, guess)

    def size(file: tuple[Run, ...]) -> int:
        return weight_of(file, units) + beside + 7 * sum(run.pages for run in file)

    files: list[tuple[Run, ...]] = []
    for _ in range(400):
        shares = rooms.shares()
        files = shares[: len(files)]
        if len(files) == len(shares):
            break
        file = shares[len(files)]
        if rooms.hold(size(file)):
            files.append(file)
            continue
        if sum(run.pages for run in file) == 1:
            with pytest.raises(BlockedError, match="alone exceeds"):
                rooms.lessen(file, size(file), files)
            assert size(file) > limit
            return
        rooms.lessen(file, size(file), files)
    else:
        pytest.fail("the division never came to an end")
    assert all(size(file) <= limit for file in files)
    assert [number for file in files for run in file for number in run.range] == list(
        range(1, sum(run.pages for run in runs) + 1)
    )
