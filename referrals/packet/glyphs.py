"""Whether the bundled fonts can draw every character of a record.

In: a snapshot. Out: a blocking finding for each field that holds a character no
bundled font has: a name is printed right or refused beforehand, never as boxes.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator
from typing import Any

from fontTools.ttLib import TTFont

import templates
from referrals.findings import Finding, Severity
from referrals.records.snapshot import Snapshot

BODY = "SourceSerif4-Regular.ttf"
"""The face in which a record's text is set; the others cover less or as much."""


def glyph_findings(snapshot: Snapshot) -> list[Finding]:
    """Return a finding for each text of the record or a narrative that cannot be drawn."""
    findings = []
    values = snapshot.record.model_dump(mode="json")
    for narrative in snapshot.narratives:
        values[narrative.file] = list(narrative.paragraphs)
    for place, text in _texts(values, ""):
        missing = sorted(set(text) - covered() - set("\n\r\t"))
        if missing:
            named = ", ".join(f"{each} (U+{ord(each):04X} {_name(each)})" for each in missing)
            findings.append(
                Finding(
                    Severity.BLOCKING,
                    "glyph-missing",
                    f"No bundled font can draw {named}.",
                    where=place,
                    remedy="Write it in Latin, Greek or Cyrillic letters, "
                    "with the original spelling kept as an exhibit.",
                )
            )
    return findings


@functools.cache
def covered() -> frozenset[str]:
    """Return the characters that the body face can draw, spaces included."""
    with TTFont(templates.fonts() / BODY) as font:
        return frozenset(chr(code) for code in font.getBestCmap())


def _name(character: str) -> str:
    return unicodedata.name(character, "without a name").lower()


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _texts(below, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _texts(below, f"{place}[{number}]")
    elif isinstance(value, str):
        yield place, value
