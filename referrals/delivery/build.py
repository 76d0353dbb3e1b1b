"""From a snapshot to a delivery: the one way through.

    verify evidence ─┐
    prepare exhibits ┴► plan ─► draw ─► number ─► assemble ─► deliver

In: a `PacketRequest` and where its evidence is. Out: a `BuiltPacket`. Neither
the database nor the clock is asked: the same request gives the same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from referrals.delivery.packet_folder import write_delivery
from referrals.errors import BlockedError
from referrals.findings import Finding, Severity
from referrals.packet.accessibility import ExhibitAccess, claim
from referrals.packet.assembly import assemble_volume, volume_file_name
from referrals.packet.cite_check import cite_findings
from referrals.packet.contents import contents_of, still_findings
from referrals.packet.draw import page_counts, plan_of, prepared
from referrals.packet.exhibits import PreparedExhibit
from referrals.packet.glyphs import glyph_findings
from referrals.packet.layout import Layout, number
from referrals.packet.notice_findings import notice_finding
from referrals.packet.pages import compose
from referrals.packet.plan import VolumeKind
from referrals.packet.request import BuildPlaces, PacketRequest
from referrals.packet.written_pages import Numbers, WrittenPart, lay_out_volume
from referrals.progress import Progress, silent
from stamping.values import Assembly


@dataclass(frozen=True, slots=True)
class BuiltPacket:
    """A delivery and what it holds; `manifest_sha256` is the digest of its tag manifest."""

    folder: Path
    manifest_sha256: str
    layout: Layout
    volumes: Mapping[VolumeKind, Assembly]
    exhibits: Mapping[str, PreparedExhibit]
    findings: tuple[Finding, ...]


def build(
    request: PacketRequest,
    places: BuildPlaces,
    target: Path,
    reserve: Callable[[int], int],
    announce: Callable[[BuiltPacket], None] = lambda built: None,
    progress: Progress = silent,
) -> BuiltPacket:
    """Build the packet and deliver it into the folder `target`.

    `reserve` is told the number of pages, once, and answers the first number.
    `announce` hears of the whole delivery before it takes its place.

    Raises:
        BlockedError: findings stand in the way; nothing was delivered.
        DigestMismatchError: a file of the store is not what was taken in.
        MachineError: the machine lacks a library, a right or space.
    """
    snapshot = request.snapshot
    with ExitStack() as stack:
        # Hashing leaves the interpreter free, so it runs beside the layout.
        beside = stack.enter_context(ThreadPoolExecutor(max_workers=1))
        verified = beside.submit(places.store.prove, snapshot.evidence)
        exhibits = prepared(request, places, progress)
        planned = plan_of(snapshot, exhibits)
        with progress("Gathering what the pages say", None):
            contents = contents_of(request, planned, exhibits, places.store)
        findings = [
            *(finding for exhibit in exhibits.values() for finding in exhibit.findings()),
            *cite_findings(snapshot, exhibits),
            *glyph_findings(snapshot, request.profile, exhibits),
            *still_findings(contents[VolumeKind.MAIN]),
        ]
        _stop_if_blocked(findings, draft=request.draft)
        if request.archive:
            _stop_if_not_archivable(contents[VolumeKind.MAIN].access)
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="referrals-")))
        with progress("Drawing the written pages", None):
            laid = {
                kind: lay_out_volume(request.packet, kind, list(compose(each).values()), scratch)
                for kind, each in contents.items()
            }
        with progress("Proving the evidence", None):
            verified.result()
        pages = page_counts(planned, laid, exhibits)
        series = request.profile.series(snapshot.record.case.number)
        layout = number(planned, pages, series, reserve(sum(pages.values())))
        written: dict[VolumeKind, dict[str, WrittenPart]] = {}
        with progress("Writing the numbers into them", None):
            for kind, each in laid.items():
                numbers = Numbers(layout, kind, snapshot.earlier_exhibits)
                written[kind], unresolved = each.number(numbers, scratch)
                findings.extend(unresolved)
        _stop_if_blocked(findings, draft=request.draft)
        volumes = {}
        for kind in laid:
            count = len(layout.volume_range(kind))
            with progress(f"Numbering the {kind.value} volume", count) as advance:
                volumes[kind] = assemble_volume(
                    request,
                    layout,
                    kind,
                    written[kind],
                    exhibits,
                    scratch / volume_file_name(request.packet, kind),
                    claim(kind, list(contents[kind].access)),
                    lambda done, advance=advance: advance(),  # type: ignore[misc]  # bound early
                )
            findings.extend(volume_findings(volumes[kind]))
        built = BuiltPacket(target, "", layout, volumes, exhibits, tuple(findings))

        def whole(manifest_sha256: str) -> None:
            nonlocal built
            built = replace(built, manifest_sha256=manifest_sha256)
            announce(built)

        with progress("Closing the delivery", None):
            write_delivery(
                request, layout, volumes, exhibits, findings, places.store, target, whole
            )
    return built


def volume_findings(assembly: Assembly) -> list[Finding]:
    """Return what the engine noticed while it assembled a volume."""

    return [notice_finding(notice, assembly.path.name) for notice in assembly.notices]


def _stop_if_not_archivable(access: Sequence[ExhibitAccess]) -> None:
    rows = [row for row in access if row.volume is VolumeKind.MAIN and row.obstacles]
    if rows:
        raise BlockedError(
            "The packet cannot be made as an archive.",
            remedy="Ask for these exhibits in another form, or build without --archive.",
            findings=[
                Finding(Severity.BLOCKING, "not-archivable", obstacle, f"Ex. {row.designator}")
                for row in rows
                for obstacle in row.obstacles
            ],
        )


def _stop_if_blocked(findings: list[Finding], *, draft: bool) -> None:
    blocking = [finding for finding in findings if finding.severity is Severity.BLOCKING]
    if blocking and not draft:
        raise BlockedError(
            f"{len(blocking)} finding{'s' * (len(blocking) != 1)} must be mended first.",
            remedy="Mend what stands above, or build a marked draft with --draft.",
            findings=blocking,
        )
