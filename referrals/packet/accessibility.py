"""What of a packet is truly accessible and fit for an archive, part by part.

In: the plan and the prepared exhibits. Out: the claim that each volume may make
and a row for each exhibit. A volume claims PDF/A-2a and PDF/UA-1 only where
nothing in it is known or suspected to break them (`docs/conformance.md`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from referrals.packet.exhibits import PreparedExhibit
from referrals.packet.plan import PartKind, Plan, VolumeKind
from stamping.values import Conformance

RECOGNISED = "text-recognised"
"""The code of the notice that a page's text was recognised in its picture."""


@dataclass(frozen=True, slots=True)
class ExhibitAccess:
    """How one exhibit can be read: by a screen reader, by a search, in thirty years."""

    designator: str
    volume: VolumeKind
    pages: int
    reading: str
    text: str
    obstacles: tuple[str, ...]


def exhibit_access(planned: Plan, exhibits: Mapping[str, PreparedExhibit]) -> list[ExhibitAccess]:
    """Return a row for each exhibit that stands in the packet, in its order."""
    return [
        _access(exhibits[part.exhibit], volume.kind, placeholder=part.kind is PartKind.PLACEHOLDER)
        for volume in planned.volumes
        for part in volume.parts
        if part.kind in (PartKind.EXHIBIT, PartKind.PLACEHOLDER)
    ]


def claim(kind: VolumeKind, rows: list[ExhibitAccess]) -> Conformance:
    """Return what a volume may claim."""
    if any(row.obstacles for row in rows if row.volume is kind):
        return Conformance.NONE
    return Conformance.PDF_A_2A_UA_1


def _access(prepared: PreparedExhibit, kind: VolumeKind, *, placeholder: bool) -> ExhibitAccess:
    rendition = prepared.rendition
    if placeholder:
        reading, text, pages = "Placeholder, tagged", "Text", 1
    else:
        reading = "Tagged" if rendition.tagged else "Pictures of pages, each with a description"
        text, pages = _text(prepared), rendition.pages
    return ExhibitAccess(
        prepared.exhibit.designator,
        kind,
        pages,
        reading,
        text,
        () if placeholder else rendition.archival_faults,
    )


def _text(prepared: PreparedExhibit) -> str:
    rendition = prepared.rendition
    without = len(rendition.pages_without_text)
    if without == rendition.pages:
        return "None; cannot be searched"
    words = "Text"
    if any(notice.code == RECOGNISED for notice in rendition.notices):
        words = "Text in part recognised from pictures"
    if without:
        words += f"; none on {without} of {rendition.pages} pages"
    return words
