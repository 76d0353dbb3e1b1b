"""The pages before the numbered ones: each file's cover and index, and the index of all.

In: which runs of pages stand in which file. Out: one PDF, and which of its pages
belong to each file. The links lead to parts (`packet:exhibit-B`); where they end,
in this file or another, is decided when the files are put together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from referrals.court_sets.file_division import piece_of
from referrals.court_sets.recompressed import Derivative
from referrals.court_sets.redacted_volume import RedactedVolume
from referrals.packet.assembly import Run
from referrals.packet.plan import PartKind
from referrals.profiles.court import Court
from referrals.profiles.filing_rules import Division
from referrals.typesetting.rendering import draw, lay_out, page_environment, section_pages

_USUAL_TOP = 1.05
_ABOVE_TEXT = 0.15
"""Inches: what a letter's own height needs below the room for the court's stamp."""


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One line of an index: a part, or the piece of it that stands in this file."""

    key: str
    name: str
    title: str
    exhibit: str
    first: str
    last: str
    pages: int
    address: str
    piece: tuple[int, int] | None

    @property
    def short(self) -> str:
        """What the index calls it."""
        return f"Ex. {self.name}" if self.exhibit else self.name


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of a set before it is made; `number` counts from one."""

    number: int
    name: str
    runs: tuple[Run, ...]
    rows: tuple[IndexRow, ...]

    @property
    def first(self) -> str:
        """Its first number."""
        return self.runs[0].range.labels[0]

    @property
    def last(self) -> str:
        """Its last number."""
        return self.runs[-1].range.labels[1]

    @property
    def holds(self) -> str:
        """What it holds, in few words: sections and exhibits in runs."""
        told = []
        for (exhibits, piece), rows in groupby(
            self.rows, key=lambda row: (bool(row.exhibit), row.piece)
        ):
            run = list(rows)
            noun = "Exhibit" if exhibits else "Section"
            first, last = run[0].name, run[-1].name
            words = f"{noun} {first}" if len(run) == 1 else f"{noun}s {first} – {last}"
            told.append(f"{words}, part {piece[0]} of {piece[1]}" if piece else words)
        return "; ".join(told)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The drawn pages before the numbered ones: the pages of each file's own, and of all."""

    path: Path
    own: tuple[tuple[int, int], ...]
    shared: tuple[int, int] | None

    def nearest(self, place: int) -> int:
        """Return the place of a file that has covers here, the last for those beyond it."""
        return min(place, len(self.own) - 1)

    def pages(self, place: int) -> int:
        """Return how many pages stand before the numbered ones in a file, counted from zero."""
        first, last = self.own[place]
        shared = self.shared[1] - self.shared[0] + 1 if self.shared else 0
        return last - first + 1 + shared


def rows_of(runs: Sequence[Run], files: Sequence[Sequence[Run]]) -> tuple[IndexRow, ...]:
    """Return the index of one file; a slip sheet is told with its exhibit."""
    return tuple(_row(run, files) for run in runs if run.laid.part.kind is not PartKind.SLIP_SHEET)


def front_matter(
    made: RedactedVolume,
    court: Court,
    files: Sequence[PlannedFile],
    target: Path,
    derivatives: Sequence[Derivative] = (),
) -> FrontMatter:
    """Draw the covers and indices of `files` to `target`.

    Raises:
        MachineError: a system library is missing.
    """
    request = made.drawn.request
    record = request.snapshot.record
    sample = " · FICTIONAL SAMPLE" if record.case.fictional else ""
    draft = " · DRAFT, not issued" if request.draft else ""
    as_of = request.snapshot.as_of.astimezone(ZoneInfo(record.incident.time_zone))
    html = (
        page_environment()
        .get_template("filing/front.html")
        .render(
            set={
                "name": f"{court.caption.title}, {request.packet}",
                "court": court.caption.court,
                "title": court.caption.title,
                "head": f"RD {record.case.number}{sample}{draft}",
                "case": record.case.number,
                "case_title": made.hide(record.case.title),
                "packet": request.packet,
                "draft": request.draft,
                "agency": f"{request.profile.agency.name}, {request.profile.agency.unit}",
                "as_of": f"{as_of:%Y-%m-%d %H:%M %Z}",
                "redacted": _redacted(made),
                "smaller": _smaller(derivatives),
                "fictional": record.case.fictional,
                "first": made.volume.range.labels[0],
                "last": made.volume.range.labels[1],
                "files": files,
                "cover_top": max(_USUAL_TOP, court.filing.pages.clear_top + _ABOVE_TEXT),
            }
        )
    )
    document = lay_out(html)
    target.write_bytes(draw(document))
    pages = section_pages(document)
    own = tuple(
        (pages[f"cover-{file.number}"][0], pages[f"contents-{file.number}"][1]) for file in files
    )
    return FrontMatter(target, own, pages.get("master"))


def file_stems(court: Court, made: RedactedVolume, files: Sequence[Sequence[Run]]) -> list[str]:
    """Return what each file holds, in few words, for its name."""
    if court.filing.dividing.by is not Division.EXHIBIT:
        return [court.caption.title for _ in files]
    stems = []
    for runs in files:
        rows = rows_of(runs, files)
        row = next((row for row in rows if row.exhibit), None)
        if row is None:
            numbers = f"{rows[0].first} to {rows[-1].last}"
            stems.append(f"{court.caption.title} {numbers}")
            continue
        piece = f" part {row.piece[0]} of {row.piece[1]}" if row.piece else ""
        stems.append(f"Exhibit {row.exhibit} {row.title}{piece}")
    return stems


def _row(run: Run, files: Sequence[Sequence[Run]]) -> IndexRow:
    part = run.laid.part
    exhibit = part.exhibit
    address = part.key if run.first == 1 else f"{part.key}/{run.first}"
    first, last = run.range.labels
    name, piece = exhibit or str(part.number), piece_of(run, files)
    return IndexRow(part.key, name, part.title, exhibit, first, last, run.pages, address, piece)


def _smaller(derivatives: Sequence[Derivative]) -> str:
    if not derivatives:
        return ""
    named = ", ".join(f"Ex. {each.exhibit}" for each in derivatives)
    return f"{named}: to at most {derivatives[0].dpi} dots an inch; the packet holds them whole."


def _redacted(made: RedactedVolume) -> str:
    if made.rules is None:
        return ""
    count = len(made.redactions.log)
    if not count:
        return f"Looked through by the list “{made.rules.title}”; nothing is withheld."
    places = f"{count:,} place{'s' * (count != 1)} withheld"
    return f"By the list “{made.rules.title}”: {places}; each is in the redaction log."
