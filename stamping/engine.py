"""Parts in, one numbered PDF out.

    copy pages ─► merge tags ─► fit and stamp ─► links, outline, labels ─► save

In: `Part`s in output order and an `Order`. Out: an `Assembly`; the same input
gives the same bytes. The file is written beside its place and renamed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Page, Pdf, StreamDecodeLevel

from stamping.bates import BatesRange
from stamping.errors import StampingError, UnreadableInputError
from stamping.metadata import write_metadata
from stamping.navigation import (
    Bookmark,
    open_upright,
    resolve_links,
    source_bookmarks,
    write_labels,
    write_outline,
)
from stamping.notices import Notice, Severity
from stamping.refit import band, clear_band, letter_size, move_annotations, on_letter
from stamping.rereading import open_for_rereading
from stamping.saving import save
from stamping.stamp import StampFont, balance, draw_number, embed_font, fence
from stamping.structure_tree import (
    SourceTree,
    TreeBuilder,
    first_page,
    page_annotations,
    remove_marks,
)
from stamping.values import Assembly, Order, Part, Placed
from stamping.viewport import inherited, viewport

_INHERITED = ("/MediaBox", "/CropBox", "/Rotate", "/Resources")


@dataclass
class _Source:
    """One file, copied into the output: its pages and what came with them."""

    pages: list[Page]
    tree: SourceTree | None
    bookmarks: list[Bookmark]


@dataclass
class _Run:
    """A part with the output pages that it became."""

    part: Part
    source: _Source
    pages: list[Page]
    first: int
    notices: list[Notice] = field(default_factory=list)


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
    with Pdf.new() as pdf:
        runs, opened = _copy_all(pdf, parts)
        try:
            pages = [page for run in runs for page in run.pages]
            if not pages:
                raise StampingError("there is no page to write", remedy="Name at least one file.")
            numbers = BatesRange(order.series, order.first, order.first + len(pages) - 1)
            order.series.label(numbers.last)
            _lay_page_tree(pdf, pages)
            notices = resolve_links(pdf, pages, order.targets, numbers)
            _merge_tags(pdf, runs, order)
            _stamp_all(pdf, runs, order, embed_font(pdf), progress)
            write_outline(pdf, pages, _bookmarks(runs))
            write_labels(pdf, numbers)
            open_upright(pdf, pages[0])
            write_metadata(pdf, order.document)
            _save(pdf, output)
        finally:
            for source in opened:
                source.close()
    with output.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Assembly(
        path=output,
        pages=len(pages),
        bytes=output.stat().st_size,
        sha256=digest,
        range=numbers,
        placed=tuple(_placed(run, order) for run in runs),
        conformance=order.document.conformance,
        notices=tuple(notices),
    )


def _copy_all(pdf: Pdf, parts: Sequence[Part]) -> tuple[list[_Run], list[Pdf]]:
    """Copy every part's pages; a file used again for other pages is copied once."""
    runs: list[_Run] = []
    opened: list[Pdf] = []
    sources: dict[Path, _Source] = {}
    used: set[Any] = set()
    placed = 0
    for part in parts:
        source = sources.get(part.source)
        chosen = _chosen(source, part) if source else []
        if source is None or any(page.objgen in used for page in chosen):
            source = _copy(pdf, part.source, opened, prefix=f"s{len(opened) + 1}")
            sources[part.source] = source
            chosen = _chosen(source, part)
        used.update(page.objgen for page in chosen)
        runs.append(_Run(part, source, chosen, placed))
        placed += len(chosen)
    return runs, opened


def _copy(pdf: Pdf, path: Path, opened: list[Pdf], prefix: str) -> _Source:
    try:
        source = Pdf.open(open_for_rereading(path))
    except (pikepdf.PdfError, OSError) as error:
        raise UnreadableInputError(
            "this file cannot be opened as a PDF", source=path, remedy="Prepare it again."
        ) from error
    opened.append(source)
    for page in source.pages:
        for name in _INHERITED:
            value = inherited(page.obj, name)
            if value is not None:
                page.obj[name] = value
    bookmarks = source_bookmarks(source)
    before = len(pdf.pages)
    pdf.add_pages_from(source, outlines="ignore")
    pages = [pdf.pages[place] for place in range(before, len(pdf.pages))]
    tree = None
    root = source.Root.get("/StructTreeRoot")
    if isinstance(root, Dictionary):
        if not root.is_indirect:
            root = source.make_indirect(root)
        tree = SourceTree.copied(pdf, pdf.copy_foreign(root), prefix)
    return _Source(pages, tree, bookmarks)


def _chosen(source: _Source, part: Part) -> list[Page]:
    if part.pages is None:
        return source.pages
    first, last = part.pages
    if not 1 <= first <= last <= len(source.pages):
        raise UnreadableInputError(
            f"pages {first} to {last} were asked of a file of {len(source.pages)} pages",
            source=part.source,
        )
    return source.pages[first - 1 : last]


def _lay_page_tree(pdf: Pdf, pages: Sequence[Page]) -> None:
    """Put the pages in their order, a node of the tree for each hundred."""
    root = pdf.Root.Pages
    kids = Array()
    for start in range(0, len(pages), 100):
        group = pages[start : start + 100]
        node = pdf.make_indirect(
            Dictionary(
                Type=Name.Pages, Parent=root, Count=len(group), Kids=[page.obj for page in group]
            )
        )
        for page in group:
            page.obj.Parent = node
        kids.append(node)
    root.Kids = kids
    root.Count = len(pages)
    for name in _INHERITED:
        if name in root:
            del root[name]


def _merge_tags(pdf: Pdf, runs: Sequence[_Run], order: Order) -> None:
    builder = TreeBuilder(pdf, order.document.language)
    merged: set[int] = set()
    for run in runs:
        tree = run.source.tree
        part = builder.part(run.part.title)
        if tree is None:
            _wrap(pdf, builder, part, run, letter=order.letter)
            continue
        if id(tree) not in merged:
            merged.add(id(tree))
            builder.merge_maps(tree)
        own: set[Any] = {page.objgen for page in run.pages}
        builder.take_over(
            part, tree, [element for element in tree.elements if first_page(element) in own]
        )
        for page in run.pages:
            builder.tagged_page(page, tree)
    builder.finish()


def _wrap(pdf: Pdf, builder: TreeBuilder, part: Any, run: _Run, *, letter: bool) -> None:
    """Describe pages without tags as pictures."""
    count = len(run.pages)
    for number, page in enumerate(run.pages, start=1):
        text = run.part.alternative_text or "Page"
        view = viewport(page)
        box = (0.0, 0.0, *letter_size(view)) if letter else view.box
        builder.figure(part, page, f"{text} {number} of {count}", box)
        for annotation in page_annotations(page):
            if annotation.get("/Subtype") == Name.Link:
                builder.link(part, page, annotation)


def _stamp_all(
    pdf: Pdf,
    runs: Sequence[_Run],
    order: Order,
    font: StampFont,
    progress: Callable[[int], None] | None,
) -> None:
    done = 0
    for run in runs:
        scaled = set(run.part.pages_to_scale)
        offset = run.part.pages[0] - 1 if run.part.pages else 0
        for place, page in enumerate(run.pages, start=1):
            number = order.series.label(order.first + done)
            _stamp_page(pdf, page, run, order, font, number, scale=place + offset in scaled)
            done += 1
            if progress is not None:
                progress(done)


def _stamp_page(
    pdf: Pdf,
    page: Page,
    run: _Run,
    order: Order,
    font: StampFont,
    number: str,
    *,
    scale: bool,
) -> None:
    view, style = viewport(page), order.style
    text = f"{style.legend}   {number}" if style.legend else number
    width = font.width(text, style.size)
    wrap = run.source.tree is None
    held = balance(page)
    if wrap and held.marked:
        remove_marks(page, pdf)
        held = balance(page)
    opening = b""
    if order.letter:
        at_top = style.position.value.startswith("top")
        room = band(view, style, width) if scale else 0.0
        fit = on_letter(page, view, room, at_top=at_top)
        move_annotations(page, fit.matrix)
        opening, view = fit.opening, viewport(page)
    elif scale:
        fit = clear_band(view, style, width)
        move_annotations(page, fit.matrix)
        opening = fit.opening
    if wrap:
        fence(pdf, page, held, opening + b"/Figure <</MCID 0>> BDC ", b" EMC")
    else:
        fence(pdf, page, held, opening)
    draw_number(pdf, page, view, font, style, number)
    for annotation in page_annotations(page):
        annotation.F = int(annotation.get("/F", 0)) | 4


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
            add(Bookmark(run.part.title, run.first), level)
        for entry in run.part.outline:
            add(Bookmark(entry.title, run.first + entry.page - 1), entry.level)
        if run.part.keep_outline:
            del path[level + bool(run.part.title) :]
            below = path[-1].below if path else top
            below.extend(_moved(each, run) for each in run.source.bookmarks)
    return top


def _moved(bookmark: Bookmark, run: _Run) -> Bookmark:
    """Return a source's bookmark with its place in the output."""
    first = run.part.pages[0] - 1 if run.part.pages else 0
    page = None
    if bookmark.page is not None and 0 <= bookmark.page - first < len(run.pages):
        page = run.first + bookmark.page - first
    return Bookmark(bookmark.title, page, [_moved(each, run) for each in bookmark.below])


def _placed(run: _Run, order: Order) -> Placed:
    first = order.first + run.first
    start = run.part.pages[0] if run.part.pages else 1
    notices = [
        Notice(
            Severity.NOTE,
            "scaled-for-stamp",
            "The page was made smaller so that its number stands on clear ground.",
            page=page,
        )
        for page in run.part.pages_to_scale
        if start <= page < start + len(run.pages)
    ]
    numbers = BatesRange(order.series, first, first + len(run.pages) - 1)
    return Placed(run.part, numbers, run.first + 1, tuple(notices))


def _save(pdf: Pdf, output: Path) -> None:
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        save(
            pdf,
            beside,
            object_stream_mode=ObjectStreamMode.generate,
            stream_decode_level=StreamDecodeLevel.none,
        )
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)
