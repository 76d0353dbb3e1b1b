"""What no text of a record may hold, whatever the field.

In: values with their places. Out: blocking findings. Immigration status must
not be representable (5 ILCS 805/15): a number of the form that federal
immigration files bear (A and eight or nine digits) stops the intake and is not
repeated in the message. Characters that cannot be printed are refused too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from referrals.findings import Finding, Severity
from referrals.refusals import Path

NAMES_OF_THINGS = frozenset({"serial", "evidence_uuid", "reference_digest"})
"""Fields that name a device, a file or a digest, never a person."""

_A_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])[Aa](?:lien)?(?:[\s._-]*(?:#|no\.?|number|nr\.?|№))?[\s:._-]{0,3}"
    r"(?:\d{8,9}|\d{2,3}[\s._-]\d{3}[\s._-]\d{3})(?![A-Za-z0-9])"
)
_ALLOWED_CONTROLS = frozenset("\n\t")


def holds_a_number(text: str) -> bool:
    """Whether a text holds a number of the form of an immigration file."""
    return _A_NUMBER.search(unicodedata.normalize("NFKC", text)) is not None


def unprintable(text: str) -> str:
    """Return the name of the first character of `text` that cannot be printed, or empty."""
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in _ALLOWED_CONTROLS:
            return f"U+{ord(character):04X}"
    return ""


def text_findings(found: Iterable[tuple[Path, str, str]]) -> list[Finding]:
    """Return a finding for each (path, text, place) that may not be taken in."""
    findings = []
    for path, text, place in found:
        if not (path and path[-1] in NAMES_OF_THINGS) and holds_a_number(text):
            findings.append(
                Finding(
                    Severity.BLOCKING,
                    "a-number",
                    "this holds what looks like an immigration file number (A and 8 or 9 digits)",
                    place,
                    "Remove it: immigration status may not stand in a record (5 ILCS 805/15). "
                    "If it is something else, write it without the A.",
                )
            )
        if character := unprintable(text):
            findings.append(
                Finding(
                    Severity.BLOCKING,
                    "unprintable",
                    f"the text holds {character}, which cannot be printed",
                    place,
                    "Type the text again at this place.",
                )
            )
    return findings
