"""What the written pages are made of, gathered once.

In: the facts of a packet and the evidence. Out: `Contents`,
one a volume; `pages` turns it into HTML and asks for nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from referrals.attest.statement import AttestationStatus
from referrals.duties.duties import DutyStatus
from referrals.evidence.custody import custody_breaks
from referrals.evidence.hash_certificate import HashCertificate, hash_certificates
from referrals.evidence.retention import Countdown, countdown
from referrals.evidence.stills import Still, spread, stills
from referrals.evidence.store import EvidenceStore
from referrals.findings import Finding, Severity
from referrals.packet.accessibility import ExhibitAccess
from referrals.packet.facts import PacketFacts
from referrals.packet.plan import Plan, PlannedVolume, VolumeKind
from referrals.packet.prepared_exhibit import PreparedExhibit
from referrals.profiles.profile import Profile
from referrals.records.case_record import CaseRecord, Footage
from referrals.records.cites import seconds
from referrals.records.snapshot import IssuedExhibit, MediaFacts, Snapshot

CONTACT_STILLS = 4
"""Stills on a contact sheet, besides the key moments."""


@dataclass(frozen=True, slots=True)
class Contents:
    """All that the written pages of one volume say."""

    packet: str
    draft: bool
    volume: PlannedVolume
    plan: Plan
    snapshot: Snapshot
    profile: Profile
    duties: Sequence[DutyStatus]
    exhibits: Mapping[str, PreparedExhibit]
    earlier: Mapping[str, IssuedExhibit]
    certificates: Sequence[HashCertificate]
    countdowns: Mapping[str, Countdown]
    contact_sheets: Mapping[str, Sequence[Still]]
    moments: Mapping[str, Sequence[Still]]
    exhibit_media: Mapping[str, MediaFacts]
    exhibit_stills: Mapping[str, Sequence[Still]]
    custody_breaks: Sequence[Finding]
    attestations: Sequence[AttestationStatus]
    access: Sequence[ExhibitAccess]

    @property
    def record(self) -> CaseRecord:
        """The case record."""
        return self.snapshot.record

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are printed."""
        return ZoneInfo(self.record.incident.time_zone)


def contents_of(facts: PacketFacts, store: EvidenceStore) -> dict[VolumeKind, Contents]:
    """Return the contents of each volume; `store` gives the recordings their stills."""
    request, exhibits = facts.request, facts.exhibits
    snapshot, profile = request.snapshot, request.profile
    record = snapshot.record
    zone = ZoneInfo(record.incident.time_zone)
    media = {facts.sha256: facts for facts in snapshot.media}
    left = {
        footage.key: countdown(footage, profile.retention, snapshot.as_of, zone)
        for footage in record.footage
    }
    pageless = {
        key: media[exhibit.file.sha256]
        for key, exhibit in exhibits.items()
        if not exhibit.has_pages and exhibit.file.sha256 in media
    }
    shared: dict[str, Any] = {
        "packet": request.packet,
        "draft": request.draft,
        "plan": facts.plan,
        "snapshot": snapshot,
        "profile": profile,
        "duties": facts.duties,
        "exhibits": exhibits,
        "earlier": snapshot.earlier_exhibits,
        "certificates": hash_certificates(snapshot),
        "countdowns": {key: value for key, value in left.items() if value is not None},
        "contact_sheets": {
            footage.key: _contact_sheet(footage, snapshot, media, store)
            for footage in record.footage
        },
        "moments": {
            footage.key: _stills(
                store,
                snapshot.file(footage.file).sha256,
                [seconds(moment.time_code) for moment in footage.key_moments],
            )
            for footage in record.footage
            if footage.key_moments
        },
        "exhibit_media": pageless,
        "exhibit_stills": {
            key: _stills(store, facts.sha256, spread(facts.duration, CONTACT_STILLS))
            for key, facts in pageless.items()
            if facts.video_codec
        },
        "custody_breaks": custody_breaks(record),
        "attestations": facts.case.attestations,
        "access": facts.access,
    }
    return {volume.kind: Contents(volume=volume, **shared) for volume in facts.plan.volumes}


def still_findings(contents: Contents) -> list[Finding]:
    """Return a warning for each recording that gave fewer stills than were asked for."""
    snapshot = contents.snapshot
    pictures = {facts.sha256 for facts in snapshot.media if facts.video_codec}
    wanted = [
        (footage, shown.get(footage.key, ()), count)
        for footage in contents.record.footage
        if snapshot.file(footage.file).sha256 in pictures
        for shown, count in (
            (contents.contact_sheets, CONTACT_STILLS),
            (contents.moments, len(footage.key_moments)),
        )
    ]
    return [
        Finding(
            Severity.WARNING,
            "stills-missing",
            f"{footage.title} gave {len(shown)} of {count} stills: not all of it can be decoded.",
            f"footage {footage.key} ({footage.file})",
            "Play it to its end; if it breaks off, export it again or write so in 'known_gaps'.",
        )
        for footage, shown, count in wanted
        if len(shown) < count
    ]


def _contact_sheet(
    footage: Footage, snapshot: Snapshot, media: Mapping[str, MediaFacts], store: EvidenceStore
) -> list[Still]:
    facts = media.get(snapshot.file(footage.file).sha256)
    if facts is None or not facts.video_codec:
        return []
    return _stills(store, facts.sha256, spread(facts.duration, CONTACT_STILLS))


def _stills(store: EvidenceStore, sha256: str, times: Sequence[float]) -> list[Still]:
    with store.media(sha256) as source:
        return stills(source, times)
