"""Parts in, one numbered PDF out.

    a source at a time: tags ─► pages, fitted and numbered ─► links, outline, labels

In: `Part`s in output order and an `Order`. Out: an `Assembly`; the same input
gives the same bytes. Each object is written as soon as it is read, so that
neither many files nor large ones take memory. The file is written beside its
place and renamed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from stamping.assembly.layers import Layers
from stamping.assembly.metadata import write_metadata
from stamping.assembly.navigation import (
    Bookmark,
    Corner,
    Destinations,
    opening_view,
    source_bookmarks,
    write_aims,
    write_outline,
)
from stamping.assembly.page_copy import PageCopy
from stamping.assembly.page_entries import Sheets
from stamping.assembly.page_labels import page_labels
from stamping.assembly.page_patterns import PagePatterns
from stamping.assembly.stamp_font import embed_font
from stamping.assembly.structure_tree import SourceTree, TreeBuilder, first_page
from stamping.bates import BatesRange
from stamping.errors import StampingError, UnreadableInputError
from stamping.notice_codes import NOTICE_CODES, notice
from stamping.objects.durable_file import DurableFile
from stamping.objects.file_reader import Leaf
from stamping.objects.object_copier import ObjectCopier
from stamping.objects.object_writer import ObjectWriter
from stamping.objects.pdf_syntax import Ref, Value, text_string, written
from stamping.objects.source_objects import SourceObjects
from stamping.values import Assembly, Order, Part, Placed

# Pages under one node of the page tree.
_BRANCH = 100

# Sources that stay open for parts to come: written pages and exhibits take turns.
_KEPT_OPEN = 2


@dataclass
class _Source:
    """One file and its pages; `copies` holds the copy that each part takes its pages from."""

    objects: SourceObjects
    leaves: list[Leaf]
    copies: dict[int, _Copy]


@dataclass
class _Copy:
    """A file's way into the output: no page of it is used twice."""

    pages: PageCopy
    bookmarks: list[Bookmark]


@dataclass
class _Run:
    """A part with the output pages that it became, the first counted from zero."""

    part: Part
    first: int
    pages: int
    bookmarks: list[Bookmark]
    widened: list[int] = field(default_factory=list)
    page_bytes: list[int] = field(default_factory=list)


def assemble(
    parts: Sequence[Part],
    order: Order,
    output: Path,
    *,
    progress: Callable[[int], None] | None = None,
) -> Assembly:
    """Merge `parts` into `output`, a number on every page, nothing lost in silence.

    `progress` hears the number of pages stamped so far.

    Raises:
        StampingError: there is no page to write.
        UnreadableInputError: a part's file cannot be opened or lacks a page.
        BatesFormatError: the numbers do not fit the width of the series.
    """
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file, DurableFile(file) as stream:
            assembly = _Assembler(parts, order, stream, progress).assemble(output)
            stream.finish()
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)
    return assembly


class _Assembler:
    """The output while it is written."""

    def __init__(
        self,
        parts: Sequence[Part],
        order: Order,
        stream: DurableFile,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.parts = parts
        self.order = order
        self.progress = progress
        self.writer = ObjectWriter(stream)
        self.layers = Layers()
        self.tags = TreeBuilder(
            self.writer, order.document.language, [part.title for part in parts]
        )
        self.sheets = Sheets(self.writer, order, embed_font(self.writer), self.tags)
        self.alike = PagePatterns(self.sheets)
        self.root = self.writer.reserve()
        self.branches: list[Ref] = []
        self.corners: list[Corner] = []
        self.runs: list[_Run] = []
        self.sources: dict[Path, _Source] = {}
        self.users: dict[Path, list[int]] = {}
        self.tag_bytes: dict[int, int] = {}
        for number, part in enumerate(parts):
            self.users.setdefault(part.source, []).append(number)
        self.copied = 0

    def assemble(self, output: Path) -> Assembly:
        """Write everything and return what was made."""
        try:
            for number, part in enumerate(self.parts):
                source = self.sources.pop(part.source, None) or self._open(part.source)
                self.sources[part.source] = source
                self._copy_run(number, part, source)
                self._close(number, part.source)
        finally:
            for source in self.sources.values():
                source.objects.close()
        numbered = len(self.corners) - self.order.front_pages
        if numbered < 1:
            raise StampingError("there is no page to number", remedy="Name at least one file.")
        numbers = BatesRange(self.order.series, self.order.first, self.order.first + numbered - 1)
        digest = self._finish(numbers)
        return Assembly(
            path=output,
            pages=len(self.corners),
            bytes=self.writer.bytes,
            sha256=digest,
            range=numbers,
            placed=tuple(_placed(run, self.order) for run in self.runs),
            conformance=self.order.document.conformance,
            notices=tuple(self.sheets.notices),
        )

    def _open(self, path: Path) -> _Source:
        """Open a file and give numbers to the pages of it that parts will take."""
        source = self.sources[path] = _Source(SourceObjects(path), [], {})
        source.leaves = source.objects.leaves()
        catalog = source.objects.dictionary(source.objects.trailer.get("Root"))
        numbers = self.users[path]
        while numbers:
            numbers = self._prepare_copy(source, catalog, numbers)
        return source

    def _close(self, number: int, path: Path) -> None:
        """Let go of a source after its last part, and of one that was not used of late."""
        if self.users[path][-1] == number:
            self.sources.pop(path).objects.close()
        elif len(self.sources) > _KEPT_OPEN:
            next(islice(reversed(self.sources.values()), _KEPT_OPEN, None)).objects.close()

    def _prepare_copy(
        self, source: _Source, catalog: dict[str, Value], numbers: list[int]
    ) -> list[int]:
        """Make a copy for the first of the parts and those that take other pages than it.

        Return the parts that need a copy of their own.
        """
        objects = source.objects
        copier = ObjectCopier(objects, self.writer)
        chosen: set[Ref] = set()
        owners: dict[Value, int] = {}
        taken: list[int] = []
        for number in numbers:
            refs = [ref for ref, _ in _chosen(source, self.parts[number])]
            if not chosen.isdisjoint(refs):
                break
            chosen.update(refs)
            owners.update(dict.fromkeys(refs, number))
            taken.append(number)
        for ref in owners:
            copier.place(ref)
        self.copied += 1
        destinations = Destinations(objects, [ref for ref, _ in source.leaves])
        tree = None
        if objects.dictionary(catalog.get("StructTreeRoot")):
            tree = SourceTree.read(copier, catalog, f"s{self.copied}")
            self._take_tags(tree, taken, owners, catalog.get("Lang"))
        if "OCProperties" in catalog:
            self.layers.add(copier, catalog)
        if objects.array(objects.dictionary(catalog.get("AcroForm")).get("Fields")):
            message = f"{objects.path.name} has form fields: they show, and cannot be filled in."
            self.sheets.notices.append(notice("fields-inert", message))
        bookmarks: list[Bookmark] = []
        if "Outlines" in catalog and any(self.parts[number].keep_outline for number in taken):
            bookmarks = source_bookmarks(objects, destinations)
        pages = PageCopy(self.sheets, self.alike, copier, tree, destinations, chosen.__contains__)
        source.copies.update(dict.fromkeys(taken, _Copy(pages, bookmarks)))
        return numbers[len(taken) :]

    def _take_tags(
        self, tree: SourceTree, numbers: list[int], owners: dict[Value, int], language: Value
    ) -> None:
        """Give each part the elements whose first page is its own."""
        self.tags.merge_maps(tree)
        source = tree.copier.source
        elements: dict[int, list[Value]] = {number: [] for number in numbers}
        for element in tree.elements:
            owner = owners.get(first_page(source, element))
            if owner is not None:
                elements[owner].append(element)
        for number, own in elements.items():
            begun = self.writer.bytes
            self.tags.speak(number, source.resolve(language))
            self.tags.take_over(number, tree, own, owners.__contains__)
            self.tag_bytes[number] = self.writer.bytes - begun

    def _copy_run(self, number: int, part: Part, source: _Source) -> None:
        copy = source.copies[number]
        leaves = _chosen(source, part)
        run = _Run(part, len(self.corners), len(leaves), copy.bookmarks)
        self.runs.append(run)
        scaled, start = set(part.pages_to_scale), _start(part)
        text = part.alternative_text or "Page"
        tags = -(-self.tag_bytes.get(number, 0) // max(1, len(leaves)))
        for place, leaf in enumerate(leaves):
            begun = self.writer.bytes
            page = copy.pages.copier.place(leaf[0])
            view, widened = copy.pages.copy(
                leaf,
                page,
                self._branch(),
                number,
                len(self.corners),
                alternative_text=f"{text} {place + 1} of {len(leaves)}",
                scale=start + place in scaled,
            )
            run.page_bytes.append(self.writer.bytes - begun + tags)
            if widened:
                run.widened.append(start + place)
            self.corners.append((page, view.box[0], view.box[3]))
            if self.progress is not None:
                self.progress(len(self.corners))

    def _branch(self) -> Ref:
        """Return the node of the page tree that the next page belongs to."""
        if len(self.corners) % _BRANCH == 0:
            self.branches.append(self.writer.reserve())
        return self.branches[-1]

    def _finish(self, numbers: BatesRange) -> str:
        """Write what speaks of all pages; return the file's digest."""
        writer = self.writer
        for place, branch in enumerate(self.branches):
            kids = [page for page, _, _ in self.corners[place * _BRANCH : (place + 1) * _BRANCH]]
            node = {"Type": "Pages", "Parent": self.root, "Count": len(kids), "Kids": kids}
            writer.put(branch, written(node))
        top = {"Type": "Pages", "Count": len(self.corners), "Kids": self.branches}
        writer.put(self.root, written(top))
        write_aims(writer, self.corners, self.sheets.aims)
        information, described = write_metadata(writer, self.order.document)
        catalog: dict[str, Value] = {
            "Type": "Catalog",
            "Pages": self.root,
            "Outlines": write_outline(writer, self.corners, _bookmarks(self.runs)),
            "PageLabels": page_labels(numbers, self.order.front_pages),
            **opening_view(self.corners[0]),
            **described,
            **self.tags.finish(),
            **self.layers.finish(writer),
        }
        trailer = {"Root": writer.add(catalog), "Info": information}
        return writer.finish(trailer, self.order.document.identity.encode())


def _chosen(source: _Source, part: Part) -> list[Leaf]:
    if part.pages is None:
        return source.leaves
    first, last = part.pages
    if not 1 <= first <= last <= len(source.leaves):
        raise UnreadableInputError(
            f"pages {first} to {last} were asked of a file of {len(source.leaves)} pages",
            source=part.source,
        )
    return source.leaves[first - 1 : last]


def _start(part: Part) -> int:
    """Return the number of the part's first page in its file, counted from one."""
    return part.pages[0] if part.pages else 1


def _bookmarks(runs: Sequence[_Run]) -> list[Bookmark]:
    """Return an entry a part at its level, its own entries and the source's below it."""
    top: list[Bookmark] = []
    path: list[Bookmark] = []

    def add(bookmark: Bookmark, level: int) -> None:
        del path[level:]
        (path[-1].below if path else top).append(bookmark)
        path.append(bookmark)

    for run in runs:
        level = run.part.level
        if run.part.title:
            add(Bookmark(text_string(run.part.title), run.first), level)
        for entry in run.part.outline:
            add(Bookmark(text_string(entry.title), run.first + entry.page - 1), entry.level)
        if run.part.keep_outline:
            del path[level + bool(run.part.title) :]
            below = path[-1].below if path else top
            below.extend(_moved(each, run) for each in run.bookmarks)
    return top


def _moved(bookmark: Bookmark, run: _Run) -> Bookmark:
    """Return a source's bookmark with its place in the output."""
    page = None
    if bookmark.page is not None and 0 <= bookmark.page + 1 - _start(run.part) < run.pages:
        page = run.first + bookmark.page + 1 - _start(run.part)
    return Bookmark(bookmark.title, page, [_moved(each, run) for each in bookmark.below])


def _placed(run: _Run, order: Order) -> Placed:
    start = _start(run.part)
    notices = [
        notice("scaled-for-stamp", NOTICE_CODES["scaled-for-stamp"].meaning, page=page)
        for page in run.part.pages_to_scale
        if start <= page < start + run.pages
    ]
    notices += [
        notice(
            "sheet-enlarged-for-stamp", NOTICE_CODES["sheet-enlarged-for-stamp"].meaning, page=page
        )
        for page in run.widened
    ]
    labels = order.label(run.first), order.label(run.first + run.pages - 1)
    return Placed(run.part, labels, run.first + 1, tuple(run.page_bytes), tuple(notices))
