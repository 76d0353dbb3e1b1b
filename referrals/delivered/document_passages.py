"""The passages of a document that somebody wrote, each with its place.

In: a Word document (`.docx`) or a text (`.txt`, `.md`). Out: passages of plain text:
body paragraphs, table cells (of tables in tables too), headers and footers,
footnotes and endnotes, text boxes. What is printed is read and nothing else: no
deleted text, no field's code, no comment. Knows nothing of cites.

WordprocessingML (ECMA-376, part 1, § 17) splits a word over any number of runs; a
paragraph is therefore read as one text. Soft hyphens and characters of no width
are left out, and each kind of space becomes a plain one.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from referrals.errors import InputError

if TYPE_CHECKING:
    from docx.document import Document

SUFFIXES = (".docx", ".md", ".txt")
LARGEST = 100_000_000
"""How many bytes a document may have, unpacked."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_BOX = f"{_W}txbxContent"
_NOT_PRINTED = {f"{_W}del", f"{_W}moveFrom", f"{_W}rPr", f"{_W}pPr", _FALLBACK, _BOX}
"""What a paragraph's text leaves out; a box is a passage of its own, and the
fallback repeats what stands beside it."""
_CHARACTERS = {
    f"{_W}tab": " ",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
}
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_SPACE = re.compile(r"[^\S\n]")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph and where it stands, in words that its writer can follow."""

    place: str
    text: str


def document_passages(path: Path) -> list[Passage]:
    """Return the passages of the document at `path` that hold any text, in order.

    Raises:
        InputError: the file is of another kind, cannot be read, or is too large.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"{path.name} is not a kind of document whose cites can be read.",
            remedy=f"Save it as one of: {', '.join(SUFFIXES)}.",
        )
    try:
        found = _word(path) if suffix == ".docx" else _text(path)
    except OSError as error:
        raise InputError(
            f"{path.name} cannot be read: {error.strerror or error}.",
            remedy="Check the file and the right to read it.",
        ) from error
    return [Passage(place, text) for place, text in found if text.strip()]


def plain(text: str) -> str:
    """Return `text` without characters of no width, and with plain spaces."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", text))


def _text(path: Path) -> list[tuple[str, str]]:
    if path.stat().st_size > LARGEST:
        raise _too_large(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path.name} is not UTF-8 text (byte {error.start + 1}).",
            remedy="Save it again with the encoding UTF-8.",
        ) from error
    found, line = [], 1
    for block in re.split(r"(\n[ \t]*\n)", text):
        first = len(block) - len(block.lstrip("\n"))
        found.append((f"line {line + first}", plain(block.strip("\n"))))
        line += block.count("\n")
    return found


def _word(path: Path) -> list[tuple[str, str]]:
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with zipfile.ZipFile(path) as package:
            if sum(entry.file_size for entry in package.infolist()) > LARGEST:
                raise _too_large(path)
        return list(_document(Document(str(path))))
    except (
        zipfile.BadZipFile,
        PackageNotFoundError,
        SyntaxError,  # what the XML reader raises
        KeyError,
        ValueError,
    ) as error:
        raise InputError(
            f"{path.name} is not a Word document that can be read.",
            remedy="Open it in Word and save it again as .docx; remove a password if it has one.",
        ) from error


def _document(document: Document) -> Iterator[tuple[str, str]]:
    body = document.element.body
    yield from _story(body, "")
    for kind in ("footnote", "endnote"):
        yield from _notes(document, body, kind)
    for kind in ("header", "footer"):
        stories = _parts(document, kind)
        for number, story in enumerate(stories, start=1):
            place = kind if len(stories) == 1 else f"{kind} {number}"
            yield from _story(story, f"{place}, ")


def _story(story: Any, before: str) -> Iterator[tuple[str, str]]:
    """Yield what stands in a body, a cell, a note or a box; paragraphs with text are counted."""
    paragraphs = tables = 0
    for block in _blocks(story):
        if block.tag == f"{_W}tbl":
            tables += 1
            yield from _table(block, f"{before}table {tables}, ")
            continue
        text = plain("".join(_characters(block)))
        boxes = [box for box in block.iter(_BOX) if not _is_fallback(box, block)]
        paragraphs += bool(text.strip() or boxes)
        place = f"{before}paragraph {paragraphs}"
        yield place, text
        for box in boxes:
            if not any(outer in boxes for outer in box.iterancestors(_BOX)):
                yield from _story(box, f"text box at {place}, ")


def _blocks(story: Any) -> Iterator[Any]:
    """Yield paragraphs and tables, also those in content controls and tracked insertions."""
    for block in story:
        if block.tag in (f"{_W}p", f"{_W}tbl"):
            yield block
        elif block.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins"):
            yield from _blocks(block)


def _table(table: Any, before: str) -> Iterator[tuple[str, str]]:
    for row, cells in enumerate(_below(table, "tr"), start=1):
        for column, cell in enumerate(_below(cells, "tc"), start=1):
            yield from _story(cell, f"{before}row {row}, cell {column}, ")


def _below(element: Any, name: str) -> list[Any]:
    """Return the rows or cells of an element, content controls looked through."""
    found = []
    for each in element:
        if each.tag == f"{_W}{name}":
            found.append(each)
        elif each.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml"):
            found += _below(each, name)
    return found


def _notes(document: Document, body: Any, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the notes in the order in which the text refers to them, as Word numbers them."""
    notes = {
        note.get(f"{_W}id"): note
        for part in _parts(document, f"{kind}s")
        for note in part.iter(f"{_W}{kind}")
    }
    named = [each.get(f"{_W}id") for each in body.iter(f"{_W}{kind}Reference")]
    for number, key in enumerate(dict.fromkeys(named), start=1):
        if key in notes:
            yield from _story(notes[key], f"{kind} {number}, ")


def _parts(document: Document, kind: str) -> list[Any]:
    from docx.oxml.parser import parse_xml

    related = {
        str(each.target_part.partname): each.target_part
        for each in document.part.rels.values()
        if each.reltype == f"{_RELATED}{kind}" and not each.is_external
    }
    return [parse_xml(related[name].blob) for name in sorted(related)]


def _characters(element: Any) -> Iterator[str]:
    for each in element:
        if each.tag in _NOT_PRINTED:
            continue
        if each.tag == f"{_W}t":
            yield each.text or ""
        elif each.tag in _CHARACTERS:
            yield _CHARACTERS[each.tag]
        else:
            yield from _characters(each)


def _is_fallback(box: Any, paragraph: Any) -> bool:
    for outer in box.iterancestors():
        if outer is paragraph:
            return False
        if outer.tag == _FALLBACK:
            return True
    return False


def _too_large(path: Path) -> InputError:
    return InputError(
        f"{path.name} is larger than {LARGEST:,} bytes.",
        remedy="Save it without its pictures.",
    )
