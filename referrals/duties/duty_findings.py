"""The three kinds of finding that a duty's rule returns."""

from __future__ import annotations

from referrals.findings import Finding, Severity

REASON_GIVEN = "reason-given"
"""The code of a finding that repeats a reason from the record."""


def missing(code: str, where: str, message: str, remedy: str) -> Finding:
    """Return what stands in the way: the duty is not met."""
    return Finding(Severity.BLOCKING, code, message, where, remedy)


def warning(code: str, where: str, message: str, remedy: str) -> Finding:
    """Return what should be mended but stands in nobody's way."""
    return Finding(Severity.WARNING, code, message, where, remedy)


def reason_given(where: str, subject: str, reason: str) -> Finding:
    """Return the reason that the record gives for `subject`."""
    return Finding(Severity.NOTE, REASON_GIVEN, f"{subject}: {reason.rstrip('.')}", where)
