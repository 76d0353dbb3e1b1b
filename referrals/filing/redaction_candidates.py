"""Proposes redactions: the pages of a PDF against a list of rules.

In: a PDF, a `RedactionList`, the record's persons, and what was ordered by text or
by person. Out: candidates, each with page, boxes, snippet, rule and confidence. A
person decides on each; nothing is removed here. Pages without text are listed,
never passed over in silence: recognise them first (`stamping.recognition`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from referrals.filing.identifiers import Hit, apart, find
from referrals.filing.person_details import details_in, person_in
from referrals.filing.person_names import bare_text
from referrals.filing.redaction_list import RedactionList, RedactionRule
from referrals.records.fields import PersonFields
from stamping.page_text import PageText, page_texts
from stamping.plain_letters import spelt
from stamping.viewport import Box

_AROUND = 30


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that a rule speaks of, for a person to accept or reject.

    `page` counts from one; `boxes` are points of the upright page, origin bottom
    left, one a line; `snippet` is `text` with the words around it. `ordered` is the
    number of the redaction by text or person that it comes of, 0 for none.
    """

    page: int
    boxes: tuple[Box, ...]
    text: str
    snippet: str
    rule: RedactionRule
    confidence: float
    ordered: int = 0


@dataclass(frozen=True, slots=True)
class Ordered:
    """A text or a person that is to be redacted wherever it stands, and under which rule."""

    number: int
    rule: RedactionRule
    text: str = ""
    person: PersonFields | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: a list's rules, the record's persons, and what was ordered."""

    rules: RedactionList
    persons: tuple[PersonFields, ...] = ()
    ordered: tuple[Ordered, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """The candidates of one file, and the pages on which nothing could be read.

    `sizes` are those of the pages, upright, in points.
    """

    candidates: tuple[Candidate, ...]
    pages: int
    unread_pages: tuple[int, ...]
    sizes: tuple[tuple[float, float], ...] = ()


def propose(path: Path, search: Search) -> Proposal:
    """Return what the PDF at `path` shows of what is looked for.

    Raises:
        UnreadableInputError: the file cannot be opened as a PDF.
    """
    candidates: list[Candidate] = []
    unread: list[int] = []
    sizes: list[tuple[float, float]] = []
    for page in page_texts(path):
        sizes.append((page.width, page.height))
        if not page.text.strip():
            unread.append(page.number)
            continue
        candidates += _on_page(page, search)
    return Proposal(tuple(candidates), len(sizes), tuple(unread), tuple(sizes))


def _on_page(page: PageText, search: Search) -> Iterator[Candidate]:
    kinds = {rule.identifier: rule for rule in search.rules.rules}
    hits = [*find(page.text, kinds), *details_in(page.text, search.persons, kinds)]
    found = [(hit, kinds[hit.identifier], 0) for hit in apart(hits)]
    for each in search.ordered:
        found += [(hit, each.rule, each.number) for hit in apart(_ordered_in(page.text, each))]
    for hit, rule, number in sorted(found, key=lambda each: (each[0].start, each[0].end)):
        yield Candidate(
            page.number,
            page.boxes(hit.start, hit.end),
            page.text[hit.start : hit.end],
            _snippet(page.text, hit),
            rule,
            hit.confidence,
            number,
        )


def _ordered_in(text: str, ordered: Ordered) -> Iterable[Hit]:
    kind = ordered.rule.identifier
    if ordered.person is not None:
        return list(person_in(text, ordered.person, kind))
    pattern = spelt(ordered.text)
    plain = bare_text(text).lower()
    return [Hit(kind, found.start(), found.end(), 1.0) for found in pattern.finditer(plain)]


def _snippet(text: str, hit: Hit) -> str:
    around = text[max(0, hit.start - _AROUND) : hit.end + _AROUND]
    return " ".join(around.split())
