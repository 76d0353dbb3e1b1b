"""What of a packet is truly accessible and fit for an archive, part by part.

In: the plan and the prepared exhibits. Out: the claim that each volume may make
and a row for each exhibit. A volume claims PDF/A-2a and PDF/UA-1 only where
nothing in it is known or suspected to break them (`docs/conformance.md`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from referrals.findings import Finding, Severity
from referrals.packet.plan import PartKind, Plan, VolumeKind
from referrals.packet.prepared_exhibit import PreparedExhibit
from stamping.values import Conformance

RECOGNISED = "text-recognised"
"""The code of the notice that a page's text was recognised in its picture."""

CHANGES = {
    "actions-removed": "actions removed",
    "annotation-without-appearance": "annotations without looks left out",
    "annotations-flattened": "annotations printed into the page",
    "annotations-not-printed": "annotations not meant for print left out",
    "archival-mended": "unseen entries mended for archives",
    "attachment-unreadable": "files inside left out",
    "attachments-extracted": "files inside taken out",
    "colour-depth-reduced": "samples reduced to 8 bits",
    "content-unreadable": "unreadable content left out",
    "decrypted": "restrictions lifted",
    "external-streams-removed": "content kept elsewhere removed",
    "first-frame-only": "first frame shown",
    "form-flattened": "form fields printed into the page",
    "form-value-not-drawn": "values of fields not drawn in full",
    "glyph-written-out": "characters printed as their numbers",
    "javascript-removed": "scripts removed",
    "links-removed": "links out of the file made inert",
    "multimedia-removed": "sound, film or 3D removed",
    "outline-cut": "bookmarks cut",
    "page-size-replaced": "page size replaced",
    "partly-encrypted": "restrictions lifted",
    "portfolio": "cover of a portfolio shown",
    "private-data-removed": "data of programs removed",
    "repaired": "damage repaired",
    "signed": "signature not carried over",
    "threads-removed": "article threads removed",
    "thumbnails-removed": "thumbnails removed",
    "transparency-flattened": "transparent areas shown on white",
    "written-as-pages": "written as pages from the original",
    "xfa-removed": "form program removed",
}
"""What was done to show a file, in few words, by the code of its notice."""

SCALED = "made smaller for the number"
TAGGED, PICTURES = "Tagged text", "Described pictures"
"""How pages are read aloud."""


@dataclass(frozen=True, slots=True)
class ExhibitAccess:
    """How one exhibit can be read: by a screen reader, by a search, in thirty years.

    `changes` is what was done to show it, `obstacles` what stands in the way of
    a claim.
    """

    designator: str
    volume: VolumeKind
    pages: int
    reading: str
    text: str
    changes: tuple[str, ...]
    obstacles: tuple[str, ...]

    @property
    def told_changes(self) -> str:
        """What was done to show it, as a sentence."""
        return _sentence(self.changes)

    @property
    def told_obstacles(self) -> str:
        """What stands in the way of a claim, as a sentence."""
        return _sentence(self.obstacles)


def exhibit_access(planned: Plan, exhibits: Mapping[str, PreparedExhibit]) -> list[ExhibitAccess]:
    """Return a row for each exhibit that stands in the packet, in its order."""
    return [
        access(exhibits[part.exhibit], volume.kind, placeholder=part.kind is PartKind.PLACEHOLDER)
        for volume in planned.volumes
        for part in volume.parts
        if part.kind in (PartKind.EXHIBIT, PartKind.PLACEHOLDER)
    ]


def claim(kind: VolumeKind, rows: list[ExhibitAccess]) -> Conformance:
    """Return what a volume may claim."""
    if any(row.obstacles for row in rows if row.volume is kind):
        return Conformance.NONE
    return Conformance.PDF_A_2A_UA_1


def obstacles(rows: Iterable[ExhibitAccess]) -> list[Finding]:
    """Return a blocking finding for each thing that keeps the main volume out of an archive."""
    return [
        Finding(Severity.BLOCKING, "not-archivable", obstacle, f"Ex. {row.designator}")
        for row in rows
        if row.volume is VolumeKind.MAIN
        for obstacle in row.obstacles
    ]


def access(prepared: PreparedExhibit, kind: VolumeKind, *, placeholder: bool) -> ExhibitAccess:
    """Return how one exhibit, or the page that stands for it, can be read."""
    rendition, designator = prepared.rendition, prepared.exhibit.designator
    if placeholder:
        return ExhibitAccess(designator, kind, 1, TAGGED, "Text", (), ())
    reading = TAGGED if rendition.tagged else PICTURES
    changes = [CHANGES[each.code] for each in rendition.notices if each.code in CHANGES]
    if rendition.pages_to_scale:
        changes.append(SCALED)
    return ExhibitAccess(
        designator,
        kind,
        rendition.pages,
        reading,
        _text(prepared),
        tuple(dict.fromkeys(changes)),
        rendition.archival_faults,
    )


def _text(prepared: PreparedExhibit) -> str:
    rendition = prepared.rendition
    without = len(rendition.pages_without_text)
    if without == rendition.pages:
        return "Nothing"
    recognised = any(notice.code == RECOGNISED for notice in rendition.notices)
    words = "Text, in part recognised in pictures" if recognised else "Text"
    return f"{words}; nothing on {without} of {rendition.pages} pages" if without else words


def _sentence(words: tuple[str, ...]) -> str:
    text = "; ".join(words)
    return text[0].upper() + text[1:] if text else "–"
