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
from referrals.packet.volumes import Rooms, units_of
from stamping.engine import assemble
from stamping.values import Assembly, Document, Elsewhere, Order, Part


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
    rooms = Rooms(units, rules.dividing.by, rules.sizes.document_bytes)
    variant = variant_of(made.rules) if made.rules else ""
    document = document_of(
        made.drawn.request, VolumeKind.MAIN, made.conformance, variant=variant, hide=made.hide
    )
    while True:
        shares = rooms.shares()
        front = _front(made, court, shares, derivatives)
        files: list[CourtFile] = []
        division = _Division(made, court, shares, front, document)
        while len(files) < len(division.files):
            file = division.assembled(len(files))
            if rooms.hold(file.assembly.bytes):
                files.append(file)
            else:
                before = [each.planned.runs for each in files]
                rooms.lessen(file.planned.runs, file.assembly.bytes, before)
                division = _Division(made, court, rooms.shares(), front, document)
        # What was tried with the covers of another division is made once more with its own.
        if rooms.shares() == shares:
            return files


class _Division:
    """The files of one division, which are put together one by one.

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

    def front_pages(self, place: int) -> int:
        """Return how many pages stand before the numbered ones."""
        return self.front.pages(self.front.nearest(place)) if self.front else 0

    def assembled(self, place: int) -> CourtFile:
        """Return the file of that place, counted from zero, finished."""
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
        assembly = assemble(parts, order, made.drawn.folder / file.name)
        return CourtFile(file, self.front_pages(place), assembly)

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
