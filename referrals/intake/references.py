"""Whether a record agrees with itself: names used once, references that exist, times in order.

In: a validated record and a way to name a place. Out: blocking findings. Pure:
it looks at no file and at no database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from referrals.duties.duties import DUTIES
from referrals.findings import Finding, Severity
from referrals.intake.located import texts
from referrals.records.case_record import CaseRecord
from referrals.records.cites import Cite, cites
from referrals.records.fields import Role
from referrals.refusals import Path, nearest, shown

DIGEST_DIGITS = {"sha256": 64, "sha1": 40, "md5": 32}
"""The algorithms of a reference digest, and how many hexadecimal digits each has."""

UNKNOWN = "unknown"
"""What stands for a federal person who could not be told apart."""


def reference_findings(record: CaseRecord, where: Callable[[Path], str]) -> list[Finding]:
    """Return a blocking finding for each contradiction within the record."""
    check = _Check(record, where)
    _names_used_once(check)
    _people(check)
    _recordings(check)
    _custody_and_clocks(check)
    _times(check)
    _pin_cites(check)
    return check.findings


@dataclass
class _Check:
    """The record, its names by kind, and what was found so far."""

    record: CaseRecord
    where: Callable[[Path], str]
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        record = self.record
        self.persons = [person.key for person in record.persons]
        self.federal = [person.key for person in record.federal_personnel]
        self.units = [unit.key for unit in record.units]
        self.footage = [footage.key for footage in record.footage]
        self.exhibits = [exhibit.designator for exhibit in record.exhibits]

    def refuse(self, path: Path, code: str, message: str, remedy: str) -> None:
        self.findings.append(Finding(Severity.BLOCKING, code, message, self.where(path), remedy))

    def known(self, path: Path, key: str, known: Iterable[str], what: str) -> None:
        """Refuse `key` unless it is the key of one of `known`."""
        keys = list(known)
        if key in keys:
            return
        guess = nearest(key, keys)
        hint = f"Did you mean '{guess}'? " if guess else ""
        there = f"Keys there: {', '.join(keys)}." if keys else f"The record has no {what} yet."
        self.refuse(
            path,
            "reference-unknown",
            f"{shown(key)} is not the key of any {what}",
            f"{hint}{there}",
        )


def _names_used_once(check: _Check) -> None:
    record = check.record
    groups: list[tuple[str, str, list[str]]] = [
        ("persons", "key", check.persons),
        ("federal_personnel", "key", check.federal),
        ("units", "key", check.units),
        ("footage", "key", check.footage),
        ("footage", "evidence_uuid", [entry.evidence_uuid for entry in record.footage]),
        ("exhibits", "designator", check.exhibits),
        ("allegations", "key", [entry.key for entry in record.allegations]),
        ("attestations", "key", [entry.key for entry in record.attestations]),
    ]
    for section, name, values in groups:
        first: dict[str, int] = {}
        for index, value in enumerate(values):
            earlier = first.setdefault(value, index)
            if earlier != index:
                first_at = check.where((section, earlier, name))
                code = "designator-duplicate" if name == "designator" else "key-duplicate"
                check.refuse(
                    (section, index, name),
                    code,
                    f"{shown(value)} is already the {name} of another entry",
                    f"Give each entry its own; the first is at {first_at}.",
                )
    for index, key in enumerate(check.federal):
        if key in check.persons:
            check.refuse(
                ("federal_personnel", index, "key"),
                "key-duplicate",
                f"{shown(key)} is also the key of an entry in 'persons'",
                "Use another key, for example F1 for federal personnel and P1 for others.",
            )
    files: dict[str, Path] = {}
    for section, paths in (
        ("exhibits", [entry.file for entry in record.exhibits]),
        ("footage", [entry.file for entry in record.footage]),
        ("narratives", [entry.file for entry in record.narratives]),
    ):
        for index, file in enumerate(paths):
            way: Path = (section, index, "file")
            earlier_way = files.setdefault(file, way)
            if earlier_way != way and earlier_way[0] == section:
                check.refuse(
                    way,
                    "file-duplicate",
                    f"{shown(file)} is already the file of another entry",
                    f"Name each file once; the first is at {check.where(earlier_way)}.",
                )


def _people(check: _Check) -> None:
    record = check.record
    anyone = check.persons + check.federal
    for index, asked in enumerate(record.credential_checks):
        at: Path = ("credential_checks", index)
        check.known((*at, "federal_person"), asked.federal_person, check.federal, "federal person")
        check.known((*at, "asked_by"), asked.asked_by, check.persons, "person")
        if asked.footage:
            check.known((*at, "footage"), asked.footage, check.footage, "recording")
        elif asked.time_code:
            check.refuse(
                (*at, "time_code"),
                "time-code-alone",
                "a time code stands here without the recording that it belongs to",
                "Give the key of the recording in 'footage'.",
            )
    for index, unit in enumerate(record.units):
        for key in filter(None, (part.strip() for part in unit.officers.split(","))):
            check.known(("units", index, "officers"), key, check.persons, "person")
    for index, force in enumerate(record.force):
        _federal_or_unknown(check, ("force", index, "by"), force.by)
        check.known(("force", index, "on"), force.on, anyone, "person")
    for index, injury in enumerate(record.injuries):
        check.known(("injuries", index, "person"), injury.person, anyone, "person")
        if injury.observed_by:
            check.known(("injuries", index, "observed_by"), injury.observed_by, anyone, "person")
    for index, detention in enumerate(record.detentions):
        check.known(("detentions", index, "person"), detention.person, anyone, "person")
        _federal_or_unknown(check, ("detentions", index, "by"), detention.by)
    for index, aid in enumerate(record.medical_aid):
        check.known(("medical_aid", index, "person"), aid.person, anyone, "person")
    for index, allegation in enumerate(record.allegations):
        _federal_or_unknown(check, ("allegations", index, "against"), allegation.against)
    for index, narrative in enumerate(record.narratives):
        check.known(("narratives", index, "author"), narrative.author, check.persons, "person")
    for index, attestation in enumerate(record.attestations):
        check.known(("attestations", index, "person"), attestation.person, check.persons, "person")
    for index, reason in enumerate(record.reasons):
        check.known(("reasons", index, "duty"), reason.duty, (duty.key for duty in DUTIES), "duty")
    referral = record.referral
    supervisors = [entry.key for entry in record.persons if entry.role is Role.SUPERVISOR]
    if referral.determined_by in check.persons:
        check.known(
            ("referral", "determined_by"),
            referral.determined_by,
            supervisors,
            "person whose role is supervisor",
        )
    else:
        check.known(("referral", "determined_by"), referral.determined_by, check.persons, "person")
    if referral.stated_by:
        check.known(("referral", "stated_by"), referral.stated_by, check.persons, "person")


def _federal_or_unknown(check: _Check, path: Path, key: str) -> None:
    if key != UNKNOWN:
        check.known(path, key, check.federal, "federal person (or write 'unknown')")


def _recordings(check: _Check) -> None:
    parents = {entry.key: entry.derived_from for entry in check.record.footage}
    for index, footage in enumerate(check.record.footage):
        at: Path = ("footage", index)
        if footage.unit:
            check.known((*at, "unit"), footage.unit, check.units, "unit")
        _reference_digest(check, at, footage.reference_algorithm, footage.reference_digest)
        if not footage.derived_from:
            continue
        check.known((*at, "derived_from"), footage.derived_from, check.footage, "recording")
        seen, key = {footage.key}, footage.derived_from
        while key and key not in seen:
            seen.add(key)
            key = parents.get(key, "")
        if key == footage.key:
            check.refuse(
                (*at, "derived_from"),
                "derived-in-circle",
                f"{shown(footage.key)} would be made from itself",
                "Name the recording that this one was made from; leave it empty for an original.",
            )


def _reference_digest(check: _Check, at: Path, algorithm: str, digest: str) -> None:
    if algorithm and algorithm not in DIGEST_DIGITS:
        check.refuse(
            (*at, "reference_algorithm"),
            "digest-algorithm",
            f"{shown(algorithm)} is not an algorithm that can be compared",
            f"Write one of: {', '.join(DIGEST_DIGITS)}.",
        )
    elif digest and not re.fullmatch(rf"[0-9a-fA-F]{{{DIGEST_DIGITS.get(algorithm, 1)}}}", digest):
        digits = DIGEST_DIGITS.get(algorithm)
        check.refuse(
            (*at, "reference_digest"),
            "digest-form",
            f"{shown(digest)} is not a digest of the algorithm {shown(algorithm)}",
            f"Copy all {digits} hexadecimal digits." if digits else "Give 'reference_algorithm'.",
        )


def _custody_and_clocks(check: _Check) -> None:
    items = [f"ex:{key}" for key in check.exhibits] + [f"footage:{key}" for key in check.footage]
    for index, event in enumerate(check.record.custody):
        path: Path = ("custody", index, "item")
        check.known(path, event.item, items, "exhibit ('ex:A') or recording ('footage:V1')")
    for index, entry in enumerate(check.record.chronology):
        if entry.clock:
            check.known(("chronology", index, "clock"), entry.clock, check.footage, "recording")


def _times(check: _Check) -> None:
    record = check.record
    incident = record.incident
    try:
        ZoneInfo(incident.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        check.refuse(
            ("incident", "time_zone"),
            "time-zone-unknown",
            f"{shown(incident.time_zone)} is not the name of a time zone",
            "Write a name of the IANA list, for example America/Chicago.",
        )
    _in_order(check, ("incident", "ended"), incident.began, incident.ended, "began")
    for index, unit in enumerate(record.units):
        _in_order(check, ("units", index, "left"), unit.arrived, unit.left, "arrived")
    for index, detention in enumerate(record.detentions):
        _in_order(check, ("detentions", index, "ended"), detention.began, detention.ended, "began")
    for index, aid in enumerate(record.medical_aid):
        at: Path = ("medical_aid", index, "ems_arrived")
        _in_order(check, at, aid.ems_called, aid.ems_arrived, "ems_called")
    for index, footage in enumerate(record.footage):
        # A clip is made after its parent was acquired, so only originals are compared.
        if not footage.derived_from and abs(footage.clock_offset_seconds) < 1:
            at = ("footage", index, "acquired_at")
            _in_order(check, at, footage.began, footage.acquired_at, "began")


def _in_order(
    check: _Check, path: Path, began: datetime | None, ended: datetime | None, name: str
) -> None:
    if began is not None and ended is not None and ended < began:
        check.refuse(
            path,
            "times-reversed",
            f"'{path[-1]}' ({ended.isoformat()}) lies before '{name}' ({began.isoformat()})",
            "Correct the one that is wrong; look at the date and at the offset from UTC.",
        )


def _pin_cites(check: _Check) -> None:
    for path, text in texts(check.record.model_dump(mode="json")):
        for cite in cites(text):
            cite_finding(check, path, cite)


def cite_finding(check: _Check, path: Path, cite: Cite) -> None:
    """Refuse a pin-cite that names nothing in the record."""
    known = {"exhibit": check.exhibits, "footage": check.footage}.get(cite.kind)
    if known is None:
        message = f"the pin-cite {shown(cite.written)} cannot be read"
        remedy = "Write it as [[ex:B p.3]] or [[footage:V1 00:00:04]]."
    elif cite.key not in known or cite.page == 0:
        message = f"the pin-cite {shown(cite.written)} leads nowhere in this record"
        guess = nearest(cite.key, known)
        hint = f"Did you mean '{guess}'? " if guess and guess != cite.key else ""
        what = "Designators" if cite.kind == "exhibit" else "Recordings"
        remedy = f"{hint}{what}: {', '.join(known) or 'none'}; pages count from one."
    else:
        return
    check.refuse(path, "cite-unresolved", message, remedy)
