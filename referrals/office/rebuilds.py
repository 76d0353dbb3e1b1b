"""Builds what was issued once more, and compares it byte for byte.

In: an office, a case or a delivery. Out: what was built, or how it differs.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import referrals
from referrals.delivery.comparison import NamedDelivery, Rebuilt, compare, named_delivery
from referrals.delivery.packet_folder import PacketDelivery
from referrals.delivery.told_delivery import Delivered, delivered
from referrals.errors import BlockedError, DigestMismatchError, UsageError
from referrals.office.issue import build
from referrals.office.office import Office
from referrals.office.requests import NumberedRequest, issued_request, new_request
from referrals.packet.facts import facts_of
from referrals.records.case_store import case_numbers
from referrals.records.database import session
from referrals.records.packets import packets_of
from referrals.records.tables import Packet


def build_again(office: Office, case: str, output: Path | None = None) -> Delivered:
    """Build the last issued packet once more from its snapshot and compare.

    Raises:
        BlockedError: it differs from the packet as issued.
        UsageError: no packet of the case was issued.
    """
    with session(office.engine) as opened:
        packets = packets_of(opened, case)
    if not packets:
        raise UsageError(
            f"No packet of {case} was issued.", remedy=f"Build one: referrals packet {case}"
        )
    packet = packets[-1]
    target = output or office.settings.home / "again" / packet.name
    made = _built(office, issued_request(office, packet), target)
    if made.manifest_sha256 != packet.manifest_sha256:
        raise BlockedError(
            f"{made.folder} differs from the packet as issued "
            f"(program {packet.program_version} then, {referrals.__version__} now).",
            remedy="Compare it with the delivery: referrals rebuild DELIVERY",
        )
    told = delivered(made)
    return replace(told, words=f"{told.words}\nByte for byte the packet that was issued.")


def rebuild(office: Office, delivery: Path) -> Rebuilt:
    """Make a delivery again from the records and compare it byte for byte.

    A draft is made of the record as it stands, which may have changed since.

    Raises:
        InputError: `delivery` is not a delivery.
        UsageError: the records do not know of it.
        DigestMismatchError: it differs; the findings name the file and the part.
    """
    named = named_delivery(delivery)
    with tempfile.TemporaryDirectory(prefix="referrals-") as folder:
        made = _built(office, _request(office, named), Path(folder) / named.packet)
        rebuilt = compare(delivery, made.folder, made.layout)
    if rebuilt.findings:
        raise DigestMismatchError(
            f"{delivery} is not what the records give (program {named.version} then, "
            f"{referrals.__version__} now).",
            remedy="Find out which of the two was changed: referrals verify, referrals show.",
            findings=rebuilt.findings,
        )
    return rebuilt


def _built(office: Office, numbered: NumberedRequest, target: Path) -> PacketDelivery:
    facts = facts_of(numbered.request, office.places, office.progress)
    return build(office, facts, numbered.first, target)


def _request(office: Office, named: NamedDelivery) -> NumberedRequest:
    if not named.draft:
        return issued_request(office, _issued(office, named))
    request = new_request(office, named.case, named.as_of, draft=True, archive=named.archive)
    return NumberedRequest(request, named.first)


def _issued(office: Office, named: NamedDelivery) -> Packet:
    with session(office.engine) as opened:
        known = packets_of(opened, named.case) if named.case in case_numbers(opened) else []
    for packet in known:
        if packet.name == named.packet:
            return packet
    raise UsageError(
        f"The records know of no issued packet {named.packet}.",
        remedy="Name the home of the office that issued it with --home.",
    )
