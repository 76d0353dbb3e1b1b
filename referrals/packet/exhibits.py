"""Every exhibit as pages that can be merged, or the reason why it has none.

In: the exhibits of a snapshot and the files of the evidence store. Out: one
`PreparedExhibit` each. Preparing is a pure function of the file, so its result
is kept by digest and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import referrals
from referrals.findings import Finding, Severity
from referrals.packet.notice_findings import notice_finding
from referrals.packet.prepared_files import FileToPrepare, prepare_files, replace_file
from referrals.records.fields import ExhibitFields
from referrals.records.snapshot import EvidenceFile, Snapshot
from referrals.text_files.reading import WRITTEN_SUFFIXES
from stamping.notices import Notice
from stamping.notices import Severity as NoticeSeverity
from stamping.preparation.recognition import awaits_text, can_recognise, recognise_all
from stamping.values import Attachment, Rendition, Signature, StampStyle

FORMAT = "4"
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


def prepare_exhibits(
    snapshot: Snapshot,
    designators: Sequence[str],
    source: Callable[[str], Path],
    folder: Path,
    style: StampStyle,
    progress: Callable[[int, str], None] = lambda amount, file: None,
) -> dict[str, PreparedExhibit]:
    """Return each named exhibit prepared, by designator.

    `source` gives the path of a file's bytes by SHA-256; `folder` keeps what
    was made. `progress` hears of each exhibit as it is done: one, and its file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        exhibit.designator: exhibit
        for exhibit in snapshot.record.exhibits
        if exhibit.designator in set(designators)
    }
    entries = {key: snapshot.file(exhibit.file) for key, exhibit in wanted.items()}
    records = {
        key: folder / f"{_key(entries[key], exhibit, style)}.json"
        for key, exhibit in wanted.items()
    }
    done: dict[str, Rendition] = {}
    waiting: dict[str, FileToPrepare] = {}
    for key, exhibit in wanted.items():
        path = source(entries[key].sha256)
        kept = _kept(records[key], path)
        if kept is not None:
            done[key] = kept
            progress(1, exhibit.file)
        else:
            waiting[key] = FileToPrepare(path, exhibit.file, exhibit.title, entries[key].sha256)
    renditions = prepare_files(list(waiting.values()), folder, style, progress)
    done.update(zip(waiting, renditions, strict=True))
    made = {*waiting, *_recognise(done, wanted, progress)}
    for key in made:
        _keep(done[key], records[key])
    return {
        key: PreparedExhibit(exhibit, entries[key], done[key]) for key, exhibit in wanted.items()
    }


def _recognise(
    done: dict[str, Rendition],
    wanted: Mapping[str, ExhibitFields],
    progress: Callable[[int, str], None],
) -> list[str]:
    """Give text to scanned pages where the extra `ocr` is installed; return whose they are."""
    keys = [key for key, rendition in done.items() if can_recognise() and awaits_text(rendition)]
    files = {done[key].source: wanted[key].file for key in keys}
    recognised = recognise_all(
        [done[key] for key in keys],
        progress=lambda rendition: progress(0, f"{files[rendition.source]}, text recognised"),
    )
    done.update(zip(keys, recognised, strict=True))
    return keys


def _key(entry: EvidenceFile, exhibit: ExhibitFields, style: StampStyle) -> str:
    suffix = PurePosixPath(exhibit.file).suffix.lower()
    title = exhibit.title if suffix in WRITTEN_SUFFIXES else ""
    parts = (referrals.__version__, FORMAT, entry.sha256, suffix, title, repr(asdict(style)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _keep(rendition: Rendition, record: Path) -> None:
    if any(notice.code == "worker-stopped" for notice in rendition.notices):
        return
    values = asdict(rendition)
    values["source"] = ""
    values["path"] = rendition.path.name if rendition.path else None
    for attachment, kept in zip(rendition.attachments, values["attachments"], strict=True):
        kept["path"] = str(attachment.path.relative_to(record.parent))
    replace_file(record, json.dumps(values).encode())


def _kept(record: Path, source: Path) -> Rendition | None:
    try:
        values: dict[str, Any] = json.loads(record.read_bytes())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    folder = record.parent
    rendition = _rendition(values, folder)
    files = [attachment.path for attachment in rendition.attachments]
    if rendition.path is not None:
        files.append(rendition.path)
    if not all(path.is_file() for path in files):
        return None
    return replace(rendition, source=source)


def _rendition(values: Mapping[str, Any], folder: Path) -> Rendition:
    made = dict(values)
    made["source"] = Path()
    made["path"] = folder / values["path"] if values["path"] else None
    made["notices"] = tuple(
        Notice(**{**notice, "severity": NoticeSeverity(notice["severity"])})
        for notice in values["notices"]
    )
    made["attachments"] = tuple(
        Attachment(**{**entry, "path": folder / entry["path"]}) for entry in values["attachments"]
    )
    made["signatures"] = tuple(Signature(**entry) for entry in values["signatures"])
    for name in ("pages_without_text", "pages_to_scale", "archival_faults"):
        made[name] = tuple(values[name])
    return Rendition(**made)
