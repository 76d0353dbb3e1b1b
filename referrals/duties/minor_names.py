"""Where a text of the main volume names a minor, who stands there by initials only.

In: a snapshot. Out: a blocking finding for each heading that holds the name, as
index, slip sheet and outline print it and the clerk words it; a warning for any
other text, which stays as officers and witnesses wrote it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from referrals.duties.case_facts import CaseFacts
from referrals.duties.duty_findings import missing, warning
from referrals.findings import Finding
from referrals.records.snapshot import Snapshot

SHORTEST = 3
"""Letters of a given name or surname that is looked for by itself."""


def minors(facts: CaseFacts) -> list[Finding]:
    """No text of the main volume names a minor."""
    snapshot = facts.snapshot
    patterns = list(_patterns(snapshot))
    headings = dict(_headings(snapshot))
    found = [
        missing(
            "minor-in-heading",
            place,
            f"this names {key}, a minor, and is printed in indexes and headings",
            "Write the initials, or mark the exhibit as confidential.",
        )
        for place, text in headings.items()
        for key, pattern in patterns
        if pattern.search(text)
    ]
    found += [
        warning(
            "minor-named",
            place,
            f"this text names {key}, a minor, and is printed in the main volume",
            "Write the initials, or mark what holds the text as confidential.",
        )
        for place, text in _texts(snapshot)
        for key, pattern in patterns
        if place not in headings and pattern.search(text)
    ]
    return found


def _patterns(snapshot: Snapshot) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield what to look for of each minor; a name that an adult bears too is left out."""
    persons = snapshot.record.persons
    adult = {word for person in persons if not person.minor for word in person.name.split()}
    for person in persons:
        if not person.minor:
            continue
        own = [word for word in person.name.split() if len(word) >= SHORTEST and word not in adult]
        names = "|".join(map(re.escape, [person.name, *own]))
        yield person.key, re.compile(rf"(?<!\w)(?:{names})(?!\w)")


def _headings(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield each text that memo, index, outline and running heads repeat, with its place."""
    record = snapshot.record
    yield "case.title", record.case.title
    for exhibit in record.exhibits:
        if not exhibit.confidential:
            for name in ("title", "source", "custodian"):
                yield f"exhibits[{exhibit.designator}].{name}", getattr(exhibit, name)
    for number, footage in enumerate(record.footage):
        yield f"footage[{number}].title", footage.title
    for number, narrative in enumerate(record.narratives):
        yield f"narratives[{number}].title", narrative.title


def _texts(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield each text of the main volume with its place."""
    record = snapshot.record
    values = record.model_dump(mode="json", exclude={"persons", "exhibits", "custody"})
    yield from _strings(values, "")
    confidential = {f"ex:{each.designator}" for each in record.exhibits if each.confidential}
    for exhibit in record.exhibits:
        if not exhibit.confidential:
            place = f"exhibits[{exhibit.designator}]"
            yield f"{place}.description", exhibit.description
            # A name is a word of a file's name too: zoe_example-2026.pdf.
            yield f"{place}.file", re.sub(r"[\W_]+", " ", exhibit.file)
    for number, event in enumerate(record.custody):
        if event.item not in confidential:
            for name in ("from_holder", "to_holder", "place", "note"):
                yield f"custody[{number}].{name}", getattr(event, name)
    for person in record.persons:
        yield f"persons[{person.key}].expected_testimony", person.expected_testimony
    for narrative in snapshot.narratives:
        for number, paragraph in enumerate(narrative.paragraphs, start=1):
            yield f"{narrative.file}, paragraph {number}", paragraph


def _strings(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _strings(inner, f"{place}[{number}]")
