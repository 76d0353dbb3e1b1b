"""Lays out and draws the written pages; many of them in several processes.

    shares of HTML ─► lay out, draw ─► pages of each part … numbers ─► filled in ─► PDF

A volume's written parts are divided into shares by their weight alone, so that
the same packet gives the same bytes on every machine. A share's pages are drawn as
soon as they are laid out, with placeholders for the numbers that nobody knows yet:
what stays of it is a file and where its late values stand, so that memory is that
of two shares, however long the packet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup

from referrals.errors import MachineError
from referrals.findings import Finding, Severity
from referrals.packet.late_numbers import UnresolvedReferenceError, fill, value
from referrals.packet.layout import Layout
from referrals.packet.pages import document
from referrals.packet.plan import VolumeKind
from referrals.records.snapshot import IssuedExhibit
from referrals.typesetting.page_batch import Covering, DrawnBatch, PageBatch, draw_share
from referrals.typesetting.placeholders import LateText
from stamping.cage import Cage, run_all
from stamping.cage.outputs import outbox, take
from stamping.redaction.burnt_page import Bar
from stamping.redaction.redaction_proof import Secret

WEIGHT = 8_000
"""Tags that one share holds at most, unless one part has more; text weighs little."""

_AT_ONCE = 2
"""Shares that are laid out at the same time: each takes about 150 MB."""

_MEMORY_BYTES = 4 * 1024**3
_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is known after numbering, for the late values of a volume's pages."""

    layout: Layout
    volume: VolumeKind
    earlier: dict[str, IssuedExhibit]


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """The drawn pages of a written part: its file, its first and last page there.

    `anchors` maps the names of places to their page within the part; all pages
    count from one.
    """

    file: Path
    pages: tuple[int, int]
    anchors: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class WrittenPages:
    """The written pages of a volume, drawn but for their late numbers."""

    shares: Sequence[PageBatch]
    drawn: Sequence[DrawnBatch]

    @property
    def counts(self) -> dict[str, int]:
        """The number of pages of each part."""
        return {
            key: last - first + 1
            for share in self.drawn
            for key, (first, last) in share.sections.items()
        }

    def number(
        self, numbers: Numbers, folder: Path
    ) -> tuple[dict[str, WrittenPart], list[Finding]]:
        """Write the late numbers in; return every part by key, and what resolved to nothing.

        The files are made in `folder`.
        """
        written: dict[str, WrittenPart] = {}
        findings: list[Finding] = []
        for share in self.drawn:
            values = _values(share, numbers)
            written |= _numbered(share, values, folder)
            findings += [_unresolved(share, late) for late in share.late if late.key not in values]
        return written, findings

    def cover(
        self,
        numbers: Numbers,
        folder: Path,
        bars: Mapping[str, Sequence[Bar]],
        secrets: Sequence[Secret],
    ) -> dict[str, WrittenPart]:
        """Draw the shares that bars lie on once more, without what is beneath; return their parts.

        `bars` are by the key of the part, on its own pages. The files are made in `folder`.
        """
        again = []
        for share, drawn in zip(self.shares, self.drawn, strict=True):
            own = tuple(
                replace(bar, page=bar.page + first - 1)
                for key, (first, _) in drawn.sections.items()
                for bar in bars.get(key, ())
            )
            if own:
                covering = Covering(own, tuple(secrets), _values(drawn, numbers))
                target = share.target.with_name(f"covered-{share.target.name}")
                again.append(replace(share, target=target, covering=covering))
        written: dict[str, WrittenPart] = {}
        for made in _draw_all(again):
            written |= _numbered(made, _values(made, numbers), folder)
        return written


def divide(weights: Sequence[int]) -> list[range]:
    """Return runs of parts, none heavier than `WEIGHT` but a part that is so by itself."""
    runs: list[range] = []
    start = heavy = 0
    for place, weight in enumerate(weights):
        if place > start and heavy + weight > WEIGHT:
            runs.append(range(start, place))
            start, heavy = place, 0
        heavy += weight
    return [*runs, range(start, len(weights))]


def lay_out_volume(
    packet: str, volume: VolumeKind, sections: Sequence[Markup], folder: Path
) -> WrittenPages:
    """Return the written pages that `sections` make, drawn into `folder`.

    Raises:
        MachineError: a library is missing, or a process was stopped.
    """
    runs = divide([section.count("<") for section in sections])
    shares = [
        PageBatch(
            document(packet, [sections[part] for part in run]),
            folder / f"{volume.value}-{place}.pdf",
        )
        for place, run in enumerate(runs)
    ]
    return WrittenPages(shares, _draw_all(shares))


def _draw_all(shares: Sequence[PageBatch]) -> list[DrawnBatch]:
    if len(shares) <= 1:
        return [draw_share(share) for share in shares]
    with outbox(shares[0].target.parent) as box:
        drawn = run_all(
            draw_share,
            [replace(share, target=box / share.target.name) for share in shares],
            Cage(folder=box, seconds=_SECONDS, memory_bytes=_MEMORY_BYTES),
            failed=_stopped,
            workers=_AT_ONCE,
        )
        for share in shares:
            take(box / share.target.name, box, share.target)
    return [replace(each, file=share.target) for each, share in zip(drawn, shares, strict=True)]


def _stopped(share: PageBatch, why: str) -> DrawnBatch:
    raise MachineError(
        "A process that lays out pages was stopped.",
        remedy="The machine may be short of memory. Close other programs and try again.",
    )


def _values(share: DrawnBatch, numbers: Numbers) -> dict[str, str]:
    """Return the numbers of a share's late values by key, without those that name nothing."""
    found = {}
    for key in {late.key: None for late in share.late}:
        try:
            found[key] = value(key, numbers.layout, numbers.volume, numbers.earlier)
        except UnresolvedReferenceError:
            continue
    return found


def _numbered(share: DrawnBatch, values: Mapping[str, str], folder: Path) -> dict[str, WrittenPart]:
    """Write a share's numbers in; return its parts by key."""
    file = folder / f"numbered-{share.file.name}"
    fill(share.file, file, [(late, values[late.key]) for late in share.late if late.key in values])
    return {
        key: WrittenPart(file, (first, last), _anchors(share, first, last))
        for key, (first, last) in share.sections.items()
    }


def _anchors(share: DrawnBatch, first: int, last: int) -> dict[str, int]:
    return {name: page - first + 1 for name, page in share.anchors.items() if first <= page <= last}


def _unresolved(share: DrawnBatch, late: LateText) -> Finding:
    part = next(
        (key for key, (first, last) in share.sections.items() if first <= late.page <= last),
        "first page",
    )
    kind, _, rest = late.key.partition(":")
    name, _, number = rest.partition(":")
    what = f"page {number} of {name}" if kind in ("page", "earlier") else name
    return Finding(
        Severity.BLOCKING,
        "cite-unresolved",
        f"A reference to {what} resolves to no page of this packet.",
        where=f"part {part}",
        remedy="Correct the pin-cite in the record, or add the exhibit it names.",
    )
