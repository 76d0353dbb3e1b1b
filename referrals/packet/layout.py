"""Every part with its pages and its Bates range.

In: a plan, the number of pages of each part, a series and the first number.
Out: a `Layout`, from which any number that a page prints can be asked. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from referrals.packet.plan import Plan, PlannedPart, PlannedVolume, VolumeKind
from stamping.bates import BatesRange, BatesSeries


@dataclass(frozen=True, slots=True)
class LaidPart:
    """A part in its place: `first_page` counts from one within its volume."""

    part: PlannedPart
    volume: VolumeKind
    first_page: int
    range: BatesRange

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return len(self.range)


@dataclass(frozen=True, slots=True)
class Layout:
    """All parts of a packet in the order of their numbers."""

    parts: tuple[LaidPart, ...]
    range: BatesRange

    def part(self, key: str) -> LaidPart | None:
        """Return the part of that key, or None."""
        return next((laid for laid in self.parts if laid.part.key == key), None)

    def volume(self, kind: VolumeKind) -> tuple[LaidPart, ...]:
        """Return the parts of one volume."""
        return tuple(laid for laid in self.parts if laid.volume is kind)

    def volume_range(self, kind: VolumeKind) -> BatesRange:
        """Return the numbers of one volume."""
        parts = self.volume(kind)
        return BatesRange(self.range.series, parts[0].range.first, parts[-1].range.last)


def number(plan: Plan, pages: Mapping[str, int], series: BatesSeries, first: int) -> Layout:
    """Return `plan` with its parts numbered from `first` without a gap.

    `pages` maps the key of each part to its page count.

    Raises:
        BatesFormatError: the numbers do not fit the width of the series.
    """
    laid: list[LaidPart] = []
    next_number = first
    for volume in plan.volumes:
        laid.extend(_volume(volume, pages, series, next_number))
        next_number = laid[-1].range.last + 1
    whole = BatesRange(series, first, next_number - 1)
    series.label(whole.last)
    return Layout(tuple(laid), whole)


def _volume(
    volume: PlannedVolume, pages: Mapping[str, int], series: BatesSeries, first: int
) -> list[LaidPart]:
    laid = []
    page = 1
    for part in volume.parts:
        count = pages[part.key]
        numbers = BatesRange(series, first + page - 1, first + page + count - 2)
        laid.append(LaidPart(part, volume.kind, page, numbers))
        page += count
    return laid
