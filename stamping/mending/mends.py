"""Fix a finished file without changing what it means.

    source ──recode──sanitise──flatten──sheet──opening view, labels──► target

In: a PDF and the `Mends` that are wanted. Out: a new file and every change, with its
page. Page count, order, printed numbers and everything that shows are kept; a signed
file is refused, because any change breaks its signature. Knows no court.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Page, Pdf, StreamDecodeLevel, String

from stamping.errors import StampingError
from stamping.mending.lossless_pictures import recode
from stamping.objects.library_decoding import page_balance
from stamping.objects.saving import save
from stamping.pages.refit import BOXES, letter_size, moved, on_sheet
from stamping.pages.viewport import LETTER, Viewport, viewport
from stamping.preparation.flatten import flatten
from stamping.preparation.inspection import signatures
from stamping.preparation.sanitise import LEADS, EmbeddedFile, Removals, sanitise
from stamping.values import Limits

_NEAR = 0.5
"""Points by which a page may differ from the sheet and be left alone."""


class SignedFileError(StampingError):
    """A file is signed, and no change can be made without breaking the signature."""


@dataclass(frozen=True, slots=True)
class Mends:
    """What is to be mended.

    `settle` takes out what acts, reaches out or carries files and prints forms and
    annotations into the page; `keep_across` leaves links to other files of the set,
    whose names `renamed` may change. `labels` are the page labels to write.
    """

    settle: bool = False
    keep_across: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
    recode: bool = False
    letter: bool = False
    opening_view: bool = False
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MendedPart:
    """One thing that was done; `page` counts from one, 0 for the whole file."""

    what: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done to a file, and the files that were embedded in it."""

    changes: tuple[MendedPart, ...]
    embedded: tuple[EmbeddedFile, ...] = ()


def mend(source: Path, target: Path, wanted: Mends) -> Mended:
    """Write `source`, mended, to `target`; the same source gives the same bytes.

    Raises:
        SignedFileError: the file is signed.
        PdfError: it cannot be opened (of pikepdf).
    """
    changes: list[MendedPart] = []
    embedded: list[EmbeddedFile] = []
    with Pdf.open(source) as pdf:
        if signatures(pdf, Limits()):
            raise SignedFileError(
                f"{source.name} is signed, and a change would break the signature",
                source=source,
                remedy="Have it signed again after it was mended, or file it as it is.",
            )
        if pdf.is_encrypted:
            changes.append(MendedPart("the encryption was lifted"))
        if wanted.recode:
            changes += _recoded(pdf)
        if wanted.renamed:
            changes += _renamed_links(pdf, wanted.renamed)
        if wanted.settle:
            told, embedded = _settled(pdf, wanted)
            changes += told
        if wanted.letter:
            changes += _on_letter(pdf)
        if wanted.labels:
            pdf.Root.PageLabels = _page_labels(wanted.labels)
            changes.append(MendedPart("the page labels were made the printed numbers"))
        if wanted.opening_view:
            pdf.Root.OpenAction = _opening(pdf.pages[0])
            changes.append(MendedPart("it opens at its first page at 100 %"))
        save(
            pdf,
            target,
            encryption=False,
            compress_streams=False,
            stream_decode_level=StreamDecodeLevel.none,
            object_stream_mode=ObjectStreamMode.generate,
            preserve_pdfa=False,
        )
    return Mended(tuple(changes), tuple(embedded))


def _recoded(pdf: Pdf) -> Iterator[MendedPart]:
    pages: dict[int, list[int]] = {}
    for number, page in enumerate(pdf.pages, 1):
        for image in page.get_images().values():
            pages.setdefault(image.objgen[0], []).append(number)
    for made in recode(pdf):
        width, height = made.pixels
        words = f"a picture of {width} × {height} pixels was coded as {made.after} "
        words += f"in place of {made.before}, without loss"
        for number in pages.get(made.number, [0]):
            yield MendedPart(words, number)


def _settled(pdf: Pdf, wanted: Mends) -> tuple[list[MendedPart], list[EmbeddedFile]]:
    """Take out what acts and print what floats; keep how the file opens and says it is."""
    removals = Removals()
    claimed = Name.Metadata in pdf.Root
    opening = pdf.Root.get(Name.OpenAction)
    kept = list(_put_aside(pdf)) if wanted.keep_across else []
    embedded = sanitise(pdf, removals)
    flatten(pdf, removals)
    for annotation, action in kept:
        del annotation[Name.Dest]
        annotation[Name.A] = action
    if isinstance(opening, Dictionary):
        opening = opening.get(Name.D) if opening.get(Name.S) == Name.GoTo else None
    if isinstance(opening, Array):
        pdf.Root.OpenAction = opening
    pdf.remove_unreferenced_resources()
    for file in embedded:
        removals.add("attachments-extracted", file.name)
    changes = list(_told(removals))
    if claimed:
        changes.append(
            MendedPart("XMP metadata, which may claim a form for archives, were left out")
        )
    return changes, embedded


def _told(removals: Removals) -> Iterator[MendedPart]:
    """Yield what was taken out or printed, page by page where that is known."""
    for code, details in sorted(removals.details.items()):
        for detail, count in Counter(details).items():
            what, between, page = detail.rpartition("on page ")
            if not between or not page.isdigit():
                what, page = detail, "0"
            words = f"{LEADS[code]}: {what.strip()}" if what.strip() else LEADS[code]
            times = f" ({count:,} times)" if count > 1 else ""
            yield MendedPart(words + times, int(page))


def _put_aside(pdf: Pdf) -> Iterator[tuple[Dictionary, Any]]:
    """Yield the links to other files; each leads to the first page until it is put back."""
    for annotation in _links_across(pdf):
        action = annotation[Name.A]
        del annotation[Name.A]
        annotation[Name.Dest] = Array([pdf.pages[0].obj, Name.Fit])
        yield annotation, action


def _links_across(pdf: Pdf) -> Iterator[Dictionary]:
    for page in pdf.pages:
        annotations = page.obj.get(Name.Annots)
        for each in annotations if isinstance(annotations, Array) else ():
            action = each.get(Name.A) if isinstance(each, Dictionary) else None
            if not isinstance(each, Dictionary) or not isinstance(action, Dictionary):
                continue
            if action.get(Name.S) == Name.GoToR and Name.Next not in action:
                yield each


def _renamed_links(pdf: Pdf, names: Mapping[str, str]) -> Iterator[MendedPart]:
    """Let links to other files of the set follow their new names."""
    count = 0
    for annotation in _links_across(pdf):
        target = annotation[Name.A].get(Name.F)
        holder, keys = annotation[Name.A], [Name.F]
        if isinstance(target, Dictionary):
            holder, keys = target, [key for key in (Name.F, Name.UF) if key in target]
        for key in keys:
            if str(holder[key]) in names:
                holder[key] = String(names[str(holder[key])])
                count += key == keys[0]
    if count:
        noun = "link follows" if count == 1 else "links follow"
        yield MendedPart(f"{count:,} {noun} the new names of the files")


def _on_letter(pdf: Pdf) -> Iterator[MendedPart]:
    for number, page in enumerate(pdf.pages, 1):
        view = _view(page)
        sheet = letter_size(view)
        sides = zip(sorted((view.width, view.height)), LETTER, strict=True)
        if all(abs(side - wanted) <= _NEAR for side, wanted in sides):
            continue
        fit = on_sheet(view, sheet, 0.0, at_top=False)
        held = page_balance(page)
        page.contents_add(b"q\n" * (1 + held.surplus) + fit.opening + b"\n", prepend=True)
        closing = b"ET\n" * held.open_text + b"EMC\n" * held.open_marks
        page.contents_add(b"\n" + closing + b"Q\n" * (1 + held.open_states), prepend=False)
        for box in BOXES:
            if f"/{box}" in page.obj:
                del page.obj[f"/{box}"]
        page.obj.MediaBox = Array([0, 0, *sheet])
        page.obj.Rotate = 0  # a value of the page tree above it would hold otherwise
        annotations = page.obj.get(Name.Annots)
        for each in annotations if isinstance(annotations, Array) else ():
            for key in (Name.Rect, Name.QuadPoints):
                if isinstance(each, Dictionary) and key in each:
                    each[key] = Array(moved(list(each[key]), fit.matrix))
        scale = min(1.0, sheet[0] / view.width, sheet[1] / view.height)
        words = f"put on a sheet of US Letter; it was {view.width / 72:.2f} × "
        words += f"{view.height / 72:.2f} inches and is shown at {scale:.1%}"
        yield MendedPart(words, number)


def _view(page: Page) -> Viewport:
    entries: dict[str, Any] = {}
    for key in ("MediaBox", "CropBox", "Rotate", "UserUnit"):
        node: object = page.obj
        for _ in range(200):
            if not isinstance(node, Dictionary):
                break
            if f"/{key}" in node:
                entries[key] = node[f"/{key}"]
                break
            # A unit is the page's own; the other three are inherited (ISO 32000-2 Table 31).
            node = node.get(Name.Parent) if key != "UserUnit" else None
    return viewport({key: _plain(value) for key, value in entries.items()}, lambda value: value)


def _plain(value: Any) -> Any:
    if isinstance(value, Array):
        return [float(each) for each in value]
    return float(value)


def _opening(page: Page) -> Array:
    view = _view(page)
    left, top = view.to_user_space.transform((0, view.height))
    return Array([page.obj, Name.XYZ, round(left, 3), round(top, 3), 1])


def _page_labels(labels: Sequence[str]) -> Dictionary:
    """Return the number tree that gives each page its label (ISO 32000-2 § 12.4.2)."""
    nums = Array()
    for index, label in enumerate(labels):
        nums.append(index)
        nums.append(Dictionary(P=String(label)))
    return Dictionary(Nums=nums)
