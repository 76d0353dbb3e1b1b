"""The errors a user can meet: each says what happened, where, and what to do.

The exit codes are part of the command's contract and stand in `docs/errors.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import ClassVar

from referrals.findings import Finding


class ExitCode(IntEnum):
    """How a command ends; `docs/errors.md` says what to do."""

    DONE = 0
    BLOCKED = 1
    USAGE = 2
    MISMATCH = 3
    INPUT = 4
    MACHINE = 5
    STOPPED = 130


class ReferralsError(Exception):
    """Something the program cannot do for the user.

    Attributes:
        remedy: what to do, as one sentence.
        findings: the single causes, where there are several.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.BLOCKED

    def __init__(self, message: str, *, remedy: str = "", findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.findings = tuple(findings)


class BlockedError(ReferralsError):
    """Findings stand in the way of what was asked."""

    exit_code = ExitCode.BLOCKED


class UsageError(ReferralsError):
    """The command was called with values that do not fit together."""

    exit_code = ExitCode.USAGE


class DigestMismatchError(ReferralsError):
    """A file is no longer the file whose digest was recorded."""

    exit_code = ExitCode.MISMATCH


class InputError(ReferralsError):
    """A file that was named cannot be read as what it should be."""

    exit_code = ExitCode.INPUT


class MachineError(ReferralsError):
    """The machine lacks something: a library, a right, space."""

    exit_code = ExitCode.MACHINE
