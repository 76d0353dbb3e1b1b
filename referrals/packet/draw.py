"""The main volume of a packet, drawn but not assembled: where redaction looks and burns.

In: a `PacketRequest`, where its evidence is, its first number. Out: a `DrawnPacket`,
whose parts have the pages and the numbers that they have in the full packet. The
confidential volume is laid out for its numbers alone, and is not here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from referrals.packet.accessibility import claim
from referrals.packet.contents import contents_of
from referrals.packet.exhibits import PreparedExhibit, prepare_exhibits
from referrals.packet.layout import LaidPart, Layout, number
from referrals.packet.pages import compose
from referrals.packet.plan import PartKind, Plan, VolumeKind, plan
from referrals.packet.request import BuildPlaces, PacketRequest
from referrals.packet.written_pages import Numbers, WrittenPages, WrittenPart, lay_out_volume
from referrals.progress import Progress, silent
from referrals.records.snapshot import Snapshot
from stamping.values import Conformance


@dataclass(frozen=True, slots=True)
class DrawnPacket:
    """The parts of the main volume: its exhibits' pages, and its written pages in files.

    `pages` are the written pages, to be drawn once more where bars cover them;
    `folder` takes what is made of them. `conformance` is what the full volume may claim.
    """

    request: PacketRequest
    layout: Layout
    exhibits: Mapping[str, PreparedExhibit]
    written: Mapping[str, WrittenPart]
    pages: WrittenPages
    numbers: Numbers
    conformance: Conformance
    folder: Path

    @property
    def parts(self) -> tuple[LaidPart, ...]:
        """The parts of the main volume, in order."""
        return self.layout.volume(VolumeKind.MAIN)

    def source(self, laid: LaidPart) -> tuple[Path, int]:
        """Return the file that holds a part's pages, and the place of its first page there."""
        if laid.part.kind is PartKind.EXHIBIT:
            path = self.exhibits[laid.part.exhibit].rendition.path
            assert path is not None, "only an exhibit with pages is planned as one"
            return path, 1
        own = self.written[laid.part.key]
        return own.file, own.pages[0]


@contextmanager
def drawn_packet(
    request: PacketRequest, places: BuildPlaces, first: int, progress: Progress = silent
) -> Iterator[DrawnPacket]:
    """Yield the main volume's parts as the full packet that begins at `first` has them.

    Raises:
        MachineError: the machine lacks a library, a right or space.
    """
    snapshot = request.snapshot
    with ExitStack() as stack:
        exhibits = prepared(request, places, progress)
        planned = plan_of(snapshot, exhibits)
        with progress("Gathering what the pages say", None):
            contents = contents_of(request, planned, exhibits, places.store)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="referrals-")))
        with progress("Drawing the written pages", None):
            laid = {
                kind: lay_out_volume(request.packet, kind, list(compose(each).values()), folder)
                for kind, each in contents.items()
            }
        counts = page_counts(planned, laid, exhibits)
        layout = number(planned, counts, request.profile.series(snapshot.record.case.number), first)
        numbers = Numbers(layout, VolumeKind.MAIN, snapshot.earlier_exhibits)
        with progress("Writing the numbers into them", None):
            written, _ = laid[VolumeKind.MAIN].number(numbers, folder)
        yield DrawnPacket(
            request,
            layout,
            exhibits,
            written,
            laid[VolumeKind.MAIN],
            numbers,
            claim(VolumeKind.MAIN, list(contents[VolumeKind.MAIN].access)),
            folder,
        )


def prepared(
    request: PacketRequest, places: BuildPlaces, progress: Progress = silent
) -> dict[str, PreparedExhibit]:
    """Return the exhibits that this packet holds, prepared, by designator."""
    earlier = request.snapshot.earlier_exhibits
    designators = [
        exhibit.designator
        for exhibit in request.snapshot.record.exhibits
        if exhibit.designator not in earlier
    ]
    with progress("Preparing the exhibits", len(designators)) as advance:
        return prepare_exhibits(
            request.snapshot,
            designators,
            places.store.path,
            places.renditions,
            request.style,
            advance,
        )


def plan_of(snapshot: Snapshot, exhibits: Mapping[str, PreparedExhibit]) -> Plan:
    """Return the plan, with a placeholder for each exhibit that has no pages."""
    pageless = frozenset(key for key, exhibit in exhibits.items() if not exhibit.has_pages)
    return plan(snapshot, pageless)


def page_counts(
    planned: Plan,
    laid: Mapping[VolumeKind, WrittenPages],
    exhibits: Mapping[str, PreparedExhibit],
) -> dict[str, int]:
    """Return the number of pages of every part, by key."""
    counts = {key: exhibit.rendition.pages for key, exhibit in exhibits.items()}
    pages = {part.key: counts[part.exhibit] for part in planned.parts if not part.generated}
    for written in laid.values():
        pages |= written.counts
    return pages
