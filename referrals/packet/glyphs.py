"""Whether the bundled faces can draw every character that a packet prints.

In: a snapshot, its profile, the prepared exhibits. Out: a blocking finding for
each text of the record or the profile that holds a character no bundled face
has: a name is printed right or refused beforehand. What stands in an exhibit
cannot be changed, so such a character is printed there as its number, and a
finding says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from referrals.findings import Finding, Severity
from referrals.packet.prepared_exhibit import PreparedExhibit
from referrals.profiles.profile import Profile
from referrals.records.snapshot import Snapshot
from referrals.typesetting.typefaces import WRITTEN_OUT, missing, named
from stamping.assembly.stamp_font import is_stampable


def glyph_findings(
    snapshot: Snapshot, profile: Profile, exhibits: Mapping[str, PreparedExhibit]
) -> list[Finding]:
    """Return a finding for each text that cannot be drawn as it is written."""
    values = snapshot.record.model_dump(mode="json")
    for narrative in snapshot.narratives:
        values[narrative.file] = list(narrative.paragraphs)
    findings = _refused(
        values,
        "Write it in letters of a script that the packet can print, with "
        "the original spelling kept as an exhibit.",
    )
    findings += _refused(
        {f"profile {profile.key}": profile.model_dump(mode="json")},
        "Change the profile's text.",
    )
    stem = profile.series(snapshot.record.case.number).stem
    if not is_stampable(stem):
        findings.append(
            Finding(
                Severity.BLOCKING,
                "glyph-missing",
                f"The font of the page numbers cannot draw {stem!r}.",
                where=f"profile {profile.key}.numbering",
                remedy="Use Latin letters and digits in the prefix of the numbers.",
            )
        )
    for exhibit in exhibits.values():
        notices = exhibit.rendition.notices
        said = "".join(each.message for each in notices if each.code != WRITTEN_OUT)
        if without := missing(said):
            findings.append(
                Finding(
                    Severity.NOTE,
                    WRITTEN_OUT,
                    "What was noticed in this file holds characters that no bundled font can "
                    f"draw; they are printed as their numbers: {named(without)}.",
                    where=f"Ex. {exhibit.exhibit.designator} ({exhibit.exhibit.file})",
                )
            )
    return findings


def _refused(values: Any, remedy: str) -> list[Finding]:
    return [
        Finding(
            Severity.BLOCKING,
            "glyph-missing",
            f"No bundled font can draw {named(without)}.",
            where=place,
            remedy=remedy,
        )
        for place, text in _texts(values, "")
        if (without := missing(text))
    ]


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _texts(below, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _texts(below, f"{place}[{number}]")
    elif isinstance(value, str):
        yield place, value
