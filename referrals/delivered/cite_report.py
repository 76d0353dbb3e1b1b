"""What became of the cites of a document: values to print, as rows and as JSON.

In: cites, where each leads, the findings on it. Out: a `CiteReport`. Knows nothing of
how a cite is read or checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from referrals.delivered.cite_reader import WrittenCite
from referrals.delivered.delivered_numbers import DeliveredNumbers
from referrals.findings import Finding, Severity

NAMED = 6
"""Parts and numbers of one cite that a finding names; the rest is counted."""


class CiteOutcome(StrEnum):
    """What became of a cite."""

    RESOLVES = "resolves"
    NOT_DELIVERED = "not in the delivery"
    EXHIBIT_DIFFERS = "another exhibit"
    BACKWARDS = "range backwards"
    BEYOND_END = "beyond the recording"
    UNCHECKED = "cannot be checked"


@dataclass(frozen=True, slots=True)
class CitedPages:
    """Consecutive numbers of one part, in one file of one delivery.

    `redacted` are those of the numbers whose pages bear redactions there.
    """

    delivery: str
    file: str
    first: str
    last: str
    first_page: int
    last_page: int
    part: str
    exhibit: str
    redacted: tuple[str, ...]

    @property
    def belongs_to(self) -> str:
        """The exhibit, slip sheet included, or the section that these pages are of."""
        return f"Ex. {self.exhibit}" if self.exhibit else self.part


@dataclass(frozen=True, slots=True)
class CheckedCite:
    """A cite, what became of it, where it leads, and what its writer should know.

    `recording` is the file that a time code leads to, where it was delivered.
    """

    cite: WrittenCite
    outcome: CiteOutcome
    pages: tuple[CitedPages, ...]
    findings: tuple[Finding, ...]
    recording: str = ""

    @property
    def leads_to(self) -> str:
        """The pages of the first delivery that holds them, or the recording, for a person."""
        own = [each for each in self.pages if each.delivery == self.pages[0].delivery]
        lines = []
        for file, among in groupby(own, key=lambda each: each.file):
            runs = list(among)
            first, last = runs[0].first_page, runs[-1].last_page
            pages = f"page {first}" if first == last else f"pages {first}–{last}"
            parts = listed(list(dict.fromkeys(each.belongs_to for each in runs if each.part)))
            lines.append(f"{file}, {pages}" + (f" ({parts})" if parts else ""))
        return "\n".join(lines) or self.recording

    def as_json(self) -> dict[str, Any]:
        """Return the cite as plain values."""
        return {
            "cite": self.cite.label,
            "written": self.cite.written,
            "meant": self.cite.meant,
            "place": self.cite.place,
            "around": self.cite.around,
            "exhibit": self.cite.exhibit,
            "recording": self.cite.recording,
            "recording_file": self.recording,
            "outcome": self.outcome.value,
            "resolves": self.outcome is CiteOutcome.RESOLVES,
            "pages": [
                {name: getattr(each, name) for name in CitedPages.__slots__} for each in self.pages
            ],
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class CiteReport:
    """All cites of a document, held against deliveries."""

    document: str
    deliveries: tuple[DeliveredNumbers, ...]
    cites: tuple[CheckedCite, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that its writer should know, cite by cite."""
        found = tuple(finding for each in self.cites for finding in each.findings)
        return found if self.cites else (_no_cites(self),)

    @property
    def blocked(self) -> bool:
        """Whether any cite does not lead where it says."""
        return any(finding.severity is Severity.BLOCKING for finding in self.findings)

    @property
    def words(self) -> str:
        """The report as a sentence."""
        good = sum(each.outcome is CiteOutcome.RESOLVES for each in self.cites)
        against = ", ".join(each.words for each in self.deliveries)
        return f"{self.document}: {good:,} of {len(self.cites):,} cites resolve in {against}."

    @property
    def rows(self) -> list[tuple[str, str, str, str]]:
        """A row for each cite: cite, place, outcome, the pages it leads to first."""
        return [
            (
                each.cite.written,
                each.cite.place,
                each.outcome.value,
                each.leads_to,
            )
            for each in self.cites
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "document": self.document,
            "deliveries": [
                {
                    "name": each.name,
                    "kind": each.kind.value,
                    "case": each.case,
                    "draft": each.draft,
                    "ranges": [list(numbers.labels) for numbers in each.ranges],
                }
                for each in self.deliveries
            ],
            "resolved": sum(each.outcome is CiteOutcome.RESOLVES for each in self.cites),
            "cites": [each.as_json() for each in self.cites],
            "findings": [finding.as_json() for finding in self.findings],
        }


def _no_cites(report: CiteReport) -> Finding:
    forms = {f"{each.series.label(1)}" for each in report.deliveries}
    return Finding(
        Severity.WARNING,
        "cite-none",
        f"the document holds no number such as {listed(sorted(forms))}",
        where=report.document,
        remedy="Check that it is the document you meant.",
    )


def listed(words: Sequence[str]) -> str:
    """Return the first of `words` and how many more there are."""
    more = f" and {len(words) - NAMED} more" if len(words) > NAMED else ""
    return ", ".join(words[:NAMED]) + more
