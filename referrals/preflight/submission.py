"""What is to be filed, as the one who files it says.

In and out: plain values. Knows no court.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from referrals.identifiers.candidates import Search


@dataclass(frozen=True, slots=True)
class Submission:
    """Files in their order, and what is known of them that no file can tell.

    Without a `case_number` no number is looked for. `other_case_numbers` must not
    stand in the files; what `case_pattern`, a regular expression, meets on a first
    page and is not the case's number counts as one. `envelopes` holds file names;
    empty, all files are in one. `unsigned` names required statements without a
    signature. `search` is the identifiers to look for; None looks for none.
    """

    files: tuple[Path, ...]
    case_number: str = ""
    other_case_numbers: tuple[str, ...] = ()
    case_pattern: str = ""
    envelopes: tuple[tuple[str, ...], ...] = ()
    unsigned: tuple[str, ...] = ()
    search: Search | None = None
