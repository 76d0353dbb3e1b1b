"""What is attested, and the digest that binds it.

In: a record and its evidence. Out: a `Statement` whose SHA-256 covers the
wording, the paragraphs, the facts of the event and the digests of the evidence
that the paragraphs cite. An edit of any of these voids a signature; an exhibit
that no paragraph cites does not, so that a supplement needs no second signing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from referrals.attest.changes import StatementChange, changes
from referrals.errors import UsageError
from referrals.findings import Finding, Severity
from referrals.profiles.profile import Profile
from referrals.records.case_record import Attestation, CaseRecord
from referrals.records.cites import cites
from referrals.records.fields import PersonFields, Role
from referrals.records.snapshot import SignedAttestation, Snapshot, canonical_json

BOUND = (
    "incident",
    "federal_personnel",
    "units",
    "force",
    "injuries",
    "detentions",
    "credential_checks",
    "medical_aid",
    "allegations",
)
"""The parts of the record that every attestation speaks of."""

SHOWN = 5
"""Changes that a finding names; the draft's section of attestations has them all."""

GROUP = 8
"""Hex digits a group, where a person is to compare digests by eye."""


class SigningState(StrEnum):
    """Whether an attestation is signed for the record as it stands."""

    SIGNED = "signed"
    UNSIGNED = "unsigned"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Statement:
    """What one person attests to: `facts` is what the digest covers."""

    attestation: Attestation
    person: PersonFields
    clause: str
    facts: dict[str, Any]

    @property
    def sha256(self) -> str:
        """The digest that a signature binds."""
        return hashlib.sha256(canonical_json(self.facts)).hexdigest()

    @property
    def grouped(self) -> str:
        """The digest in groups, for comparing by eye."""
        digest = self.sha256
        return " ".join(digest[start : start + GROUP] for start in range(0, 64, GROUP))


@dataclass(frozen=True, slots=True)
class AttestationStatus:
    """An attestation and whether it is signed for the record as it stands."""

    statement: Statement
    state: SigningState
    signed: SignedAttestation | None
    must_countersign: bool = False

    @property
    def countersigner(self) -> str:
        """The name of the supervisor who countersigned; empty where none did."""
        key = self.signed.countersigner if self.signed else ""
        persons = self.statement.facts["persons"]
        return next((str(each["name"]) for each in persons if each["key"] == key), "")

    @property
    def uncountersigned(self) -> bool:
        """Whether it is signed and lacks the countersignature that the profile asks for."""
        if self.state is not SigningState.SIGNED:
            return False
        return self.must_countersign and not self.countersigner

    @property
    def signed_on(self) -> date | None:
        """The date on the signed form; None where there is no form."""
        return date.fromisoformat(self.signed.signed_on) if self.signed else None

    @property
    def changed(self) -> list[StatementChange]:
        """What voided the signature; empty where it is not void."""
        if self.state is not SigningState.VOID or self.signed is None:
            return []
        return changes(self.signed.facts, self.statement.facts)

    @property
    def _shown(self) -> list[str]:
        lines = [str(change) for change in self.changed]
        more = len(lines) - SHOWN
        return [*lines[:SHOWN], f"and {more} more"] if more > 0 else lines

    def findings(self) -> list[Finding]:
        """Return a blocking finding where a required signature is missing or void."""
        attestation = self.statement.attestation
        where = f"attestation {attestation.key}"
        if attestation.required and self.uncountersigned:
            return [
                Finding(
                    Severity.BLOCKING,
                    "attestation-uncountersigned",
                    f"No supervisor has countersigned what {self.statement.person.name} attests.",
                    where=where,
                    remedy="A supervisor countersigns: referrals attest CASE KEY --countersign "
                    "PERSON, with --key for a form signed with a key, with --signed for ink.",
                )
            ]
        if not attestation.required or self.state is SigningState.SIGNED:
            return []
        if self.state is SigningState.VOID:
            return [
                Finding(
                    Severity.BLOCKING,
                    "attestation-void",
                    f"The record changed after {self.statement.person.name} signed: "
                    f"{'; '.join(self._shown)}.",
                    where=where,
                    remedy="Have it signed again, as it stands now, with ink or with a key.",
                )
            ]
        return [
            Finding(
                Severity.BLOCKING,
                "attestation-unsigned",
                f"{self.statement.person.name} has not signed the required attestation.",
                where=where,
                remedy="Print the form with `referrals attest CASE KEY --form FOLDER`, "
                "have it signed, and take the scan in with --signed; or sign with --key.",
            )
        ]


def statement(
    record: CaseRecord, attestation: Attestation, digests: Mapping[str, str], profile: Profile
) -> Statement:
    """Return what `attestation` attests; `digests` maps evidence paths to SHA-256.

    Raises:
        UsageError: the person attesting is not in the record.
    """
    person = next((each for each in record.persons if each.key == attestation.person), None)
    if person is None:
        raise UsageError(
            f"Attestation {attestation.key} names {attestation.person}, who is not in the record.",
            remedy="Add the person to 'persons', or correct the key.",
        )
    values = record.model_dump(mode="json")
    facts = {
        "case": record.case.number,
        "person": {"name": person.name, "capacity": attestation.capacity},
        "clause": profile.attestation.text,
        "paragraphs": [each.model_dump(mode="json") for each in attestation.paragraphs],
        "facts": {name: values[name] for name in BOUND},
        "persons": [
            {name: each[name] for name in ("key", "name", "role", "rank", "star")}
            for each in values["persons"]
        ],
        "evidence": _cited(record, attestation, digests),
    }
    return Statement(attestation, person, profile.attestation.text, facts)


def statements(snapshot: Snapshot, profile: Profile) -> list[AttestationStatus]:
    """Return every attestation of a case with its state."""
    digests = {entry.path: entry.sha256 for entry in snapshot.evidence}
    signed = {each.attestation: each for each in snapshot.signed}
    found = []
    for attestation in snapshot.record.attestations:
        made = statement(snapshot.record, attestation, digests, profile)
        form = signed.get(attestation.key)
        if form is None:
            state = SigningState.UNSIGNED
        elif form.statement_sha256 == made.sha256:
            state = SigningState.SIGNED
        else:
            state = SigningState.VOID
        found.append(AttestationStatus(made, state, form, must_countersign(made, profile)))
    return found


def must_countersign(made: Statement, profile: Profile) -> bool:
    """Whether a supervisor must countersign: where the profile says so, but none above another."""
    return profile.sign_off.required and made.person.role is not Role.SUPERVISOR


def _cited(
    record: CaseRecord, attestation: Attestation, digests: Mapping[str, str]
) -> dict[str, str]:
    files = {("exhibit", each.designator): each.file for each in record.exhibits}
    files |= {("footage", each.key): each.file for each in record.footage}
    named = [(cite.kind, cite.key) for each in attestation.paragraphs for cite in cites(each.text)]
    return {
        f"{kind}:{key}": digests.get(files[kind, key], "")
        for kind, key in named
        if (kind, key) in files
    }
