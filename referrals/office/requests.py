"""What a packet is made of: of a record as it stands, or of one that was issued.

In: an office and a case. Out: a `PacketRequest`, and the number of its first page.
Nothing is built and nothing is reserved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from referrals.errors import UsageError
from referrals.office.office import Office
from referrals.packet.request import PacketRequest
from referrals.records import audit
from referrals.records.bates_ledger import next_number
from referrals.records.database import session
from referrals.records.packets import packets_of
from referrals.records.snapshot import Snapshot
from referrals.records.tables import Packet

WRITTEN = "packet written"
"""What the audit log calls a delivery that is about to take its place."""


@dataclass(frozen=True, slots=True)
class NumberedRequest:
    """A request, and the number that its first page bears."""

    request: PacketRequest
    first: int


def new_request(
    office: Office, case: str, as_of: datetime, *, draft: bool, archive: bool = False
) -> PacketRequest:
    """Return the request for the next packet of a case, of the record as it stands.

    Raises:
        UsageError: there is no such case.
    """
    snapshot = office.snapshot(case, as_of)
    name = f"{snapshot.record.case.number}-{len(snapshot.issued) + 1}"
    return PacketRequest(
        f"{name}-DRAFT" if draft else name,
        snapshot,
        office.profile(snapshot.record.case.profile),
        draft=draft,
        archive=archive,
    )


def issued_request(office: Office, packet: Packet) -> NumberedRequest:
    """Return what an issued packet was made of, and its first number."""
    with session(office.engine) as opened:
        written = audit.entry_after(opened, WRITTEN, packet.manifest_sha256)
    snapshot = Snapshot.model_validate_json(packet.snapshot)
    office.store.knowing(snapshot.evidence)
    request = PacketRequest(
        packet.name,
        snapshot,
        office.profile(packet.profile),
        archive=packet.archive,
        audit_head=written.before if written else "",
    )
    return NumberedRequest(request, packet.first)


def standing_request(office: Office, case: str, packet: str, now: datetime) -> NumberedRequest:
    """Return what a set of the case is made of: a packet of that name, and its first number.

    Without a name it is the newest that was issued; a draft of the record as it
    stands where none was.

    Raises:
        UsageError: no packet of that name was issued.
    """
    with session(office.engine) as opened:
        issued = packets_of(opened, case)
    if not issued and not packet:
        request = new_request(office, case, now, draft=True)
        return NumberedRequest(request, provisional_number(office, request))
    for each in reversed(issued):
        if packet in ("", each.name):
            return issued_request(office, each)
    raise UsageError(
        f"No packet {packet} of {case} was issued.",
        remedy=f"Issued: {', '.join(each.name for each in issued) or 'none'}.",
    )


def provisional_number(office: Office, request: PacketRequest) -> int:
    """Return the number that the next packet would begin with; nobody is promised it."""
    series = request.profile.series(request.snapshot.record.case.number)
    with session(office.engine) as opened:
        return next_number(opened, series)
