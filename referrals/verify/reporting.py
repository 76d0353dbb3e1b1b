"""A finding of the verifier, in one way.

In: a code, what was found and where. Out: a `Finding`, blocking unless said
otherwise.
"""

from __future__ import annotations

from referrals.findings import Finding, Severity

REMEDY = "Ask the sender about it, and for the delivery's digest by another way."


def wrong(code: str, message: str, where: str, remedy: str = REMEDY) -> Finding:
    """Return a finding that makes the verdict a refusal."""
    return Finding(Severity.BLOCKING, code, message, where, remedy)


def doubtful(code: str, message: str, where: str, remedy: str = "") -> Finding:
    """Return a finding that a reader should know of."""
    return Finding(Severity.WARNING, code, message, where, remedy)


def remark(code: str, message: str, where: str, remedy: str = "") -> Finding:
    """Return what was not or could not be checked."""
    return Finding(Severity.NOTE, code, message, where, remedy)
