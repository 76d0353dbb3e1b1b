"""The fields of a case record, each written once.

Both the tables and the nested record (`case_record.py`) are made of these
classes, so that the database, the case folder and its JSON Schema cannot
disagree. The duties behind the fields are those of the executive order and the
statutes in `docs/sources.md`. Immigration status and place of birth have no
field, and none may be added (5 ILCS 805/15).

Texts marked *may cite* take pin-cites: `[[ex:B p.3]]`, `[[footage:V1 00:00:04]]`.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import AfterValidator, ConfigDict, StringConstraints
from sqlmodel import Field, SQLModel

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""The years that a date of a record may lie in: others are slips of the pen, and no calendar
of a court or rule of retention can count with them."""

LONGEST_OFFSET = 10 * 366 * 86_400.0
"""Seconds that the clock of a device may be off: one that was never set began in 1970 or 2000
and is corrected by its dates, not by this."""

AnyDay = TypeVar("AnyDay", date, datetime)


def _with_zone(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("has no time zone; write it as 2026-03-14T21:05:00-05:00")
    return _plausible(value)


def _plausible(value: AnyDay) -> AnyDay:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"write a year from {FIRST_YEAR} to {LAST_YEAR}")
    return value


Moment = Annotated[datetime, AfterValidator(_with_zone)]
"""A point in time that names its offset from UTC."""

Day = Annotated[date, AfterValidator(_plausible)]
"""A date without a time."""

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]
"""A short name by which one entry refers to another (`P1`, `V2`)."""


def _names_files(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]*[A-Za-z0-9])?", value):
        raise ValueError("write Latin letters, digits and '-', as in JX-400112: it names files")
    return value


CaseNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    AfterValidator(_names_files),
]
"""A case number; deliveries and volumes bear it in their names."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A text that says something."""

TimeCode = Annotated[str, StringConstraints(pattern=r"^\d{2}:[0-5]\d:[0-5]\d(\.\d{1,3})?$")]
"""A place in a recording: hours, minutes, seconds from its start."""

RelativePath = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A file inside the case folder, written with forward slashes."""


class HowLearned(StrEnum):
    """How police came to know of the event."""

    OBSERVED = "observed"
    DISPATCHED = "dispatched"
    REPORTED = "reported"


class OffenseClass(StrEnum):
    """The class of an alleged offense."""

    FELONY = "felony"
    MISDEMEANOR = "misdemeanor"
    ORDINANCE = "ordinance"


class Role(StrEnum):
    """The part a person has in the record."""

    REPORTING_OFFICER = "reporting_officer"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    RECORDS_CLERK = "records_clerk"
    ALLEGED_VICTIM = "alleged_victim"
    COMPLAINANT = "complainant"
    WITNESS = "witness"
    MEDICAL = "medical"
    CUSTODIAN = "custodian"


class CredentialOutcome(StrEnum):
    """What came of asking a federal supervisor for credentials."""

    VERIFIED = "verified"
    SHOWN_NOT_VERIFIED = "shown_not_verified"
    REFUSED = "refused"
    NOT_LOCATED = "not_located"
    NOT_ATTEMPTED = "not_attempted"


class MedicalOutcome(StrEnum):
    """What came of the medical aid."""

    TRANSPORTED = "transported"
    TREATED_ON_SCENE = "treated_on_scene"
    REFUSED_BY_PATIENT = "refused_by_patient"
    NOT_SUMMONED = "not_summoned"


class FootageKind(StrEnum):
    """Where a recording comes from."""

    BODY_WORN = "body_worn"
    BYSTANDER = "bystander"
    FIXED_CAMERA = "fixed_camera"
    IN_CAR = "in_car"
    AUDIO = "audio"


class FactDirection(StrEnum):
    """Which way an immunity fact points; both ways are to be stated."""

    SUPPORTS_IMMUNITY = "supports_immunity"
    AGAINST_IMMUNITY = "against_immunity"
    NEUTRAL = "neutral"


class ProsecutorOutcome(StrEnum):
    """What the prosecutor did with a referral."""

    CHARGES_FILED = "charges_filed"
    FURTHER_INVESTIGATION = "further_investigation"
    RETURNED = "returned"
    DECLINED = "declined"


class Basis(StrEnum):
    """On what an attested paragraph rests (735 ILCS 5/1-109)."""

    KNOWLEDGE = "knowledge"
    INFORMATION_AND_BELIEF = "information and belief"


class Fields(SQLModel):
    """What all groups of fields share: unknown keys are refused."""

    model_config = ConfigDict(  # type: ignore[assignment]  # SQLModel narrows the type
        extra="forbid", use_enum_values=False, defer_build=True, allow_inf_nan=False
    )


class CaseFields(Fields):
    """The case as a whole."""

    number: CaseNumber = Field(
        description="The records division (RD) number, for example JX-400112."
    )
    event_number: Text = Field(description="The dispatch event number.")
    title: Text = Field(description="A neutral title, for example 'Alleged battery, 2600 block …'.")
    profile: Text = Field(
        default="ccsao-review", description="The jurisdiction profile that the packet follows."
    )
    prepared_by: Text = Field(description="Name and unit of the records clerk.")
    prepared_by_title: str = Field(
        default="", description="The clerk's title; a hash certificate must state it."
    )
    prepared_by_qualification: str = Field(
        default="", description="What qualifies the clerk to certify digests."
    )
    fictional: bool = Field(
        default=False, description="True for sample data; marks every page as fictional."
    )


class IncidentFields(Fields):
    """When, where and how the event happened."""

    began: Moment = Field(description="When the event began, with zone.")
    ended: Moment = Field(description="When the event ended, with zone.")
    time_zone: Text = Field(
        default="America/Chicago", description="The IANA zone in which times are printed."
    )
    how_learned: HowLearned = Field(description="observed, dispatched or reported.")
    learned_at: Moment = Field(description="When police observed it or received the report.")
    address: Text = Field(description="Where it happened.")
    beat: str = Field(default="", description="The police beat.")
    community_area: Text = Field(description="The community area, the finest place ever published.")
    federal_agency: Text = Field(description="The federal agency alleged to be involved.")
    federal_unit: str = Field(default="", description="Its unit or operation, where known.")
    summary: Text = Field(description="What is alleged, in a few neutral sentences. May cite.")
    force_used: bool = Field(description="Whether force is reported.")
    injury_reported: bool = Field(description="Whether any injury is reported.")


class PersonFields(Fields):
    """A person named in the record, other than federal personnel."""

    key: Key = Field(description="A short name for reference, for example P1.")
    name: Text = Field(description="The full name.")
    role: Role = Field(description="The part the person has in the record.")
    rank: str = Field(default="", description="Rank or title.")
    star: str = Field(default="", description="Star or badge number of a local officer.")
    unit: str = Field(default="", description="Unit of assignment.")
    minor: bool = Field(default=False, description="True if under 18 at the time.")
    phone: str = Field(default="", description="Printed in the confidential volume only.")
    email: str = Field(default="", description="Printed in the confidential volume only.")
    address: str = Field(default="", description="Printed in the confidential volume only.")
    birth_date: Day | None = Field(
        default=None, description="Printed in the confidential volume only."
    )
    expected_testimony: str = Field(
        default="", description="What a witness can speak to. May cite."
    )


class FederalPersonFields(Fields):
    """A member of federal personnel, as far as identified."""

    key: Key = Field(description="A short name for reference, for example F1.")
    agency: Text = Field(description="The agency.")
    name: str = Field(default="", description="The name, if learned.")
    badge: str = Field(default="", description="The badge number, if learned.")
    unit: str = Field(default="", description="The unit, if learned.")
    is_supervisor: bool = Field(default=False, description="Whether said or seen to be in charge.")
    description: Text = Field(description="Clothing, build, role: enough to tell apart. May cite.")
    mask: str = Field(default="", description="Face covering, if any.")
    insignia: str = Field(default="", description="Insignia or markings, if any.")
    vehicle: str = Field(default="", description="Vehicle, if any.")
    plate: str = Field(default="", description="Its plate and state, if seen.")


class CredentialCheckFields(Fields):
    """One attempt to identify the federal supervisory officer."""

    federal_person: Key = Field(description="Key of the federal person asked.")
    asked_by: Key = Field(description="Key of the officer who asked.")
    at: Moment = Field(description="When, with zone.")
    method: Text = Field(description="How it was asked or checked.")
    credential_type: str = Field(default="", description="What was shown, if anything.")
    outcome: CredentialOutcome = Field(
        description="verified, shown_not_verified, refused, not_located or not_attempted."
    )
    footage: str = Field(default="", description="Key of the recording that shows it.")
    time_code: TimeCode | None = Field(default=None, description="Where in it, as 00:01:02.")
    reason: str = Field(
        default="", description="Why there is no time code, or why none was attempted."
    )


class UnitFields(Fields):
    """A local unit on the event."""

    key: Key = Field(description="The unit's call sign, for example 1012.")
    officers: Text = Field(description="Keys of its officers, separated by commas.")
    arrived: Moment = Field(description="When it arrived.")
    left: Moment | None = Field(default=None, description="When it left.")
    footage_reason: str = Field(
        default="", description="Why there is no recording of this unit, if there is none."
    )


class ForceFields(Fields):
    """One reported use of force."""

    by: Text = Field(description="Key of the federal person, or 'unknown'.")
    on: Key = Field(description="Key of the person.")
    kind: Text = Field(description="The kind of force.")
    at: Moment = Field(description="When.")
    description: Text = Field(description="What is reported. May cite.")


class InjuryFields(Fields):
    """One reported injury."""

    person: Key = Field(description="Key of the person.")
    description: Text = Field(description="What is reported. May cite.")
    observed_by: str = Field(default="", description="Key of who observed it.")


class DetentionFields(Fields):
    """One reported detention."""

    person: Key = Field(description="Key of the person.")
    by: Text = Field(description="Key of the federal person, or 'unknown'.")
    began: Moment = Field(description="When it began.")
    ended: Moment | None = Field(default=None, description="When it ended, if known.")
    description: Text = Field(description="What is reported. May cite.")


class MedicalAidFields(Fields):
    """Medical aid for one person."""

    person: Key = Field(description="Key of the person.")
    ems_called: Moment | None = Field(default=None, description="When EMS was called.")
    ems_arrived: Moment | None = Field(default=None, description="When EMS arrived.")
    aid_by: str = Field(default="", description="Who gave aid, and what.")
    outcome: MedicalOutcome = Field(description="What came of it.")
    destination: str = Field(default="", description="The hospital, if transported.")
    reason: str = Field(default="", description="Why a time is missing or EMS was not called.")


class AllegationFields(Fields):
    """One alleged violation of state or local law."""

    key: Key = Field(description="A short name for reference, for example A1.")
    statute: Text = Field(description="The citation, for example 720 ILCS 5/12-3.05(a)(1).")
    title: Text = Field(description="The title of the offense.")
    offense_class: OffenseClass = Field(description="felony, misdemeanor or ordinance.")
    against: Text = Field(description="Key of the federal person, or 'unknown'.")


class ElementFields(Fields):
    """One element of an allegation, and the facts reported for it."""

    text: Text = Field(description="The element, in the statute's terms.")
    facts: Text = Field(description="The facts reported for it. May cite.")


class ExhibitFields(Fields):
    """One exhibit: a document, a picture, a statement."""

    designator: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$|^\d{1,4}$")] = Field(
        description="A, B … or 1, 2 …; never used twice in a case."
    )
    title: Text = Field(description="What it is.")
    file: RelativePath = Field(description="The file, relative to the case folder.")
    dated: Day = Field(description="The date the exhibit bears or was made.")
    source: Text = Field(description="Where it comes from.")
    custodian: Text = Field(description="Who holds the original.")
    description: str = Field(default="", description="One sentence for the slip sheet.")
    confidential: bool = Field(default=False, description="True: confidential volume only.")
    placeholder_waived_by: str = Field(
        default="",
        description="Who accepted, by name, a placeholder for a file that cannot be opened.",
    )


class FootageFields(Fields):
    """One recording, keyed by its evidence UUID."""

    key: Key = Field(description="A short name for reference, for example V1.")
    title: Text = Field(description="What it is.")
    file: RelativePath = Field(description="The file, relative to the case folder.")
    kind: FootageKind = Field(description="body_worn, bystander, fixed_camera, in_car or audio.")
    evidence_uuid: Text = Field(description="The identifier of the evidence system.")
    unit: str = Field(default="", description="Key of the unit it belongs to.")
    operator: Text = Field(description="Who recorded it: a person's key, or words.")
    device: Text = Field(description="The device's make and model.")
    serial: str = Field(default="", description="The device's serial number.")
    source_system: Text = Field(description="The system or medium it came from.")
    began: Moment = Field(description="Start by the device's own clock, with zone.")
    clock_offset_seconds: float = Field(
        ge=-LONGEST_OFFSET,
        le=LONGEST_OFFSET,
        default=0.0,
        description="Added to the device's clock to get the reference clock.",
    )
    clock_reference: str = Field(default="", description="How the offset was established.")
    acquired_at: Moment = Field(description="When it was acquired.")
    acquired_by: Text = Field(description="Who acquired it.")
    acquired_how: Text = Field(description="How it was acquired.")
    preservation: str = Field(default="", description="How it was preserved and copied.")
    identification: str = Field(default="", description="Who can identify what it shows.")
    known_gaps: str = Field(default="", description="Known gaps, or 'none known'.")
    lodged: Text = Field(description="Where the original file is lodged.")
    reference_algorithm: str = Field(default="", description="sha256, sha1 or md5, if one exists.")
    reference_digest: str = Field(default="", description="The digest that another party gave.")
    reference_by: str = Field(default="", description="'recorder' or 'upload', and whose.")
    reference_at: Moment | None = Field(default=None, description="When it was given.")
    flagged: bool = Field(default=False, description="Whether kept beyond ordinary retention.")
    flag_ground: str = Field(default="", description="The ground, a key of the profile.")
    flagged_by: str = Field(default="", description="Who flagged it.")
    flagged_at: Moment | None = Field(default=None, description="When.")
    derived_from: str = Field(default="", description="Key of the recording it was made from.")
    transformation: str = Field(default="", description="What was done to make it, with what tool.")
    in_delivery: bool = Field(default=True, description="Whether the file goes with the packet.")
    in_place: bool = Field(
        default=False, description="True: not copied, but registered where it lies."
    )


class KeyMomentFields(Fields):
    """A moment of a recording worth seeing."""

    time_code: TimeCode = Field(description="Where in the recording, as 00:01:02.")
    text: Text = Field(description="What is seen or heard, neutrally.")


class CustodyEventFields(Fields):
    """One step in the custody of an exhibit or recording."""

    item: Text = Field(description="'ex:A' or 'footage:V1'.")
    at: Moment = Field(description="When.")
    action: Text = Field(description="collected, received, copied, sealed, released …")
    from_holder: str = Field(default="", description="Who gave it.")
    to_holder: Text = Field(description="Who held it then.")
    place: str = Field(default="", description="Where.")
    note: str = Field(default="", description="Anything else.")


class ChronologyFields(Fields):
    """One entry of the chronology."""

    at: Moment = Field(description="When, by the clock named.")
    clock: str = Field(
        default="",
        description="Key of the recording whose clock it is; empty: reference.",
    )
    text: Text = Field(description="What is reported. May cite.")


class ImmunityFactFields(Fields):
    """A fact that bears on a claim of immunity, whichever way it points."""

    topic: Text = Field(description="authority claimed, warrant, scope, necessity …")
    direction: FactDirection = Field(description="supports_immunity, against_immunity or neutral.")
    text: Text = Field(description="The fact. May cite.")


class UnusedMaterialFields(Fields):
    """Material that exists and is not in the packet."""

    description: Text = Field(description="What it is.")
    held_by: Text = Field(description="Who holds it.")
    reason: Text = Field(description="Why it is not used.")


class ExculpatoryFields(Fields):
    """Material that may favour the person accused, or impeach a witness."""

    kind: Annotated[str, StringConstraints(pattern=r"^(exculpatory|impeachment)$")] = Field(
        description="exculpatory or impeachment."
    )
    description: Text = Field(description="What it is. May cite.")


class OutstandingFields(Fields):
    """Evidence that is awaited."""

    description: Text = Field(description="What it is.")
    requested_from: Text = Field(description="Of whom it was requested.")
    requested_at: Moment = Field(description="When.")
    expected: Day | None = Field(default=None, description="When it is expected.")


class ReferralFields(Fields):
    """The felony determination and the referral."""

    determination: OffenseClass = Field(description="felony, misdemeanor or ordinance.")
    determined_by: Key = Field(description="Key of the supervisor who determined it.")
    determined_at: Moment = Field(description="When.")
    recipient: Text = Field(description="A recipient of the profile's allow-list.")
    referred_on: Day | None = Field(default=None, description="The date of referral.")
    override_by: str = Field(default="", description="Who allowed a referral that is not a felony.")
    override_reason: str = Field(default="", description="Why.")
    none_known_exculpatory: bool = Field(
        default=False, description="True states that no exculpatory material is known."
    )
    stated_by: str = Field(default="", description="Key of who states it.")
    outcome: ProsecutorOutcome | None = Field(
        default=None,
        description="What the prosecutor did with it: charges_filed, further_investigation, "
        "returned or declined; empty while undecided.",
    )
    outcome_on: Day | None = Field(default=None, description="The date of that outcome.")


class NarrativeFields(Fields):
    """An officer's narrative, kept as .docx or Markdown in `statements/`."""

    title: Text = Field(description="What it is.")
    author: Key = Field(description="Key of its author.")
    file: RelativePath = Field(description="The file, relative to the case folder.")


class AttestationFields(Fields):
    """What one person attests to."""

    key: Key = Field(description="A short name for reference, for example S1.")
    person: Key = Field(description="Key of the person who attests.")
    capacity: Text = Field(description="In what capacity.")
    required: bool = Field(default=True, description="Whether the packet needs it signed.")


class ParagraphFields(Fields):
    """One attested paragraph and what it rests on."""

    basis: Basis = Field(description="'knowledge' or 'information and belief'.")
    text: Text = Field(description="What is attested. May cite.")


class ReasonFields(Fields):
    """Why a duty is not met, in so many words."""

    duty: Text = Field(description="The duty's key, as `referrals check` prints it.")
    reason: Text = Field(description="The reason.")
    given_by: Text = Field(description="Who gives it.")
