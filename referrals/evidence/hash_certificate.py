"""The hash certificate of a recording: what Rule 902(14) wants stated.

In: what the record says, what was measured at intake. Out: labelled rows, those
of the person who certifies apart, as they sign once for all recordings; and a
result that never says more than is known: a digest taken on receipt is no
match, and a match proves sameness, not truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from referrals.findings import Finding, Severity
from referrals.records.case_record import CaseRecord, Footage
from referrals.records.snapshot import EvidenceFile, MediaFacts, Snapshot

ALGORITHMS = {"sha256": "SHA-256", "sha1": "SHA-1", "md5": "MD5"}
"""The names of digests as standards write them (FIPS 180-4, RFC 1321)."""


class HashResult(StrEnum):
    """What comparing the digests came to."""

    MATCHES_RECORDER = "matches recorder"
    MATCHES_UPLOAD = "matches upload"
    HASHED_ON_RECEIPT = "hashed on receipt (no reference existed)"
    MISMATCH = "mismatch"
    UNKNOWN_REFERENCE = "equal to a digest of unstated origin"


@dataclass(frozen=True, slots=True)
class HashCertificate:
    """One recording's certificate: its rows in order, who certifies them, the result."""

    footage: Footage
    file: EvidenceFile
    media: MediaFacts | None
    result: HashResult
    certifier: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str], ...]

    def findings(self) -> list[Finding]:
        """Return a blocking finding for a mismatch and for each blank row."""
        where = f"footage {self.footage.key}"
        found = [
            Finding(
                Severity.BLOCKING,
                "certificate-blank",
                f"The hash certificate lacks: {label.lower()}.",
                where=where,
                remedy="Fill the field in case.yaml and take the case in again with --update.",
            )
            for label, text in (*self.certifier, *self.rows)
            if not text.strip()
        ]
        if self.result is HashResult.UNKNOWN_REFERENCE:
            found.append(
                Finding(
                    Severity.BLOCKING,
                    "reference-unstated",
                    "The record does not say who gave the reference digest.",
                    where=where,
                    remedy="Begin 'reference_by' with 'recorder' or 'upload'.",
                )
            )
        if self.result is HashResult.MISMATCH:
            found.append(
                Finding(
                    Severity.BLOCKING,
                    "hash-mismatch",
                    f"The {self.footage.reference_algorithm} digest differs from the reference.",
                    where=where,
                    remedy="Ask the source for the file again, or correct the reference digest.",
                )
            )
        return found


def hash_certificates(snapshot: Snapshot) -> list[HashCertificate]:
    """Return the certificate of every recording, in the record's order."""
    record = snapshot.record
    media = {facts.sha256: facts for facts in snapshot.media}
    files = {footage.key: snapshot.file(footage.file) for footage in record.footage}
    return [
        _certificate(footage, record, files, media.get(files[footage.key].sha256))
        for footage in record.footage
    ]


def hash_result(footage: Footage, file: EvidenceFile) -> HashResult:
    """Return what the digest of the file is worth beside the reference."""
    if not footage.reference_digest:
        return HashResult.HASHED_ON_RECEIPT
    algorithm = footage.reference_algorithm.lower().replace("-", "")
    actual = file.sha256 if algorithm == "sha256" else file.other_digests.get(algorithm, "")
    if actual.lower() != footage.reference_digest.strip().lower():
        return HashResult.MISMATCH
    giver = footage.reference_by.lower()
    if giver.startswith("recorder"):
        return HashResult.MATCHES_RECORDER
    if giver.startswith("upload"):
        return HashResult.MATCHES_UPLOAD
    return HashResult.UNKNOWN_REFERENCE


def certifier(record: CaseRecord) -> tuple[tuple[str, str], ...]:
    """Return who certifies the digests, in labelled rows."""
    return (
        ("Certified by", record.case.prepared_by),
        ("Title", record.case.prepared_by_title),
        ("Qualification", record.case.prepared_by_qualification),
    )


def _certificate(
    footage: Footage,
    record: CaseRecord,
    files: Mapping[str, EvidenceFile],
    media: MediaFacts | None,
) -> HashCertificate:
    file = files[footage.key]
    zone = ZoneInfo(record.incident.time_zone)
    result = hash_result(footage, file)
    rows = [
        ("Basis of knowledge", f"The digest was taken at intake by {file.tool}" * bool(file.tool)),
        ("Source system", footage.source_system),
        ("Evidence UUID", footage.evidence_uuid),
        ("Device", " ".join(part for part in (footage.device, footage.serial) if part)),
        ("Acquired", f"{_moment(footage.acquired_at, zone)}, {footage.acquired_how}"),
        ("Acquired by", footage.acquired_by),
        ("File", _file(file)),
        ("Container", _container(media)),
        ("Algorithm", "SHA-256"),
        ("Digest", file.sha256),
        ("Hashed at", _moment(file.taken_in_at, zone)),
        ("Reference digest", _reference(footage, zone)),
        ("Result", result.value),
        ("Transformations", _transformation(footage, files)),
        ("Held between", _holders(record, footage)),
    ]
    return HashCertificate(footage, file, media, result, certifier(record), tuple(rows))


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local, universal = moment.astimezone(zone), moment.astimezone(UTC)
    return f"{universal:%Y-%m-%d %H:%M:%S} UTC ({local:%Y-%m-%d %H:%M:%S %Z})"


def _file(file: EvidenceFile) -> str:
    words = f"{file.path}, {file.bytes:,} bytes"
    if not file.location:
        return words
    changed = f", last changed {file.modified}" if file.modified else ""
    return f"{words}; registered in place at {file.location}{changed}"


def _container(media: MediaFacts | None) -> str:
    if media is None:
        return ""
    parts = [media.container, f"{media.duration:.3f} s"]
    if media.video_codec:
        parts.append(f"{media.video_codec} {media.width} × {media.height}")
        parts.append(f"{media.frame_rate:g} frames/s")
    parts.append(f"{media.audio_tracks} audio track{'s' * (media.audio_tracks != 1)}")
    return ", ".join(parts)


def _reference(footage: Footage, zone: ZoneInfo) -> str:
    if not footage.reference_digest:
        return "None existed"
    given = f", given {_moment(footage.reference_at, zone)}" if footage.reference_at else ""
    by = footage.reference_by
    algorithm = footage.reference_algorithm.lower().replace("-", "")
    named = ALGORITHMS.get(algorithm, footage.reference_algorithm)
    return f"{named} {footage.reference_digest} ({by}{given})"


def _transformation(footage: Footage, files: Mapping[str, EvidenceFile]) -> str:
    if not footage.derived_from:
        return "None; the file is as acquired"
    parent = files[footage.derived_from]
    return f"{footage.transformation} Derived from {footage.derived_from}, SHA-256 {parent.sha256}"


def _holders(record: CaseRecord, footage: Footage) -> str:
    item = f"footage:{footage.key}"
    events = [event for event in record.custody if event.item == item]
    holders = dict.fromkeys(event.to_holder for event in events)
    return ", then ".join(holders)
