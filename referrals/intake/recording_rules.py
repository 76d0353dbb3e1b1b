"""The rules of the duties about recordings: kept for every unit, long enough, certified.

In: a snapshot and a profile. Out: findings; `duties` turns them into a state.
Days are whole days of 24 hours from the recording's beginning to the
snapshot's `as_of`. Pure.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from referrals.filing.profile import Profile
from referrals.findings import Finding
from referrals.intake.duty_findings import missing, reason_given, warning
from referrals.records.case_record import Footage
from referrals.records.fields import FootageKind
from referrals.records.snapshot import Snapshot


def recordings(snapshot: Snapshot, _: Profile) -> list[Finding]:
    """Every unit on the event has a recording, or a reason for none."""
    recorded = {footage.unit for footage in snapshot.record.footage}
    found = []
    for unit in snapshot.record.units:
        where = f"units[{unit.key}]"
        if unit.key in recorded:
            continue
        if unit.footage_reason:
            found.append(
                reason_given(where, f"unit {unit.key} has no recording", unit.footage_reason)
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


def retention(snapshot: Snapshot, profile: Profile) -> list[Finding]:
    """Body-worn video is flagged on a ground of the profile, by someone, in time."""
    found = []
    for footage in snapshot.record.footage:
        if footage.kind is FootageKind.BODY_WORN and not footage.derived_from:
            found += (_flag if footage.flagged else _countdown)(footage, snapshot, profile)
    return found


def _flag(footage: Footage, snapshot: Snapshot, profile: Profile) -> list[Finding]:
    where, found = f"footage[{footage.key}]", []
    grounds = {ground.key: ground for ground in profile.retention.grounds}
    ground = grounds.get(footage.flag_ground)
    if ground is None:
        said = f"'{footage.flag_ground}'" if footage.flag_ground else "no ground"
        found.append(
            missing(
                "retention-ground",
                f"{where}.flag_ground",
                f"recording {footage.key} is flagged on {said}, which the profile does not know",
                f"Write one of: {', '.join(grounds)}.",
            )
        )
    elif ground.local_force:
        found.append(
            warning(
                "retention-local-force",
                f"{where}.flag_ground",
                f"the ground '{ground.key}' of {footage.key} rests on force by the local officer; "
                "force by federal personnel may not meet it",
                f"If another ground holds, name it: {', '.join(grounds)}.",
            )
        )
    found += [
        missing(
            "retention-flag-incomplete",
            f"{where}.{name}",
            f"recording {footage.key} is flagged, but '{name}' is blank",
            f"Give '{name}'.",
        )
        for name in ("flagged_by", "flagged_at")
        if not getattr(footage, name)
    ]
    kept_until = footage.began + timedelta(days=profile.retention.flagged_days)
    if snapshot.as_of >= kept_until:
        found.append(
            warning(
                "retention-flag-over",
                where,
                f"the {profile.retention.flagged_days} days for which {footage.key} had to be kept "
                f"ended on {_day(kept_until, snapshot)}",
                "Ask the custodian whether the original still exists.",
            )
        )
    return found


def _countdown(footage: Footage, snapshot: Snapshot, profile: Profile) -> list[Finding]:
    rule, where = profile.retention, f"footage[{footage.key}]"
    lost_on = footage.began + timedelta(days=rule.days)
    age = (snapshot.as_of - footage.began).days
    day = _day(lost_on, snapshot)
    remedy = (
        "Have it flagged in the evidence system, then write 'flagged: true' with 'flag_ground', "
        f"'flagged_by' and 'flagged_at'. Grounds: {', '.join(g.key for g in rule.grounds)}."
    )
    if snapshot.as_of >= lost_on:
        message = f"recording {footage.key} is not flagged, and its {rule.days} days ended on {day}"
        return [missing("retention-over", where, message, f"Secure the original now. {remedy}")]
    message = f"recording {footage.key} is not flagged; it may be deleted on {day}"
    found = [missing("retention-no-ground", where, message, remedy)]
    passed = [warn for warn in rule.warn_on_days if warn <= age]
    if passed:
        left = rule.days - age
        found.append(
            warning(
                f"retention-day-{passed[-1]}",
                where,
                f"recording {footage.key} is on day {age} of {rule.days}: {left} days are left",
                remedy,
            )
        )
    return found


def _day(moment: datetime, snapshot: Snapshot) -> str:
    zone = ZoneInfo(snapshot.record.incident.time_zone)
    return moment.astimezone(zone).date().isoformat()


def hash_certificate(snapshot: Snapshot, _: Profile) -> list[Finding]:
    """No field that the certificate prints is blank (Fed. R. Evid. 902(14))."""
    held = {event.item for event in snapshot.record.custody}
    probed = {media.sha256 for media in snapshot.media}
    taken = {entry.path: entry.sha256 for entry in snapshot.evidence}
    found = []
    for footage in snapshot.record.footage:
        where = f"footage[{footage.key}]"
        found += [
            missing(
                "hash-certificate-blank",
                f"{where}.{name}",
                f"the hash certificate of {footage.key} would be blank at '{name}'",
                remedy,
            )
            for name, remedy in _blank(footage)
        ]
        if f"footage:{footage.key}" not in held:
            found.append(
                missing(
                    "hash-certificate-custody",
                    "custody",
                    f"nothing says who has held {footage.key}",
                    f"Add an entry under 'custody' with 'item: footage:{footage.key}'.",
                )
            )
        if taken.get(footage.file) not in probed:
            found.append(
                missing(
                    "hash-certificate-media",
                    f"{where}.file",
                    f"the duration and the container of {footage.key} are not known",
                    "The file could not be read as a recording: copy it again from its source and "
                    "take the case in again.",
                )
            )
    return found


def _blank(footage: Footage) -> list[tuple[str, str]]:
    wanted = [
        ("preservation", "Say how it was preserved and copied."),
        ("identification", "Say who can identify what it shows."),
        ("known_gaps", "Name the gaps, or write 'none known'."),
        ("serial", "Give the device's serial number, or write 'not known' and why."),
    ]
    if footage.clock_offset_seconds:
        wanted.append(("clock_reference", "Say how the offset of the clock was established."))
    if footage.derived_from:
        wanted.append(("transformation", "Say what was done to make it, and with what tool."))
    given = ("reference_algorithm", "reference_digest", "reference_by", "reference_at")
    if any(getattr(footage, name) for name in given):
        wanted += [
            (name, f"Give '{name}', or leave all four reference fields empty.") for name in given
        ]
    return [(name, remedy) for name, remedy in wanted if not getattr(footage, name)]
