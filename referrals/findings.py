"""Findings: what is wrong or worth knowing, where, and how to fix it.

Intake, check, packet and verify all speak in findings; the command line prints
them and `--json` emits them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: a blocking one stops what was asked."""

    BLOCKING = "blocking"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a user should know.

    `code` is stable and kebab-case. `where` names the file, the line, the
    field, the exhibit or the Bates number, in words a clerk uses. `duty` is the
    key of the duty concerned (`referrals.duties.duties`), if any.
    """

    severity: Severity
    code: str
    message: str
    where: str = ""
    remedy: str = ""
    duty: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the finding as plain values."""
        return asdict(self)
