"""Issues packets, and builds drafts of them.

    facts ─► draw ─► reserve numbers ─► assemble ─► write ─► announce ─► into place

In: an office and a `PacketOrder`. Out: what was delivered. The numbers are committed
with the delivery: whatever fails before leaves a recorded void and no delivery. Only
here is the ledger written to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from referrals.delivery.packet_folder import PacketDelivery, packet_delivery
from referrals.delivery.told_delivery import Delivered, delivered
from referrals.errors import BlockedError, UsageError
from referrals.findings import Finding, Severity
from referrals.office.issued_rows import packet_row, part_rows
from referrals.office.office import Office, login
from referrals.office.recovery import undo
from referrals.office.requests import WRITTEN, new_request, provisional_number
from referrals.packet.accessibility import obstacles
from referrals.packet.assembly import assemble_packet
from referrals.packet.check_report import CheckReport
from referrals.packet.draw import DrawnPacket, DrawnPages, drawn_pages
from referrals.packet.facts import PacketFacts, facts_of
from referrals.packet.request import PacketRequest
from referrals.records import audit
from referrals.records.bates_ledger import Reservation, reserve
from referrals.records.case_store import case_row
from referrals.records.database import session
from referrals.records.frozen_changes import changes_since, same_case
from referrals.records.packets import announce_packet, finish_packet, packets_of
from referrals.records.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class PacketOrder:
    """Which packet is wanted, and where it goes.

    `output` is the delivery's folder; without one it gets its name below `into`, or below
    the office's deliveries. `as_of` is the instant that the record is frozen at; without
    one it is now. `archive` asks for the main volume once more as PDF/A-3a.
    """

    case: str
    output: Path | None = None
    into: Path | None = None
    as_of: datetime | None = None
    archive: bool = False


def draft_packet(office: Office, order: PacketOrder, now: datetime) -> Delivered:
    """Build a packet marked as a draft on every page; it takes no numbers from the ledger."""
    request = new_request(office, order.case, order.as_of or now, draft=True, archive=order.archive)
    facts = facts_of(request, office.places, office.progress)
    first = provisional_number(office, request)
    return delivered(build(office, facts, first, _target(office, order, request)))


def issue_packet(office: Office, order: PacketOrder, *, who: str = "", now: datetime) -> Delivered:
    """Issue the next packet of a case: numbers are taken, the delivery is made.

    Raises:
        BlockedError: findings stand in the way; nothing was delivered.
        DigestMismatchError: a file of the store is not what was taken in.
        MachineError: the machine lacks a library, a right or space.
        UsageError: there is no such case, nothing has changed since the last packet, or
            the delivery's folder is there already.
    """
    request = new_request(
        office, order.case, order.as_of or now, draft=False, archive=order.archive
    )
    _refuse_unchanged(office, request)
    facts = facts_of(request, office.places, office.progress)
    report = CheckReport(facts)
    if report.blocked:
        raise _blocked(report.words, facts.blocking)
    if request.archive:
        _stop_if_not_archivable(facts)
    who = who or login()
    with session(office.engine) as opened:
        begun = audit.append(
            opened,
            at=now,
            who=who,
            what="packet begun",
            subject=request.packet,
            after=request.snapshot.identity,
        ).digest
    # The delivery prints it, so that a log cut short later no longer fits.
    facts = replace(facts, request=replace(request, audit_head=begun))
    return delivered(_issue(office, facts, _target(office, order, request), who, now))


def build(office: Office, facts: PacketFacts, first: int, target: Path) -> PacketDelivery:
    """Build a packet with numbers that the caller answers for; the ledger hears nothing of it.

    Raises:
        DigestMismatchError: a file of the store is not what was taken in.
    """
    with (
        _drawn(office, facts) as pages,
        _delivery(office, pages.number(first, office.progress), target) as made,
    ):
        return made


def _issue(
    office: Office, facts: PacketFacts, target: Path, who: str, now: datetime
) -> PacketDelivery:
    request = facts.request
    series = request.profile.series(request.snapshot.record.case.number)
    with _drawn(office, facts) as pages:
        reservation = reserve(office.engine, series, pages.total, request.packet)
        try:
            numbered = pages.number(reservation.range.first, office.progress)
            _stop_if_unresolved(numbered)
            with _delivery(office, numbered, target) as made:
                _announce(office, made, reservation, who, now)
            with session(office.engine) as opened:
                finish_packet(opened, reservation)
        except BaseException as error:
            undo(office.engine, reservation, f"the build failed: {error or 'it was stopped'}")
            raise
    return made


@contextmanager
def _drawn(office: Office, facts: PacketFacts) -> Iterator[DrawnPages]:
    """Draw the pages while the evidence is proven beside it, and yield them once it is.

    Hashing leaves the interpreter free, so that it costs the drawing nothing.
    """
    with ThreadPoolExecutor(max_workers=1) as beside:
        proof = beside.submit(office.store.prove, facts.request.snapshot.evidence)
        with drawn_pages(facts, office.places, office.progress) as pages:
            with office.progress("Proving the evidence", None):
                proof.result()
            yield pages


@contextmanager
def _delivery(office: Office, drawn: DrawnPacket, target: Path) -> Iterator[PacketDelivery]:
    packet = assemble_packet(drawn, office.progress)
    with packet_delivery(packet, office.store, target, office.progress) as made:
        yield made


def _announce(
    office: Office, made: PacketDelivery, reservation: Reservation, who: str, now: datetime
) -> None:
    """Record the packet whose delivery is about to take its place."""
    request = made.packet.drawn.request
    with session(office.engine) as opened:
        changed = changes_since(opened, request.snapshot)
        if changed:
            raise BlockedError(
                "The record changed while the packet was built; nothing was issued.",
                remedy="Run the command again: the packet takes the record as it stands.",
                findings=changed,
            )
        case = case_row(opened, request.snapshot.record.case.number)
        packet = packet_row(made, case.id or 0, who, now)
        announce_packet(opened, packet, part_rows(made), reservation)
        audit.append(
            opened,
            at=now,
            who=who,
            what=WRITTEN,
            subject=request.packet,
            before=request.audit_head,
            after=made.manifest_sha256,
        )


def _target(office: Office, order: PacketOrder, request: PacketRequest) -> Path:
    below = order.into or office.settings.home / "deliveries"
    return order.output or below / request.packet


def _refuse_unchanged(office: Office, request: PacketRequest) -> None:
    with session(office.engine) as opened:
        packets = packets_of(opened, request.snapshot.record.case.number)
    if not packets:
        return
    issued = Snapshot.model_validate_json(packets[-1].snapshot)
    if same_case(issued, request.snapshot):
        raise UsageError(
            f"{packets[-1].name} was issued already, and nothing has changed since.",
            remedy="Take the changed case folder in with --update for a supplement, or "
            "build the issued packet once more with --again.",
        )


def _stop_if_not_archivable(facts: PacketFacts) -> None:
    found = obstacles(facts.access)
    if found:
        raise BlockedError(
            "The packet cannot be made as an archive.",
            remedy="Ask for these exhibits in another form, or build without --archive.",
            findings=found,
        )


def _stop_if_unresolved(drawn: DrawnPacket) -> None:
    blocking = [each for each in drawn.findings if each.severity is Severity.BLOCKING]
    if blocking:
        count = len(blocking)
        raise _blocked(f"Fix {count} finding{'s' * (count != 1)} first.", blocking)


def _blocked(words: str, findings: Sequence[Finding]) -> BlockedError:
    return BlockedError(
        words,
        remedy="Fix the findings above, or build a marked draft with --draft.",
        findings=findings,
    )
