"""Remove from a PDF all that acts, reaches out or carries other files.

In: an open document. Out: the document changed in place, a `Removals` that says
what went, and the files that were embedded. Page content, forms, annotations,
layers, tags and links that stay inside the file are kept.
Keys and action types are those of ISO 32000-2 § 12.6, § 7.11 and § 13.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, ObjectSet, Pdf, Stream

from stamping.notice_codes import notice
from stamping.notices import Notice
from stamping.objects.library_decoding import UNDECODABLE

_SHOWN_DETAILS = 8

# ISO 32000-2 Table 201; GoTo is the one action that stays within the pages.
_ACTION_CODES: dict[str, str] = {
    "/JavaScript": "javascript-removed",
    "/URI": "links-removed",
    "/Rendition": "multimedia-removed",
    "/Movie": "multimedia-removed",
    "/Sound": "multimedia-removed",
    "/RichMediaExecute": "multimedia-removed",
    "/GoTo3DView": "multimedia-removed",
    "/Thread": "threads-removed",
    "/Launch": "actions-removed",
    "/GoToR": "actions-removed",
    "/GoToE": "actions-removed",
    "/GoToDp": "actions-removed",
    "/SubmitForm": "actions-removed",
    "/ResetForm": "actions-removed",
    "/ImportData": "actions-removed",
    "/Hide": "actions-removed",
    "/Named": "actions-removed",
    "/SetOCGState": "actions-removed",
    "/Trans": "actions-removed",
}

# Entries of the catalog that act, point outside or belong to programs.
_CATALOG_KEYS: dict[str, str] = {
    "/Threads": "threads-removed",
    "/Collection": "portfolio",
    "/PieceInfo": "private-data-removed",
    "/SpiderInfo": "private-data-removed",
    "/Requirements": "actions-removed",
    "/URI": "links-removed",
}
# Of signatures that the rendition no longer has, and what `Rendition.xmp` holds.
_CATALOG_SILENT = ("/Perms", "/DSS", "/Legal", "/NeedsRendering", "/Metadata")
_NAME_TREES: dict[str, str] = {
    "/JavaScript": "javascript-removed",
    "/EmbeddedFiles": "attachments-extracted",
    "/Renditions": "multimedia-removed",
    "/AlternatePresentations": "javascript-removed",
    "/URLS": "links-removed",
    "/IDS": "private-data-removed",
}

# Any object that could need a change writes one of these names.
_SUSPECT = re.compile(
    rb"/(?:AA|A|OpenAction|JS|S\s*/JavaScript|EF|AF|FS|F|FFilter|Ref|OPI|PS|Thumb|B|PieceInfo|PZ)"
    rb"(?![A-Za-z0-9_#+\-.])"
)


@dataclass(slots=True)
class Removals:
    """What was taken out, gathered while it happens: details by notice code."""

    details: dict[str, list[str]] = field(default_factory=dict)

    def add(self, code: str, detail: str = "") -> None:
        """Note one removal."""
        self.details.setdefault(code, []).append(detail)

    def notices(self) -> Iterator[Notice]:
        """Yield one notice a code, in order of code, with counts and the first details."""
        for code, details in sorted(self.details.items()):
            counted: dict[str, int] = {}
            for detail in details:
                counted[detail] = counted.get(detail, 0) + 1
            named = [
                text if count == 1 else f"{text} ({count:,} times)"
                for text, count in counted.items()
                if text
            ]
            listed = "; ".join(named[:_SHOWN_DETAILS])
            if len(named) > _SHOWN_DETAILS:
                listed += f"; and {len(named) - _SHOWN_DETAILS:,} more"
            lead = LEADS[code]
            yield notice(code, f"{lead}: {listed}." if listed else f"{lead}.")


LEADS: dict[str, str] = {
    "actions-removed": "Actions were removed",
    "archival-mended": "Entries that no page shows were given the form that archives want",
    "annotation-without-appearance": "Annotations that say nothing of their looks were not drawn",
    "annotations-flattened": "Annotations were printed into the page",
    "annotations-not-printed": "Annotations not meant for print were left out",
    "attachments-extracted": "Files embedded in the PDF were taken out",
    "attachment-unreadable": "Embedded files could not be read",
    "content-unreadable": "Content that is coded as a picture was left out",
    "external-streams-removed": "Content kept outside the file was removed",
    "form-flattened": "Form fields were printed into the page",
    "form-value-not-drawn": "Values of form fields could not be drawn in full",
    "javascript-removed": "Scripts were removed",
    "links-removed": "Links out of the file were made inert",
    "multimedia-removed": "Sound, film or 3D content was removed",
    "outline-cut": "Bookmarks that refer to themselves were cut",
    "page-size-replaced": "Pages without a usable size were given US Letter",
    "portfolio": "The PDF is a portfolio; its cover is shown and its files were taken out",
    "private-data-removed": "Data that programs keep for themselves was removed",
    "threads-removed": "Article threads were removed",
    "thumbnails-removed": "Page thumbnails were removed",
    "xfa-removed": "An XFA form program was removed",
}
"""How a notice of each code begins."""


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A file found inside the document, unpacked."""

    name: str
    content: bytes
    sha256: str


def sanitise(pdf: Pdf, removals: Removals) -> list[EmbeddedFile]:
    """Take everything active out of `pdf`; return the files that were embedded."""
    catalog = pdf.Root
    embedded: list[EmbeddedFile] = []
    if _has_suspects(pdf):
        holders = list(_reachable(pdf))
        # Files first: they are found through the entries that go afterwards.
        for holder in holders:
            if Name.EF in holder:
                _extract(holder, embedded, removals)
        for number, page in enumerate(pdf.pages, 1):
            annotations = page.obj.get(Name.Annots)
            for annotation in annotations if isinstance(annotations, Array) else ():
                if isinstance(annotation, Dictionary):
                    _clean(annotation, removals, f" on page {number}")
        for holder in holders:
            _clean(holder, removals)
    _clean_catalog(catalog, removals)
    _cut_outline_loops(catalog, removals)
    return embedded


def _has_suspects(pdf: Pdf) -> bool:
    """Whether any object names an entry that could need a change; cheap, never misses."""
    return any(_SUSPECT.search(item.unparse(resolved=True)) for item in _plain(pdf))


def _plain(pdf: Pdf) -> Iterator[Object]:
    for item in pdf.objects:
        if isinstance(item, Stream):
            yield item.stream_dict
        elif isinstance(item, (Dictionary, Array)):
            yield item


def _reachable(pdf: Pdf) -> Iterator[Dictionary | Stream]:
    """Yield every dictionary and stream that the trailer leads to, each once.

    What earlier revisions left behind is not reached: it is not part of the
    document, and saving drops it.
    """
    seen = ObjectSet()
    stack: list[object] = [pdf.Root]
    while stack:
        item = stack.pop()
        if isinstance(item, (Dictionary, Stream)):
            if item.is_indirect and not seen.add(item):
                continue
            yield item
            entries = item.stream_dict if isinstance(item, Stream) else item
            stack.extend(value for _, value in entries.items())
        elif isinstance(item, Array):
            if item.is_indirect and not seen.add(item):
                continue
            stack.extend(item)


def _clean(holder: Dictionary | Stream, removals: Removals, where: str = "") -> None:
    """Remove the entries of one dictionary that act or reach outside."""
    if Name.AA in holder:
        events = holder[Name.AA]
        if isinstance(events, Dictionary):
            for _, action in events.items():
                _report_action(action, removals, where)
        del holder[Name.AA]
    for key in (Name.A, Name.OpenAction, Name.PA):
        if key in holder:
            _clean_action(holder, key, removals, where)
    if holder.get(Name.S) == Name.GoTo and Name.Next in holder:
        _report_action(holder[Name.Next], removals, where)
        del holder[Name.Next]
    for key in (Name.AF, Name.EF, Name.RF):
        if key in holder:
            del holder[key]
    if Name.Thumb in holder:
        removals.add("thumbnails-removed")
        del holder[Name.Thumb]
    if Name.PieceInfo in holder and holder.get(Name.Type) != Name.Catalog:
        removals.add("private-data-removed")
        del holder[Name.PieceInfo]
    if holder.get(Name.Type) == Name.Page:
        for key in (Name.B, Name.Dur, Name.Trans, Name.PresSteps):
            if key in holder:
                del holder[key]
    if isinstance(holder, Stream):
        _clean_stream(holder, removals)


def _clean_action(holder: Dictionary | Stream, key: Name, removals: Removals, where: str) -> None:
    """Remove `holder[key]` where it is an action other than GoTo.

    Structure elements hold their attributes under the same key /A: those name
    an owner in /O and no action type.
    """
    value = holder[key]
    if isinstance(value, (Dictionary, Stream)) and isinstance(value.get(Name.S), Name):
        kind = str(value[Name.S])
        if kind == "/GoTo" and key != Name.OpenAction:
            return
        if kind not in _ACTION_CODES and kind != "/GoTo" and Name.O in value:
            return
        if kind != "/GoTo" or Name.Next in value:
            _report_action(value, removals, where)
        del holder[key]
    elif key == Name.OpenAction:
        # A destination only; the merged file opens in its own way.
        del holder[key]


def _report_action(action: object, removals: Removals, where: str) -> None:
    """Note an action and all that are chained to it through /Next."""
    seen = ObjectSet()
    stack = [action]
    steps = 0
    while stack and steps < 1000:
        steps += 1
        item = stack.pop()
        if isinstance(item, Array):
            stack.extend(item)
            continue
        if not isinstance(item, (Dictionary, Stream)) or not seen.add(item):
            continue
        kind = str(item.get(Name.S, ""))
        if kind != "/GoTo":
            removals.add(_ACTION_CODES.get(kind, "actions-removed"), _action_detail(item) + where)
        if Name.Next in item:
            stack.append(item[Name.Next])


def _action_detail(action: Dictionary | Stream) -> str:
    """Return what an action would do, in few words: its type and its target."""
    kind = str(action.get(Name.S, "/unknown")).lstrip("/")
    target = action.get(Name.URI) or action.get(Name.F) or action.get(Name.N)
    if kind == "JavaScript":
        return "script"
    if isinstance(target, Dictionary):
        target = target.get(Name.UF) or target.get(Name.F)
    if isinstance(target, (pikepdf.String, Name)):
        shown = " ".join(str(target).split())
        shown = shown if len(shown) <= 80 else shown[:79] + "…"
        return shown if kind == "URI" else f"{kind} {shown}"
    return kind


def _clean_stream(stream: Stream, removals: Removals) -> None:
    """Cut what a stream would fetch from elsewhere (ISO 32000-2 § 7.3.8, § 8.10.4)."""
    outside = stream.get(Name.F)
    if isinstance(outside, (pikepdf.String, Dictionary)):
        removals.add("external-streams-removed", "stream")
        for key in (Name.F, Name.FFilter, Name.FDecodeParms):
            if key in stream:
                del stream[key]
    for key, label in ((Name.Ref, "page of another file"), (Name.OPI, "picture proxy")):
        if key in stream:
            removals.add("external-streams-removed", label)
            del stream[key]
    if stream.get(Name.Subtype) == Name.PS or stream.get(Name.Subtype2) == Name.PS:
        # A PostScript XObject runs on the printer (ISO 32000-1 § 8.8.2); it becomes an empty form.
        removals.add("actions-removed", "PostScript for a printer")
        for key in (Name.Level1, Name.Subtype2, Name.PS):
            if key in stream:
                del stream[key]
        stream[Name.Subtype] = Name.Form
        stream[Name.BBox] = Array([0, 0, 0, 0])
        stream.write(b"")


def _extract(holder: Dictionary | Stream, embedded: list[EmbeddedFile], removals: Removals) -> None:
    """Unpack the file that a file specification holds (ISO 32000-2 § 7.11.4)."""
    files = holder[Name.EF]
    if not isinstance(files, Dictionary):
        return
    name = _file_name(holder)
    for key in (Name.UF, Name.F, Name.Unix, Name.DOS, Name.Mac):
        stream = files.get(key)
        if not isinstance(stream, Stream):
            continue
        try:
            content = stream.read_bytes()
        except UNDECODABLE:
            removals.add("attachment-unreadable", name)
            return
        sha256 = hashlib.sha256(content).hexdigest()
        if not any(file.name == name and file.sha256 == sha256 for file in embedded):
            embedded.append(EmbeddedFile(name, content, sha256))
        return


def _file_name(specification: Dictionary | Stream) -> str:
    """Return the name a file specification gives, without folders or control characters."""
    for key in (Name.UF, Name.F, Name.Desc):
        value = specification.get(key)
        if isinstance(value, pikepdf.String):
            name = re.split(r"[\\/]", str(value))[-1]
            name = "".join(letter for letter in name if letter.isprintable()).strip(" .")
            if name:
                return name[:200]
    return "attachment"


def _clean_catalog(catalog: Object, removals: Removals) -> None:
    for key, code in _CATALOG_KEYS.items():
        if key in catalog:
            removals.add(code)
            del catalog[key]
    for key in _CATALOG_SILENT:
        if key in catalog:
            del catalog[key]
    names = catalog.get(Name.Names)
    if isinstance(names, Dictionary):
        for key, code in _NAME_TREES.items():
            if key in names:
                if code != "attachments-extracted":
                    removals.add(code, "document level")
                del names[key]


def _cut_outline_loops(catalog: Object, removals: Removals) -> None:
    """Cut bookmarks that lead back to themselves (ISO 32000-2 § 12.3.3)."""
    root = catalog.get(Name.Outlines)
    if not isinstance(root, Dictionary):
        return
    seen = ObjectSet()
    seen.add(root)
    stack: list[Dictionary] = [root]
    while stack:
        item = stack.pop()
        for key in (Name.First, Name.Next):
            following = item.get(key)
            if not isinstance(following, Dictionary):
                continue
            if seen.add(following):
                stack.append(following)
            else:
                removals.add("outline-cut")
                del item[key]
