"""Every exhibit as pages that can be merged, or the reason why it has none.

In: the exhibits of a snapshot and the files of the evidence store. Out: one
`PreparedExhibit` each. Preparing is a pure function of the file, so its result
is kept by digest and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from pikepdf import Pdf

import referrals
from referrals.errors import InputError
from referrals.findings import Finding, Severity
from referrals.packet.notice_findings import notice_finding
from referrals.packet.text_exhibits import WRITTEN_SUFFIXES, WrittenForm, written_form
from referrals.records.fields import ExhibitFields
from referrals.records.snapshot import EvidenceFile, Snapshot
from referrals.typesetting.rendering import draw, lay_out, page_environment
from referrals.typesetting.typefaces import missing, named
from stamping.cage import STOPPED, Cage, run_all
from stamping.cage.outputs import outbox, take
from stamping.notices import Notice
from stamping.notices import Severity as NoticeSeverity
from stamping.preparation.archival import archival_faults
from stamping.preparation.prepare import prepare_all
from stamping.preparation.recognition import awaits_text, can_recognise, recognise_all
from stamping.values import Attachment, Rendition, Signature, StampStyle

FORMAT = "3"
"""Counts what is kept of a rendition, so that older files are not taken for newer ones."""

WRITTEN_OUT = "glyph-written-out"
"""The code of the notice that characters are printed as their numbers."""


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
    written: list[str] = []
    others: list[str] = []
    for key, exhibit in wanted.items():
        path = source(entries[key].sha256)
        kept = _kept(records[key], path)
        if kept is not None:
            done[key] = kept
            progress(1, exhibit.file)
        elif PurePosixPath(exhibit.file).suffix.lower() in WRITTEN_SUFFIXES:
            written.append(key)
        else:
            others.append(key)
    texts = {
        key: Writing(wanted[key], entries[key], source(entries[key].sha256), records[key].stem)
        for key in written
    }
    done.update(zip(written, _write_all(list(texts.values()), folder, progress), strict=True))
    originals = {
        key: _named(folder, source(entries[key].sha256), wanted[key].file) for key in others
    }
    names = {path: wanted[key].file for key, path in originals.items()}
    paths = [originals[key] for key in others]
    renditions = []
    if paths:
        renditions = prepare_all(
            paths, folder, style=style, progress=lambda path: progress(1, names[path])
        )
    done.update(zip(others, renditions, strict=True))
    made = {*written, *others, *_recognise(done, wanted, progress)}
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


def _named(folder: Path, source: Path, file: str) -> Path:
    """Return a link to a file of the store that ends as the original does.

    The store knows no endings, and an ending that belies the content is to be
    reported.
    """
    link = folder / f"{source.name}{PurePosixPath(file).suffix.lower()}"
    if not link.is_symlink():
        link.symlink_to(source)
    return link


@dataclass(frozen=True, slots=True)
class Writing:
    """A text, an e-mail or a Word document to be written as pages.

    `name` is what the pages' file is called in `folder`, which a cage's worker may write in.
    """

    exhibit: ExhibitFields
    file: EvidenceFile
    path: Path
    name: str
    folder: Path = Path()


def _write_all(
    texts: Sequence[Writing], folder: Path, progress: Callable[[int, str], None]
) -> list[Rendition]:
    """Return each text as pages in `folder`; texts are read and laid out in a cage."""
    if not texts:
        return []
    with outbox(folder) as box:
        made = run_all(
            write_text,
            [replace(text, folder=box) for text in texts],
            Cage(reads=tuple(text.path for text in texts), folder=box),
            failed=lambda text, code: _unreadable(
                text.path, f"It cannot be read: {STOPPED[code]}.", ""
            ),
            progress=lambda text: progress(1, text.exhibit.file),
        )
        return [_taken(each, text, box, folder) for each, text in zip(made, texts, strict=True)]


def _taken(made: Rendition, text: Writing, box: Path, folder: Path) -> Rendition:
    if made.path is None:
        return replace(made, source=text.path)
    # The name is given here: a text that takes a worker over must not choose another's.
    name = f"written-{text.name}.pdf"
    if (box / name).exists() or not (folder / name).exists():
        take(box / name, box, folder / name)
    return replace(made, source=text.path, path=folder / name)


def _unreadable(path: Path, message: str, remedy: str) -> Rendition:
    notice = Notice(NoticeSeverity.BLOCKING, "unreadable", message, remedy)
    return Rendition(path, None, 0, identical=False, tagged=False, notices=(notice,))


def write_text(text: Writing) -> Rendition:
    """Write one text as pages; the worker's task."""
    name = PurePosixPath(text.exhibit.file).name
    try:
        form = written_form(text.path, name)
    except InputError as error:
        return _unreadable(text.path, str(error), error.remedy)
    html = (
        page_environment()
        .get_template("written/written.html")
        .render(form=form, title=text.exhibit.title, name=name, sha256=text.file.sha256)
    )
    document = lay_out(html)
    target = text.folder / f"written-{text.name}.pdf"
    target.write_bytes(draw(document))
    with Pdf.open(target) as pdf:
        faults = archival_faults(pdf)
    return Rendition(
        text.path,
        target,
        len(document.pages),
        identical=False,
        tagged=True,
        notices=tuple(_written_notices(form)),
        archival_faults=faults,
    )


def _written_notices(form: WrittenForm) -> Iterator[Notice]:
    yield Notice(
        NoticeSeverity.NOTE,
        "written-as-pages",
        f"{form.kind} shown as pages; the original is in the delivery.",
    )
    if without := missing(form.text):
        yield Notice(
            NoticeSeverity.WARNING,
            WRITTEN_OUT,
            "Characters that no bundled font can draw are shown as their numbers: "
            f"{named(without)}.",
            "Read them in the original.",
        )


def _keep(rendition: Rendition, record: Path) -> None:
    if any(notice.code == "worker-stopped" for notice in rendition.notices):
        return
    values = asdict(rendition)
    values["source"] = ""
    values["path"] = rendition.path.name if rendition.path else None
    for attachment, kept in zip(rendition.attachments, values["attachments"], strict=True):
        kept["path"] = str(attachment.path.relative_to(record.parent))
    _replace(record, json.dumps(values).encode())


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


def _replace(target: Path, content: bytes) -> None:
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(target)
