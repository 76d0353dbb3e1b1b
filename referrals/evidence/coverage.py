"""Which part of the event each unit's recordings cover, by the reference clock.

In: a record and what its recordings say of their length. Out: a `Lane` for each
unit and each other recording, with gaps and overlaps. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from referrals.records.case_record import CaseRecord, Footage
from referrals.records.snapshot import Snapshot

NOTICED = timedelta(seconds=1)
"""The shortest gap or overlap that is told: clocks are compared by the second."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when."""

    began: datetime
    ended: datetime

    def shared(self, other: Span) -> Span | None:
        """Return what two spans share; a moment within the other counts."""
        began, ended = max(self.began, other.began), min(self.ended, other.ended)
        return Span(began, ended) if began <= ended else None

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.ended - self.began


@dataclass(frozen=True, slots=True)
class RecordedSpan:
    """A recording and its time by the reference clock."""

    key: str
    span: Span


@dataclass(frozen=True, slots=True)
class Lane:
    """A unit with its time on the event and its recordings, or one other recording.

    `present` is None for a recording that belongs to no unit. `reason` is why
    the unit has none.
    """

    title: str
    present: Span | None
    recordings: tuple[RecordedSpan, ...]
    reason: str = ""

    @property
    def within(self) -> list[Span]:
        """The parts of the unit's time on the event that its recordings cover."""
        if self.present is None:
            return []
        spans = [each.span.shared(self.present) for each in self.recordings]
        return [span for span in spans if span is not None]

    @property
    def gaps(self) -> list[Span]:
        """The parts of the unit's time on the event without a recording."""
        if self.present is None:
            return []
        found, covered = [], self.present.began
        for span in sorted(self.within, key=lambda span: span.began):
            if span.began - covered >= NOTICED:
                found.append(Span(covered, span.began))
            covered = max(covered, span.ended)
        if self.present.ended - covered >= NOTICED:
            found.append(Span(covered, self.present.ended))
        return found

    @property
    def overlaps(self) -> list[Span]:
        """The times at which more than one recording runs."""
        ordered = sorted((each.span for each in self.recordings), key=lambda span: span.began)
        found: list[Span] = []
        latest = ordered[0].ended if ordered else None
        for _, span in pairwise(ordered):
            assert latest is not None
            if min(latest, span.ended) - span.began >= NOTICED:
                found.append(Span(span.began, min(latest, span.ended)))
            latest = max(latest, span.ended)
        return found


def reconciled(moment: datetime, footage: Footage) -> datetime:
    """Return a moment of the device's clock by the event's reference clock."""
    return moment + timedelta(seconds=footage.clock_offset_seconds)


def coverage(snapshot: Snapshot) -> list[Lane]:
    """Return the units in the record's order, then the recordings of no unit."""
    record = snapshot.record
    recorded = dict(_recorded(snapshot, record.footage))
    lanes = [
        Lane(
            title=unit.key,
            present=Span(unit.arrived, max(unit.left or record.incident.ended, unit.arrived)),
            recordings=tuple(_of_unit(record, unit.key, recorded)),
            reason=unit.footage_reason,
        )
        for unit in record.units
    ]
    units = {unit.key for unit in record.units}
    lanes += [
        Lane(footage.kind.value.replace("_", " "), None, (recorded[footage.key],))
        for footage in _originals(record)
        if footage.unit not in units
    ]
    return lanes


def _of_unit(
    record: CaseRecord, unit: str, recorded: dict[str, RecordedSpan]
) -> list[RecordedSpan]:
    found = [recorded[each.key] for each in _originals(record) if each.unit == unit]
    return sorted(found, key=lambda each: each.span.began)


def _originals(record: CaseRecord) -> list[Footage]:
    """Return the recordings that are not made from another."""
    return [footage for footage in record.footage if not footage.derived_from]


def _recorded(snapshot: Snapshot, footage: Sequence[Footage]) -> Iterable[tuple[str, RecordedSpan]]:
    lengths = {facts.sha256: facts.duration for facts in snapshot.media}
    digests = {entry.path: entry.sha256 for entry in snapshot.evidence}
    for each in footage:
        began = reconciled(each.began, each)
        length = lengths.get(digests.get(each.file, ""), 0.0)
        yield each.key, RecordedSpan(each.key, Span(began, began + timedelta(seconds=length)))
