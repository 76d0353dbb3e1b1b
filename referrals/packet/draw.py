"""A packet drawn: the one way from its facts to pages, whoever asks and for what.

    facts ─► contents ─► pages of each volume ─► … first number ─► numbered pages

In: `PacketFacts` and where its evidence is. Out: `DrawnPages`, and with a first number a
`DrawnPacket`. Neither the database nor the clock is asked, so that another process can do
it: the same facts and number give the same bytes. Packets, drafts, redacted and court
sets are all made of the same value.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from referrals.findings import Finding
from referrals.packet.accessibility import claim
from referrals.packet.contents import contents_of, still_findings
from referrals.packet.facts import PacketFacts
from referrals.packet.layout import LaidPart, Layout, number
from referrals.packet.pages import compose
from referrals.packet.plan import PartKind, VolumeKind
from referrals.packet.prepared_exhibit import PreparedExhibit
from referrals.packet.request import BuildPlaces, PacketRequest
from referrals.packet.written_pages import Numbers, WrittenPages, WrittenPart, lay_out_volume
from referrals.progress import Progress, silent
from stamping.values import Conformance


@dataclass(frozen=True, slots=True)
class DrawnVolume:
    """The written pages of one volume, numbered, in files.

    `written` maps a part's key to its pages; `pages` are the same to be drawn once more
    where bars cover them. `conformance` is what the whole volume may claim.
    """

    kind: VolumeKind
    written: Mapping[str, WrittenPart]
    pages: WrittenPages
    numbers: Numbers
    conformance: Conformance


@dataclass(frozen=True, slots=True)
class DrawnPacket:
    """Every part of a packet with its pages and its numbers, not put together yet.

    `exhibits` are those whose pages are used: the prepared ones, unless a set takes
    others in their place. `folder` takes what is made of the parts.
    """

    facts: PacketFacts
    layout: Layout
    exhibits: Mapping[str, PreparedExhibit]
    volumes: Mapping[VolumeKind, DrawnVolume]
    findings: tuple[Finding, ...]
    folder: Path

    @property
    def request(self) -> PacketRequest:
        """What was asked for."""
        return self.facts.request

    @property
    def main(self) -> DrawnVolume:
        """The main volume."""
        return self.volumes[VolumeKind.MAIN]

    @property
    def parts(self) -> tuple[LaidPart, ...]:
        """The parts of the main volume, in order."""
        return self.layout.volume(VolumeKind.MAIN)

    def source(self, laid: LaidPart) -> tuple[Path, int]:
        """Return the file that holds the pages of a part of the main volume, and the first."""
        if laid.part.kind is PartKind.EXHIBIT:
            path = self.exhibits[laid.part.exhibit].rendition.path
            assert path is not None, "only an exhibit with pages is planned as one"
            return path, 1
        own = self.main.written[laid.part.key]
        return own.file, own.pages[0]

    def with_main(self, **changes: object) -> DrawnPacket:
        """Return the packet with other values in its main volume."""
        main = replace(self.main, **changes)  # type: ignore[arg-type]  # the names of its fields
        return replace(self, volumes={**self.volumes, VolumeKind.MAIN: main})


@dataclass(frozen=True, slots=True)
class DrawnPages:
    """All pages of a packet, drawn but for their numbers; `counts` are by part."""

    facts: PacketFacts
    written: Mapping[VolumeKind, WrittenPages]
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]
    folder: Path

    @property
    def total(self) -> int:
        """How many numbers the packet takes."""
        return sum(self.counts.values())

    def number(self, first: int, progress: Progress = silent) -> DrawnPacket:
        """Return the packet whose first page bears the number `first`."""
        facts, snapshot = self.facts, self.facts.request.snapshot
        series = facts.request.profile.series(snapshot.record.case.number)
        layout = number(facts.plan, self.counts, series, first)
        volumes = {}
        findings = list(self.findings)
        with progress("Writing the numbers into them", None):
            for kind, pages in self.written.items():
                numbers = Numbers(layout, kind, snapshot.earlier_exhibits)
                written, unresolved = pages.number(numbers, self.folder)
                findings.extend(unresolved)
                claimed = claim(kind, list(facts.access))
                volumes[kind] = DrawnVolume(kind, written, pages, numbers, claimed)
        return DrawnPacket(facts, layout, facts.exhibits, volumes, tuple(findings), self.folder)


@contextmanager
def drawn_pages(
    facts: PacketFacts, places: BuildPlaces, progress: Progress = silent
) -> Iterator[DrawnPages]:
    """Yield the packet's pages in a folder that lives as long as the block.

    Raises:
        MachineError: the machine lacks a library, a right or space.
    """
    with progress("Gathering what the pages say", None):
        contents = contents_of(facts, places.store)
    with tempfile.TemporaryDirectory(prefix="referrals-") as name:
        folder = Path(name)
        with progress("Drawing the written pages", None):
            written = {
                kind: lay_out_volume(
                    facts.request.packet, kind, list(compose(each).values()), folder
                )
                for kind, each in contents.items()
            }
        held = {key: exhibit.rendition.pages for key, exhibit in facts.exhibits.items()}
        counts = {part.key: held[part.exhibit] for part in facts.plan.parts if not part.generated}
        for pages in written.values():
            counts |= pages.counts
        findings = (*facts.findings, *still_findings(contents[VolumeKind.MAIN]))
        yield DrawnPages(facts, written, counts, findings, folder)
