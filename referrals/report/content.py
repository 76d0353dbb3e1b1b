"""The report's tables, each with its unit of count and the definition printed above it.

In: a profile's rules. Out: `forms`, the tables before they are counted. Nothing
is counted here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from referrals.profiles.profile import Report
from referrals.records.fields import HowLearned, OffenseClass, ProsecutorOutcome
from referrals.report.month import WINDOW
from referrals.report.table import TOTAL, CountUnit, Dimension, Line, TableForm

OTHER = "other"
"""The key of the line that takes what a profile's list does not name."""

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


def forms(rules: Report) -> tuple[TableForm, ...]:
    """Return the report's tables for a profile's areas, agencies and categories."""
    areas = Dimension(title="Community area", lines=tuple(_areas(rules)))
    agencies = _dimension(
        "Federal agency", ((key(each.title), each.title) for each in rules.agencies)
    )
    categories = _dimension(
        "Category", ((key(each.title), each.title) for each in rules.categories)
    )
    by_area = {"unit": CountUnit.INCIDENT, "rows": areas, "protected": True, "margin": "incidents"}
    by_age = {
        "unit": CountUnit.PERSON,
        "rows": _lines(
            "Age group", (("minor", "Under 18"), ("adult", "Not recorded as under 18")), "All ages"
        ),
        "protected": True,
        "margin": "persons",
    }
    return (
        TableForm(
            key="violations",
            title="Alleged violations by category and class",
            unit=CountUnit.ALLEGATION,
            definition="Alleged violations recorded for incidents of the month. The category "
            "follows the statute cited, the class that of the alleged offense.",
            rows=categories,
            columns=Dimension(title="Class", lines=(*CLASSES[:-1], _total("All classes"))),
        ),
        TableForm(
            key="agencies_by_source",
            title="Incidents by agency and how police learned of them",
            unit=CountUnit.INCIDENT,
            definition="Incidents of the month by the federal agency alleged to be involved.",
            rows=agencies,
            columns=_lines(
                "How learned", ((how.value, how.value.capitalize()) for how in HowLearned), "Total"
            ),
        ),
        TableForm(
            key="agencies_by_category",
            title="Alleged violations by agency and category",
            unit=CountUnit.ALLEGATION,
            definition="Alleged violations by the federal agency alleged to be involved in the "
            "incident.",
            rows=agencies,
            columns=categories,
            protected=True,
            open_columns=(TOTAL,),
        ),
        TableForm(
            key="areas_by_agency",
            title="Incidents by community area and agency",
            definition="Incidents of the month by where they happened and by the federal agency "
            "alleged to be involved.",
            columns=agencies,
            **by_area,
        ),
        TableForm(
            key="areas_by_class",
            title="Incidents by community area and gravest class alleged",
            definition="Incidents of the month by the gravest class among the violations alleged.",
            columns=Dimension(title="Gravest class", lines=(*CLASSES, _total("All incidents"))),
            **by_area,
        ),
        TableForm(
            key="areas_by_harm",
            title="Incidents by community area, force and injury",
            definition="Incidents of the month by whether force by a federal agent, and whether "
            "an injury to any person, is reported.",
            columns=Dimension(title="Reported", lines=(*HARMS, _total("All incidents"))),
            **by_area,
        ),
        TableForm(
            key="areas_twelve_months",
            title="Incidents by community area, twelve months",
            definition=f"Incidents of the {WINDOW} months that end with this one, by where they "
            "happened.",
            columns=Dimension(title="Incidents", lines=(Line(key=TOTAL, title="Incidents"),)),
            months=WINDOW,
            **by_area,
        ),
        TableForm(
            key="persons_by_harm",
            title="Persons by age group, force and injury",
            definition="Persons who are recorded as alleged victims, or on whom force, an injury "
            "or a detention is reported; counted once for each incident.",
            columns=Dimension(title="Reported", lines=(*HARMS, _total("All persons"))),
            **by_age,
        ),
        TableForm(
            key="persons_by_detention",
            title="Persons by age group and detention",
            definition="The same persons by whether a detention by a federal agent is reported.",
            columns=_lines(
                "Detention", (("yes", "Reported"), ("no", "Not reported")), "All persons"
            ),
            **by_age,
        ),
        TableForm(
            key="agencies_by_outcome",
            title="Prosecutor's outcomes by agency",
            unit=CountUnit.REFERRAL,
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
