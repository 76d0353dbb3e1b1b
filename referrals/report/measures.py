"""The city-wide counts of conduct, which are never hidden, and the medians.

In: nothing. Out: `MEASURES` and `MEDIANS`, each with its unit and the definition
that is printed where its number stands. Nothing is counted here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from referrals.records.fields import (
    CredentialOutcome,
    HowLearned,
    OffenseClass,
    ProsecutorOutcome,
)
from referrals.report.table import CountUnit

DAYS = ((0, 7, "within 7 days"), (8, 30, "8 to 30 days"), (31, 90, "31 to 90 days"))
"""Bands of the time from incident to referral, in days, both ends included."""

MINUTES = ((0, 5, "within 5 minutes"), (6, 10, "6 to 10 minutes"), (11, 20, "11 to 20 minutes"))
"""Bands of the time from the call for EMS to its arrival, in minutes begun."""

BY_INCIDENT = "month of the incident"
BY_REFERRAL = "month of the referral"
BY_OUTCOME = "month of the prosecutor's decision"


@dataclass(frozen=True, slots=True)
class Measure:
    """A city-wide count that is always shown; `basis` says which date puts it in a month."""

    key: str
    group: str
    title: str
    unit: CountUnit
    definition: str
    basis: str = BY_INCIDENT


@dataclass(frozen=True, slots=True)
class Median:
    """A median, counted in units of which `divisor` make one `unit`.

    It stands on the values that `counted` counts, but for those of `without`.
    """

    key: str
    title: str
    unit: str
    counted: str
    without: str = ""
    divisor: int = 1

    def rounded(self, value: float) -> int:
        """Return a counted median in whole units, halves upwards.

        To the second, a median of few values is one person's, and would be found
        again in another agency's log.
        """
        return math.floor(value / self.divisor + 0.5)


MEDIANS = (
    Median(
        "ems",
        "Median time from the recorded call for EMS to its recorded arrival",
        "minute",
        "ems",
        "ems-unknown",
        60,
    ),
    Median("referred", "Median time from incident to referral", "day", "referrals"),
)
"""The medians that the report tells."""


def _measures() -> Iterable[Measure]:
    incident, person, referral = CountUnit.INCIDENT, CountUnit.PERSON, CountUnit.REFERRAL
    group = "What police documented"
    yield Measure(
        "incidents",
        group,
        "Incidents documented",
        incident,
        "Events in which police observed, or received a report of, an alleged violation of "
        "state or local law by federal agents.",
    )
    yield Measure(
        "responded",
        group,
        "Calls responded to",
        incident,
        "Incidents of which police learned by a dispatched call and to which at least one "
        "police unit came.",
    )
    for how, title in (
        (HowLearned.OBSERVED, "Observed by police"),
        (HowLearned.DISPATCHED, "Learned of by a dispatched call"),
        (HowLearned.REPORTED, "Reported to police"),
    ):
        yield Measure(f"learned-{how}", group, title, incident, "How police learned of it.")
    group = "What was alleged"
    yield Measure(
        "allegations",
        group,
        "Violations alleged",
        CountUnit.ALLEGATION,
        "Alleged violations of state or local law recorded; an incident may hold several.",
    )
    for level, title in (
        (OffenseClass.FELONY, "Alleged felonies"),
        (OffenseClass.MISDEMEANOR, "Alleged misdemeanors"),
        (OffenseClass.ORDINANCE, "Alleged ordinance violations"),
    ):
        yield Measure(
            f"class-{level}",
            group,
            title,
            CountUnit.ALLEGATION,
            "By the class of the alleged offense.",
        )
    group = "Force, injury and medical aid"
    yield Measure(
        "force", group, "Incidents with force reported", incident, "Force by a federal agent."
    )
    yield Measure(
        "injury", group, "Incidents with injury reported", incident, "An injury to any person."
    )
    yield Measure(
        "persons-force", group, "Persons on whom force is reported", person, "Counted per incident."
    )
    yield Measure(
        "persons-injury", group, "Persons reported injured", person, "Counted per incident."
    )
    yield Measure(
        "persons-detained", group, "Persons reported detained", person, "Counted per incident."
    )
    yield Measure(
        "ems", group, "Persons for whom EMS was called", person, "A time of the call is recorded."
    )
    for _, last, title in MINUTES:
        yield Measure(
            f"ems-{last}",
            group,
            f"EMS arrived {title}",
            person,
            "From the recorded call to the recorded arrival, in minutes begun.",
        )
    yield Measure("ems-later", group, "EMS arrived later", person, "After more than 20 minutes.")
    yield Measure(
        "ems-unknown", group, "EMS arrival not recorded", person, "No arrival time is recorded."
    )
    group = "Federal supervisor"
    for outcome, title, words in (
        (
            CredentialOutcome.VERIFIED,
            "Supervisor identified",
            "Credentials were shown and verified.",
        ),
        (
            CredentialOutcome.SHOWN_NOT_VERIFIED,
            "Supervisor's credentials shown, not verified",
            "They could not be verified.",
        ),
        (
            CredentialOutcome.REFUSED,
            "Supervisor refused",
            "The person asked is reported to have refused.",
        ),
        (
            CredentialOutcome.NOT_LOCATED,
            "Supervisor not located",
            "No supervisor was found at the scene.",
        ),
        (CredentialOutcome.NOT_ATTEMPTED, "Identification not attempted", "A reason is recorded."),
    ):
        yield Measure(
            f"supervisor-{outcome}",
            group,
            title,
            incident,
            f"{words} The furthest result of all attempts at the incident.",
        )
    yield Measure(
        "supervisor-none",
        group,
        "No attempt to identify recorded",
        incident,
        "The record holds no attempt.",
    )
    group = "Footage"
    yield Measure(
        "footage",
        group,
        "Incidents with footage preserved",
        incident,
        "At least one original recording is in evidence.",
    )
    yield Measure(
        "recordings",
        group,
        "Recordings preserved",
        CountUnit.RECORDING,
        "Originals, without copies.",
    )
    yield Measure(
        "flagged",
        group,
        "Recordings kept beyond ordinary retention",
        CountUnit.RECORDING,
        "Originals flagged to be kept.",
    )
    group = "Referrals to the prosecutor"
    yield Measure(
        "referrals",
        group,
        "Referrals made",
        referral,
        "Cases sent to the prosecutor's office.",
        BY_REFERRAL,
    )
    for _, last, title in DAYS:
        yield Measure(
            f"referred-{last}",
            group,
            f"Referred {title}",
            referral,
            "Days from the incident to the referral.",
            BY_REFERRAL,
        )
    yield Measure(
        "referred-later",
        group,
        "Referred later",
        referral,
        "More than 90 days after the incident.",
        BY_REFERRAL,
    )
    for decided, title in (
        (ProsecutorOutcome.CHARGES_FILED, "Charges filed"),
        (ProsecutorOutcome.FURTHER_INVESTIGATION, "Further investigation requested"),
        (ProsecutorOutcome.RETURNED, "Returned to police"),
        (ProsecutorOutcome.DECLINED, "Declined"),
    ):
        yield Measure(
            f"outcome-{decided}",
            group,
            title,
            referral,
            "What the prosecutor decided on a referral.",
            BY_OUTCOME,
        )


MEASURES = tuple(_measures())
"""The city-wide counts, in the order in which they are printed."""
