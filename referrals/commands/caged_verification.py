"""Verification of a delivery in a cage: what its sender made is read there alone.

In: a delivery and what is known of it. Out: the verdict. `referrals/verify` stands apart
and knows no cage, so that it can be read and run by itself; the command puts it in one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from referrals.errors import InputError
from referrals.verify.delivery import Verdict, verify
from stamping.cage import STOPPED, Cage, run_one
from stamping.cage.errands import tell
from stamping.cage.outputs import outbox

# Recordings of many hours are hashed in one go.
_SECONDS = 24 * 3600.0
_MEMORY_BYTES = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class VerificationTask:
    """What is asked of a delivery; as the parameters of `verify`."""

    folder: Path
    footage: Path | None
    expect: str
    authorities: Path | None


def verified(question: VerificationTask, heard: Callable[[int], None]) -> Verdict:
    """Return the verdict; `heard` is told the bytes that were read, as they are.

    Raises:
        InputError: as `verify`; or verification was stopped.
    """
    asked = (question.folder, question.footage, question.authorities)
    with outbox(Path(tempfile.gettempdir())) as box:
        return run_one(
            answer,
            question,
            Cage(
                reads=tuple(path for path in asked if path is not None),
                folder=box,
                seconds=_SECONDS,
                memory_bytes=_MEMORY_BYTES,
            ),
            failed=_stopped,
            heard=heard,
        )


def answer(question: VerificationTask) -> Verdict:
    """Verify a delivery; the worker's task."""
    return verify(
        question.folder,
        footage=question.footage,
        expect=question.expect,
        authorities=question.authorities,
        heard=tell,
    )


def _stopped(question: VerificationTask, code: str) -> Verdict:
    raise InputError(
        f"{question.folder} cannot be verified: {STOPPED[code]}.",
        remedy="Do not trust this delivery. Ask its sender for another copy, or for its files "
        "in plain form.",
    )
