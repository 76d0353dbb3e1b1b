"""The rules of the duties that somebody signs for: the exculpatory schedule, the attestations.

In: a snapshot. Out: findings; `duties` turns them into a state. Pure.
"""

from __future__ import annotations

from referrals.filing.profile import Profile
from referrals.findings import Finding
from referrals.intake.duty_findings import missing
from referrals.records.snapshot import Snapshot


def exculpatory(snapshot: Snapshot, _: Profile) -> list[Finding]:
    """Exculpatory material is listed, or "none known" is stated by one who attests."""
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


def attestations(snapshot: Snapshot, _: Profile) -> list[Finding]:
    """Every required attestation is signed, and at least one is required."""
    required = [entry for entry in snapshot.record.attestations if entry.required]
    if not required:
        return [
            missing(
                "attestation-missing",
                "attestations",
                "nobody attests to anything in this record",
                "Add what the reporting officer attests to under 'attestations'.",
            )
        ]
    signed = {entry.attestation for entry in snapshot.signed}
    number = snapshot.record.case.number
    return [
        missing(
            "attestation-unsigned",
            f"attestations[{entry.key}]",
            f"attestation {entry.key} of {entry.person} is not signed",
            f"Print its form with `referrals attest {number} {entry.key} --form FOLDER`, have it "
            "signed, and take the scan in with --signed.",
        )
        for entry in required
        if entry.key not in signed
    ]
