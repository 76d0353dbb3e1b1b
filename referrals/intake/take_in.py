"""Takes a case in: all of it, or nothing; the same folder twice changes nothing.

In: a `CaseFolder`, one open transaction, the evidence store. Out: an
`IntakeResult`. A case that is there already is only replaced where its changes
were asked for; an exhibit that was issued is never replaced (a change makes a
new exhibit, which goes out in a supplement).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlmodel import Session

from referrals.errors import BlockedError, InputError
from referrals.evidence.digests import Progress, with_sha256
from referrals.evidence.footage import probe
from referrals.evidence.hash_certificate import HashResult, hash_result
from referrals.evidence.store import EvidenceStore, digest_place
from referrals.findings import Finding, Severity
from referrals.intake.case_folder import CaseFolder
from referrals.intake.differences import RecordDifference, differences
from referrals.records import audit
from referrals.records.case_record import CaseRecord
from referrals.records.case_store import case_numbers, freeze, save_case
from referrals.records.snapshot import EvidenceFile, MediaFacts, Snapshot, canonical_json


class IntakeOutcome(StrEnum):
    """What the intake did."""

    TAKEN_IN = "taken in"
    UNCHANGED = "unchanged"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """What was taken in, what changed, and the warnings."""

    number: str
    outcome: IntakeOutcome
    evidence: tuple[EvidenceFile, ...]
    differences: tuple[RecordDifference, ...]
    findings: tuple[Finding, ...]

    @property
    def words(self) -> str:
        """The outcome as a sentence."""
        files = len(self.evidence)
        if self.outcome is IntakeOutcome.UNCHANGED:
            return f"Case {self.number} is as it was taken in: nothing was changed."
        if self.outcome is IntakeOutcome.UPDATED:
            count = len(self.differences)
            changes = "1 change" if count == 1 else f"{count} changes"
            return f"Case {self.number} was updated: {changes}, {files} files."
        return f"Case {self.number} was taken in: {files} files."

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain values."""
        return {
            "case": self.number,
            "outcome": self.outcome.value,
            "files": [entry.model_dump(mode="json") for entry in self.evidence],
            "differences": [entry.as_json() for entry in self.differences],
            "findings": [finding.as_json() for finding in self.findings],
        }


def total_bytes(folder: CaseFolder) -> int:
    """Return how many bytes of this machine will be read, for a progress bar."""
    here = [*folder.files.values(), *(Path(each) for each in folder.places.values())]
    return sum(path.stat().st_size for path in here if path.is_file())


def take_in(
    folder: CaseFolder,
    session: Session,
    store: EvidenceStore,
    *,
    at: datetime,
    who: str,
    update: bool = False,
    progress: Progress | None = None,
) -> IntakeResult:
    """Take the case in and return what was done; `progress` hears of bytes read.

    Raises:
        BlockedError: the case differs from the one that was taken in and `update`
            is false, or an issued exhibit would change; the findings say what.
        InputError: a file cannot be read, or changed while it was read.
        MachineError: the store or the database cannot be written.
    """
    number = folder.record.case.number
    old = freeze(session, number, at) if number in case_numbers(session) else None
    evidence = tuple(_evidence(folder, store, old, at, progress))
    media, media_findings = _media(folder, evidence, store)
    findings = (*folder.findings, *media_findings, *_notable(folder, evidence))
    if old is None:
        changed: list[RecordDifference] = []
        outcome = IntakeOutcome.TAKEN_IN
    else:
        changed = differences(old.record, folder.record, old.evidence, evidence)
        if not changed and old.narratives == folder.narratives and old.media == media:
            return IntakeResult(number, IntakeOutcome.UNCHANGED, old.evidence, (), findings)
        _stop_where_issued(old, folder, evidence)
        if not update:
            raise _needs_update(number, changed)
        outcome = IntakeOutcome.UPDATED
    stored = tuple(_stored(folder, store, evidence, old, at, progress))
    save_case(session, folder.record, stored, media, folder.narratives)
    audit.append(
        session,
        at=at,
        who=who,
        what=f"intake: {outcome.value}",
        subject=number,
        before=_digest(old.record, old.evidence) if old else "",
        after=_digest(folder.record, stored),
    )
    return IntakeResult(number, outcome, stored, tuple(changed), findings)


def _algorithms(folder: CaseFolder) -> dict[str, tuple[str, ...]]:
    """Return for each file the algorithms of the digests that others gave for it."""
    return {
        footage.file: (footage.reference_algorithm.lower(),)
        for footage in folder.record.footage
        if footage.reference_algorithm
    }


def _evidence(
    folder: CaseFolder,
    store: EvidenceStore,
    old: Snapshot | None,
    at: datetime,
    progress: Progress | None,
) -> list[EvidenceFile]:
    """Return the evidence as it lies in the folder.

    A new case goes straight into the store, so that each file is read once; of
    a known case the files are only looked at, since nothing may be taken yet.
    Files are read side by side.
    """
    wanted = _algorithms(folder)
    known = {entry.path: entry for entry in old.evidence} if old else {}

    def one(name: str) -> EvidenceFile:
        algorithms = wanted.get(name, ())
        if old is None:
            return _taken(folder, store, name, algorithms, at, progress)
        place = folder.places.get(name) or str(folder.files[name])
        digest = digest_place(place, with_sha256(algorithms), progress)
        entry = EvidenceFile(
            path=name,
            sha256=digest.sha256,
            bytes=digest.bytes,
            taken_in_at=at,
            other_digests={key: text for key, text in digest.digests.items() if key != "sha256"},
            location=folder.places.get(name, ""),
        )
        before = known.get(name)
        return before if before is not None and _same_file(before, entry) else entry

    with ThreadPoolExecutor(max_workers=store.keeper.workers) as threads:
        try:
            return list(threads.map(one, _names(folder)))
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise


def _names(folder: CaseFolder) -> list[str]:
    """Return the files in the record's order."""
    record = folder.record
    named = [entry.file for entry in record.exhibits]
    named += [entry.file for entry in record.footage]
    named += [entry.file for entry in record.narratives]
    return list(dict.fromkeys(named))


def _same_file(before: EvidenceFile, now: EvidenceFile) -> bool:
    kept = ("sha256", "other_digests", "location")
    return all(getattr(before, name) == getattr(now, name) for name in kept)


def _taken(
    folder: CaseFolder,
    store: EvidenceStore,
    name: str,
    algorithms: Sequence[str],
    at: datetime,
    progress: Progress | None,
) -> EvidenceFile:
    """Copy a file into the store, or register it where it lies."""
    if name in folder.places:
        return store.register(
            folder.places[name],
            path=name,
            taken_in_at=at,
            algorithms=algorithms,
            progress=progress,
        )
    return store.put(
        folder.files[name], path=name, taken_in_at=at, algorithms=algorithms, progress=progress
    )


def _stored(
    folder: CaseFolder,
    store: EvidenceStore,
    evidence: Sequence[EvidenceFile],
    old: Snapshot | None,
    at: datetime,
    progress: Progress | None,
) -> list[EvidenceFile]:
    if old is None:
        return list(evidence)
    kept = {entry.path: entry for entry in old.evidence}
    wanted = _algorithms(folder)
    return [
        entry
        if kept.get(entry.path) == entry and store.holds(entry)
        else _taken(folder, store, entry.path, wanted.get(entry.path, ()), at, progress)
        for entry in evidence
    ]


def _media(
    folder: CaseFolder, evidence: Sequence[EvidenceFile], store: EvidenceStore
) -> tuple[tuple[MediaFacts, ...], list[Finding]]:
    """Return what each recording says of itself, once for each content."""
    store.knowing(evidence)
    digests = {entry.path: entry.sha256 for entry in evidence}
    facts: dict[str, MediaFacts] = {}
    findings = []
    for footage in folder.record.footage:
        sha256 = digests[footage.file]
        if sha256 in facts:
            continue
        try:
            if footage.file in folder.places:
                with store.media(sha256) as source:
                    facts[sha256] = probe(source, sha256, footage.file)
            else:
                facts[sha256] = probe(folder.files[footage.file], sha256, footage.file)
        except InputError as error:
            findings.append(
                Finding(
                    Severity.WARNING,
                    "recording-unreadable",
                    str(error),
                    f"footage[{footage.key}].file",
                    error.remedy,
                )
            )
    return tuple(facts.values()), findings


def _notable(folder: CaseFolder, evidence: Sequence[EvidenceFile]) -> list[Finding]:
    """Return warnings about the contents: the same under two names, or not as referenced."""
    findings = []
    first: dict[str, str] = {}
    for entry in evidence:
        earlier = first.setdefault(entry.sha256, entry.path)
        if earlier != entry.path:
            findings.append(
                Finding(
                    Severity.WARNING,
                    "content-duplicate",
                    f"'{entry.path}' has the same content as '{earlier}'",
                    entry.path,
                    "Keep one of them, unless both are wanted under their own names.",
                )
            )
    files = {entry.path: entry for entry in evidence}
    for footage in folder.record.footage:
        if hash_result(footage, files[footage.file]) is HashResult.MISMATCH:
            findings.append(
                Finding(
                    Severity.WARNING,
                    "reference-mismatch",
                    f"the digest of {footage.key} differs from the reference that was given",
                    f"footage[{footage.key}].reference_digest",
                    "Ask the source for the file again, or correct the reference digest.",
                )
            )
    return findings


def _stop_where_issued(old: Snapshot, folder: CaseFolder, evidence: Sequence[EvidenceFile]) -> None:
    issued = {exhibit.designator for packet in old.issued for exhibit in packet.exhibits}
    before = {entry.path: entry.sha256 for entry in old.evidence}
    after = {entry.path: entry.sha256 for entry in evidence}
    old_files = {entry.designator: before.get(entry.file) for entry in old.record.exhibits}
    new_files = {entry.designator: after.get(entry.file) for entry in folder.record.exhibits}
    findings = [
        Finding(
            Severity.BLOCKING,
            "issued-exhibit-changed",
            f"exhibit {key} was issued and is {'changed' if key in new_files else 'taken away'}",
            f"exhibits[{key}]",
            f"Put the issued file back as exhibit {key}, and add the new one under a new "
            "designator: it goes out in a supplement.",
        )
        for key in sorted(issued)
        if new_files.get(key) != old_files.get(key)
    ]
    if findings:
        raise BlockedError(
            f"Case {old.record.case.number} was not updated: issued exhibits do not change.",
            remedy="Put them back, and add what is new under new designators.",
            findings=findings,
        )


def _needs_update(number: str, changed: Sequence[RecordDifference]) -> BlockedError:
    findings = [
        Finding(Severity.BLOCKING, "case-differs", str(change), change.field) for change in changed
    ]
    return BlockedError(
        f"Case {number} was taken in before and the folder has changed; nothing was changed.",
        remedy="Look at the changes; to take them in, run the command again with --update.",
        findings=findings,
    )


def _digest(record: CaseRecord, evidence: Sequence[EvidenceFile]) -> str:
    """Return the digest of a record and its evidence, as the audit log keeps it."""
    values = {
        "record": record.model_dump(mode="json"),
        "evidence": {entry.path: entry.sha256 for entry in evidence},
    }
    return hashlib.sha256(canonical_json(values)).hexdigest()
