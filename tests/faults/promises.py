"""What must hold after any fault.

In: an office's home and the folder of its deliveries. Out: a line for each
promise that is broken; none where all is well. Nothing of the program's own
checks of deliveries is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlmodel import Session, col, select

from referrals.office.office import Office
from referrals.records import audit
from referrals.records.database import session
from referrals.records.evidence_proofs import named_evidence
from referrals.records.tables import BatesRangeRow, Packet, PacketState, RangeState
from tests.faults.offices import opened


def broken_promises(home: Path, deliveries: Path, database: str = "") -> list[str]:
    """Return what does not hold; opening the office undoes what a killed build left."""
    with opened(home, database) as office, session(office.engine) as records:
        return [
            *(f"audit: {finding.message}" for finding in audit.verify(records)),
            *_ledger(records),
            *_deliveries(records, deliveries),
            *_evidence(records, office),
        ]


def issued(home: Path, database: str = "") -> list[Packet]:
    """Return the packets that were issued, by their first number."""
    with opened(home, database) as office, session(office.engine) as records:
        return list(records.exec(select(Packet).order_by(col(Packet.first))))


def _ledger(records: Session) -> Iterator[str]:
    """No number twice, no gap that is not a recorded void, no range without its packet."""
    packets = {(each.name, each.first, each.last) for each in records.exec(select(Packet))}
    rows = records.exec(
        select(BatesRangeRow)
        .where(BatesRangeRow.state != RangeState.START)
        .order_by(col(BatesRangeRow.series_id), col(BatesRangeRow.first))
    )
    series, following = 0, 1
    for row in rows:
        if row.series_id != series:
            series, following = row.series_id, 1
        where = f"numbers {row.first} to {row.last}"
        if row.first != following:
            yield f"ledger: {where} follow {following - 1}"
        following = row.last + 1
        if row.state == RangeState.COMMITTED:
            if (row.packet, row.first, row.last) not in packets:
                yield f"ledger: {where} are committed without their packet"
            packets.discard((row.packet, row.first, row.last))
        elif row.state != RangeState.VOID or not row.reason:
            yield f"ledger: {where} are {row.state} without a reason"
    for name, first, last in packets:
        yield f"ledger: {name} bears {first} to {last}, which are not its own"


def _deliveries(records: Session, folder: Path) -> Iterator[str]:
    """Every delivery that is seen is whole and recorded, and every recorded one is there."""
    recorded = {Path(each.delivery): each for each in records.exec(select(Packet))}
    for packet in recorded.values():
        if packet.state != PacketState.ISSUED:
            yield f"packet: {packet.name} is {packet.state}"
    for place, packet in recorded.items():
        manifest = place / "tagmanifest-sha256.txt"
        if not manifest.is_file():
            yield f"delivery: {place.name} is not there"
        elif hashlib.sha256(manifest.read_bytes()).hexdigest() != packet.manifest_sha256:
            yield f"delivery: {place.name} is not the one that was recorded"
    if not folder.is_dir():
        return
    for place in sorted(folder.iterdir()):
        if place.name.startswith("."):
            continue
        if place not in recorded:
            yield f"delivery: {place.name} is seen but was never recorded"
        yield from _bag(place)


def _bag(place: Path) -> Iterator[str]:
    listed = set()
    for line in (place / "manifest-sha256.txt").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        listed.add(place / name)
        if hashlib.sha256((place / name).read_bytes()).hexdigest() != digest:
            yield f"delivery: {place.name}/{name} is not whole"
    for path in (place / "data").rglob("*"):
        if path.is_file() and path not in listed:
            yield f"delivery: {path} is in no manifest"


def _evidence(records: Session, office: Office) -> Iterator[str]:
    """Whatever the records name is in the store as it was taken in."""
    entries = [each.entry for each in named_evidence(records)]
    for finding in office.store.differences(entries):
        yield f"evidence: {finding.message}"
