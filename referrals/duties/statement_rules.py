"""The rules of the duties that somebody signs for: the exculpatory schedule, the attestations.

In: the facts of a case. Out: findings; `duties` turns them into a state. Pure.
"""

from __future__ import annotations

from referrals.duties.case_facts import CaseFacts
from referrals.duties.duty_findings import missing
from referrals.findings import Finding


def exculpatory(facts: CaseFacts) -> list[Finding]:
    """Exculpatory material is listed, or "none known" is stated by one who attests."""
    snapshot = facts.snapshot
    record = snapshot.record
    referral = record.referral
    if record.exculpatory and referral.none_known_exculpatory:
        return [
            missing(
                "exculpatory-contradicted",
                "referral.none_known_exculpatory",
                "'none known' is stated, but material is listed under 'exculpatory'",
                "Write 'none_known_exculpatory: false', or correct the list.",
            )
        ]
    if not record.exculpatory and not referral.none_known_exculpatory:
        return [
            missing(
                "exculpatory-not-stated",
                "referral.none_known_exculpatory",
                "neither exculpatory material nor 'none known' is stated",
                "List it under 'exculpatory', or write 'none_known_exculpatory: true' and who "
                "states it in 'stated_by'.",
            )
        ]
    if not referral.stated_by:
        return [
            missing(
                "exculpatory-unsigned",
                "referral.stated_by",
                "nobody is named who states the exculpatory schedule",
                "Give the key of the person in 'stated_by'.",
            )
        ]
    if referral.stated_by not in {entry.person for entry in record.attestations if entry.required}:
        return [
            missing(
                "exculpatory-unsigned",
                "attestations",
                f"{referral.stated_by} states the exculpatory schedule but signs no attestation",
                f"Add a required attestation of {referral.stated_by} under 'attestations'.",
            )
        ]
    return []


def attestations(facts: CaseFacts) -> list[Finding]:
    """At least one attestation is required, and each is signed for the record as it stands."""
    if not any(entry.required for entry in facts.snapshot.record.attestations):
        return [
            missing(
                "attestation-missing",
                "attestations",
                "nobody attests to anything in this record",
                "Add what the reporting officer attests to under 'attestations'.",
            )
        ]
    return [finding for status in facts.attestations for finding in status.findings()]
