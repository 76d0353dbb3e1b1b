"""A Word document as blocks: all of its text in the document's order, whatever holds it.

In: a `.docx` file. Out: a `WrittenForm`. The XML is walked whole (ECMA-376-1 § 17): text of
insertions, moves, controls, fields, boxes, notes and nested tables stands where it is
anchored; headers, notes and comments follow the pages, and so does what else the file holds.
A paragraph with deleted text is shown twice: as it reads, and with the deletions struck out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from lxml import etree

from referrals.text_files.word_account import word_account
from referrals.text_files.word_found import Change, Found, word_notices
from referrals.text_files.word_numbering import ListNumbering
from referrals.text_files.word_package import (
    CHART,
    DGM,
    LARGEST,
    MC,
    A,
    O,
    R,
    V,
    W,
    WordPackage,
    opened,
)
from referrals.text_files.word_pictures import picture_address, picture_description
from referrals.text_files.word_signs import is_on, sign, written_form_of
from referrals.text_files.word_xml import (
    TEXTS,
    all_text,
    alternatives,
    columns,
    is_content,
    nearest,
    top_level,
)
from referrals.text_files.written_form import (
    LONGEST_LINE,
    Block,
    Cell,
    Mark,
    Run,
    WrittenForm,
    broken_where_too_long,
    printable,
)

_CHANGES = {
    f"{W}ins": ("inserted", Mark.INSERTED),
    f"{W}moveTo": ("moved here", Mark.INSERTED),
    f"{W}del": ("deleted", Mark.DELETED),
    f"{W}moveFrom": ("moved away", Mark.DELETED),
}
_BOXES = frozenset({f"{W}txbxContent", f"{A}txBody", f"{W}tbl"})
_PICTURES = frozenset({f"{A}blip", f"{V}imagedata"})
_REFERENCES = {
    f"{W}footnoteReference": "note",
    f"{W}endnoteReference": "note",
    f"{W}commentReference": "comment",
}
_ELSEWHERE = {
    f"{CHART}chart": "Chart, not drawn",
    f"{DGM}relIds": "Diagram, not drawn",
    f"{O}OLEObject": "Embedded file",
    f"{W}altChunk": "Text in a file of its own, not shown",
    f"{W}subDoc": "Part of the document in another file, not shown",
}
"""Elements that stand for another part, and what a page says in their place."""

_AFTER = {
    f"{W}hdr": "Header",
    f"{W}ftr": "Footer",
    f"{W}footnotes": "Footnote",
    f"{W}endnotes": "Endnote",
    f"{W}comments": "Comment",
}
"""The parts that follow the pages, by their root, in this order."""

_ENTRIES = (f"{W}footnote", f"{W}endnote", f"{W}comment")


def word_form(path: Path, name: str) -> WrittenForm:
    """Return the document at `path`, which the record calls `name`.

    Raises:
        InputError: it is not a Word document that can be read whole.
    """
    with opened(path, name) as package:
        reader = _Reader(package)
        blocks = tuple(reader.all_blocks())
        return WrittenForm(
            "Word document",
            (),
            blocks or (Block("paragraph", "(empty)", own=False),),
            tuple(word_notices(reader.found, package.unread)),
            word_account(package, blocks, reader.found),
        )


def main_text(path: Path, name: str, largest: int = LARGEST) -> tuple[Block, ...]:
    """Return the blocks of the document's pages alone, of at most `largest` bytes unpacked.

    Insertions stand in place, deletions are left out, and so are headers, notes and comments.

    Raises:
        InputError: it is not a Word document that can be read whole.
    """
    with opened(path, name, largest) as package:
        return tuple(_Reader(package, redlines=False).blocks_of(package.main))


class _Reader:
    """One document while it is read."""

    def __init__(self, package: WordPackage, *, redlines: bool = True) -> None:
        self.package, self.parts, self.redlines = package, package.texts, redlines
        self.numbering = ListNumbering(self._beside("numbering"), self._beside("styles"))
        self.found = Found()
        self.addresses: dict[str, str] = {}
        self.part = package.main
        self.relations = package.relations(self.part)

    def _beside(self, kind: str) -> etree._Element | None:
        """Return the part that the main part names as its `kind`, or that is called so."""
        main = self.package.main
        named = [each.target for each in self.package.relations(main).values() if each.kind == kind]
        usual = str(PurePosixPath(main).with_name(f"{kind}.xml"))
        return next((self.parts[each] for each in (*named, usual) if each in self.parts), None)

    def all_blocks(self) -> Iterator[Block]:
        """Yield all of the document: its pages, then what belongs to them, then the rest."""
        yield from self.blocks_of(self.package.main)
        for root, title in _AFTER.items():
            for part in sorted(self.parts):
                if self.parts[part].tag == root:
                    yield from self._following(title, part)
        for part in sorted(self.parts):
            if part != self.package.main and self.parts[part].tag not in _AFTER:
                yield from self._other(part)
        yield from self._changes()
        yield from self._links()
        yield from self._files()

    def blocks_of(self, part: str) -> Iterator[Block]:
        """Yield the blocks of one part."""
        self._turn_to(part)
        yield from self._blocks(self.parts[part])

    def _turn_to(self, part: str) -> None:
        self.part, self.relations = part, self.package.relations(part)

    def _following(self, title: str, part: str) -> Iterator[Block]:
        root = self.parts[part]
        self._turn_to(part)
        for entry in [child for child in root if child.tag in _ENTRIES] or [root]:
            own = [block for block in self._blocks(entry) if not block.is_blank]
            if own:
                self.found.comments += title == "Comment"
                author, when = entry.get(f"{W}author"), entry.get(f"{W}date")
                by = f" by {author}" if author else ""
                at = f", {when}" if author and when else ""
                number = entry.get(f"{W}id")
                label = f"{title} {number}{by}{at}" if number else f"{title}{by}{at}"
                yield Block("heading", printable(label), own=False)
                yield from own

    def _other(self, part: str) -> Iterator[Block]:
        """Yield the text of a chart, a diagram or a building block: it alone is shown of them."""
        lines = [line for line in all_text(self.parts[part]).splitlines() if line.strip()]
        if not lines:
            return
        self.found.others.append(part)
        yield Block("heading", printable(f"Text of {part.removeprefix('word/')}"), own=False)
        for line in lines:
            yield Block("paragraph", printable(line), part=part)

    def _changes(self) -> Iterator[Block]:
        rows = [
            tuple(map(Cell, (each.verb, each.who or "not stated", each.when, each.text)))
            for each in self.found.changes
            if each.text
        ]
        if rows:
            head = (Cell("Change"), Cell("By"), Cell("At"), Cell("Text"))
            yield Block("heading", "Tracked changes that the document holds", own=False)
            yield Block("table", rows=(head, *rows), own=False)

    def _links(self) -> Iterator[Block]:
        if self.found.links:
            yield Block("heading", "Where links of the document lead", own=False)
            for text, target in dict.fromkeys(self.found.links):
                yield Block("paragraph", f"{text}: {target}" if text else target, own=False)

    def _files(self) -> Iterator[Block]:
        """Yield the names of the files that no page shows."""
        listed = []
        for key, size in sorted(self.package.files.items()):
            folders = PurePosixPath(key).parts[:-1]
            if key in self.found.placed or not is_content(key):
                continue
            if "media" in folders:
                self.found.pictures += 1
                self.found.unshown_pictures += 1
            else:
                self.found.files.append(key)
            listed.append(f"{key} ({size:,} bytes)")
        if listed:
            yield Block("heading", "Files inside the document that no page shows", own=False)
            for line in listed:
                yield Block("paragraph", printable(line), own=False)

    def _blocks(self, root: etree._Element) -> Iterator[Block]:
        """Yield the blocks below an element, in order; boxes follow what they are anchored in."""
        for element in top_level(root):
            if element.tag == f"{W}tbl":
                yield from self._table(element)
            elif element.tag in _ELSEWHERE:
                yield self._elsewhere(element)
            else:
                yield from self._paragraph(element)

    def _paragraph(self, element: etree._Element) -> Iterator[Block]:
        number = self.numbering.label(element)
        runs, inside = self._content(element)
        kind = "heading" if self.numbering.is_heading(element) else "paragraph"
        label = [Run(f"{number}\t", own=False)] if number else []
        reading = [run for run in runs if run.mark is not Mark.DELETED]
        if number or any(run.text.strip() for run in reading):
            yield from broken_where_too_long(Block.of_runs(kind, (*label, *reading), self.part))
        deleted = any(run.text.strip() for run in runs if run.mark is Mark.DELETED)
        if deleted and self.redlines:
            again = [replace(run, own=run.own and run.mark is Mark.DELETED) for run in runs]
            yield from broken_where_too_long(Block.of_runs("redline", again, self.part))
        for held in inside:
            if isinstance(held, Block):
                yield held
            else:
                yield from self._blocks(held)

    def _table(self, table: etree._Element) -> Iterator[Block]:
        rows: list[tuple[_Cell, ...]] = []
        deleted: list[Block] = []
        for row in nearest(table, f"{W}tr", f"{W}tbl"):
            cells = tuple(self._cell(each) for each in nearest(row, f"{W}tc", f"{W}tbl"))
            if (deletion := row.find(f"{W}trPr/{W}del")) is not None:
                deleted += self._deleted_row(deletion, cells)
            else:
                rows.append(cells or (_Cell((), 1),))
        if any(each.length > LONGEST_LINE for row in rows for each in row):
            # A page cannot hold such a cell: the rows are written one cell after another.
            for number, row in enumerate(rows, start=1):
                yield Block("paragraph", f"[Table, row {number}]", own=False)
                for each in row:
                    yield from each.blocks
        elif rows:
            grid = tuple(tuple(each.printed for each in row) for row in rows)
            yield Block("table", rows=grid, part=self.part)
            for row in rows:
                for each in row:
                    yield from (block for block in each.blocks if block.kind == "picture")
        yield from deleted

    def _cell(self, cell: etree._Element) -> _Cell:
        return _Cell(tuple(self._blocks(cell)), columns(cell.find(f"{W}tcPr/{W}gridSpan")))

    def _deleted_row(self, deletion: etree._Element, cells: Sequence[_Cell]) -> Iterator[Block]:
        """Yield a row that was deleted, struck out."""
        grid = Block("table", rows=(tuple(each.printed for each in cells),))
        runs = [replace(run, mark=Mark.DELETED) for row in _rows(grid) for run in row]
        change = self._change(_change_of(deletion, "row deleted"))
        change.pieces += [run.text for run in runs]
        if self.redlines:
            yield Block.of_runs("redline", runs, self.part)
            for each in cells:
                yield from (block for block in each.blocks if block.kind == "picture")

    def _content(self, paragraph: etree._Element) -> tuple[list[Run], list[etree._Element | Block]]:
        """Return a paragraph's runs, and the boxes and pictures that are anchored in it."""
        runs: list[Run] = []
        inside: list[etree._Element | Block] = []
        stack: list[tuple[etree._Element, tuple[Change, ...], Mark]] = [
            (child, (), Mark.NONE) for child in reversed(paragraph)
        ]
        while stack:
            element, changes, mark = stack.pop()
            tag = element.tag
            if not isinstance(tag, str):
                continue
            if tag in _BOXES:
                inside.append(element)
                continue
            if tag in _CHANGES and len(element):
                verb, own = _CHANGES[tag]
                # What was inserted and deleted again is deleted.
                mark = Mark.DELETED if mark is Mark.DELETED else own
                changes = (*changes, self._change(_change_of(element, verb)))
            text = self._text(element, inside)
            if text:
                if tag == f"{W}delText" and mark is not Mark.DELETED:
                    mark, changes = Mark.DELETED, (self._change(Change("deleted", "", "")),)
                opened, closed = written_form_of(element) if tag in TEXTS else ("", "")
                runs += [Run(opened, mark, own=False), Run(text, mark, own=tag in TEXTS)]
                runs.append(Run(closed, mark, own=False))
                for change in changes:
                    change.pieces.append(text)
            below = alternatives(element) if tag == f"{MC}AlternateContent" else list(element)
            stack.extend((child, changes, mark) for child in reversed(below))
        return runs, inside

    def _change(self, change: Change) -> Change:
        self.found.changes.append(change)
        return change

    def _text(self, element: etree._Element, inside: list[etree._Element | Block]) -> str:
        """Return the text of one element without those below it; note what is no text."""
        tag = str(element.tag)
        if tag in TEXTS:
            return element.text or ""
        if tag in _REFERENCES:
            return f" [{_REFERENCES[tag]} {element.get(f'{W}id', '')}]"
        if tag in _PICTURES:
            inside.append(self._picture(element))
        elif tag in _ELSEWHERE:
            inside.append(self._elsewhere(element))
        elif tag == f"{W}hyperlink":
            self._link(element)
        elif tag == f"{W}vanish" and is_on(element):
            self.found.hidden += 1
        return sign(element)

    def _link(self, element: etree._Element) -> None:
        relation = self.relations.get(element.get(f"{R}id", ""))
        if relation is not None and relation.external:
            text = " ".join(all_text(element).split())
            self.found.links.append((printable(text), printable(relation.target)))

    def _elsewhere(self, element: etree._Element) -> Block:
        """Return the line that names another part where the document has it stand."""
        key = element.get(f"{R}id") or element.get(f"{R}dm") or ""
        relation = self.relations.get(key)
        target = relation.target if relation is not None else "kept elsewhere"
        kind = element.get("ProgID", "")
        words = f"[{_ELSEWHERE[str(element.tag)]}: {f'{kind}, ' if kind else ''}{target}]"
        return Block("paragraph", printable(words), own=False)

    def _picture(self, element: etree._Element) -> Block:
        """Return a picture of the document, or a line that names it where it cannot be shown."""
        self.found.pictures += 1
        key = element.get(f"{R}embed") or element.get(f"{R}id") or element.get(f"{R}link") or ""
        relation = self.relations.get(key)
        described = picture_description(element)
        if relation is None or relation.external:
            name = relation.target if relation is not None else "a picture kept elsewhere"
            address = ""
        else:
            name = PurePosixPath(relation.target).name
            self.found.placed.add(relation.target)
            if relation.target not in self.addresses:
                self.addresses[relation.target] = picture_address(self.package, relation.target)
            address = self.addresses[relation.target]
        words = printable(f"{described} ({name})" if described else name)
        if address:
            return Block("picture", words, address=address, own=False)
        self.found.unshown_pictures += 1
        return Block("paragraph", f"[Picture, not shown: {words}]", own=False)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a table before it is known whether a page can hold it."""

    blocks: tuple[Block, ...]
    columns: int

    @property
    def printed(self) -> Cell:
        """The cell with its blocks as lines."""
        return Cell.of_runs(tuple(_lines(self.blocks)), self.columns)

    @property
    def length(self) -> int:
        """How many letters it holds."""
        return len(self.printed.text)


def _change_of(element: etree._Element, verb: str) -> Change:
    who, when = (printable(element.get(f"{W}{key}", "")) for key in ("author", "date"))
    return Change(verb, who, when)


def _lines(blocks: Sequence[Block]) -> Iterator[Run]:
    """Yield the runs of a cell; each paragraph, and each row of a table in it, is a line."""
    begun = False
    for block in blocks:
        if block.kind == "picture":
            continue
        for runs in (block.runs or (Run(block.text),),) if not block.rows else _rows(block):
            if begun:
                yield Run("\n")
            begun = True
            yield from runs


def _rows(block: Block) -> Iterator[tuple[Run, ...]]:
    for row in block.rows:
        runs: list[Run] = []
        for cell in row:
            runs += [Run(" | ")] if runs else []
            runs += cell.runs or (Run(cell.text),)
        yield tuple(runs)
