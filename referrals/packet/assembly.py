"""A volume put together: the written pages and the exhibits, in order, numbered.

In: a drawn packet. Out: one PDF a volume. What the
outline says of each part is decided here; how it is written, in `stamping`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from referrals.bag import safe_name
from referrals.findings import Finding
from referrals.packet.draw import DrawnPacket
from referrals.packet.layout import LaidPart
from referrals.packet.notice_findings import notice_finding
from referrals.packet.plan import PartKind, VolumeKind
from referrals.packet.prepared_exhibit import PreparedExhibit
from referrals.packet.request import PacketRequest
from referrals.packet.written_pages import WrittenPart
from referrals.progress import Progress, silent
from stamping.assembly.engine import assemble
from stamping.bates import BatesRange
from stamping.values import Assembly, Conformance, Document, Order, OutlineEntry, Part

EXHIBITS = "11  Exhibits"
VOLUME_NAMES = {VolumeKind.MAIN: "Packet", VolumeKind.CONFIDENTIAL: "Confidential"}


def volume_file_name(packet: str, kind: VolumeKind) -> str:
    """Return the file name of a volume, safe for every filing portal."""
    return f"{safe_name(packet)}_{VOLUME_NAMES[kind]}.pdf"


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive pages of a part, counted from one, both ends included."""

    laid: LaidPart
    first: int
    last: int

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return self.last - self.first + 1

    @property
    def range(self) -> BatesRange:
        """Its numbers."""
        first = self.laid.range.first
        return BatesRange(self.laid.range.series, first + self.first - 1, first + self.last - 1)


def whole(laid: LaidPart) -> Run:
    """Return all pages of a part."""
    return Run(laid, 1, laid.pages)


@dataclass(frozen=True, slots=True)
class VolumeForm:
    """How a volume is put together where it is not the packet's own.

    `variant` names a set other than the full one; `hide` returns a text without the
    words that this set must not hold. `letter` puts every page on US Letter.
    """

    variant: str = ""
    hide: Callable[[str], str] = str
    letter: bool = False


FULL = VolumeForm()
"""The packet's own volumes."""


@dataclass(frozen=True, slots=True)
class AssembledPacket:
    """A packet's volumes as finished files, and all that was noticed on the way."""

    drawn: DrawnPacket
    volumes: Mapping[VolumeKind, Assembly]
    findings: tuple[Finding, ...]


def assemble_packet(drawn: DrawnPacket, progress: Progress = silent) -> AssembledPacket:
    """Write every volume of the packet into its folder."""
    volumes = {}
    findings = list(drawn.findings)
    for kind in drawn.volumes:
        path = drawn.folder / volume_file_name(drawn.request.packet, kind)
        volume = assemble_volume(drawn, kind, path, progress=progress)
        findings += [notice_finding(notice, path.name) for notice in volume.notices]
        volumes[kind] = volume
    return AssembledPacket(drawn, volumes, tuple(findings))


def assemble_volume(
    drawn: DrawnPacket,
    kind: VolumeKind,
    output: Path,
    form: VolumeForm = FULL,
    progress: Progress = silent,
) -> Assembly:
    """Write the volume of that kind to `output` and return what it holds."""
    volume = drawn.volumes[kind]
    runs = [whole(laid) for laid in drawn.layout.volume(kind)]
    order = Order(
        series=drawn.layout.range.series,
        first=runs[0].range.first,
        document=document_of(drawn.request, kind, volume.conformance, form),
        style=drawn.request.style,
        targets=targets_of(runs, volume.written),
        letter=form.letter,
    )
    parts = parts_of(runs, volume.written, drawn.exhibits)
    with progress(f"Numbering the {kind.value} volume", len(drawn.layout.volume_range(kind))) as (
        advance
    ):
        return assemble(parts, order, output, progress=lambda done: advance())


def parts_of(
    runs: Sequence[Run],
    written: Mapping[str, WrittenPart],
    exhibits: Mapping[str, PreparedExhibit],
) -> list[Part]:
    """Return what the engine is to put together, with the outline's entries."""
    parts = []
    exhibits_began = False
    for run in runs:
        part = run.laid.part
        if part.kind is PartKind.EXHIBIT:
            parts.append(_exhibit(run, exhibits[part.exhibit]))
            continue
        first_slip = part.kind is PartKind.SLIP_SHEET and not exhibits_began
        exhibits_began |= first_slip
        parts.append(_written(run, written[part.key], heads_exhibits=first_slip))
    return parts


def targets_of(
    runs: Sequence[Run], written: Mapping[str, WrittenPart], front_pages: int = 0
) -> dict[str, int]:
    """Return the page, counted from one, that each address of a link leads to."""
    targets = {}
    before = front_pages
    for run in runs:
        key = run.laid.part.key
        own = written.get(key)
        pages = {page: before + page - run.first + 1 for page in range(run.first, run.last + 1)}
        for name, page in own.anchors.items() if own else ():
            if page in pages:
                targets[f"packet:{name}"] = pages[page]
        if run.first == 1:
            targets[f"packet:{key}"] = pages[1]
        targets |= {f"packet:{key}/{page}": place for page, place in pages.items()}
        before += run.pages
    return targets


def _written(run: Run, part: WrittenPart, *, heads_exhibits: bool) -> Part:
    start = part.pages[0] - 1
    pages = (start + run.first, start + run.last)
    title, level = _outline_title(run)
    if run.laid.part.kind is PartKind.PLACEHOLDER:
        return Part(part.file, pages, keep_outline=False)
    if heads_exhibits:
        entry = OutlineEntry(title, page=1, level=1)
        return Part(part.file, pages, EXHIBITS, level=0, outline=(entry,), keep_outline=False)
    return Part(part.file, pages, title, level=level, keep_outline=False)


def _outline_title(run: Run) -> tuple[str, int]:
    part, first = run.laid.part, run.range.labels[0]
    if part.kind is PartKind.SLIP_SHEET:
        return f"Exhibit {part.exhibit}  {part.title}  ·  {first}", 1
    pages = f", pages {run.first} to {run.last}" if run.first > 1 else ""
    return f"{part.number}  {part.title}{pages}  ·  {first}", 0


def _exhibit(run: Run, prepared: PreparedExhibit) -> Part:
    path = prepared.rendition.path
    assert path is not None, "only an exhibit with pages is planned as one"
    divided = run.pages < run.laid.pages
    named = f"Exhibit {prepared.exhibit.designator}"
    return Part(
        path,
        pages=(run.first, run.last) if divided else None,
        title=f"{named}, pages {run.first} to {run.last}" if run.first > 1 else "",
        level=1 if run.first > 1 else 2,
        alternative_text=f"{named}, {prepared.exhibit.title}: image of the page",
        pages_to_scale=prepared.rendition.pages_to_scale,
    )


def document_of(
    request: PacketRequest,
    kind: VolumeKind,
    conformance: Conformance,
    form: VolumeForm = FULL,
) -> Document:
    """Return what a file of the packet says of itself."""
    case = request.snapshot.record.case
    volume = "" if kind is VolumeKind.MAIN else ", confidential volume"
    volume += f", {form.variant}" if form.variant else ""
    fictional = " (fictional sample)" if case.fictional else ""
    named = f"/{form.variant}" if form.variant else ""
    return Document(
        title=f"Referral packet {request.packet}{volume}{fictional}",
        author=request.profile.agency.name,
        subject=form.hide(case.title),
        created=request.snapshot.as_of,
        identity=f"{request.snapshot.identity}/{kind.value}{named}",
        conformance=conformance,
    )
