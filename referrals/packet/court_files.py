"""The files of a set for a court, each within its limit, covers and indices before the pages.

    redacted volume ─► divide ─► covers, indices ─► assemble ─► measure ─┐
                          ▲──────────── a file is too large ◄────────────┘

In: a redacted volume and a court. Out: the finished files. Sizes are measured on the
final bytes; a file that turns out too large gives its last part to the next one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from referrals.errors import BlockedError
from referrals.filing.court import Court
from referrals.filing.filing_rules import Names
from referrals.packet.assembly import Run, document_of, parts_of, targets_of
from referrals.packet.bag import safe_name
from referrals.packet.court_pages import (
    FrontMatter,
    PlannedFile,
    file_stems,
    front_matter,
    rows_of,
)
from referrals.packet.plan import VolumeKind
from referrals.packet.recompressed import Derivative
from referrals.packet.redacted_volume import RedactedVolume, variant_of
from referrals.packet.volumes import Unit, divide, units_in, units_of, weight_of
from stamping.engine import assemble
from stamping.values import Assembly, Elsewhere, Order, Part

_SLACK = 4096
"""Bytes by which what a file weighs beside its pages may be less in a smaller file."""


@dataclass(frozen=True, slots=True)
class CourtFile:
    """One finished file of a set: what was planned, how many pages stand before the numbers."""

    planned: PlannedFile
    front_pages: int
    assembly: Assembly

    @property
    def pages(self) -> list[int]:
        """The number of each page in the packet's series; zero before the numbered ones."""
        own = [number for run in self.planned.runs for number in run.range]
        return [0] * self.front_pages + own


def divided(
    made: RedactedVolume, court: Court, derivatives: Sequence[Derivative] = ()
) -> list[CourtFile]:
    """Return the files of the set, each within the court's limit by its final bytes.

    The covers name the exhibits whose pictures were made smaller, the `derivatives`.

    Raises:
        BlockedError: one page alone exceeds the limit.
    """
    rules = court.filing
    weights = [placed.page_bytes for placed in made.volume.placed]
    units = units_of(made.runs, weights, rules.dividing.by)
    limit = rules.sizes.document_bytes
    usual, measured = limit, dict[int, int]()
    kept: dict[tuple[Any, ...], Assembly] = {}
    while True:
        room = partial(_room, dict(measured), usual)
        # An exhibit is divided only where a file of its own has turned out too large.
        shares = divide(units, rules.dividing.by, room, partial(_room, dict(measured), None))
        files = _assembled(made, court, shares, kept, derivatives)
        over = next((each for each in files if limit and each.assembly.bytes > limit), None)
        if over is None or limit is None:
            return files
        weighed = [weight_of(file.planned.runs, units) for file in files]
        place = over.planned.number - 1
        # Fonts, tags, bookmarks, the cover: what a file weighs beside its pages.
        usual = limit - (over.assembly.bytes - weighed[place]) + _SLACK
        measured |= dict(enumerate(weighed[:place]))
        measured[place] = _less_room(over, units, weighed[place], usual, limit)


def _room(measured: Mapping[int, int], usual: int | None, place: int) -> int | None:
    """Return what may go into the file of that place."""
    return measured.get(place, usual)


def _less_room(over: CourtFile, units: Sequence[Unit], held: int, usual: int, limit: int) -> int:
    """Return what may go into a file that turned out too large: at least a page less.

    Where it holds several units, the first will be tried by itself before it is divided.
    """
    if sum(run.pages for run in over.planned.runs) == 1:
        raise BlockedError(
            f"The page {over.planned.first} alone exceeds the court's limit of {limit:,} bytes.",
            remedy="Ask for its pictures to be compressed anew, with --recompress, or for the "
            "exhibit in another form.",
        )
    own = units_in(over.planned.runs, units)
    least = own[0].bytes if len(own) > 1 else 1
    return max(min(held - 1, usual), least)


def _assembled(
    made: RedactedVolume,
    court: Court,
    shares: Sequence[tuple[Run, ...]],
    kept: dict[tuple[Any, ...], Assembly],
    derivatives: Sequence[Derivative],
) -> list[CourtFile]:
    """Put the files together; what was made of the same runs and covers is taken again."""
    planned = _planned(made, court, shares)
    folder = made.drawn.folder
    front = None
    if court.filing.dividing.covers:
        front = front_matter(made, court, planned, folder / "front.pdf", derivatives)
    fronts = [front.pages(place) if front else 0 for place in range(len(planned))]
    targets = [
        targets_of(file.runs, made.burnt.written, before)
        for file, before in zip(planned, fronts, strict=True)
    ]
    print_of_front = front.path.read_bytes() if front else b""
    files = []
    for place, file in enumerate(planned):
        key = (file.runs, place, hash(print_of_front))
        if key not in kept:
            elsewhere = _elsewhere(court, planned, targets, fronts, place)
            kept[key] = _assemble(made, court, file, len(planned), front, targets[place], elsewhere)
        files.append(CourtFile(file, fronts[place], kept[key]))
    return files


def _planned(
    made: RedactedVolume, court: Court, shares: Sequence[tuple[Run, ...]]
) -> list[PlannedFile]:
    stems = file_stems(court, made, shares)
    files: list[PlannedFile] = []
    for place, (runs, stem) in enumerate(zip(shares, stems, strict=True), start=1):
        named = file_name(
            court.filing.names,
            case=made.drawn.request.snapshot.record.case.number,
            packet=made.drawn.request.packet,
            number=place,
            count=len(shares),
            description=stem,
            first=runs[0].range.labels[0],
            last=runs[-1].range.labels[1],
        )
        files.append(PlannedFile(place, named, runs, rows_of(runs, shares)))
    return files


def file_name(names: Names, *, description: str, **words: str | int) -> str:
    """Return a file's name as the court wants it; what it may not hold becomes `_`.

    The description gives way where the name would be too long.
    """
    longest = names.longest - len(".pdf")
    for length in range(len(description), -1, -1):
        made = names.pattern.format(description=description[:length].strip(), **words)
        plain = safe_name(made)
        kept = re.sub(f"[^{names.allowed}]", "_", plain).strip("_. ")
        if len(kept) <= longest or not length:
            return f"{kept[:longest]}.pdf"
    raise AssertionError("an empty description is always tried")


def _elsewhere(
    court: Court,
    planned: Sequence[PlannedFile],
    targets: Sequence[Mapping[str, int]],
    fronts: Sequence[int],
    place: int,
) -> dict[str, Elsewhere | None]:
    """Return where links lead whose page stands in another file: there, or nowhere."""
    found: dict[str, Elsewhere | None] = {}
    for other, aims in enumerate(targets):
        if other == place:
            continue
        labels = [label for run in planned[other].runs for label in _labels(run)]
        for address, page in aims.items():
            if address in targets[place]:
                continue
            name, label = planned[other].name, labels[page - fronts[other] - 1]
            found[address] = Elsewhere(name, page, label) if court.filing.links.across else None
    return found


def _labels(run: Run) -> list[str]:
    return [run.range.series.label(number) for number in run.range]


def _assemble(
    made: RedactedVolume,
    court: Court,
    file: PlannedFile,
    count: int,
    front: FrontMatter | None,
    targets: Mapping[str, int],
    elsewhere: Mapping[str, Elsewhere | None],
) -> Assembly:
    request = made.drawn.request
    place = file.number - 1
    before = _front_parts(front, place) if front else []
    variant = variant_of(made.rules) if made.rules else ""
    of = f"{file.number} of {count}"
    document = document_of(
        request, VolumeKind.MAIN, made.conformance, variant=variant, hide=made.hide
    )
    order = Order(
        series=made.layout.range.series,
        first=file.runs[0].range.first,
        document=replace(
            document,
            title=f"{court.caption.title}, {document.title}, {of}",
            identity=f"{document.identity}/{court.key}/{of}",
        ),
        style=request.style,
        targets=targets,
        letter=court.filing.pages.letter,
        elsewhere=elsewhere,
        front_pages=front.pages(place) if front else 0,
    )
    parts = [*before, *parts_of(file.runs, made.burnt.written, made.burnt.exhibits)]
    return assemble(parts, order, made.drawn.folder / file.name)


def _front_parts(front: FrontMatter, place: int) -> list[Part]:
    first, last = front.own[place]
    parts = [
        Part(front.path, (first, first), "Cover", keep_outline=False),
        Part(front.path, (first + 1, last), "Index of this file", keep_outline=False),
    ]
    if front.shared:
        parts.append(Part(front.path, front.shared, "Index of all files", keep_outline=False))
    return parts
