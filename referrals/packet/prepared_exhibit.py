"""An exhibit with the pages made of it, and whether they were made before.

In: a snapshot and the folder of renditions. Out: a `PreparedExhibit` for each exhibit, if all
of them were prepared before. Loads no library of PDF, pictures or layout: a check of a case
whose exhibits are all prepared does without them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath

import referrals
from referrals.findings import Finding, Severity
from referrals.packet.kept_renditions import kept_rendition
from referrals.packet.notice_findings import notice_finding
from referrals.records.fields import ExhibitFields
from referrals.records.snapshot import EvidenceFile, Snapshot
from referrals.text_files.written_suffixes import WRITTEN_SUFFIXES
from stamping.preparation.awaited_text import awaits_text, can_recognise
from stamping.values import Rendition, StampStyle

FORMAT = "5"
"""Counts what is kept of a rendition, so that older files are not taken for newer ones."""


@dataclass(frozen=True, slots=True)
class PreparedExhibit:
    """An exhibit, its file as taken in, and the pages made of it."""

    exhibit: ExhibitFields
    file: EvidenceFile
    rendition: Rendition

    @property
    def has_pages(self) -> bool:
        """Whether the exhibit has pages of its own."""
        return self.rendition.usable

    @property
    def native(self) -> bool:
        """Whether the original must go with the delivery beside the pages."""
        return not self.has_pages or self.written or bool(self.rendition.signatures)

    @property
    def written(self) -> bool:
        """Whether the pages are written from a text file, an e-mail or a Word document."""
        return PurePosixPath(self.exhibit.file).suffix.lower() in WRITTEN_SUFFIXES

    @property
    def name(self) -> str:
        """The file's own name."""
        return PurePosixPath(self.exhibit.file).name

    @property
    def holdings(self) -> list[str]:
        """What the file holds and how much of it the pages show, in a line for each thing."""
        counted: dict[tuple[str, str], tuple[int, int]] = {}
        for tally in self.rendition.account:
            if tally.what == LAID_OUT and not tally.unexplained:
                continue
            held, shown = counted.get((tally.what, tally.why), (0, 0))
            counted[tally.what, tally.why] = held + tally.held, shown + tally.shown
        return [_told(what, why, *amounts) for (what, why), amounts in counted.items()]

    def findings(self) -> list[Finding]:
        """What a clerk must know of the file; a file that cannot be opened blocks.

        A placeholder that somebody accepted by name is no longer in the way.
        """
        found = []
        for notice in self.rendition.notices:
            severity = Severity(notice.severity.value)
            if severity is Severity.BLOCKING and self.exhibit.placeholder_waived_by:
                severity = Severity.WARNING
            where = f"Ex. {self.exhibit.designator} ({self.exhibit.file})"
            found.append(replace(notice_finding(notice, where), severity=severity))
        return found


LAID_OUT = "characters laid out"
"""What the pages are read back for: told only where something of it is missing."""


def _told(what: str, why: str, held: int, shown: int) -> str:
    if held == shown:
        return f"{what}: {held:,}, all shown"
    amount = f"{shown:,} shown" if shown else "none shown"
    return f"{what}: {held:,}, {amount}; {why or 'nobody knows why'}"


def exhibits_prepared_before(
    snapshot: Snapshot,
    designators: Sequence[str],
    source: Callable[[str], Path],
    folder: Path,
    style: StampStyle,
) -> dict[str, PreparedExhibit] | None:
    """Return each named exhibit prepared, by designator; None where work is left on one.

    `source` gives the path of a file's bytes by SHA-256; `folder` is where renditions are.
    """
    found: dict[str, PreparedExhibit] = {}
    for exhibit in snapshot.record.exhibits:
        if exhibit.designator not in set(designators):
            continue
        entry = snapshot.file(exhibit.file)
        record = folder / f"{exhibit_key(entry, exhibit, style)}.json"
        kept = kept_rendition(record, source(entry.sha256))
        if kept is None or (awaits_text(kept) and can_recognise()):
            return None
        found[exhibit.designator] = PreparedExhibit(exhibit, entry, kept)
    return found


def exhibit_key(entry: EvidenceFile, exhibit: ExhibitFields, style: StampStyle) -> str:
    """Return the name under which the rendition of an exhibit's file is kept."""
    suffix = PurePosixPath(exhibit.file).suffix.lower()
    title = exhibit.title if suffix in WRITTEN_SUFFIXES else ""
    parts = (referrals.__version__, FORMAT, entry.sha256, suffix, title, repr(asdict(style)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
