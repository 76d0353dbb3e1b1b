"""The sentences of a report, once for the page, the PDF and the Word file.

In: an edition. Out: plain sentences: what the month comes to, the medians, how
counts are protected, the methods and the limits. Everything is alleged, reported
or referred; no sentence says that it happened.
"""

from __future__ import annotations

from collections.abc import Iterator

from referrals.report.edition import Edition
from referrals.report.measures import MEDIANS
from referrals.report.month import Month
from referrals.report.table import CountUnit
from referrals.report.view import compared, joined, number

CLASSES = {
    "class-felony": ("felony", "felonies"),
    "class-misdemeanor": ("misdemeanor", "misdemeanors"),
    "class-ordinance": ("ordinance violation", "ordinance violations"),
}

FAIRNESS = (
    "Everything counted here is alleged or reported; nothing in this report is a finding "
    "that a law was broken."
)
FICTIONAL = "sample data. No person, place or event in this report is real."
REFERRALS = (
    "Police refer; the prosecutor decides. Referrals are counted in the month of the referral, "
    "decisions in the month of the decision, whenever the incident was."
)
CORRECTIONS = (
    "Records are completed after a month is published. These numbers differ from those last "
    "published. Tables of an earlier month are corrected by a new edition of that month."
)
NO_CORRECTIONS = (
    "None: no city-wide number of an earlier month that was published differs from the records now."
)


def summary(edition: Edition) -> str:
    """Return what the month comes to, in sentences that can be quoted."""
    return " ".join(_summary(edition))


def _summary(edition: Edition) -> Iterator[str]:
    month, before, year = compared(edition)
    now = edition.trend[str(month)]
    than = ", ".join(
        _against(now["incidents"], edition.trend[str(each)]["incidents"], each)
        for each in (before, year)
    )
    yield (
        f"In {month.title} police documented "
        f"{_amount(now['incidents'], CountUnit.INCIDENT)} in which "
        f"federal agents are alleged to have violated state or local law: {than}."
    )
    if now["allegations"]:
        classes = [
            f"{number(now[key])} {one if now[key] == 1 else more}"
            for key, (one, more) in CLASSES.items()
            if now[key]
        ]
        records = "Its record names" if now["incidents"] == 1 else "Their records name"
        yield f"{records} {_amount(now['allegations'], CountUnit.ALLEGATION)}: {joined(classes)}."
    if now["incidents"]:
        yield (
            f"Force by a federal agent is reported in {_of(now['force'])} and an injury in "
            f"{_of(now['injury'])}."
        )
    referrals = _amount(now["referrals"], CountUnit.REFERRAL)
    of = ", on incidents of this month or earlier ones" if now["referrals"] else ""
    yield f"In the same month police made {referrals} to the prosecutor{of}."


def medians(edition: Edition) -> dict[str, str]:
    """Return a sentence for each median, by key: this month, the month before, a year before."""
    found = {}
    for median in MEDIANS:
        told = [
            f"{_told(edition, month, median.key, median.unit)} in {month.title}"
            for month in compared(edition)
        ]
        found[median.key] = (
            f"{median.title}: {told[0]} ({told[1]}, {told[2]}). A median is told where at least "
            f"{edition.threshold} recorded times stand behind it, in whole {median.unit}s."
        )
    return found


def protection(edition: Edition) -> tuple[str, str]:
    """Return what is hidden and why, and what the attack came to."""
    attacked = edition.attacked
    if attacked.narrowest:
        came_to = (
            "The narrowest range that it could find for any of them leaves numbers "
            f"{attacked.narrowest} or more apart"
        )
        if attacked.limited:
            came_to += (
                f", but for {attacked.limited} of which the city-wide counts and what was "
                "published before say more by themselves; nothing else narrows those further"
            )
        came_to += "."
    elif attacked.limited:
        came_to = (
            "Of these, the city-wide counts and what was published before leave little open by "
            "themselves; nothing else narrows them further."
        )
    else:
        came_to = "Nothing was hidden, and nothing had to be."
    return (
        "City-wide counts of conduct are always shown. In tables about people and places, a count "
        f"from 1 to {edition.threshold - 1} is not shown, since it might tell who someone is; zero "
        "may be shown. Further counts are left out so that none of these can be worked out by "
        "subtraction. Which ones is chosen by an integer program, so that as few as possible are "
        "lost.",
        f"In this edition {number(edition.hidden)} of {number(edition.protected_cells)} protected "
        "numbers are not shown. Before publication a separate program took the part of a hostile "
        f"reader: it tried to work out every one of the {number(attacked.hidden)} hidden counts of "
        f"this and all earlier editions ({attacked.editions} in all) from everything published, "
        f"corrections included. {came_to}",
    )


def methods(edition: Edition) -> tuple[str, ...]:
    """Return the methods and limits, a sentence or two each."""
    return (
        "Counts are made by the database from the case records as of the instant named above. An "
        "incident belongs to the month in which it began, in the time zone "
        f"{edition.time_zone}.",
        "An incident may hold several alleged violations, persons and recordings; the unit of "
        "count stands at every table.",
        "A person is counted once for each incident. The report does not tell whether a person "
        "was in two incidents.",
        "An allegation is a report of what may have happened. Counts follow what is reported and "
        "how fully it is recorded; a rise may mean more reporting.",
        "Records of the newest months are still being completed. A number that changes is listed "
        "under corrections, with its old and its new value.",
        "A hidden count is guarded against arithmetic on what is published. It is not guarded "
        "against what someone knows from elsewhere, such as an agency that knows its own "
        "incidents, nor against someone who runs this program's public rule on every set of "
        "numbers that fits what is published.",
        f"Threshold: {edition.threshold}. Range that a hidden count must leave open: "
        f"{edition.protection}. {edition.threshold_source}.",
    )


def files(edition: Edition) -> str:
    """Return where the same numbers are, and who answers for them."""
    return (
        "The same numbers come as CSV with a data dictionary, as JSON and as a Word file; "
        "SHA256SUMS holds the digest of each file (sha256sum -c SHA256SUMS). Made with referrals "
        f"{edition.program_version}. {edition.contact}."
    )


def _amount(count: int, unit: CountUnit) -> str:
    if count == 0:
        return f"no {unit.plural}"
    return f"{number(count)} {unit.value if count == 1 else unit.plural}"


def _of(count: int) -> str:
    return "none" if count == 0 else _amount(count, CountUnit.INCIDENT)


def _against(now: int, then: int, month: Month) -> str:
    if now == then:
        return f"as many as in {month.title}"
    return f"{number(abs(now - then))} {'more' if now > then else 'fewer'} than in {month.title}"


def _told(edition: Edition, month: Month, key: str, unit: str) -> str:
    value = edition.medians.get(str(month), {}).get(key)
    if value is None:
        return "too few to tell"
    return f"{number(value)} {unit}{'' if value == 1 else 's'}"
