"""A supervisor's sign-off: has the supervisor found where a few facts stand?

In: a frozen case, and the answers that a supervisor gave. Out: the questions (the
words of a fact without its pin-cite) and whether each answer names the place.
The same facts ask the same until they are answered; then others are asked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from referrals.attest.statement import Statement
from referrals.profiles.profile import Profile
from referrals.records.cites import Cite, pieces, seconds
from referrals.records.snapshot import Snapshot

_PAGE = re.compile(
    r"(?:ex(?:hibit|\.)?\s*:?\s*)?([a-z0-9]{1,4})(?:[\s,]+(?:p(?:age|\.)?\s*)?(\d+))?"
)
_TIME = re.compile(r"(?:([a-z0-9][a-z0-9._-]*)\s+(?:at\s+)?)?(\d{1,2}:[0-5]\d:[0-5]\d(?:\.\d+)?)")

Asked = tuple[str, str]
"""The words of a fact that was asked for, and its cite as written."""


@dataclass(frozen=True, slots=True)
class SignOffQuestion:
    """A fact's words and the cite that stands behind them, which is not shown."""

    words: str
    cite: Cite

    @property
    def wanted(self) -> str:
        """What is to be given."""
        if self.cite.kind == "footage":
            return "recording and time code, such as V1 00:01:05"
        return "Bates number, or exhibit and page, such as B p.2"


@dataclass(frozen=True, slots=True)
class SupervisorAnswer:
    """What was asked, what was answered, and whether that is where the fact stands."""

    question: SignOffQuestion
    given: str
    right: bool


def questions(
    snapshot: Snapshot, made: Statement, profile: Profile, earlier: Mapping[Asked, int]
) -> list[SignOffQuestion]:
    """Return the facts that a supervisor must find before signing `made` off.

    Drawn by the digest of the statement; first those that were asked for least often,
    which `earlier` counts by their words and cites, among them those with a page or a
    time code. Fewer than the profile asks where the record cites less often.
    """
    found = list(dict.fromkeys(_facts(snapshot.record.model_dump(mode="json"))))

    def drawn(question: SignOffQuestion) -> tuple[int, bool, bytes]:
        exact = question.cite.page is not None or bool(question.cite.time_code)
        lot = f"{made.sha256}\n{question.words}\n{question.cite.written}"
        times = earlier.get((question.words, question.cite.written), 0)
        return times, not exact, hashlib.sha256(lot.encode()).digest()

    return sorted(found, key=drawn)[: profile.sign_off.questions]


def answered(
    asked: Sequence[SignOffQuestion], given: Sequence[str], snapshot: Snapshot, profile: Profile
) -> list[SupervisorAnswer]:
    """Return each answer with whether it names the place; what is not answered is wrong."""
    texts = [*given, *[""] * (len(asked) - len(given))]
    return [
        SupervisorAnswer(question, text, _is_right(question.cite, text, snapshot, profile))
        for question, text in zip(asked, texts, strict=False)
    ]


def _facts(value: Any) -> Iterator[SignOffQuestion]:
    if isinstance(value, dict):
        for below in value.values():
            yield from _facts(below)
    elif isinstance(value, list):
        for below in value:
            yield from _facts(below)
    elif isinstance(value, str):
        cites = [piece for piece in pieces(value) if isinstance(piece, Cite)]
        words = "".join(piece for piece in pieces(value) if isinstance(piece, str))
        # A text with several cites has several right places; which one was meant is open.
        if len(cites) == 1 and cites[0].kind in ("exhibit", "footage"):
            yield SignOffQuestion(re.sub(r"\s+([.,;])", r"\1", " ".join(words.split())), cites[0])


def _is_right(cite: Cite, text: str, snapshot: Snapshot, profile: Profile) -> bool:
    text = " ".join(text.casefold().split())
    if cite.kind == "footage":
        return _is_moment(cite, text, profile.sign_off.seconds)
    return _is_page(cite, text) or _is_number(cite, text, snapshot, profile)


def _is_moment(cite: Cite, text: str, tolerance: float) -> bool:
    if not cite.time_code:
        return text == cite.key.casefold()
    match = _TIME.fullmatch(text)
    if match is None or match[1] not in (None, cite.key.casefold()):
        return False
    return abs(seconds(match[2]) - seconds(cite.time_code)) <= tolerance


def _is_page(cite: Cite, text: str) -> bool:
    match = _PAGE.fullmatch(text)
    if match is None or match[1] != cite.key.casefold():
        return False
    return cite.page is None or match[2] == str(cite.page)


def _is_number(cite: Cite, text: str, snapshot: Snapshot, profile: Profile) -> bool:
    series = profile.series(snapshot.record.case.number)
    for packet in snapshot.issued:
        for exhibit in packet.exhibits:
            if exhibit.designator == cite.key:
                pages = range(exhibit.first, exhibit.last + 1)
                named = pages if cite.page is None else pages[cite.page - 1 : cite.page]
                if text in {series.label(number).casefold() for number in named}:
                    return True
    return False
