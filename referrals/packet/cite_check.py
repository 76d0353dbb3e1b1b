"""Whether every pin-cite names a page or a time that exists.

In: a snapshot and its prepared exhibits. Out: a blocking finding for each cite
that a reader could not follow. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from referrals.findings import Finding, Severity
from referrals.packet.prepared_exhibit import PreparedExhibit
from referrals.records.cites import Cite, cites, seconds
from referrals.records.snapshot import IssuedExhibit, Snapshot


def cite_findings(snapshot: Snapshot, prepared: Mapping[str, PreparedExhibit]) -> list[Finding]:
    """Return what is wrong with the pin-cites of a record."""
    durations = {media.sha256: media.duration for media in snapshot.media}
    recordings = {
        footage.key: durations.get(snapshot.file(footage.file).sha256)
        for footage in snapshot.record.footage
    }
    pages = {key: exhibit.rendition.pages or 1 for key, exhibit in prepared.items()}
    pages |= {issued.designator: _length(issued) for issued in snapshot.earlier_exhibits.values()}
    findings = []
    for place, cite in _all_cites(snapshot.record.model_dump(mode="python"), ""):
        problem = _problem(cite, pages, recordings)
        if problem:
            findings.append(
                Finding(
                    Severity.BLOCKING,
                    "cite-unresolved",
                    f"{cite.written} {problem}.",
                    where=place,
                    remedy="Correct the pin-cite, or add what it names.",
                )
            )
    return findings


def _length(issued: IssuedExhibit) -> int:
    return issued.last - issued.first + 1


def _problem(cite: Cite, pages: Mapping[str, int], recordings: Mapping[str, float | None]) -> str:
    if cite.kind == "exhibit":
        if cite.key not in pages:
            return f"names exhibit {cite.key}, which the record does not have"
        if cite.page is not None and not 1 <= cite.page <= pages[cite.key]:
            count = pages[cite.key]
            return f"names page {cite.page} of an exhibit of {count} page{'s' * (count != 1)}"
        return ""
    if cite.kind == "footage":
        if cite.key not in recordings:
            return f"names recording {cite.key}, which the record does not have"
        duration = recordings[cite.key]
        if cite.time_code and duration is not None and seconds(cite.time_code) > duration:
            return f"lies behind the end of a recording of {duration:.1f} seconds"
        return ""
    return "is not a pin-cite; write [[ex:B p.3]] or [[footage:V1 00:00:04]]"


def _all_cites(value: Any, place: str) -> Iterator[tuple[str, Cite]]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _all_cites(below, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _all_cites(below, f"{place}[{number}]")
    elif isinstance(value, str):
        for cite in cites(value):
            yield place, cite
