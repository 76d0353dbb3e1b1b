"""A Word file as its parts: unpacked within limits, told apart by what they hold.

In: a `.docx` file (ECMA-376-2, a ZIP archive). Out: a `WordPackage`. The main part is the one
that the package's relations name, whatever it is called; both the transitional and the strict
form of the language are read (ISO/IEC 29500-1 and -4). Nothing outside the file is followed.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from lxml import etree

from referrals.errors import InputError

LARGEST = 200_000_000
"""How many bytes a document's parts may have, unpacked."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
V = "{urn:schemas-microsoft-com:vml}"
O = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741 – the prefix that the standard uses

_STRICT = "{http://purl.oclc.org/ooxml/"
_SAME = {
    f"{_STRICT}wordprocessingml/main}}": W,
    f"{_STRICT}officeDocument/math}}": M,
    f"{_STRICT}drawingml/main}}": A,
    f"{_STRICT}officeDocument/relationships}}": R,
    f"{_STRICT}drawingml/wordprocessingDrawing}}": WP,
    f"{_STRICT}drawingml/diagram}}": DGM,
    f"{_STRICT}drawingml/chart}}": CHART,
}
_USUAL = "word/document.xml"

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


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part names: its kind, the part or the address that is meant."""

    kind: str
    target: str
    external: bool


@dataclass(frozen=True)
class WordPackage:
    """The parts of a document: `texts` are the roots of its XML, `main` is the pages' part.

    `files` are the sizes of the other files by their names, `unread` the XML parts that are
    broken.
    """

    archive: zipfile.ZipFile
    name: str
    main: str
    texts: Mapping[str, etree._Element]
    files: Mapping[str, int]
    unread: tuple[str, ...]
    entries: Mapping[str, zipfile.ZipInfo] = field(repr=False)

    def read(self, part: str, most: int) -> bytes:
        """Return the bytes of a part.

        Raises:
            KeyError: the package does not hold it.
            InputError: it unpacks to more than `most` bytes.
        """
        return _bounded(self.archive, self.entries[part], most, self.name)

    def relations(self, part: str) -> dict[str, Relation]:
        """Return what a part names, by the keys that it uses."""
        return _relations(self.archive, self.entries, part, self.name)


@contextmanager
def opened(path: Path, name: str, largest: int = LARGEST) -> Iterator[WordPackage]:
    """Yield the package at `path`, which the record calls `name`.

    Raises:
        InputError: it is not a Word document that can be read whole, or its parts have more
            than `largest` bytes unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield _package(archive, name, largest)
    except _UNREADABLE as error:
        raise InputError(
            f"{name} is not a Word document that can be read.",
            remedy="Open it in Word and save it again as .docx; remove a password if it has one.",
        ) from error


def _package(archive: zipfile.ZipFile, name: str, largest: int) -> WordPackage:
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        # Names of parts are equal whatever their case (ECMA-376-2 § 6.2.2).
        key = _key(entry.filename)
        if key in entries:
            raise ValueError(f"two parts are called {key}")
        if not entry.is_dir():
            entries[key] = entry
    main = _main_part(archive, entries, name)
    left = largest
    texts: dict[str, etree._Element] = {}
    unread: list[str] = []
    for key, entry in entries.items():
        if not key.endswith(".xml") and key != main:
            continue
        content = _bounded(archive, entry, left, name)
        left -= len(content)
        try:
            texts[key] = _parsed(content)
        except etree.XMLSyntaxError:
            if key == main:
                raise
            unread.append(key)
    if texts[main].tag != f"{W}document":
        raise ValueError(f"{main} is not a document")
    files = {
        key: entry.file_size
        for key, entry in entries.items()
        if key not in texts and not key.endswith((".rels", ".xml"))
    }
    return WordPackage(archive, name, main, texts, files, tuple(unread), entries)


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _main_part(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], name: str) -> str:
    for relation in _relations(archive, entries, "", name).values():
        if relation.kind == "officeDocument" and relation.target in entries:
            return relation.target
    if _USUAL not in entries:
        raise KeyError(_USUAL)
    return _USUAL


def _relations(
    archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], part: str, name: str
) -> dict[str, Relation]:
    place = PurePosixPath(part)
    entry = entries.get(_key(str(place.parent / "_rels" / f"{place.name}.rels")))
    if entry is None:
        return {}
    found = {}
    for each in _parsed(_bounded(archive, entry, LARGEST, name)):
        target, external = each.get("Target", ""), each.get("TargetMode") == "External"
        if not external:
            target = _resolved(place.parent, target)
        kind = each.get("Type", "").rpartition("/")[2]
        found[each.get("Id", "")] = Relation(kind, target, external)
    return found


def _resolved(folder: PurePosixPath, target: str) -> str:
    """Return the name of the part that a target means, which may climb (RFC 3986 § 5.2.4)."""
    way = [] if target.startswith("/") else list(folder.parts)
    for step in PurePosixPath(target.lstrip("/")).parts:
        if step == "..":
            del way[-1:]
        else:
            way.append(step)
    return _key("/".join(way))


def _parsed(content: bytes) -> etree._Element:
    # Entities and other files are never followed; a depth beyond reason is refused.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(content, parser)
    if any(name.startswith(_STRICT[1:]) for name in root.nsmap.values()):
        for element in root.iter(etree.Element):
            _write_transitional(element)
    return root


def _write_transitional(element: etree._Element) -> None:
    """Give an element of the strict language the name that it has in the other."""
    element.tag = _plain(str(element.tag))
    for key in [key for key in element.attrib if str(key).startswith(_STRICT)]:
        element.set(_plain(str(key)), element.attrib.pop(key))


def _plain(name: str) -> str:
    space, brace, local = name.partition("}")
    return _SAME.get(space + brace, space + brace) + local


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int, name: str) -> bytes:
    """Return what an entry unpacks to, whatever size it states."""
    with archive.open(entry) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise InputError(
            f"{name} is larger than can be read: a part unpacks to more than {most:,} bytes.",
            remedy="Ask for the document as PDF; keep pictures among the exhibits.",
        )
    return content
