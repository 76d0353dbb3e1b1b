"""The files of a set for a court, each within its limit, covers and indices before the pages.

    redacted volume ─► divide ─► covers, indices ─► assemble ─► measure ─┐
                          ▲──────────── a file is too large ◄────────────┘

In: a redacted volume and a court. Out: the finished files. Sizes are measured on the
final bytes; a file that turns out too large gives its last part to the next one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from referrals.bag import safe_name
from referrals.court_sets.court_pages import (
    FrontMatter,
    PlannedFile,
    file_stems,
    front_matter,
    rows_of,
)
from referrals.court_sets.file_division import Rooms, units_of
from referrals.court_sets.recompressed import Derivative
from referrals.court_sets.redacted_volume import RedactedVolume, variant_of
from referrals.packet.assembly import Run, VolumeForm, document_of, parts_of, targets_of
from referrals.packet.plan import VolumeKind
from referrals.profiles.court import Court
from referrals.profiles.filing_rules import Names
from stamping.assembly.side_by_side import Job, assemble_all, assemble_one
from stamping.values import Assembly, Document, Elsewhere, Order, Part

_PLAIN_BYTES = 90_000
_FRONT_BYTES = 45_000
_ROW_BYTES = 160
"""About what a file weighs without pages, its cover and index, and a part's line in all indices."""


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
    rooms = Rooms(units, rules.dividing.by, limit, _beside(made, court, limit or 0))
    variant = variant_of(made.rules) if made.rules else ""
    form = VolumeForm(variant, made.hide)
    document = document_of(made.drawn.request, VolumeKind.MAIN, made.conformance, form)
    while True:
        shares = rooms.shares()
        division = _Division(
            made, court, shares, _front(made, court, shares, derivatives), document
        )
        files = division.all()
        if all(rooms.hold(file.assembly.bytes) for file in files):
            return files
        _narrow(rooms, division, files)


def _beside(made: RedactedVolume, court: Court, limit: int) -> int:
    """Return about what a file weighs beside its pages, in bytes; rather too much."""
    front = _FRONT_BYTES + _ROW_BYTES * len(made.runs) if court.filing.dividing.covers else 0
    return _PLAIN_BYTES + front + limit // 50


def _narrow(rooms: Rooms, division: _Division, tried: list[CourtFile]) -> None:
    """Give files less room until each keeps the limit, with the covers at hand."""
    place = 0
    while place < len(division.files):
        if place == len(tried):
            tried.append(division.assembled(place))
        file = tried[place]
        if rooms.hold(file.assembly.bytes):
            place += 1
            continue
        del tried[place:]
        before = [each.planned.runs for each in tried]
        rooms.lessen(file.planned.runs, file.assembly.bytes, before)
        division = division.anew(rooms.shares())


class _Division:
    """The files of one division, put together one by one or all at once.

    `front` may be that of another division, of about the same size.
    """

    def __init__(
        self,
        made: RedactedVolume,
        court: Court,
        shares: Sequence[tuple[Run, ...]],
        front: FrontMatter | None,
        document: Document,
    ) -> None:
        self.made, self.court, self.front, self.document = made, court, front, document
        self.files = _planned(made, court, shares)
        self.targets = [
            targets_of(file.runs, made.burnt.written, self.front_pages(place))
            for place, file in enumerate(self.files)
        ]

    def anew(self, shares: Sequence[tuple[Run, ...]]) -> _Division:
        """Return another division, with the same front."""
        return _Division(self.made, self.court, shares, self.front, self.document)

    def all(self) -> list[CourtFile]:
        """Return the files, finished; they are put together side by side."""
        jobs = [self._job(place) for place in range(len(self.files))]
        return [self._file(*each) for each in enumerate(assemble_all(jobs))]

    def assembled(self, place: int) -> CourtFile:
        """Return the file of that place, counted from zero, finished."""
        return self._file(place, assemble_one(self._job(place)))

    def _file(self, place: int, assembly: Assembly) -> CourtFile:
        return CourtFile(self.files[place], self.front_pages(place), assembly)

    def front_pages(self, place: int) -> int:
        """Return how many pages stand before the numbered ones."""
        return self.front.pages(self.front.nearest(place)) if self.front else 0

    def _job(self, place: int) -> Job:
        made, court, file = self.made, self.court, self.files[place]
        of, document = f"{file.number} of {len(self.files)}", self.document
        order = Order(
            series=made.layout.range.series,
            first=file.runs[0].range.first,
            document=replace(
                document,
                title=f"{court.caption.title}, {document.title}, {of}",
                identity=f"{document.identity}/{court.key}/{of}",
            ),
            style=made.drawn.request.style,
            targets=self.targets[place],
            letter=court.filing.pages.letter,
            elsewhere=self._elsewhere(place),
            front_pages=self.front_pages(place),
        )
        parts = _front_parts(self.front, self.front.nearest(place)) if self.front else []
        parts += parts_of(file.runs, made.burnt.written, made.burnt.exhibits)
        return Job(tuple(parts), order, made.drawn.folder / file.name)

    def _elsewhere(self, place: int) -> dict[str, Elsewhere | None]:
        """Return where links lead whose page stands in another file: there, or nowhere."""
        found: dict[str, Elsewhere | None] = {}
        for other, aims in enumerate(self.targets):
            if other == place:
                continue
            file, before = self.files[other], self.front_pages(other)
            labels = [run.range.series.label(number) for run in file.runs for number in run.range]
            for address, page in aims.items():
                if address in self.targets[place]:
                    continue
                aim = Elsewhere(file.name, page, labels[page - before - 1])
                found[address] = aim if self.court.filing.links.across else None
        return found


def _front(
    made: RedactedVolume,
    court: Court,
    shares: Sequence[tuple[Run, ...]],
    derivatives: Sequence[Derivative],
) -> FrontMatter | None:
    if not court.filing.dividing.covers:
        return None
    target = made.drawn.folder / "front.pdf"
    return front_matter(made, court, _planned(made, court, shares), target, derivatives)


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


def _front_parts(front: FrontMatter, place: int) -> list[Part]:
    first, last = front.own[place]
    parts = [
        Part(front.path, (first, first), "Cover", keep_outline=False),
        Part(front.path, (first + 1, last), "Index of this file", keep_outline=False),
    ]
    if front.shared:
        parts.append(Part(front.path, front.shared, "Index of all files", keep_outline=False))
    return parts
