"""Preflight: every reason for which a court would send files back, before they are sent.

    Submission ──read_file──► files ──CHECKS──► faults ──in the court's words──► Objections

In: a `Submission` and a court's `FilingRules`. Out: objections, one for each ground
of a file, which are findings for who wants those. Only grounds that the court's
profile lists are looked for. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from referrals.errors import InputError
from referrals.findings import Finding, Severity
from referrals.preflight.filed_file import FiledFile, WantedTraits, page_count, read_file
from referrals.preflight.rejection_checks import CHECKS, Fault, PreflightQuestion
from referrals.preflight.remedies import remedy
from referrals.preflight.submission import Submission
from referrals.profiles.filing_rules import FilingRules, Ground, RejectionRule, Weight
from referrals.progress import Progress, silent

__all__ = ["Objection", "Preflight", "Submission", "look", "preflight"]

_SHOWN = 6
"""How many measurements or runs of pages are told before the rest is counted."""


@dataclass(frozen=True, slots=True)
class Objection:
    """A ground met in one file: the court's words, what was measured, on which pages.

    `file` is empty for what is of the set; `pages` count from one and are empty for
    what is of the whole file; `labels` are what the reader calls them.
    """

    ground: Ground
    severity: Severity
    words: str
    file: str
    pages: tuple[int, ...]
    labels: tuple[str, ...]
    measured: tuple[str, ...]

    @property
    def told(self) -> str:
        """What was measured, in few words."""
        return _first(self.measured, "; ", "more")

    @property
    def message(self) -> str:
        """The court's words, and what was measured."""
        return f"{self.words} {self.told[:1].upper()}{self.told[1:]}."

    @property
    def places(self) -> str:
        """The pages, by their labels where they have any, in runs."""
        if not self.pages:
            return ""
        runs = _runs(self.pages)
        names = dict(zip(self.pages, self.labels, strict=True))
        told = []
        for first, last in runs:
            one, other = names[first] or str(first), names[last] or str(last)
            told.append(one if first == last else f"{one} – {other}")
        lead = "" if any(self.labels) else "page " if len(self.pages) == 1 else "pages "
        return lead + _first(told, ", ", "more runs of pages")

    @property
    def where(self) -> str:
        """The file and its pages."""
        return ", ".join(each for each in (self.file, self.places) if each)

    @property
    def remedy(self) -> str:
        """What to do."""
        return remedy(self.ground)

    def finding(self) -> Finding:
        """Return the objection as a finding; its code is the ground."""
        return Finding(self.severity, self.ground.value, self.message, self.where, self.remedy)

    def as_json(self) -> dict[str, Any]:
        """Return the objection as plain values."""
        pages = [
            {"page": page, "label": label}
            for page, label in zip(self.pages, self.labels, strict=True)
        ]
        return {**self.finding().as_json(), "file": self.file, "pages": pages}


@dataclass(frozen=True, slots=True)
class Preflight:
    """What was looked for, in which files, and what stands against them.

    `not_looked_for` are grounds for which something was not given: a case number,
    the identifiers' rules.
    """

    files: tuple[FiledFile, ...]
    looked_for: tuple[RejectionRule, ...]
    not_looked_for: tuple[RejectionRule, ...]
    objections: tuple[Objection, ...]

    @property
    def findings(self) -> list[Finding]:
        """The objections as findings."""
        return [each.finding() for each in self.objections]

    @property
    def blocks(self) -> bool:
        """Whether the court would send the set back."""
        return any(each.severity is Severity.BLOCKING for each in self.objections)

    def of(self, ground: Ground) -> tuple[Objection, ...]:
        """Return the objections on one ground."""
        return tuple(each for each in self.objections if each.ground is ground)


def preflight(
    submission: Submission, rules: FilingRules, progress: Progress = silent
) -> list[Finding]:
    """Return what stands against `submission`, one finding for each ground of a file.

    Raises:
        InputError: a file is missing or may not be read.
    """
    return look(submission, rules, progress).findings


def look(submission: Submission, rules: FilingRules, progress: Progress = silent) -> Preflight:
    """Look for every ground that `rules` list; the gravest objections come first.

    Raises:
        InputError: a file is missing or may not be read.
    """
    files = _read(submission, rules, progress)
    asked = PreflightQuestion(submission, rules, files)
    looked: list[RejectionRule] = []
    left: list[RejectionRule] = []
    for rejection in rules.rejections:
        (looked if _can_be_looked_for(rejection.ground, submission) else left).append(rejection)
    found = [
        objection
        for rejection in looked
        for objection in _objections(rejection, list(CHECKS[rejection.ground](asked)), files)
    ]
    found.sort(key=lambda each: each.severity is not Severity.BLOCKING)
    return Preflight(files, tuple(looked), tuple(left), tuple(found))


def _can_be_looked_for(ground: Ground, submission: Submission) -> bool:
    if ground is Ground.IDENTIFIER:
        return submission.search is not None
    if ground is Ground.CASE_NUMBER_MISSING:
        return bool(submission.case_number)
    return True


def _read(submission: Submission, rules: FilingRules, progress: Progress) -> tuple[FiledFile, ...]:
    wanted = WantedTraits(
        search=submission.search if rules.rejection(Ground.IDENTIFIER) else None,
        clear_top=rules.pages.clear_top if rules.rejection(Ground.TOP_NOT_CLEAR) else 0.0,
        crossings=rules.rejection(Ground.STAMP_OVER_TEXT) is not None,
        tilts=not rules.pages.letter and rules.rejection(Ground.PAGE_SIZE) is not None,
        links=rules.rejection(Ground.INDEX_NOT_LINKED) is not None,
    )
    total = sum(map(page_count, submission.files))
    try:
        with progress("Preflight", total, "pages") as advance:
            return tuple(read_file(path, wanted, advance) for path in submission.files)
    except OSError as error:
        place = Path(error.filename).name if error.filename else "A file"
        raise InputError(
            f"{place} cannot be read: {error.strerror}.",
            remedy="Check the file's place and rights.",
        ) from error


def _objections(
    rejection: RejectionRule, faults: Sequence[Fault], files: Sequence[FiledFile]
) -> list[Objection]:
    """Return one objection for each file and weight, its pages and measurements together."""
    grouped: dict[tuple[str, bool], list[Fault]] = {}
    for fault in faults:
        grouped.setdefault((fault.file, fault.doubtful), []).append(fault)
    labels = {each.name: {page.number: page.label for page in each.pages} for each in files}
    found = []
    for (file, doubtful), own in grouped.items():
        rejected = rejection.weight is Weight.REJECTED and not doubtful
        pages = tuple(sorted({fault.page for fault in own if fault.page}))
        found.append(
            Objection(
                ground=rejection.ground,
                severity=Severity.BLOCKING if rejected else Severity.WARNING,
                words=rejection.words,
                file=file,
                pages=pages,
                labels=tuple(labels.get(file, {}).get(page, "") for page in pages),
                measured=tuple(dict.fromkeys(fault.measured for fault in own)),
            )
        )
    return found


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _first(words: Sequence[str], between: str, others: str) -> str:
    told = between.join(words[:_SHOWN])
    left = len(words) - _SHOWN
    return f"{told}{between}and {left:,} {others}" if left > 0 else told
