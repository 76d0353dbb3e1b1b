"""A Word document as blocks: all of its text in the document's order, whatever holds it.

In: a `.docx` file. Out: a `WrittenForm`. The XML is walked whole (ECMA-376-1 § 17): text of
insertions, moves, controls, fields, boxes, notes and nested tables stands where it is
anchored; headers, notes, comments and what was deleted follow the pages. Every character of
text that any part holds is counted, and must be shown or named.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from lxml import etree
from PIL import Image

from referrals.errors import InputError
from referrals.text_files.word_numbering import ListNumbering
from referrals.text_files.written_form import (
    LONGEST_LINE,
    Account,
    Block,
    Cell,
    WrittenForm,
    ink,
    preformatted,
    printable,
)
from stamping.notices import Notice, Severity

LARGEST = 200_000_000
"""How many bytes a document's parts may have, unpacked."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
V = "{urn:schemas-microsoft-com:vml}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"

MAIN = "word/document.xml"
_TEXTS = frozenset({f"{W}t", f"{M}t", f"{A}t"})
_DELETED = frozenset({f"{W}delText", f"{W}delInstrText"})
_BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_AFTER = (
    ("Header", "header"),
    ("Footer", "footer"),
    ("Footnote", "footnotes"),
    ("Endnote", "endnotes"),
    ("Comment", "comments"),
)
"""The parts that follow the pages: what each is called, and how its file's name begins."""

_OFF = frozenset({"0", "false", "off", "none"})
_LARGEST_PICTURE = 40_000_000
_SHOWN_PIXELS = (1600, 1600)
_WIDEST = 100


@dataclass
class _Found:
    """What was found on the way: what is listed behind the pages, and the counts."""

    deleted: list[tuple[str, str]] = field(default_factory=list)
    inserted: dict[str, int] = field(default_factory=dict)
    pictures: int = 0
    unshown_pictures: int = 0
    hidden: int = 0
    shown: int = 0
    others: list[str] = field(default_factory=list)


def word_form(path: Path, name: str) -> WrittenForm:
    """Return the document at `path`, which the record calls `name`.

    Raises:
        InputError: it is not a Word document that can be read whole.
    """
    with _opened(path, name, LARGEST) as reader:
        return reader.form()


def main_text(path: Path, name: str, largest: int = LARGEST) -> tuple[Block, ...]:
    """Return the blocks of the document's pages alone, of at most `largest` bytes unpacked.

    Insertions stand in place, deletions are left out, and so are headers, notes and comments.

    Raises:
        InputError: it is not a Word document that can be read whole.
    """
    with _opened(path, name, largest) as reader:
        return tuple(reader.blocks_of(MAIN))


@contextmanager
def _opened(path: Path, name: str, largest: int) -> Iterator[_Reader]:
    try:
        with zipfile.ZipFile(path) as package:
            yield _Reader(package, _parts(package, name, largest), name)
    except _UNREADABLE as error:
        raise InputError(
            f"{name} is not a Word document that can be read.",
            remedy="Open it in Word and save it again as .docx; remove a password if it has one.",
        ) from error


_UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    etree.XMLSyntaxError,
    KeyError,
    ValueError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
"""What a damaged, encrypted or foreign package makes its readers raise."""


def _parts(package: zipfile.ZipFile, name: str, largest: int) -> dict[str, etree._Element]:
    """Return the roots of the parts that hold text, by their names."""
    left = largest
    parts: dict[str, etree._Element] = {}
    for entry in package.infolist():
        if not entry.filename.startswith("word/") or not entry.filename.endswith(".xml"):
            continue
        content = _bounded(package, entry, left, name)
        left -= len(content)
        # Entities and other files are never followed; a depth beyond reason is refused.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        parts[entry.filename] = etree.fromstring(content, parser)
    if MAIN not in parts:
        raise KeyError(MAIN)
    return parts


def _bounded(package: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int, name: str) -> bytes:
    """Return what an entry unpacks to, whatever size it states."""
    with package.open(entry) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise InputError(
            f"{name} is larger than can be read: a part unpacks to more than {most:,} bytes.",
            remedy="Ask for the document as PDF; keep pictures among the exhibits.",
        )
    return content


class _Reader:
    """One document while it is read."""

    def __init__(
        self, package: zipfile.ZipFile, parts: Mapping[str, etree._Element], name: str
    ) -> None:
        self.package, self.parts, self.name = package, parts, name
        self.numbering = ListNumbering(
            parts.get("word/numbering.xml"), parts.get("word/styles.xml")
        )
        self.found = _Found()
        self.part = MAIN
        self.relations: dict[str, str] = {}

    def form(self) -> WrittenForm:
        """Return all of the document."""
        blocks = list(self.blocks_of(MAIN))
        for title, stem in _AFTER:
            for part in sorted(self.parts):
                if PurePosixPath(part).name.startswith(stem):
                    blocks += self._following(title, part)
        for part in sorted(self.parts):
            text = "" if self._is_shown(part) else _all_text(self.parts[part]).strip()
            if text:
                # Charts, diagrams, building blocks: what their text belongs to is not drawn.
                self.found.others.append(part)
                self.found.shown += ink(text)
                blocks.append(Block("heading", f"Text of {part.removeprefix('word/')}"))
                blocks += [
                    Block("paragraph", printable(line)) for line in text.splitlines() if line
                ]
        if self.found.deleted:
            blocks.append(Block("heading", "Deleted text that the document still holds"))
            rows = [(Cell("By, at"), Cell("Text")), *self._deleted_rows()]
            blocks.append(Block("table", rows=tuple(rows)))
        held = sum(ink(_all_text(root)) for root in self.parts.values())
        return WrittenForm(
            "Word document",
            (),
            tuple(blocks) or (Block("paragraph", "(empty)"),),
            tuple(self._notices()),
            Account(held, self.found.shown),
        )

    def _is_shown(self, part: str) -> bool:
        name = PurePosixPath(part)
        return part == MAIN or (
            str(name.parent) == "word" and name.name.startswith(tuple(stem for _, stem in _AFTER))
        )

    def _deleted_rows(self) -> Iterator[tuple[Cell, ...]]:
        for who, text in self.found.deleted:
            yield Cell(who or "not stated"), Cell(text)

    def blocks_of(self, part: str) -> Iterator[Block]:
        """Yield the blocks of one part."""
        self.part = part
        self.relations = self._relations(part)
        yield from self._blocks(self.parts[part])

    def _following(self, title: str, part: str) -> list[Block]:
        blocks = []
        for entry in self._entries(part):
            self.part, self.relations = part, self._relations(part)
            own = [block for block in self._blocks(entry) if block.text.strip() or block.rows]
            if own:
                author = entry.get(f"{W}author")
                by = f" by {author}" if author else ""
                number = entry.get(f"{W}id")
                label = f"{title} {number}{by}" if number else f"{title}{by}"
                blocks += [Block("heading", printable(label)), *own]
        return blocks

    def _entries(self, part: str) -> list[etree._Element]:
        root = self.parts[part]
        kinds = [f"{W}footnote", f"{W}endnote", f"{W}comment"]
        return [child for child in root if child.tag in kinds] or [root]

    def _relations(self, part: str) -> dict[str, str]:
        place = PurePosixPath(part)
        name = f"{place.parent}/_rels/{place.name}.rels"
        if name not in self.package.namelist():
            return {}
        content = _bounded(self.package, self.package.getinfo(name), LARGEST, self.name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(content, parser)
        return {
            each.get("Id", ""): each.get("Target", "")
            for each in root
            if each.get("TargetMode") != "External"
        }

    def _blocks(self, root: etree._Element) -> Iterator[Block]:
        """Yield the blocks below an element, in order; boxes follow what they are anchored in."""
        for element in _top_level(root):
            if element.tag == f"{W}tbl":
                yield from self._table(element)
            else:
                yield from self._paragraph(element)

    def _paragraph(self, element: etree._Element) -> Iterator[Block]:
        number = self.numbering.label(element)
        pieces, inside = self._content(element)
        text = printable("".join(pieces)).strip("\n")
        heading = self.numbering.is_heading(element)
        if text.strip() or number:
            yield Block(
                "heading" if heading else "paragraph", f"{number}\t{text}" if number else text
            )
        for held in inside:
            if isinstance(held, Block):
                yield held
            else:
                yield from self._blocks(held)

    def _table(self, table: etree._Element) -> Iterator[Block]:
        rows: list[tuple[Cell, ...]] = []
        pictures: list[Block] = []
        for row in _nearest(table, f"{W}tr", f"{W}tbl"):
            cells = []
            if row.find(f"{W}trPr/{W}del") is not None:
                self._delete(row)
                continue
            for cell in _nearest(row, f"{W}tc", f"{W}tbl"):
                blocks = list(self._blocks(cell))
                pictures += [block for block in blocks if block.kind == "picture"]
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                cells.append(Cell("\n".join(_lines(blocks)), _columns(span)))
            rows.append(tuple(cells) or (Cell(""),))
        if any(len(cell.text) > LONGEST_LINE for row in rows for cell in row):
            # A page cannot hold such a cell: the rows are written one cell after another.
            for number, row in enumerate(rows, start=1):
                yield Block("paragraph", f"[Table, row {number}]")
                for cell in row:
                    yield from preformatted(cell.text)
        elif rows:
            yield Block("table", rows=tuple(rows))
        yield from pictures

    def _content(self, paragraph: etree._Element) -> tuple[list[str], list[etree._Element | Block]]:
        """Return a paragraph's text, and the boxes and pictures that are anchored in it."""
        pieces: list[str] = []
        inside: list[etree._Element | Block] = []
        stack: list[etree._Element] = list(reversed(paragraph))
        while stack:
            element = stack.pop()
            tag = element.tag
            if not isinstance(tag, str):
                continue
            if tag in (f"{W}txbxContent", f"{A}txBody", f"{W}tbl"):
                inside.append(element)
                continue
            if tag == f"{MC}AlternateContent":
                stack.extend(reversed(_alternatives(element)))
                continue
            if tag in (f"{W}ins", f"{W}moveTo") and len(element):
                who = element.get(f"{W}author", "")
                self.found.inserted[who] = self.found.inserted.get(who, 0) + 1
            if tag == f"{W}del" or tag == f"{W}moveFrom":
                self._delete(element)
                continue
            if tag in _TEXTS:
                opened, closed = _marks(element)
                pieces.append(f"{opened}{element.text or ''}{closed}")
                self.found.shown += ink(element.text or "")
            elif tag in _DELETED:
                self.found.deleted.append(("", printable(element.text or "")))
                self.found.shown += ink(element.text or "")
            elif tag in _BREAKS:
                pieces.append(_BREAKS[tag])
            elif tag == f"{W}sym":
                pieces.append(_symbol(element))
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference", f"{W}commentReference"):
                kind = "note" if tag != f"{W}commentReference" else "comment"
                pieces.append(f" [{kind} {element.get(f'{W}id', '')}]")
            elif tag == f"{W}vanish" and element.get(f"{W}val", "1") not in ("0", "false"):
                self.found.hidden += 1
            elif tag in (f"{A}blip", f"{V}imagedata"):
                inside.append(self._picture(element))
            stack.extend(reversed(element))
        return pieces, inside

    def _delete(self, element: etree._Element) -> None:
        text = printable(_all_text(element))
        if text.strip():
            self.found.shown += ink(_all_text(element))
            who, when = element.get(f"{W}author", ""), element.get(f"{W}date", "")
            verb = "moved away, shown where it is now" if element.tag == f"{W}moveFrom" else ""
            self.found.deleted.append((", ".join(filter(None, (who, when, verb))), text))

    def _picture(self, element: etree._Element) -> Block:
        """Return a picture of the document, or a line that names it where it cannot be shown."""
        self.found.pictures += 1
        key = element.get(f"{R}embed") or element.get(f"{R}id") or ""
        target = self.relations.get(key, "")
        described = _description(element)
        name = PurePosixPath(target).name or "a picture kept elsewhere"
        address = self._address(target) if target else ""
        words = printable(f"{described} ({name})" if described else name)
        if address:
            return Block("picture", words, address=address)
        self.found.unshown_pictures += 1
        return Block("paragraph", f"[Picture, not shown: {words}]")

    def _address(self, target: str) -> str:
        base = PurePosixPath(self.part).parent
        name = target.lstrip("/") if target.startswith("/") else str(base / target)
        try:
            entry = self.package.getinfo(name)
            content = _bounded(self.package, entry, _LARGEST_PICTURE, self.name)
            with Image.open(io.BytesIO(content)) as picture:
                if picture.format not in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"):
                    return ""
                picture.draft("RGB", _SHOWN_PIXELS)
                picture.thumbnail(_SHOWN_PIXELS)
                ground = Image.new("RGB", picture.size, "white")
                plain = picture.convert("RGBA")
                ground.paste(plain, mask=plain.getchannel("A"))
        except (
            KeyError,
            InputError,
            OSError,
            ValueError,
            SyntaxError,
            Image.DecompressionBombError,
        ):
            return ""
        stream = io.BytesIO()
        ground.save(stream, "PNG")
        return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"

    def _notices(self) -> Iterator[Notice]:
        found = self.found
        if found.inserted or found.deleted:
            people = ", ".join(sorted(filter(None, found.inserted))) or "not stated"
            yield Notice(
                Severity.WARNING,
                "tracked-changes",
                "The document holds tracked changes. Insertions, shown in place: "
                f"{sum(found.inserted.values())} (by {people}). Deletions, listed behind the "
                f"text: {len(found.deleted)}.",
                remedy="Ask its author which version was meant.",
            )
        if found.hidden:
            yield Notice(
                Severity.WARNING,
                "hidden-text",
                f"{found.hidden} runs of text are hidden in the document; they are shown.",
            )
        if found.others:
            yield Notice(
                Severity.WARNING,
                "drawing-not-shown",
                "Only the text is shown of: "
                f"{', '.join(part.removeprefix('word/') for part in found.others)}.",
                remedy="Look at it in the original.",
            )
        if found.unshown_pictures:
            yield Notice(
                Severity.WARNING,
                "picture-not-shown",
                f"{found.unshown_pictures} of {found.pictures} pictures cannot be shown; each is "
                "named in its place.",
                remedy="Look at them in the original.",
            )


def _top_level(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs and tables below `root` that stand in no other of them."""
    stack = list(reversed(root))
    while stack:
        element = stack.pop()
        if element.tag in (f"{W}p", f"{A}p", f"{W}tbl"):
            yield element
        elif element.tag == f"{MC}AlternateContent":
            stack.extend(reversed(_alternatives(element)))
        elif isinstance(element.tag, str):
            stack.extend(reversed(element))


def _nearest(root: etree._Element, tag: str, other: str) -> Iterator[etree._Element]:
    """Yield the elements of a tag below `root`, not those within an `other` between."""
    stack = list(reversed(root))
    while stack:
        element = stack.pop()
        if element.tag == tag:
            yield element
        elif isinstance(element.tag, str) and element.tag != other:
            stack.extend(reversed(element))


def _alternatives(element: etree._Element) -> list[etree._Element]:
    """Return the choices that say something of their own; a fallback mostly repeats one."""
    texts: set[str] = set()
    kept: list[etree._Element] = []
    for child in element:
        text = "".join(_all_text(child).split())
        if not kept or text not in texts:
            kept.append(child)
            texts.add(text)
    return kept


def _lines(blocks: list[Block]) -> Iterator[str]:
    for block in blocks:
        if block.kind == "picture":
            continue
        if block.rows:
            yield from (" | ".join(cell.text for cell in row) for row in block.rows)
        else:
            yield block.text


def _columns(span: etree._Element | None) -> int:
    value = span.get(f"{W}val", "1") if span is not None else "1"
    return min(int(value), _WIDEST) if value.isascii() and value.isdigit() and int(value) else 1


def _marks(element: etree._Element) -> tuple[str, str]:
    """Return what stands around a text whose form changes its meaning (§ 17.3.2)."""
    above = element.getparent()
    form = above.find(f"{W}rPr") if above is not None else None
    if form is None:
        return "", ""
    struck = [form.find(f"{W}{name}") for name in ("strike", "dstrike")]
    if any(each is not None and each.get(f"{W}val", "1") not in _OFF for each in struck):
        return "[struck through: ", "]"
    raised = form.find(f"{W}vertAlign")
    kind = raised.get(f"{W}val") if raised is not None else ""
    return {"superscript": ("^(", ")"), "subscript": ("_(", ")")}.get(kind or "", ("", ""))


def _symbol(element: etree._Element) -> str:
    code = element.get(f"{W}char", "")
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""


def _description(element: etree._Element) -> str:
    """Return what the document says of the picture that an element shows."""
    for above in element.iterancestors():
        if above.tag in (f"{WP}inline", f"{WP}anchor"):
            said = above.find(f"{WP}docPr")
            return (said.get("descr") or said.get("title") or "") if said is not None else ""
        if above.tag == f"{V}shape":
            return above.get("alt") or ""
    return ""


def _all_text(root: etree._Element) -> str:
    """Return all text below an element, deleted text too; a fallback that repeats it once."""
    pieces: list[str] = []
    stack = [root]
    while stack:
        element = stack.pop()
        if element.tag == f"{MC}AlternateContent":
            stack.extend(reversed(_alternatives(element)))
            continue
        if element.tag in _TEXTS or element.tag in _DELETED:
            pieces.append(element.text or "")
        elif element.tag in (f"{W}p", f"{A}p"):
            pieces.append("\n")
        if isinstance(element.tag, str):
            stack.extend(reversed(element))
    return "".join(pieces)
