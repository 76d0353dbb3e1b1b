"""Which pages have ink where the stamp is to stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hazards import HAZARDS, add_page, save
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Pdf

from stamping.pages.stamp_zone import baseline, stamp_zone
from stamping.preparation.prepare import prepare
from stamping.values import Position, StampStyle

INKED = [
    "footer_upright",
    "footer_rotated_90",
    "footer_rotated_180",
    "footer_rotated_270",
    "footer_in_offset_cropbox",
    "footer_below_negative_origin",
    "footer_with_user_unit",
    "coloured_ground",
]
CLEAR = ["blank_page", "white_ground", "footer_outside_the_cropbox", "page_without_resources"]


@pytest.mark.parametrize("name", INKED)
def test_ink_is_seen(name: str, tmp_path: Path) -> None:
    rendition = prepare(HAZARDS[name](tmp_path), tmp_path / "out")
    assert rendition.pages_to_scale == (1,)


@pytest.mark.parametrize("name", INKED[:-1])
def test_ink_elsewhere_does_not_count(name: str, tmp_path: Path) -> None:
    style = StampStyle(position=Position.TOP_LEFT)
    rendition = prepare(HAZARDS[name](tmp_path), tmp_path / "out", style=style)
    assert rendition.pages_to_scale == ()


@pytest.mark.parametrize("name", CLEAR)
def test_clear_pages_are_left(name: str, tmp_path: Path) -> None:
    rendition = prepare(HAZARDS[name](tmp_path), tmp_path / "out")
    assert rendition.pages_to_scale == ()


@pytest.mark.parametrize("position", list(Position))
def test_a_speck_in_the_zone_is_seen_at_each_position(position: Position, tmp_path: Path) -> None:
    style = StampStyle(position=position)
    left, bottom, right, top = stamp_zone(612, 792, style, 140)
    pdf = Pdf.new()
    x, y = (left + right) / 2, (bottom + top) / 2
    add_page(pdf, f"0 g {x} {y} 1.5 1.5 re f".encode("ascii"))
    path = save(pdf, tmp_path, "speck")
    assert prepare(path, tmp_path / "out", style=style).pages_to_scale == (1,)
    for other in Position:
        if other is not position:
            rendition = prepare(path, tmp_path / "out", style=StampStyle(position=other))
            assert rendition.pages_to_scale == ()


def test_a_line_just_above_the_zone_is_clear(tmp_path: Path) -> None:
    style = StampStyle()
    *_, top = stamp_zone(612, 792, style, 140)
    pdf = Pdf.new()
    add_page(pdf, f"0 g 0 {top + 1.5} 612 5 re f".encode("ascii"))
    path = save(pdf, tmp_path, "line")
    assert prepare(path, tmp_path / "out", style=style).pages_to_scale == ()


def test_a_longer_number_needs_a_wider_zone(tmp_path: Path) -> None:
    pdf = Pdf.new()
    add_page(pdf, b"0 g 400 16 20 8 re f")
    path = save(pdf, tmp_path, "left-of-it")
    narrow = prepare(path, tmp_path / "out", stamp_width_characters=10)
    wide = prepare(path, tmp_path / "out", stamp_width_characters=40)
    legend = prepare(
        path,
        tmp_path / "out",
        stamp_width_characters=10,
        style=StampStyle(legend="DRAFT – NOT FOR FILING – SAMPLE"),
    )
    assert (narrow.pages_to_scale, wide.pages_to_scale, legend.pages_to_scale) == ((), (1,), (1,))


@given(
    width=st.floats(1, 5000),
    height=st.floats(1, 5000),
    position=st.sampled_from(Position),
    size=st.floats(4, 40),
    margin=st.floats(0, 200),
    text_width=st.floats(0, 1000),
)
def test_the_zone_lies_on_the_page(
    width: float, height: float, position: Position, size: float, margin: float, text_width: float
) -> None:
    style = StampStyle(position=position, size=size, margin=margin)
    left, bottom, right, top = stamp_zone(width, height, style, text_width)
    assert -1e-6 <= left <= right <= width + 1e-6
    assert -1e-6 <= bottom <= top <= height + 1e-6
    assert 0 < baseline(style) < size
