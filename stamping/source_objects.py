"""The objects of one source file, read one at a time.

    classic file ──own reader──┐
    any other ──pikepdf────────┴─► load(reference) ─► value or Stream

In: a path. Out: values as `pdf_syntax` has them; streams as they are coded. A
file with one plain cross-reference table is read here, its objects only when
asked for (ISO 32000-2 § 7.5). Everything else, and every file in which something
is not as it must be, is read by pikepdf, which decrypts and repairs. Which of
the two reads is decided by the file's bytes alone; object numbers are the same.
"""

from __future__ import annotations

import os
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import pikepdf
from pikepdf import Pdf

from stamping.errors import UnreadableInputError
from stamping.pdf_syntax import Ref, UnusualFormError, Value, parse
from stamping.rereading import open_for_rereading

# A file up to this size is held in memory while it is read; of a larger one only
# an object at a time, and of a larger stream only a block.
_HELD_BYTES = 8 * 1024**2
_BLOCK_BYTES = 1024**2
_DICTIONARY_BYTES = 64 * 1024
_TAIL_BYTES = 2048
_ENTRY_BYTES = 20
_DEEPEST_PAGES = 200
_INHERITED = ("MediaBox", "CropBox", "Rotate", "Resources")

_BEGIN = re.compile(rb"(\d++) 0 obj(?=[\s<\[(/])")
_END = re.compile(rb"\s*+endobj\s*+\Z")
_STREAM = re.compile(rb"\s*+stream\r?\n")
_END_STREAM = re.compile(rb"\s*+endstream\s*+endobj\s*+\Z")
_START_XREF = re.compile(rb"startxref\s++(\d++)\s++%%EOF\s*+\Z")
_SUBSECTION = re.compile(rb"(\d++) (\d++)[ \t]*+\r?\n")
_TRAILER = re.compile(rb"trailer\s*+")
_LEAF = re.compile(rb"/Type\s*/Page(?![A-Za-z])")

Leaf = tuple[Ref, dict[str, Value]]
"""A page, and what it inherits."""


@dataclass(slots=True)
class Stream:
    """A stream: its dictionary, and its bytes as they are coded."""

    entries: dict[str, Value]
    length: int
    held: bytes | None
    file: _ClassicFile | None = None
    start: int = 0

    def coded(self) -> bytes:
        """Return all of the coded bytes."""
        return b"".join(self.blocks())

    def blocks(self) -> Iterator[bytes]:
        """Yield the coded bytes, at most a mebibyte at a time where they are many."""
        if self.held is not None:
            yield self.held
            return
        assert self.file is not None
        for start in range(self.start, self.start + self.length, _BLOCK_BYTES):
            yield self.file.read(start, min(start + _BLOCK_BYTES, self.start + self.length))


class _Reader(Protocol):
    """What reads a file's objects."""

    trailer: dict[str, Value]

    def load(self, ref: Ref) -> Value: ...
    def leaves(self) -> list[Leaf]: ...
    def close(self) -> None: ...


class SourceObjects:
    """A source file's objects. To be used as a context: it is open only within."""

    def __init__(self, path: Path) -> None:
        """Open `path`.

        Raises:
            UnreadableInputError: it is no PDF that can be opened.
        """
        self.path = path
        self._reader: _Reader
        try:
            self._reader = _ClassicFile(path)
        except UnusualFormError:
            self._reader = self._repaired()
        except OSError as error:
            raise unreadable(path) from error

    @property
    def trailer(self) -> dict[str, Value]:
        """The file's trailer dictionary."""
        return self._reader.trailer

    def load(self, ref: Ref) -> Value:
        """Return the object that `ref` names; None where there is none.

        Raises:
            UnreadableInputError: not even pikepdf can read it.
        """
        try:
            return self._reader.load(ref)
        except UnusualFormError:
            self._change_reader()
        try:
            return self._reader.load(ref)
        except (UnusualFormError, pikepdf.PdfError) as error:
            raise unreadable(self.path) from error

    def resolve(self, value: Value) -> Value:
        """Return `value`, or what it refers to."""
        for _ in range(_DEEPEST_PAGES):
            if type(value) is not Ref:
                return value
            value = self.load(value)
        return None

    def dictionary(self, value: Value) -> dict[str, Value]:
        """Return the dictionary that `value` is or refers to, empty where it is none."""
        found = self.resolve(value)
        return found if type(found) is dict else {}

    def array(self, value: Value) -> list[Value]:
        """Return the array that `value` is or refers to, empty where it is none."""
        found = self.resolve(value)
        return found if type(found) is list else []

    def leaves(self) -> list[Leaf]:
        """Return the pages in order."""
        try:
            return self._reader.leaves()
        except UnusualFormError:
            self._change_reader()
        try:
            return self._reader.leaves()
        except (UnusualFormError, pikepdf.PdfError) as error:
            raise unreadable(self.path) from error

    def close(self) -> None:
        """Let go of the file; what is loaded next opens it again."""
        self._reader.close()

    def __enter__(self) -> SourceObjects:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _change_reader(self) -> None:
        if isinstance(self._reader, _RepairedFile):
            raise unreadable(self.path)
        self._reader.close()
        self._reader = self._repaired()

    def _repaired(self) -> _RepairedFile:
        try:
            return _RepairedFile(self.path)
        except (pikepdf.PdfError, UnusualFormError, OSError) as error:
            raise unreadable(self.path) from error


def unreadable(path: Path) -> UnreadableInputError:
    """Return the error for a file that cannot be opened."""
    return UnreadableInputError(
        "this file cannot be opened as a PDF", source=path, remedy="Prepare it again."
    )


class _ClassicFile:
    """A file with one cross-reference table, each object where it says."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1
        self._held: bytes | None = None
        self._size = 0
        self._open()
        try:
            self.trailer = self._read_table()
        except UnusualFormError:
            self.close()
            raise

    def load(self, ref: Ref) -> Value:
        if ref.generation:
            raise UnusualFormError("an object has a generation")
        start = self._offsets[ref] if ref < len(self._offsets) else 0
        if not start:
            return None
        end = self._starts[bisect_right(self._starts, start)]
        if end - start > _BLOCK_BYTES:
            return self._load_large(ref, start, end)
        block = self.read(start, end)
        value, at = _value(block, ref)
        if _END.match(block, at):
            return value
        begun = _STREAM.match(block, at)
        if begun is None or type(value) is not dict:
            raise UnusualFormError("an object does not end")
        length = self._length(value)
        stop = begun.end() + length
        if not _END_STREAM.match(block, stop):
            raise UnusualFormError("a stream is not as long as it says")
        return Stream(value, length, block[begun.end() : stop])

    def leaves(self) -> list[Leaf]:
        catalog = self.load(self.trailer["Root"])
        if type(catalog) is not dict or type(catalog.get("Pages")) is not Ref:
            raise UnusualFormError("there is no page tree")
        found: list[Leaf] = []
        seen: set[Ref] = set()
        stack: list[tuple[Ref, dict[str, Value], int]] = [(catalog["Pages"], {}, 0)]
        while stack:
            ref, above, depth = stack.pop()
            if type(ref) is not Ref or ref in seen or depth > _DEEPEST_PAGES:
                raise UnusualFormError("the page tree is damaged")
            seen.add(ref)
            block = self._block(ref)
            if b"/Kids" not in block:
                if not _LEAF.search(block):
                    raise UnusualFormError("a page does not say that it is one")
                found.append((ref, above))
                continue
            node = self.load(ref)
            kids = node.get("Kids") if type(node) is dict else None
            if type(kids) is Ref:
                kids = self.load(kids)
            if type(kids) is not list or node.get("Type") != "Pages":
                raise UnusualFormError("the page tree is damaged")
            own = {name: node[name] for name in _INHERITED if name in node}
            below = {**above, **own} if own else above
            stack.extend((kid, below, depth + 1) for kid in reversed(kids))
        return found

    def read(self, start: int, end: int) -> bytes:
        """Return the file's bytes from `start` to `end`."""
        if self._descriptor < 0 and self._held is None:
            self._open()
        if self._held is not None:
            return self._held[start:end]
        return os.pread(self._descriptor, end - start, start)

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor, self._held = -1, None

    def _open(self) -> None:
        self._descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        self._size = os.fstat(self._descriptor).st_size
        if self._size <= _HELD_BYTES:
            self._held = os.read(self._descriptor, self._size)
            os.close(self._descriptor)
            self._descriptor = -1

    def _read_table(self) -> dict[str, Value]:
        """Read the cross-reference table (§ 7.5.4) and return the trailer."""
        if self.read(0, 5) != b"%PDF-":
            raise UnusualFormError("the file does not begin as a PDF")
        tail = self.read(max(0, self._size - _TAIL_BYTES), self._size)
        named = _START_XREF.search(tail)
        if named is None:
            raise UnusualFormError("the file does not end as a PDF")
        place = int(named[1])
        table = self.read(place, self._size)
        if not table.startswith(b"xref"):
            raise UnusualFormError("the cross-reference is no table")
        offsets = array("Q")
        at = table.find(b"\n") + 1
        while (section := _SUBSECTION.match(table, at)) is not None:
            first, count = int(section[1]), int(section[2])
            at = section.end() + count * _ENTRY_BYTES
            fields = table[section.end() : at].split()
            if first != len(offsets) or len(fields) != 3 * count:
                raise UnusualFormError("the cross-reference table is damaged")
            used = [kind == b"n" for kind in fields[2::3]]
            if any(
                use and generation != b"00000"
                for use, generation in zip(used, fields[1::3], strict=True)
            ):
                raise UnusualFormError("an object has a generation")
            offsets.extend(
                int(offset) if use else 0 for use, offset in zip(used, fields[0::3], strict=True)
            )
        begun = _TRAILER.match(table, at)
        if begun is None:
            raise UnusualFormError("there is no trailer")
        trailer, _ = parse(table, begun.end())
        unusual = {"Prev", "XRefStm", "Encrypt"}
        if (
            type(trailer) is not dict
            or type(trailer.get("Root")) is not Ref
            or unusual & {*trailer}
        ):
            raise UnusualFormError("the file is encrypted or has been added to")
        starts = sorted(offset for offset in offsets if offset)
        if not starts or starts[-1] >= place:
            raise UnusualFormError("an object stands behind the table")
        self._offsets = offsets
        self._starts = array("Q", [*starts, place])
        return trailer

    def _block(self, ref: Ref) -> bytes:
        if ref.generation or ref >= len(self._offsets) or not self._offsets[ref]:
            raise UnusualFormError("the page tree is damaged")
        start = self._offsets[ref]
        end = self._starts[bisect_right(self._starts, start)]
        return self.read(start, min(end, start + _BLOCK_BYTES))

    def _length(self, entries: dict[str, Value]) -> int:
        length = entries.get("Length")
        if type(length) is Ref:
            length = self.load(length)
        if type(length) is not int or length < 0:
            raise UnusualFormError("a stream does not say how long it is")
        return length

    def _load_large(self, ref: Ref, start: int, end: int) -> Value:
        block = self.read(start, min(end, start + _DICTIONARY_BYTES))
        value, at = _value(block, ref)
        begun = _STREAM.match(block, at)
        if begun is None or type(value) is not dict:
            raise UnusualFormError("an object is too large")
        length = self._length(value)
        first = start + begun.end()
        if first + length > end or not _END_STREAM.match(self.read(first + length, end)):
            raise UnusualFormError("a stream is not as long as it says")
        return Stream(value, length, None, self, first)


def _value(block: bytes, ref: Ref) -> tuple[Value, int]:
    begun = _BEGIN.match(block)
    if begun is None or int(begun[1]) != ref:
        raise UnusualFormError("an object is not where the table says")
    return parse(block, begun.end())


class _RepairedFile:
    """A file that pikepdf has opened, decrypted and repaired."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pdf = Pdf.open(open_for_rereading(path))
        self.trailer: dict[str, Value] = self._parsed(self._pdf.trailer)
        self._leaves: list[Leaf] = []
        for page in self._pdf.pages:
            own: dict[str, Value] = {}
            node: Any = page.obj.get("/Parent")
            for _ in range(_DEEPEST_PAGES):
                if not isinstance(node, pikepdf.Dictionary):
                    break
                for name in _INHERITED:
                    if f"/{name}" in node and name not in own:
                        own[name] = self._parsed(node[f"/{name}"])
                node = node.get("/Parent")
            number, generation = (int(each) for each in page.obj.objgen)
            self._leaves.append((Ref(number | generation << 32), own))

    def load(self, ref: Ref) -> Value:
        found = self._pdf.get_object((ref.number, ref.generation))
        if not isinstance(found, pikepdf.Stream):
            return self._parsed(found)
        coded = found.read_raw_bytes()
        return Stream(self._parsed(found.stream_dict), len(coded), coded)

    def leaves(self) -> list[Leaf]:
        return self._leaves

    def close(self) -> None:
        """Nothing is open between reads."""

    @staticmethod
    def _parsed(held: Any) -> Value:
        if isinstance(held, pikepdf.Object):
            return parse(held.unparse(resolved=True))[0]
        # pikepdf hands out plain numbers as they are.
        return float(held) if isinstance(held, Decimal) else held
