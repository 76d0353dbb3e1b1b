"""The whole case as one nested value: what `case.yaml` holds and a snapshot freezes.

Every list keeps the order in which the clerk wrote it.
"""

from __future__ import annotations

from sqlmodel import Field

from referrals.records import fields


class Allegation(fields.AllegationFields):
    """An allegation with its elements."""

    elements: list[fields.ElementFields] = Field(
        min_length=1, description="The elements of the offense, each with its facts."
    )


class Footage(fields.FootageFields):
    """A recording with its key moments."""

    key_moments: list[fields.KeyMomentFields] = Field(
        default_factory=list, description="Moments worth seeing."
    )


class Attestation(fields.AttestationFields):
    """An attestation with its paragraphs."""

    paragraphs: list[fields.ParagraphFields] = Field(
        min_length=1, description="What is attested, paragraph by paragraph."
    )


class CaseRecord(fields.Fields):
    """One case, complete."""

    case: fields.CaseFields
    incident: fields.IncidentFields
    referral: fields.ReferralFields
    persons: list[fields.PersonFields] = Field(default_factory=list)
    federal_personnel: list[fields.FederalPersonFields] = Field(default_factory=list)
    credential_checks: list[fields.CredentialCheckFields] = Field(default_factory=list)
    units: list[fields.UnitFields] = Field(default_factory=list)
    force: list[fields.ForceFields] = Field(default_factory=list)
    injuries: list[fields.InjuryFields] = Field(default_factory=list)
    detentions: list[fields.DetentionFields] = Field(default_factory=list)
    medical_aid: list[fields.MedicalAidFields] = Field(default_factory=list)
    allegations: list[Allegation] = Field(default_factory=list)
    exhibits: list[fields.ExhibitFields] = Field(default_factory=list)
    footage: list[Footage] = Field(default_factory=list)
    custody: list[fields.CustodyEventFields] = Field(default_factory=list)
    chronology: list[fields.ChronologyFields] = Field(default_factory=list)
    immunity_facts: list[fields.ImmunityFactFields] = Field(default_factory=list)
    unused_material: list[fields.UnusedMaterialFields] = Field(default_factory=list)
    exculpatory: list[fields.ExculpatoryFields] = Field(default_factory=list)
    outstanding: list[fields.OutstandingFields] = Field(default_factory=list)
    narratives: list[fields.NarrativeFields] = Field(default_factory=list)
    attestations: list[Attestation] = Field(default_factory=list)
    reasons: list[fields.ReasonFields] = Field(default_factory=list)
