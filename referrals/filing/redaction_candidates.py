"""Proposes redactions: the pages of a PDF against a list of rules.

In: a PDF, a `RedactionList` and the names of the record's minors and private
persons. Out: candidates, each with page, boxes, snippet, rule and confidence. A
person decides on each; nothing is removed here. Pages without text are listed,
never passed over in silence: recognise them first (`stamping.recognition`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from referrals.filing.identifiers import Hit, find
from referrals.filing.person_names import names_in
from referrals.filing.redaction_list import Identifier, RedactionList, RedactionRule
from stamping.page_text import page_texts
from stamping.viewport import Box

_AROUND = 30


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that a rule speaks of, for a person to accept or reject.

    `page` counts from one; `boxes` are points of the upright page, origin bottom
    left, one a line; `snippet` is `text` with the words around it.
    """

    page: int
    boxes: tuple[Box, ...]
    text: str
    snippet: str
    rule: RedactionRule
    confidence: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """The candidates of one file, and the pages on which nothing could be read."""

    candidates: tuple[Candidate, ...]
    pages: int
    unread_pages: tuple[int, ...]


def propose(
    path: Path, rules: RedactionList, names: Mapping[str, Identifier] | None = None
) -> Proposal:
    """Return what the PDF at `path` shows that `rules` forbid.

    `names` are full names with their kind: a minor or a private person.

    Raises:
        UnreadableInputError: the file cannot be opened as a PDF.
    """
    kinds = {rule.identifier: rule for rule in rules.rules}
    looked_for = {name: kind for name, kind in (names or {}).items() if kind in kinds}
    candidates: list[Candidate] = []
    unread: list[int] = []
    pages = 0
    for page in page_texts(path):
        pages += 1
        if not page.text.strip():
            unread.append(page.number)
            continue
        hits: list[Hit] = [*find(page.text, kinds), *names_in(page.text, looked_for)]
        for hit in sorted(hits, key=lambda each: (each.start, each.end)):
            candidates.append(
                Candidate(
                    page.number,
                    page.boxes(hit.start, hit.end),
                    page.text[hit.start : hit.end],
                    _snippet(page.text, hit),
                    kinds[hit.identifier],
                    hit.confidence,
                )
            )
    return Proposal(tuple(candidates), pages, tuple(unread))


def _snippet(text: str, hit: Hit) -> str:
    around = text[max(0, hit.start - _AROUND) : hit.end + _AROUND]
    return " ".join(around.split())
