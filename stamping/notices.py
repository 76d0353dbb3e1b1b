"""What the engine noticed about a file, as values.

A notice is returned, never logged: the caller decides whether a reader sees it
in a table, on a page or as JSON. It speaks of one source file; the packet adds
where that file stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a notice or a finding weighs."""

    BLOCKING = "blocking"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing about a source file that a reader must be able to see.

    `code` is stable and kebab-case (`javascript-removed`); `page` counts from
    one in the source file, None where the whole file is meant.
    """

    severity: Severity
    code: str
    message: str
    remedy: str = ""
    page: int | None = None
