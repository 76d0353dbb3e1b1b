"""Where a volume is divided into files, and which envelope each goes in.

In: the parts of a volume with what each page weighs, and how much may go into each
file. Out: runs of pages, file by file. What belongs together stays together: an
exhibit with its slip sheet, and one that is larger than a file is divided at its
pages. Pure: weights only propose; whether a file keeps its limit is measured on its
final bytes (`court_set`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from referrals.errors import BlockedError
from referrals.packet.assembly import Run
from referrals.packet.plan import PartKind
from referrals.profiles.filing_rules import Division

_SLACK = 4096
"""Bytes by which what a file weighs beside its pages may be less in a smaller file."""


@dataclass(frozen=True, slots=True)
class DivisionUnit:
    """Parts that stay together, and the weight of each of their pages, in bytes."""

    runs: tuple[Run, ...]
    page_bytes: tuple[int, ...]

    @property
    def bytes(self) -> int:
        """What all its pages weigh."""
        return sum(self.page_bytes)

    def cut(self, start: int, end: int) -> DivisionUnit:
        """Return its pages from `start` to before `end`, counted from zero."""
        runs = []
        before = 0
        for run in self.runs:
            first = max(run.first, run.first + start - before)
            last = min(run.last, run.first + end - before - 1)
            if first <= last:
                runs.append(replace(run, first=first, last=last))
            before += run.pages
        return DivisionUnit(tuple(runs), self.page_bytes[start:end])


def units_of(
    runs: Sequence[Run], page_bytes: Sequence[Sequence[int]], by: Division
) -> tuple[DivisionUnit, ...]:
    """Return what stays together, in order; `page_bytes` are those of each run's pages.

    Where every exhibit is a file, so is all that stands between two of them.
    """
    together: list[list[int]] = []
    for place, run in enumerate(runs):
        part = run.laid.part
        follows = part.kind in (PartKind.EXHIBIT, PartKind.PLACEHOLDER)
        section = part.kind is PartKind.SECTION
        joins = by is Division.EXHIBIT and section and together
        if together and (
            follows or (joins and runs[together[-1][-1]].laid.part.kind is PartKind.SECTION)
        ):
            together[-1].append(place)
        else:
            together.append([place])
    return tuple(
        DivisionUnit(
            tuple(runs[place] for place in places),
            tuple(size for place in places for size in page_bytes[place]),
        )
        for places in together
    )


Room = Callable[[int], int | None]
"""What may go into the file of that place, counted from zero, in bytes; None for any amount."""


def divide(
    units: Sequence[DivisionUnit], by: Division, room: Room, alone: Room | None = None
) -> list[tuple[Run, ...]]:
    """Return the runs of each file; a file holds at least one page.

    `alone` is the room for a unit that has a file to itself, and is divided at its
    pages where even that is too little; it is the same as `room` if left out.
    """
    files: list[list[DivisionUnit]] = []
    for unit in units:
        if files and by is not Division.EXHIBIT and _fits(files[-1], unit, room(len(files) - 1)):
            files[-1].append(unit)
        elif _fits([], unit, (alone or room)(len(files))):
            files.append([unit])
        else:
            files.extend([piece] for piece in _pieces(unit, len(files), room))
    return [_joined(run for unit in file for run in unit.runs) for file in files]


class Rooms:
    """What may go into each file of at most `limit` bytes, as far as has been measured.

    In: the finished size of each file that was tried. Out: the next division to try,
    until every file keeps the limit. `beside` is about what a file weighs beside its
    pages, in bytes: where that is too little, more divisions are tried; where it is too
    much, files are less full.
    """

    def __init__(
        self, units: Sequence[DivisionUnit], by: Division, limit: int | None, beside: int = 0
    ) -> None:
        self.units, self.by, self.limit = units, by, limit
        self.usual = limit
        if limit is not None and sum(unit.bytes for unit in units) > limit:
            # However far off the guess is, half of a file is for pages.
            self.usual = max(limit // 2, limit - beside)
        self.measured: dict[int, int] = {}

    def shares(self) -> list[tuple[Run, ...]]:
        """Return the runs of each file."""
        return divide(
            self.units,
            self.by,
            lambda place: self.measured.get(place, self.usual),
            # An exhibit is divided only where a file of its own has turned out too large.
            self.measured.get,
        )

    def hold(self, size: int) -> bool:
        """Return whether a finished file of `size` bytes keeps the limit."""
        return self.limit is None or size <= self.limit

    def lessen(self, runs: Sequence[Run], size: int, before: Sequence[Sequence[Run]]) -> None:
        """Give a file of `runs`, which turned out too large, less room: at least a page less.

        The files `before` it keep what they have. Where it holds several units, the
        first will be tried by itself before it is divided.

        Raises:
            BlockedError: it holds one page alone.
        """
        limit = self.limit or 0
        if sum(run.pages for run in runs) == 1:
            raise BlockedError(
                f"The page {runs[0].range.labels[0]} alone exceeds the court's limit of "
                f"{limit:,} bytes.",
                remedy="Ask for its pictures to be compressed anew, with --recompress, or for "
                "the exhibit in another form.",
            )
        held = weight_of(runs, self.units)
        # Fonts, tags, bookmarks, the cover: what a file weighs beside its pages.
        self.usual = limit - (size - held) + _SLACK
        own = units_in(runs, self.units)
        begins_whole = runs[0] == own[0].runs[0]
        least = own[0].bytes if len(own) > 1 and begins_whole else 1
        kept = [weight_of(each, self.units) for each in before]
        self.measured = dict(enumerate([*kept, max(min(held - 1, self.usual), least)]))


def weight_of(runs: Sequence[Run], units: Sequence[DivisionUnit]) -> int:
    """Return what the pages of a file weigh, by the weights of `units`."""
    weights = {
        (run.laid.part.key, run.first + place): size
        for unit in units
        for run, place, size in _pages(unit)
    }
    return sum(
        weights[run.laid.part.key, page] for run in runs for page in range(run.first, run.last + 1)
    )


def units_in(runs: Sequence[Run], units: Sequence[DivisionUnit]) -> list[DivisionUnit]:
    """Return the units of which a file holds pages, in order."""
    keys = {run.laid.part.key for run in runs}
    return [unit for unit in units if any(run.laid.part.key in keys for run in unit.runs)]


def envelopes(sizes: Sequence[tuple[str, int]], limit: int | None) -> list[tuple[str, ...]]:
    """Return the files of each envelope, in their order; sizes and limit in bytes."""
    planned: list[list[str]] = []
    used = 0
    for name, size in sizes:
        if planned and (limit is None or used + size <= limit):
            planned[-1].append(name)
            used += size
        else:
            planned.append([name])
            used = size
    return [tuple(names) for names in planned]


def piece_of(run: Run, files: Sequence[Sequence[Run]]) -> tuple[int, int] | None:
    """Return which piece of its part a run is, and of how many; None where it is whole."""
    if run.pages == run.laid.pages:
        return None
    pieces = [each for file in files for each in file if each.laid.part.key == run.laid.part.key]
    return pieces.index(run) + 1, len(pieces)


def _fits(held: Sequence[DivisionUnit], unit: DivisionUnit, limit: int | None) -> bool:
    return limit is None or sum(each.bytes for each in held) + unit.bytes <= limit


def _pieces(unit: DivisionUnit, place: int, room: Room) -> list[DivisionUnit]:
    """Divide a unit at its pages; each piece is a file of its own, the first at `place`."""
    pieces: list[DivisionUnit] = []
    start = used = 0
    for page, size in enumerate(unit.page_bytes):
        limit = room(place + len(pieces))
        if page > start and limit is not None and used + size > limit:
            pieces.append(unit.cut(start, page))
            start, used = page, 0
        used += size
    return [*pieces, unit.cut(start, len(unit.page_bytes))]


def _pages(unit: DivisionUnit) -> Iterable[tuple[Run, int, int]]:
    sizes = iter(unit.page_bytes)
    return [(run, place, next(sizes)) for run in unit.runs for place in range(run.pages)]


def _joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return runs with those of one part joined."""
    joined = []
    for _, same in groupby(runs, key=lambda run: run.laid.part.key):
        pieces = list(same)
        joined.append(replace(pieces[0], last=pieces[-1].last))
    return tuple(joined)
