"""The rules of the duties about recordings and custody: kept, long enough, certified.

In: the facts of a case. Out: findings; `duties` turns them into a state.
Pure.
"""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from referrals.duties.case_facts import CaseFacts
from referrals.duties.duty_findings import missing, reason_given, warning
from referrals.evidence.coverage import coverage
from referrals.evidence.custody import custody_breaks
from referrals.evidence.hash_certificate import hash_certificates
from referrals.evidence.recordings import created_at
from referrals.evidence.retention import countdown, retention_findings
from referrals.findings import Finding
from referrals.profiles.profile import Profile
from referrals.records.case_record import Footage
from referrals.records.cites import seconds
from referrals.records.snapshot import Snapshot

CLOCKS_APART = timedelta(minutes=2)
"""How far the clock of a recording's file and the record may lie apart unsaid."""


def recordings(facts: CaseFacts) -> list[Finding]:
    """Every unit on the event has a recording of its time on it, or a reason for none."""
    snapshot = facts.snapshot
    recorded = {footage.unit for footage in snapshot.record.footage}
    within = {lane.title for lane in coverage(snapshot) if lane.present and lane.within}
    found = _clocks(snapshot) + _moments(snapshot)
    for unit in snapshot.record.units:
        where = f"units[{unit.key}]"
        if unit.key in within:
            continue
        if unit.footage_reason:
            found.append(
                reason_given(where, f"unit {unit.key} has no recording", unit.footage_reason)
            )
            continue
        if unit.key in recorded:
            found.append(
                missing(
                    "unit-footage-elsewhere",
                    where,
                    f"no recording of unit {unit.key} runs while the unit is on the event, by "
                    "the reference clock",
                    "Correct 'began' or 'clock_offset_seconds' of the recording, or the unit's "
                    "times; if the event was not recorded, say why in 'footage_reason'.",
                )
            )
            continue
        found.append(
            missing(
                "unit-without-footage",
                f"{where}.footage_reason",
                f"unit {unit.key} has no recording, and no reason for none",
                f"Name its recording under 'footage' with 'unit: {unit.key}', or say in "
                "'footage_reason' why there is none.",
            )
        )
    return found


def _moments(snapshot: Snapshot) -> list[Finding]:
    """Each key moment lies within its recording."""
    lengths = {facts.sha256: facts.duration for facts in snapshot.media}
    digests = {entry.path: entry.sha256 for entry in snapshot.evidence}
    found = []
    for footage in snapshot.record.footage:
        length = lengths.get(digests.get(footage.file, ""))
        if length is None:
            continue
        found += [
            missing(
                "key-moment-beyond",
                f"footage[{footage.key}].key_moments[{number}].time_code",
                f"the key moment {moment.time_code} lies behind the end of {footage.key}, a "
                f"recording of {length:.1f} seconds",
                "Correct the time code: it counts from the recording's own start.",
            )
            for number, moment in enumerate(footage.key_moments)
            if seconds(moment.time_code) > length
        ]
    return found


def _clocks(snapshot: Snapshot) -> list[Finding]:
    """Warn where a recording's file was created at another time than the record says."""
    media = {facts.sha256: facts for facts in snapshot.media}
    digests = {entry.path: entry.sha256 for entry in snapshot.evidence}
    found = []
    for footage in snapshot.record.footage:
        facts = media.get(digests.get(footage.file, ""))
        if facts is None or footage.derived_from:
            continue
        created = created_at(facts.created)
        # Some devices write when a recording began, some when it was closed.
        late = timedelta(seconds=facts.duration) + CLOCKS_APART
        if created is None or -CLOCKS_APART <= created - footage.began <= late:
            continue
        found.append(
            warning(
                "recording-clock-differs",
                f"footage[{footage.key}].began",
                f"the file of {footage.key} states that it was created {facts.created}; the "
                f"record says that it began {footage.began.isoformat()}",
                "Compare with the device's own clock, and correct 'began' or its zone.",
            )
        )
    return found


def retention(facts: CaseFacts) -> list[Finding]:
    """The agency's video is flagged on a ground of the profile, by someone, in time."""
    snapshot, profile = facts.snapshot, facts.profile
    zone = ZoneInfo(snapshot.record.incident.time_zone)
    rule, found = profile.retention, []
    for footage in snapshot.record.footage:
        left = countdown(footage, rule, snapshot.as_of, zone)
        if left is None:
            continue
        found += retention_findings(footage, rule, snapshot.as_of, zone)
        if footage.flagged:
            found += _flag(footage, profile)
        elif left.days_left >= 0:
            found.append(
                missing(
                    "retention-no-ground",
                    f"footage[{footage.key}].flagged",
                    f"recording {footage.key} is not flagged; it may be deleted after "
                    f"{left.kept_until.isoformat()}, in {left.days_left} days",
                    "Have it flagged in the evidence system, then write 'flagged: true' with "
                    "'flag_ground', 'flagged_by' and 'flagged_at'. Grounds: "
                    f"{', '.join(ground.key for ground in rule.grounds)}.",
                )
            )
    return found


def _flag(footage: Footage, profile: Profile) -> list[Finding]:
    where = f"footage[{footage.key}]"
    found = [
        missing(
            "retention-flag-incomplete",
            f"{where}.{name}",
            f"recording {footage.key} is flagged, but '{name}' is blank",
            f"Give '{name}'.",
        )
        for name in ("flagged_by", "flagged_at")
        if not getattr(footage, name)
    ]
    grounds = profile.retention.grounds
    if any(ground.key == footage.flag_ground and ground.local_force for ground in grounds):
        found.append(
            warning(
                "retention-local-force",
                f"{where}.flag_ground",
                f"the ground '{footage.flag_ground}' of {footage.key} rests on force by the local "
                "officer; force by federal personnel may not meet it",
                "If another ground holds, name it: "
                f"{', '.join(ground.key for ground in grounds if not ground.local_force)}.",
            )
        )
    return found


def custody(facts: CaseFacts) -> list[Finding]:
    """The custody of each item runs from its first holder on; a break is told, not hidden."""
    snapshot = facts.snapshot
    return custody_breaks(snapshot.record)


def hash_certificate(facts: CaseFacts) -> list[Finding]:
    """No field of the certificate is blank, and no digest differs from its reference."""
    snapshot = facts.snapshot
    found = []
    for certificate in hash_certificates(snapshot):
        found += certificate.findings()
        footage = certificate.footage
        found += [
            missing(
                "certificate-blank",
                f"footage[{footage.key}].{name}",
                f"the certificate of {footage.key} needs '{name}'",
                remedy,
            )
            for name, remedy in _needed(footage)
            if not getattr(footage, name)
        ]
        found += [
            warning(
                "foundation-blank",
                f"footage[{footage.key}].{name}",
                f"the foundation sheet of {footage.key} does not say: {name.replace('_', ' ')}",
                remedy,
            )
            for name, remedy in _FOUNDATION
            if not footage.derived_from and not getattr(footage, name)
        ]
    return found


_FOUNDATION = (
    ("preservation", "Say how it was preserved and copied."),
    ("identification", "Say who can identify what it shows."),
    ("known_gaps", "Name the gaps, or write 'none known'."),
)


def _needed(footage: Footage) -> list[tuple[str, str]]:
    needed = []
    if footage.clock_offset_seconds:
        needed.append(("clock_reference", "Say how the offset of the clock was established."))
    if footage.derived_from:
        needed.append(("transformation", "Say what was done to make it, and with what tool."))
    given = ("reference_algorithm", "reference_digest", "reference_by", "reference_at")
    if any(getattr(footage, name) for name in given):
        remedy = "Give it, or leave all four reference fields empty."
        needed += [(name, remedy) for name in given]
    return needed
