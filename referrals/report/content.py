"""What the report counts: its measures and its tables, each with unit and definition.

In: a profile's rules. Out: `MEASURES`, the city-wide counts of conduct, which
are never hidden, and `forms`, the tables. Every definition is printed where its
count stands. Nothing is counted here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from referrals.filing.profile import Report
from referrals.records.fields import (
    CredentialOutcome,
    HowLearned,
    OffenseClass,
    ProsecutorOutcome,
)
from referrals.report.month import WINDOW
from referrals.report.table import TOTAL, Dimension, Form, Line, Unit

OTHER = "other"
"""The key of the line that takes what a profile's list does not name."""

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
    unit: Unit
    definition: str
    basis: str = BY_INCIDENT


def _measures() -> Iterable[Measure]:
    incident, person, referral = Unit.INCIDENT, Unit.PERSON, Unit.REFERRAL
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
        Unit.ALLEGATION,
        "Alleged violations of state or local law recorded; an incident may hold several.",
    )
    for level, title in (
        (OffenseClass.FELONY, "Alleged felonies"),
        (OffenseClass.MISDEMEANOR, "Alleged misdemeanors"),
        (OffenseClass.ORDINANCE, "Alleged ordinance violations"),
    ):
        yield Measure(
            f"class-{level}", group, title, Unit.ALLEGATION, "By the class of the alleged offense."
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
        "recordings", group, "Recordings preserved", Unit.RECORDING, "Originals, without copies."
    )
    yield Measure(
        "flagged",
        group,
        "Recordings kept beyond ordinary retention",
        Unit.RECORDING,
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

HARMS = (
    Line(key="both", title="Force and injury"),
    Line(key="force", title="Force only"),
    Line(key="injury", title="Injury only"),
    Line(key="neither", title="Neither"),
)
CLASSES = (
    *(Line(key=level.value, title=level.value.capitalize()) for level in OffenseClass),
    Line(key="none", title="None recorded"),
)


def forms(rules: Report) -> tuple[Form, ...]:
    """Return the report's tables for a profile's areas, agencies and categories."""
    areas = Dimension(title="Community area", lines=tuple(_areas(rules)))
    agencies = _dimension(
        "Federal agency", ((key(each.title), each.title) for each in rules.agencies)
    )
    categories = _dimension(
        "Category", ((key(each.title), each.title) for each in rules.categories)
    )
    by_area = {"unit": Unit.INCIDENT, "rows": areas, "protected": True, "margin": "incidents"}
    by_age = {
        "unit": Unit.PERSON,
        "rows": _lines("Age group", (("minor", "Under 18"), ("adult", "18 or older")), "All ages"),
        "protected": True,
        "margin": "persons",
    }
    return (
        Form(
            key="violations",
            title="Alleged violations by category and class",
            unit=Unit.ALLEGATION,
            definition="Alleged violations recorded for incidents of the month. The category "
            "follows the statute cited, the class that of the alleged offense.",
            rows=categories,
            columns=Dimension(title="Class", lines=(*CLASSES[:-1], _total("All classes"))),
        ),
        Form(
            key="agencies_by_source",
            title="Incidents by agency and how police learned of them",
            unit=Unit.INCIDENT,
            definition="Incidents of the month by the federal agency alleged to be involved.",
            rows=agencies,
            columns=_lines(
                "How learned", ((how.value, how.value.capitalize()) for how in HowLearned), "Total"
            ),
        ),
        Form(
            key="agencies_by_category",
            title="Alleged violations by agency and category",
            unit=Unit.ALLEGATION,
            definition="Alleged violations by the federal agency alleged to be involved in the "
            "incident.",
            rows=agencies,
            columns=categories,
            protected=True,
            open_columns=(TOTAL,),
        ),
        Form(
            key="areas_by_agency",
            title="Incidents by community area and agency",
            definition="Incidents of the month by where they happened and by the federal agency "
            "alleged to be involved.",
            columns=agencies,
            **by_area,
        ),
        Form(
            key="areas_by_class",
            title="Incidents by community area and gravest class alleged",
            definition="Incidents of the month by the gravest class among the violations alleged.",
            columns=Dimension(title="Gravest class", lines=(*CLASSES, _total("All incidents"))),
            **by_area,
        ),
        Form(
            key="areas_by_harm",
            title="Incidents by community area, force and injury",
            definition="Incidents of the month by whether force by a federal agent, and whether "
            "an injury to any person, is reported.",
            columns=Dimension(title="Reported", lines=(*HARMS, _total("All incidents"))),
            **by_area,
        ),
        Form(
            key="areas_twelve_months",
            title="Incidents by community area, twelve months",
            definition=f"Incidents of the {WINDOW} months that end with this one, by where they "
            "happened.",
            columns=Dimension(title="Incidents", lines=(Line(key=TOTAL, title="Incidents"),)),
            months=WINDOW,
            **by_area,
        ),
        Form(
            key="persons_by_harm",
            title="Persons by age group, force and injury",
            definition="Persons who are recorded as alleged victims, or on whom force, an injury "
            "or a detention is reported; counted once for each incident.",
            columns=Dimension(title="Reported", lines=(*HARMS, _total("All persons"))),
            **by_age,
        ),
        Form(
            key="persons_by_detention",
            title="Persons by age group and detention",
            definition="The same persons by whether a detention by a federal agent is reported.",
            columns=_lines(
                "Detention", (("yes", "Reported"), ("no", "Not reported")), "All persons"
            ),
            **by_age,
        ),
        Form(
            key="agencies_by_outcome",
            title="Prosecutor's outcomes by agency",
            unit=Unit.REFERRAL,
            definition="Decisions of the month on referrals, by the federal agency alleged to be "
            "involved. The incident and the referral may lie in earlier months.",
            rows=agencies,
            columns=_lines(
                "Outcome",
                (
                    (outcome.value, outcome.value.replace("_", " ").capitalize())
                    for outcome in ProsecutorOutcome
                ),
                "All outcomes",
            ),
            protected=True,
            open_columns=(TOTAL,),
        ),
    )


def key(title: str) -> str:
    """Return a title as a key: lower case, words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _areas(rules: Report) -> Iterable[Line]:
    for region in rules.regions:
        above = f"region-{key(region.title)}"
        for area in region.areas:
            yield Line(key=key(area), title=area, parent=above)
        yield Line(key=above, title=region.title)
    yield Line(key=OTHER, title="Other or not stated")
    yield _total("City")


def _dimension(title: str, lines: Iterable[tuple[str, str]]) -> Dimension:
    return _lines(title, (*lines, (OTHER, "Other or not stated")), "Total")


def _lines(title: str, lines: Iterable[tuple[str, str]], total: str) -> Dimension:
    found = tuple(Line(key=each, title=words) for each, words in lines)
    return Dimension(title=title, lines=(*found, _total(total)))


def _total(title: str) -> Line:
    return Line(key=TOTAL, title=title, parent="")
