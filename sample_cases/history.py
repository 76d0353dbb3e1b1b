"""Fourteen months of fictional cases, for a report that looks like one.

In: a seed. Out: case records, complete enough to be counted, with no files. The
same seed gives the same records. Counts rise and fall, some areas have none, and
some records are as uneven as real ones: no attempt to identify a supervisor, no
time of arrival, a decision that is still awaited.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from referrals.records import case_record, fields
from referrals.records.case_record import CaseRecord

FIRST_MONTH = (2025, 2)
PER_MONTH = (9, 12, 10, 17, 24, 31, 38, 52, 61, 47, 33, 29, 36, 44)
"""Cases in each of the fourteen months, February 2025 to March 2026."""

ZONE = ZoneInfo("America/Chicago")

Choice = TypeVar("Choice")

AREAS = {
    "Harbor Point": 16,
    "Lantern Hill": 9,
    "Old Ferry": 3,
    "Exchange Square": 12,
    "Mill Basin": 14,
    "Orchard Row": 2,
    "Union Yards": 8,
    "Cooper's Field": 5,
    "Dunes Park": 1,
    "Quarry Heights": 6,
    "Prairie Gate": 4,
}
AGENCIES = {
    "Federal Interior Patrol": 60,
    "Federal Transit Inspectorate": 25,
    "Federal Harbor Guard": 12,
    "An agency that was not named": 3,
}
OFFENSES = {
    ("720 ILCS 5/12-3", "Battery", "misdemeanor"): 30,
    ("720 ILCS 5/12-3.05(a)(1)", "Aggravated battery", "felony"): 18,
    ("720 ILCS 5/12-1", "Assault", "misdemeanor"): 14,
    ("720 ILCS 5/10-3", "Unlawful restraint", "felony"): 16,
    ("720 ILCS 5/21-1", "Criminal damage to property", "misdemeanor"): 10,
    ("720 ILCS 5/19-4", "Criminal trespass to a residence", "misdemeanor"): 8,
    ("720 ILCS 5/24-1.2", "Aggravated discharge of a firearm", "felony"): 2,
    ("720 ILCS 5/33-3", "Official misconduct", "felony"): 6,
    ("MCC 8-4-010", "Disorderly conduct (municipal code)", "ordinance"): 9,
}
OUTCOMES = {
    fields.ProsecutorOutcome.CHARGES_FILED: 4,
    fields.ProsecutorOutcome.FURTHER_INVESTIGATION: 5,
    fields.ProsecutorOutcome.RETURNED: 3,
    fields.ProsecutorOutcome.DECLINED: 6,
    None: 7,
}
CREDENTIALS = {
    fields.CredentialOutcome.VERIFIED: 22,
    fields.CredentialOutcome.SHOWN_NOT_VERIFIED: 12,
    fields.CredentialOutcome.REFUSED: 30,
    fields.CredentialOutcome.NOT_LOCATED: 24,
    fields.CredentialOutcome.NOT_ATTEMPTED: 6,
    None: 6,
}


def history(seed: int = 6) -> Iterator[CaseRecord]:
    """Yield the cases of all months, in order."""
    chance = random.Random(seed)
    number = 0
    for place, amount in enumerate(PER_MONTH):
        year, month = divmod(FIRST_MONTH[0] * 12 + FIRST_MONTH[1] - 1 + place, 12)
        first = datetime(year, month + 1, 1, tzinfo=ZONE)
        days = ((first + timedelta(days=32)).replace(day=1) - first).days
        for _ in range(amount):
            number += 1
            began = first + timedelta(
                days=chance.randrange(days), seconds=chance.randrange(6 * 3600, 23 * 3600)
            )
            yield _case(number, began.replace(tzinfo=ZONE), chance)


def _case(number: int, began: datetime, chance: random.Random) -> CaseRecord:
    how = chance.choices(list(fields.HowLearned), (15, 60, 25))[0]
    force = chance.random() < 0.46
    persons = list(_persons(chance, force))
    injuries = [
        fields.InjuryFields(person=person.key, description="Reported injury (fictional).")
        for person in persons
        if chance.random() < (0.45 if force else 0.05)
    ]
    allegations = list(_allegations(chance, force))
    gravest = min((each.offense_class for each in allegations), key=list(fields.OffenseClass).index)
    return CaseRecord(
        case=fields.CaseFields(
            number=f"JH-{number:06d}",
            event_number=f"2{number:07d}",
            title="Fictional case of the demonstration history",
            profile="sample",
            prepared_by="Records Division (fictional)",
            fictional=True,
        ),
        incident=fields.IncidentFields(
            began=began,
            ended=began + timedelta(minutes=chance.randrange(5, 90)),
            how_learned=how,
            learned_at=began + timedelta(minutes=chance.randrange(0, 40)),
            address="100 Example Avenue (fictional)",
            community_area=f"{_pick(chance, AREAS)} (fictional)",
            federal_agency=f"{_pick(chance, AGENCIES)} (fictional)",
            summary="A fictional incident.",
            force_used=force,
            injury_reported=bool(injuries),
        ),
        referral=_referral(gravest, began, chance),
        persons=[_officer(), *persons],
        federal_personnel=[
            fields.FederalPersonFields(
                key="F1", agency="A federal agency (fictional)", description="Fictional."
            )
        ],
        credential_checks=list(_checks(began, chance)),
        units=list(_units(how, began, chance)),
        force=[
            fields.ForceFields(
                by="F1", on=person.key, kind="Reported force", at=began, description="Fictional."
            )
            for person in persons
            if force
        ],
        injuries=injuries,
        detentions=[
            fields.DetentionFields(
                person=person.key, by="F1", began=began, description="Fictional."
            )
            for person in persons
            if chance.random() < 0.3
        ],
        medical_aid=[_aid(injury.person, began, chance) for injury in injuries],
        allegations=allegations,
        footage=list(_footage(began, chance)),
    )


def _pick(chance: random.Random, weights: dict[Choice, int]) -> Choice:
    return chance.choices(list(weights), list(weights.values()))[0]


def _officer() -> fields.PersonFields:
    return fields.PersonFields(
        key="O1", name="Officer Example (fictional)", role=fields.Role.REPORTING_OFFICER
    )


def _persons(chance: random.Random, force: bool) -> Iterator[fields.PersonFields]:
    for place in range(chance.choices((0, 1, 2, 3), (0 if force else 15, 60, 18, 7))[0]):
        yield fields.PersonFields(
            key=f"P{place + 1}",
            name=f"Person {place + 1} (fictional)",
            role=fields.Role.ALLEGED_VICTIM,
            minor=chance.random() < 0.09,
        )


def _allegations(chance: random.Random, force: bool) -> Iterator[case_record.Allegation]:
    for place in range(chance.choices((1, 2, 3), (66, 26, 8))[0]):
        statute, title, level = _pick(chance, OFFENSES)
        if force and place == 0:
            statute, title, level = chance.choice(list(OFFENSES)[:2])
        yield case_record.Allegation(
            key=f"A{place + 1}",
            statute=statute,
            title=title,
            offense_class=fields.OffenseClass(level),
            against="unknown",
            elements=[fields.ElementFields(text="Fictional.", facts="Fictional.")],
        )


def _referral(
    gravest: fields.OffenseClass, began: datetime, chance: random.Random
) -> fields.ReferralFields:
    referred = outcome = decided = None
    if gravest is fields.OffenseClass.FELONY and chance.random() < 0.85:
        referred = began.date() + timedelta(days=int(chance.lognormvariate(2.5, 0.8)))
        outcome = _pick(chance, OUTCOMES)
        if outcome is not None:
            decided = referred + timedelta(days=chance.randrange(5, 75))
    return fields.ReferralFields(
        determination=gravest,
        determined_by="O1",
        determined_at=began + timedelta(hours=5),
        recipient="felony-review",
        referred_on=referred,
        outcome=outcome,
        outcome_on=decided,
    )


def _checks(began: datetime, chance: random.Random) -> Iterator[fields.CredentialCheckFields]:
    outcome = _pick(chance, CREDENTIALS)
    if outcome is not None:
        yield fields.CredentialCheckFields(
            federal_person="F1",
            asked_by="O1",
            at=began + timedelta(minutes=10),
            method="Asked in person",
            outcome=outcome,
            reason="Fictional.",
        )


def _units(
    how: fields.HowLearned, began: datetime, chance: random.Random
) -> Iterator[fields.UnitFields]:
    if how is not fields.HowLearned.REPORTED and chance.random() < 0.94:
        yield fields.UnitFields(key="1012", officers="O1", arrived=began + timedelta(minutes=8))


def _aid(person: str, began: datetime, chance: random.Random) -> fields.MedicalAidFields:
    if chance.random() < 0.2:
        return fields.MedicalAidFields(
            person=person, outcome=fields.MedicalOutcome.NOT_SUMMONED, reason="Declined."
        )
    called = began + timedelta(minutes=chance.randrange(1, 15))
    arrived = called + timedelta(seconds=int(chance.gauss(540, 240)) % 1800 + 60)
    return fields.MedicalAidFields(
        person=person,
        ems_called=called,
        ems_arrived=arrived if chance.random() < 0.93 else None,
        outcome=fields.MedicalOutcome.TREATED_ON_SCENE,
    )


def _footage(began: datetime, chance: random.Random) -> Iterator[case_record.Footage]:
    for place in range(chance.choices((0, 1, 2, 3), (12, 40, 34, 14))[0]):
        yield case_record.Footage(
            key=f"V{place + 1}",
            title="Body-worn camera (fictional)",
            file=f"footage/{place + 1}.mp4",
            kind=fields.FootageKind.BODY_WORN,
            evidence_uuid=f"{chance.getrandbits(128):032x}",
            operator="O1",
            device="Fictional camera",
            source_system="Fictional evidence system",
            began=began,
            acquired_at=began + timedelta(days=1),
            acquired_by="Records Division (fictional)",
            acquired_how="Downloaded",
            lodged="Fictional evidence system",
            flagged=chance.random() < 0.7,
            flag_ground="evidentiary-value",
        )
