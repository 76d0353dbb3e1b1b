"""A built packet as the rows that the records keep of it.

In: a delivery that is written. Out: rows, not yet saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import referrals
from referrals.delivery.packet_folder import FOOTAGE_KIND, PacketDelivery, delivered_footage
from referrals.records.tables import Packet, PacketPart, PacketState


def packet_row(made: PacketDelivery, case_id: int, who: str, now: datetime) -> Packet:
    """Return the row of a packet whose delivery is about to take its place."""
    request = made.packet.drawn.request
    referral = request.snapshot.record.referral
    return Packet(
        name=request.packet,
        case_id=case_id,
        identity=request.snapshot.identity,
        state=PacketState.DELIVERING,
        profile=request.profile.key,
        program_version=referrals.__version__,
        as_of=request.snapshot.as_of,
        issued_at=now,
        issued_by=who,
        delivery=str(made.folder.absolute()),
        manifest_sha256=made.manifest_sha256,
        series_id=0,
        first=made.layout.range.first,
        last=made.layout.range.last,
        snapshot=request.snapshot.canonical.decode(),
        archive=request.archive,
        override=f"{referral.override_by}: {referral.override_reason}"
        if referral.override_by
        else "",
    )


def part_rows(made: PacketDelivery) -> Sequence[PacketPart]:
    """Return the rows of its parts and of the recordings that go along, in order."""
    drawn = made.packet.drawn
    rows = []
    for laid in made.layout.parts:
        prepared_exhibit = drawn.facts.exhibits.get(laid.part.exhibit)
        rows.append(
            PacketPart(
                packet_id=0,
                position=0,
                volume=laid.volume.value,
                file=made.packet.volumes[laid.volume].path.name,
                key=laid.part.key,
                kind=laid.part.kind.value,
                title=laid.part.title,
                exhibit=laid.part.exhibit,
                first=laid.range.first,
                last=laid.range.last,
                source=prepared_exhibit.exhibit.file if prepared_exhibit else "",
                sha256=prepared_exhibit.file.sha256 if prepared_exhibit else "",
            )
        )
    rows.extend(
        PacketPart(
            packet_id=0,
            position=0,
            volume="",
            file=file,
            key=f"footage-{key}",
            kind=FOOTAGE_KIND,
            title=title,
            first=0,
            last=0,
            source=path,
            sha256=sha256,
        )
        for key, title, path, sha256, file in delivered_footage(drawn.request.snapshot)
    )
    return rows
