"""Any exhibit file in, a safe `Rendition` out.

    file ──kind──► open with checks ──► sanitise ──► flatten ──► mend ──► write ──► look at pages

In: a path and limits. Out: a `Rendition`: a PDF that runs nothing, fetches
nothing and shows what print would show, and notices of all that was changed or
stands out. The source is only read. A bad file is an answer, not an error. The
same source gives the same bytes on any machine. Knows no case.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Name, ObjectStreamMode, Pdf, StreamDecodeLevel

from stamping.cage import Cage, CageError, run_all
from stamping.cage.outputs import outbox, take
from stamping.notice_codes import NOTICE_CODES, notice
from stamping.notices import Notice, Severity
from stamping.objects.library_decoding import UNDECODABLE
from stamping.objects.saving import save
from stamping.pages.clear_zone import page_has_ink, zone_has_ink
from stamping.pages.drawn_pages import pages_in_turn
from stamping.pages.stamp_zone import estimated_text_width, stamp_zone
from stamping.pages.text_layer import has_text
from stamping.preparation.archival import archival_faults
from stamping.preparation.archival_mends import mend_for_archive
from stamping.preparation.file_kind import PDF_HEADER_REACH, FileKind, file_kind, kind_by_name
from stamping.preparation.flatten import flatten
from stamping.preparation.images import image_to_pdf
from stamping.preparation.inspection import (
    RefusedInputError,
    bounded_decoding,
    check_streams,
    hidden_layers,
    is_tagged,
    open_by_second_reader,
    open_pdf,
    refuse,
    repairs,
    signatures,
)
from stamping.preparation.page_repairs import mend_pages
from stamping.preparation.sanitise import EmbeddedFile, Removals, sanitise
from stamping.preparation.source_comparison import pages_that_lost
from stamping.values import Attachment, Limits, Rendition, StampStyle

__all__ = ["NOTICE_CODES", "prepare", "prepare_all"]

_WEIGHT = {Severity.BLOCKING: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_READ_BYTES = 1024 * 1024
# Enough to tell two contents of one case apart in a folder; the digest itself is elsewhere.
_NAME_DIGITS = 32


@dataclass(frozen=True, slots=True)
class _Preparation:
    """What is wanted of one source: where to, within which limits, for which stamp."""

    source: Path
    folder: Path
    limits: Limits
    style: StampStyle
    stamp_width_characters: int

    @property
    def zone_text_width(self) -> float:
        """The stamp's text width in points, estimated."""
        legend = f"{self.style.legend} " if self.style.legend else ""
        return estimated_text_width(self.style, self.stamp_width_characters + len(legend))


def prepare(
    source: Path,
    folder: Path,
    *,
    limits: Limits = Limits(),  # noqa: B008  frozen value
    style: StampStyle = StampStyle(),  # noqa: B008  frozen value
    stamp_width_characters: int = 24,
) -> Rendition:
    """Make `source` a PDF that can be merged, in this process.

    The PDF and the files that were embedded go into `folder` (made if need be),
    named by the source's SHA-256. `stamp_width_characters` is the room to keep
    clear for the number; the style's legend is added to it. A hostile file may
    end the process: `prepare_all` is the way for files that nobody vouches for.
    Never raises for what a file holds: `Rendition.path` is None and a blocking
    notice says why.

    Raises:
        OSError: `folder` cannot be written.
    """
    wanted = _Preparation(source, folder, limits, style, stamp_width_characters)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        kind, notices = _identify(source)
    except RefusedInputError as refused:
        return unusable(source, refused.notice)
    if kind is FileKind.OTHER:
        return unusable(source, *notices)
    try:
        with bounded_decoding(limits):
            made = _from_pdf(wanted) if kind is FileKind.PDF else _from_image(wanted, kind)
    except RefusedInputError as refused:
        return unusable(source, *notices, refused.notice)
    except (MemoryError, RecursionError) as error:
        code = "out-of-memory" if isinstance(error, MemoryError) else "too-deep"
        return unusable(source, *notices, notice(code, NOTICE_CODES[code].meaning))
    except (pikepdf.PikepdfError, pdfium.PdfiumError, ValueError, TypeError, LookupError) as error:
        # What a damaged file does to a library is not foreseeable; that it is damaged is known.
        return unusable(
            source,
            *notices,
            notice("damaged", f"The file cannot be prepared ({type(error).__name__})."),
        )
    return replace(made, notices=_in_order((*notices, *made.notices)))


def prepare_all(
    sources: Sequence[Path],
    folder: Path,
    *,
    limits: Limits = Limits(),  # noqa: B008  frozen value
    style: StampStyle = StampStyle(),  # noqa: B008  frozen value
    workers: int | None = None,
    progress: Callable[[Path], None] | None = None,
    stamp_width_characters: int = 24,
) -> list[Rendition]:
    """Prepare `sources`, in order, in worker processes held to `limits`.

    A file that crashes its worker, or takes more memory or time than it may, is
    answered with a blocking notice; the others are not touched by it. `workers`
    defaults to the processors this process may use; `progress` is called in
    this process after each file.

    Raises:
        OSError: `folder` cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with outbox(folder) as box, ThreadPoolExecutor(1) as hashing:
        # Names are given here: a file that takes a worker over must not choose another's.
        digests = [hashing.submit(_digest, source) for source in sources]
        made = run_all(
            prepare_one,
            [
                _Preparation(source, box, limits, style, stamp_width_characters)
                for source in sources
            ],
            Cage(
                reads=tuple(sources),
                folder=box,
                seconds=limits.seconds,
                memory_bytes=limits.memory_bytes,
            ),
            failed=_failed,
            workers=workers,
            progress=None if progress is None else lambda done: progress(done.source),
        )
        return [
            _taken(rendition, source, digest.result() if rendition.usable else "", box, folder)
            for rendition, source, digest in zip(made, sources, digests, strict=True)
        ]


def _taken(made: Rendition, source: Path, digest: str, box: Path, folder: Path) -> Rendition:
    """Return a worker's rendition of `source` with its files taken out of `box` to `folder`."""
    if made.path is None:
        return replace(made, source=source, attachments=())
    name = digest[:_NAME_DIGITS]
    own = re.compile(rf"{name}(\.pdf|-file-\d{{3,}}\.[a-z0-9]{{1,8}})")
    places = [made.path, *(attachment.path for attachment in made.attachments)]
    try:
        for place in places:
            if not own.fullmatch(place.name):
                raise CageError("a worker made a file under another's name", source=source)
            # The same content under two names is made twice and taken once.
            if (box / place.name).exists() or not (folder / place.name).exists():
                take(place, box, folder / place.name)
    except CageError:
        return unusable(source, notice("reader-crashed", NOTICE_CODES["reader-crashed"].meaning))
    attachments = [replace(each, path=folder / each.path.name) for each in made.attachments]
    return replace(
        made, source=source, path=folder / made.path.name, attachments=tuple(attachments)
    )


def prepare_one(wanted: _Preparation) -> Rendition:
    """Answer one `_Preparation`; the worker's task."""
    return prepare(
        wanted.source,
        wanted.folder,
        limits=wanted.limits,
        style=wanted.style,
        stamp_width_characters=wanted.stamp_width_characters,
    )


def _failed(wanted: _Preparation, code: str) -> Rendition:
    return unusable(wanted.source, notice(code, NOTICE_CODES[code].meaning))


def unusable(source: Path, *notices: Notice) -> Rendition:
    """Return the answer for a file that no page could be made of."""
    return Rendition(
        source=source,
        path=None,
        pages=0,
        identical=False,
        tagged=False,
        notices=_in_order(notices),
    )


def _in_order(notices: Sequence[Notice]) -> tuple[Notice, ...]:
    return tuple(sorted(notices, key=lambda item: (_WEIGHT[item.severity], item.code)))


def _identify(source: Path) -> tuple[FileKind, list[Notice]]:
    """Return the kind by content, and what to say where the name disagrees."""
    try:
        with source.open("rb") as stream:
            head = stream.read(PDF_HEADER_REACH)
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise refuse(source, "missing-file", f"The file cannot be read: {reason}.") from error
    if not head:
        raise refuse(source, "empty-file", "The file holds no bytes.")
    kind, named = file_kind(head), kind_by_name(source)
    if kind is FileKind.OTHER and named is not FileKind.OTHER:
        raise refuse(source, "damaged", f"The file is named as {named} but does not begin as one.")
    if kind is FileKind.OTHER:
        suffix = source.suffix.lower() or "no extension"
        return kind, [
            notice("no-page-form", f"A file of this kind ({suffix}) cannot be shown as pages.")
        ]
    if kind is not named:
        claimed = source.suffix or "no extension"
        return kind, [
            notice("kind-mismatch", f"The file's content is {kind}, but its name has {claimed}.")
        ]
    return kind, []


def _from_pdf(wanted: _Preparation) -> Rendition:
    """Prepare a PDF; where that loses what another reader sees, by that reader's pages."""
    made = _read_by(wanted, open_pdf)
    lost = _lost(made)
    if not lost:
        return made
    with contextlib.suppress(RefusedInputError):
        again = _read_by(wanted, open_by_second_reader)
        if not _lost(again):
            return again
        made = _read_by(wanted, open_pdf)
    told = notice(
        "content-differs",
        f"Another reader sees more in the original on {_count(len(lost), 'page')}: {_runs(lost)}.",
        page=lost[0],
    )
    return replace(made, notices=(*made.notices, told))


def _lost(made: Rendition) -> list[int]:
    """Return the pages that show less than the source's; a copy cannot."""
    if made.identical or made.path is None:
        return []
    return pages_that_lost(made.source, made.path, made.pages)


def _read_by(
    wanted: _Preparation, opened: Callable[[Path, Limits], tuple[Pdf, list[Notice]]]
) -> Rendition:
    source, limits = wanted.source, wanted.limits
    digest = _digest(source)
    pdf, notices = opened(source, limits)
    with pdf:
        check_streams(pdf, source, limits)
        signed = signatures(pdf, limits)
        if signed:
            who = "; ".join(item.signer or item.field_name or "unnamed" for item in signed)
            notices.append(
                notice("signed", f"The PDF carries {_count(len(signed), 'signature')}: {who}.")
            )
        layers = hidden_layers(pdf)
        if layers:
            notices.append(
                notice(
                    "hidden-layers",
                    f"The PDF has {_count(len(layers), 'hidden layer')}: {', '.join(layers[:8])}.",
                )
            )
        xmp = _xmp(pdf)
        removals = Removals()
        changed = mend_pages(pdf, removals)
        embedded = sanitise(pdf, removals)
        changed |= flatten(pdf, removals)
        mend_for_archive(pdf, removals)
        attachments = _write_attachments(embedded, digest, wanted.folder)
        if embedded:
            names = ", ".join(file.name for file in embedded[:8])
            removals.add("attachments-extracted", f"{_count(len(embedded), 'file')} ({names})")
        notices += removals.notices()
        repaired = repairs(pdf, source)
        if repaired and not any(each.code == "repaired" for each in notices):
            # A damaged stream shows when it is read, after the file was opened.
            notices.append(repaired)
        units = _units(pdf)
        identical = not (changed or removals.details or pdf.is_encrypted or _is_remade(notices))
        path = wanted.folder / f"{digest[:_NAME_DIGITS]}.pdf"
        _write(path, partial(shutil.copyfile, source) if identical else partial(_save, pdf))
        rendition = Rendition(
            source=source,
            path=path,
            pages=len(pdf.pages),
            identical=identical,
            tagged=is_tagged(pdf),
            attachments=attachments,
            signatures=signed,
            xmp=xmp,
            archival_faults=archival_faults(pdf),
        )
    return _looked_at(rendition, wanted, units, notices)


def _from_image(wanted: _Preparation, kind: FileKind) -> Rendition:
    digest = _digest(wanted.source)
    pdf, notices = image_to_pdf(wanted.source, kind, wanted.limits)
    with pdf:
        path = wanted.folder / f"{digest[:_NAME_DIGITS]}.pdf"
        _write(path, partial(_save, pdf))
        rendition = Rendition(
            source=wanted.source,
            path=path,
            pages=len(pdf.pages),
            identical=False,
            tagged=False,
            archival_faults=archival_faults(pdf),
        )
        scanned = _is_scanned_document(pdf)
    return _looked_at(rendition, wanted, {}, notices, searched=scanned)


def _is_scanned_document(pdf: Pdf) -> bool:
    """Whether pictures are pages of a document: several, or black and white."""
    pictures = [each for page in pdf.pages for each in page.get_images().values()]
    return len(pdf.pages) > 1 or any(each.get("/BitsPerComponent") == 1 for each in pictures)


def _looked_at(
    rendition: Rendition,
    wanted: _Preparation,
    units: dict[int, float],
    notices: list[Notice],
    *,
    searched: bool = True,
) -> Rendition:
    """Return the rendition with what its pages show: their text and their stamp zone.

    `searched` says whether pages of this kind are expected to hold text.
    """
    assert rendition.path is not None
    without_text, to_scale = [], []
    for number, page in pages_in_turn(rendition.path, rendition.pages):
        if page is None:
            message = f"Page {number} cannot be drawn."
            notices.append(notice("page-unreadable", message, page=number))
            continue
        unit = units.get(number, 1.0)
        width, height = (length * unit for length in page.get_size())
        inked = zone_has_ink(
            page, stamp_zone(width, height, wanted.style, wanted.zone_text_width), unit
        )
        if inked:
            to_scale.append(number)
        if not has_text(page) and (inked or page_has_ink(page)):
            without_text.append(number)
    if without_text and searched:
        notices.append(
            notice(
                "no-text",
                f"{_count(len(without_text), 'page')} of {rendition.pages:,} "
                f"cannot be searched: {_runs(without_text)}.",
            )
        )
    return replace(
        rendition,
        notices=tuple(notices),
        pages_without_text=tuple(without_text),
        pages_to_scale=tuple(to_scale),
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _runs(numbers: Sequence[int], most: int = 12) -> str:
    """Return page numbers as `1–3, 7`, the first `most` runs."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs[:most])
    return shown if len(runs) <= most else f"{shown} and others"


def _digest(source: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb", buffering=0) as stream:
        while block := stream.read(_READ_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _xmp(pdf: Pdf) -> str:
    """Return the document's own XMP packet (ISO 32000-2 § 14.3.2), or nothing."""
    metadata = pdf.Root.get(Name.Metadata)
    if not isinstance(metadata, pikepdf.Stream):
        return ""
    try:
        return metadata.read_bytes().decode("utf-8", errors="replace").strip()
    except UNDECODABLE:
        return ""


def _units(pdf: Pdf) -> dict[int, float]:
    """Return the /UserUnit of the pages that have one (ISO 32000-2 § 14.11.2.1)."""
    units = {}
    for number, page in enumerate(pdf.pages, 1):
        if Name.UserUnit in page.obj:
            with contextlib.suppress(TypeError, ValueError):
                unit = float(page.obj.UserUnit)
                if unit > 0:
                    units[number] = unit
    return units


def _is_remade(notices: Sequence[Notice]) -> bool:
    """Whether what was opened is not the source as it stands."""
    return any(item.code in ("repaired", "partly-encrypted") for item in notices)


def _write_attachments(
    embedded: Sequence[EmbeddedFile], digest: str, folder: Path
) -> tuple[Attachment, ...]:
    written = []
    for number, file in enumerate(embedded, 1):
        suffix = Path(file.name).suffix.lower()
        suffix = suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ".bin"
        path = folder / f"{digest[:_NAME_DIGITS]}-file-{number:03}{suffix}"
        _write(path, partial(Path.write_bytes, data=file.content))
        written.append(Attachment(file.name, path, file.sha256, len(file.content)))
    return tuple(written)


def _save(pdf: Pdf, to: Path) -> None:
    """Write `pdf`: streams as they are, an identifier from the content alone."""
    if Name.Size not in pdf.trailer:
        # A rebuilt trailer may lack it, and the writer then leaves it out (ISO 32000-2 § 7.5.8.2).
        pdf.trailer[Name.Size] = len(pdf.objects) + 1
    save(
        pdf,
        to,
        encryption=False,
        compress_streams=False,
        stream_decode_level=StreamDecodeLevel.none,
        object_stream_mode=ObjectStreamMode.generate,
        preserve_pdfa=False,
    )


def _write(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside `path` and move into place, so that no half file bears its name."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
