"""What a checker says of one file: plain values, the same for every checker.

Knows no checker and no file format.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

FLAVOURS = {
    "1a": "PDF/A-1a",
    "1b": "PDF/A-1b",
    "2a": "PDF/A-2a",
    "2b": "PDF/A-2b",
    "2u": "PDF/A-2u",
    "3a": "PDF/A-3a",
    "3b": "PDF/A-3b",
    "3u": "PDF/A-3u",
    "4": "PDF/A-4",
    "4e": "PDF/A-4e",
    "4f": "PDF/A-4f",
    "ua1": "PDF/UA-1",
    "ua2": "PDF/UA-2",
}


class MissingToolError(Exception):
    """The machine lacks something that judging needs.

    Attributes:
        remedy: what to do, as one sentence.
    """

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class Outcome(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class FailedRule:
    """One rule that a file breaks.

    `clause` names the standard's clause and test where the checker tells them;
    `count` is how often the rule is broken, None where the checker gives no
    number; `context` is one place where it is.
    """

    clause: str
    message: str
    count: int | None = None
    context: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One checker's answer on one file.

    `flavour` is a key of `FLAVOURS`, empty where the check is of the file's
    syntax alone. `reason` tells why a file was not judged. A verdict that does
    not decide is a second opinion: shown, and never the cause of a failure.
    """

    checker: str
    flavour: str
    outcome: Outcome
    failed: tuple[FailedRule, ...] = ()
    reason: str = ""
    decides: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that is known of one file: what it claims, and each checker's verdict.

    `claims` is None where the file's metadata cannot be read.
    """

    path: Path
    claims: tuple[str, ...] | None
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Whether every verdict that decides is a pass."""
        return all(
            verdict.outcome is Outcome.PASSED for verdict in self.verdicts if verdict.decides
        )
