"""Numbers run through all volumes without a gap, whatever the page counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.packet.late_numbers import UnresolvedReferenceError, value
from referrals.packet.layout import number
from referrals.packet.plan import PartKind, Plan, PlannedPart, PlannedVolume, VolumeKind
from referrals.records.snapshot import IssuedExhibit
from stamping.bates import BatesFormatError, BatesSeries

SERIES = BatesSeries("LPD")


def _plan(main: int, confidential: int) -> Plan:
    def parts(prefix: str, count: int) -> tuple[PlannedPart, ...]:
        return tuple(
            PlannedPart(f"{prefix}{n}", PartKind.SECTION, f"Part {n}") for n in range(count)
        )

    return Plan(
        (
            PlannedVolume(VolumeKind.MAIN, parts("m", main)),
            PlannedVolume(VolumeKind.CONFIDENTIAL, parts("c", confidential)),
        )
    )


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=12),
    st.lists(st.integers(1, 40), min_size=1, max_size=5),
    st.integers(1, 5000),
)
def test_numbers_are_gapless_and_start_where_told(
    main: list[int], confidential: list[int], first: int
) -> None:
    counts = {f"m{n}": pages for n, pages in enumerate(main)}
    counts |= {f"c{n}": pages for n, pages in enumerate(confidential)}
    layout = number(_plan(len(main), len(confidential)), counts, SERIES, first)

    numbers = [each for laid in layout.parts for each in laid.range]
    assert numbers == list(range(first, first + sum(main) + sum(confidential)))
    assert layout.range.first == first
    assert layout.range.last == numbers[-1]
    for laid in layout.parts:
        assert laid.pages == counts[laid.part.key]
        volume = layout.volume_range(laid.volume)
        assert laid.range.first == volume.first + laid.first_page - 1


def test_a_range_that_outgrows_the_width_is_refused() -> None:
    with pytest.raises(BatesFormatError, match="does not fit the series"):
        number(_plan(1, 1), {"m0": 3, "c0": 1}, BatesSeries("X", width=4), 9998)


def test_late_values_name_the_numbers_of_the_layout() -> None:
    layout = number(_plan(2, 1), {"m0": 3, "m1": 2, "c0": 4}, SERIES, 10)
    earlier = {"B": IssuedExhibit(designator="B", first=4, last=6)}

    def late(key: str) -> str:
        return value(key, layout, VolumeKind.MAIN, earlier)

    assert late("first:m1") == "LPD-000013"
    assert late("last:m1") == "LPD-000014"
    assert late("page:m0:2") == "LPD-000011"
    assert late("last:*") == "LPD-000014"
    assert late("first:@confidential") == "LPD-000015"
    assert late("earlier:B:2") == "LPD-000005"


@pytest.mark.parametrize(
    "key", ["first:nothing", "page:m0:9", "earlier:Z:1", "earlier:B:9", "x:m0"]
)
def test_a_late_value_that_names_nothing_is_refused(key: str) -> None:
    layout = number(_plan(1, 1), {"m0": 3, "c0": 4}, SERIES, 10)
    earlier = {"B": IssuedExhibit(designator="B", first=4, last=6)}
    with pytest.raises(UnresolvedReferenceError):
        value(key, layout, VolumeKind.MAIN, earlier)
