"""The errors a user can meet: each says what happened, where, and what to do.

The exit codes are part of the command's contract and stand in `docs/errors.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from referrals.findings import Finding


class ReferralsError(Exception):
    """Something the program cannot do for the user.

    Attributes:
        remedy: what to do, as one sentence.
        findings: the single causes, where there are several.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, remedy: str = "", findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.findings = tuple(findings)


class BlockedError(ReferralsError):
    """Findings stand in the way of what was asked."""

    exit_code = 1


class UsageError(ReferralsError):
    """The command was called with values that do not fit together."""

    exit_code = 2


class DigestMismatchError(ReferralsError):
    """A file is no longer the file whose digest was recorded."""

    exit_code = 3


class InputError(ReferralsError):
    """A file that was named cannot be read as what it should be."""

    exit_code = 4


class MachineError(ReferralsError):
    """The machine lacks something: a library, a right, space."""

    exit_code = 5
