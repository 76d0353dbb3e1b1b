"""The rule of each duty: what a record must hold, said in a clerk's words.

In: the facts of a case. Out: findings; `duties` turns them into a state.
Each `where` names the section, the entry's key and the field. Pure.
"""

from __future__ import annotations

from referrals.duties.case_facts import CaseFacts
from referrals.duties.duty_findings import missing, reason_given, warning
from referrals.findings import Finding
from referrals.records.cites import cites
from referrals.records.fields import (
    CredentialCheckFields,
    CredentialOutcome,
    MedicalAidFields,
    MedicalOutcome,
    Role,
)
from referrals.records.snapshot import Snapshot


def documentation(facts: CaseFacts) -> list[Finding]:
    """Who was there and what an officer reports of it; the model requires the rest."""
    snapshot = facts.snapshot
    record, found = snapshot.record, []
    if not record.federal_personnel:
        found.append(
            missing(
                "federal-personnel-missing",
                "federal_personnel",
                "no federal person is described",
                "Describe each there: clothing, mask, insignia, vehicle, plate.",
            )
        )
    if not record.units:
        found.append(
            missing(
                "units-missing",
                "units",
                "no local unit on the event is named",
                "List each unit under 'units' with its officers and its times.",
            )
        )
    if not any(person.role is Role.REPORTING_OFFICER for person in record.persons):
        found.append(
            missing(
                "reporting-officer-missing",
                "persons",
                "no person has the role of reporting officer",
                "Give the officer who reports the role 'reporting_officer'.",
            )
        )
    if not record.narratives:
        found.append(
            warning(
                "narrative-missing",
                "narratives",
                "no officer's narrative is named",
                "Put it into statements/ as .docx or .md and name it under 'narratives'.",
            )
        )
    return found


def credentials(facts: CaseFacts) -> list[Finding]:
    """An attempt to identify the supervisor, and what proves its outcome."""
    snapshot = facts.snapshot
    record, found = snapshot.record, []
    supervisors = {entry.key for entry in record.federal_personnel if entry.is_supervisor}
    if not any(check.federal_person in supervisors for check in record.credential_checks):
        found.append(
            missing(
                "credential-check-missing",
                "credential_checks",
                "no attempt to identify the federal supervisory officer is recorded",
                "Mark the person 'is_supervisor: true' and record the attempt under "
                "'credential_checks'; if none was made, write the outcome 'not_attempted' and why.",
            )
        )
    for number, check in enumerate(record.credential_checks):
        found += _credential(snapshot, check, f"credential_checks[{number}]")
    return found


def _credential(snapshot: Snapshot, check: CredentialCheckFields, where: str) -> list[Finding]:
    outcome, who = check.outcome, check.federal_person
    if outcome is CredentialOutcome.REFUSED:
        if check.time_code is not None:
            return []
        if check.reason:
            return [reason_given(where, f"the refusal of {who} has no time code", check.reason)]
        return [
            missing(
                "refusal-without-time-code",
                f"{where}.time_code",
                f"the refusal of {who} names no recording with a time code, and no reason why",
                "Give 'footage' and 'time_code' where the refusal is seen or heard, or say in "
                "'reason' why there is none.",
            )
        ]
    if outcome in (CredentialOutcome.NOT_LOCATED, CredentialOutcome.NOT_ATTEMPTED):
        if check.reason:
            return [
                reason_given(where, f"{who} was {outcome.value.replace('_', ' ')}", check.reason)
            ]
        return [
            missing(
                "credential-reason-missing",
                f"{where}.reason",
                f"the outcome for {who} is '{outcome.value}' and no reason is given",
                "Say in 'reason' why.",
            )
        ]
    found = []
    if not check.credential_type:
        found.append(
            missing(
                "credential-type-missing",
                f"{where}.credential_type",
                f"the outcome for {who} is '{outcome.value}' but not what was shown",
                "Write what was shown, for example 'badge and photo card'.",
            )
        )
    shown = [entry for entry in snapshot.record.federal_personnel if entry.key == who]
    if not any(entry.name and entry.badge for entry in shown) and not check.reason:
        found.append(
            missing(
                "credential-name-missing",
                f"federal_personnel[{who}]",
                f"credentials of {who} were shown, but name and badge number are not recorded",
                "Give 'name' and 'badge', or say in the check's 'reason' what could not be read.",
            )
        )
    return found


def force(facts: CaseFacts) -> list[Finding]:
    """What the incident says of force and injury agrees with the entries for them."""
    snapshot = facts.snapshot
    record = snapshot.record
    found = []
    for said, entries, name, section in (
        (record.incident.force_used, record.force, "force_used", "force"),
        (record.incident.injury_reported, record.injuries, "injury_reported", "injuries"),
    ):
        if said and not entries:
            found.append(
                missing(
                    f"{section}-missing",
                    section,
                    f"'{name}' is true but '{section}' has no entry",
                    f"Describe it under '{section}', or correct '{name}'.",
                )
            )
        if entries and not said:
            found.append(
                missing(
                    f"{section}-contradicted",
                    f"incident.{name}",
                    f"'{name}' is false but '{section}' has an entry",
                    f"Write '{name}: true', or remove the entry.",
                )
            )
    return found


def medical(facts: CaseFacts) -> list[Finding]:
    """For every injured person: when EMS was called and came, who gave aid, what came of it."""
    snapshot = facts.snapshot
    record, found = snapshot.record, []
    aided = {aid.person for aid in record.medical_aid}
    for person in dict.fromkeys(injury.person for injury in record.injuries):
        if person not in aided:
            found.append(
                missing(
                    "medical-aid-missing",
                    "medical_aid",
                    f"{person} is reported injured, but no medical aid is recorded",
                    "Record under 'medical_aid' when EMS was called and came and what came of it; "
                    "if EMS was not called, write the outcome 'not_summoned' and why.",
                )
            )
    for aid in record.medical_aid:
        found += _aid(aid)
    return found


def _aid(aid: MedicalAidFields) -> list[Finding]:
    where = f"medical_aid[{aid.person}]"
    if aid.outcome is MedicalOutcome.NOT_SUMMONED:
        blank = [] if aid.reason else ["reason"]
    else:
        blank = [name for name in ("ems_called", "ems_arrived", "aid_by") if not getattr(aid, name)]
        if aid.outcome is MedicalOutcome.TRANSPORTED and not aid.destination:
            blank.append("destination")
    if aid.reason:
        words = f"medical aid for {aid.person}"
        used = blank or aid.outcome is MedicalOutcome.NOT_SUMMONED
        return [reason_given(where, words, aid.reason)] if used else []
    return [
        missing(
            "medical-field-missing",
            f"{where}.{name}",
            f"medical aid for {aid.person} ({aid.outcome.value}) does not give '{name}'",
            f"Give '{name}'."
            if name == "reason"
            else f"Give '{name}', or say in 'reason' why not.",
        )
        for name in blank
    ]


def allegations(facts: CaseFacts) -> list[Finding]:
    """At least one allegation; the facts for each element say where they are shown."""
    snapshot = facts.snapshot
    record = snapshot.record
    if not record.allegations:
        return [
            missing(
                "allegation-missing",
                "allegations",
                "no alleged violation is recorded",
                "Give statute, title, class and elements under 'allegations'.",
            )
        ]
    return [
        warning(
            "element-without-cite",
            f"allegations[{allegation.key}].elements[{number}].facts",
            f"the facts for element {number + 1} of {allegation.key} cite no evidence",
            "Add a pin-cite such as [[ex:B p.3]] or [[footage:V1 00:00:04]].",
        )
        for allegation in record.allegations
        for number, element in enumerate(allegation.elements)
        if not cites(element.facts)
    ]


def felony(facts: CaseFacts) -> list[Finding]:
    """A named supervisor's determination; without a felony, only a recorded override refers."""
    snapshot, profile = facts.snapshot, facts.profile
    record, found = snapshot.record, []
    referral, classes = record.referral, profile.referral.classes
    by = [person for person in record.persons if person.key == referral.determined_by]
    if not any(person.role is Role.SUPERVISOR for person in by):
        found.append(
            missing(
                "determination-not-by-supervisor",
                "referral.determined_by",
                f"{referral.determined_by} is not a supervisor in this record",
                "Name the one who determined it; the role in 'persons' must be 'supervisor'.",
            )
        )
    override = referral.override_by and referral.override_reason
    alleged = {allegation.offense_class.value for allegation in record.allegations}
    if referral.determination.value not in classes:
        if override:
            words = f"referred without a {' or '.join(classes)}, allowed by {referral.override_by}"
            found.append(reason_given("referral.override_reason", words, referral.override_reason))
        else:
            found.append(
                missing(
                    "not-a-felony",
                    "referral.determination",
                    f"the determination is '{referral.determination.value}'; this profile refers "
                    f"only: {', '.join(classes)}",
                    "Do not refer it. If a referral was allowed all the same, record who allowed "
                    "it in 'override_by' and why in 'override_reason'.",
                )
            )
    elif alleged and not alleged & set(classes) and not override:
        found.append(
            missing(
                "determination-unsupported",
                "allegations",
                f"the determination is '{referral.determination.value}', but no allegation is of "
                "that class",
                "Correct 'offense_class' of the allegation, or the determination.",
            )
        )
    if referral.referred_on is None:
        found.append(
            warning(
                "referral-date-missing",
                "referral.referred_on",
                "the date of referral is not given",
                "Give 'referred_on' before the packet goes out.",
            )
        )
    return found


def recipient(facts: CaseFacts) -> list[Finding]:
    """The recipient is on the profile's allow-list."""
    snapshot, profile = facts.snapshot, facts.profile
    named = snapshot.record.referral.recipient
    if profile.recipient(named) is not None:
        return []
    allowed = ", ".join(entry.key for entry in profile.recipients)
    return [
        missing(
            "recipient-not-allowed",
            "referral.recipient",
            f"'{named}' is not on the allow-list of the profile {profile.key}",
            f"Write one of: {allowed}.",
        )
    ]
