"""Proposes redactions: the pages of a PDF against a list of rules.

In: a PDF, a `RedactionList`, the record's persons, and what was ordered by text or
by person. Out: candidates, each with page, boxes, snippet, rule and confidence. A
person decides on each; nothing is removed here. Pictures without text are listed,
never passed over in silence: recognise them first (`stamping.preparation.recognition`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from referrals.identifiers.patterns import Hit, apart, find
from referrals.identifiers.person_details import details_in, person_in
from referrals.identifiers.person_names import bare_text
from referrals.profiles.redaction_list import RedactionList, RedactionRule
from referrals.records.fields import PersonFields
from stamping.pages.page_text import PageText, page_texts
from stamping.pages.text_folding import folded, spelt
from stamping.pages.viewport import Box

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
    """What is looked for: a list's rules, the record's persons, and what was ordered.

    `public` are texts in which what looks like an identifier is an office's own.
    """

    rules: RedactionList
    persons: tuple[PersonFields, ...] = ()
    ordered: tuple[Ordered, ...] = ()
    public: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """The candidates of one file, and what shows on its pages that could not be read.

    `unread` are the boxes of such pictures by their page; the page itself is the box
    where it has no text to speak of.
    """

    candidates: tuple[Candidate, ...]
    pages: int
    unread: Mapping[int, tuple[Box, ...]]

    @property
    def unread_pages(self) -> tuple[int, ...]:
        """The pages on which something could not be read."""
        return tuple(self.unread)


def propose(path: Path, search: Search) -> Proposal:
    """Return what the PDF at `path` shows of what is looked for.

    Raises:
        UnreadableInputError: the file cannot be opened as a PDF.
    """
    candidates: list[Candidate] = []
    unread: dict[int, tuple[Box, ...]] = {}
    pages = 0
    for page in page_texts(path):
        pages += 1
        if boxes := page.unread():
            unread[page.number] = boxes
        if page.text.strip():
            candidates += candidates_on(page, search)
    return Proposal(tuple(candidates), pages, unread)


def candidates_on(page: PageText, search: Search) -> Iterator[Candidate]:
    """Yield what one page shows of what is looked for, in the order of its text."""
    kinds = {rule.identifier: rule for rule in search.rules.rules}
    by_form = [hit for hit in find(page.text, kinds) if not _is_public(page.text, hit, search)]
    hits = [*by_form, *details_in(page.text, search.persons, kinds)]
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


def _is_public(text: str, hit: Hit, search: Search) -> bool:
    words = folded(text[hit.start : hit.end])
    return any(words in folded(each) for each in search.public)


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
