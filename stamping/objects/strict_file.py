"""A PDF that is as it must be, read where its cross-reference says.

In: a path. Out: the file's objects, each read when it is asked for (ISO 32000-2
§ 7.5): one cross-reference, as a table or as a stream, objects by themselves or in
object streams. Whatever is otherwise is refused, for a lenient library to read.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from stamping.objects.cross_reference import Places, read_stream, read_table
from stamping.objects.file_reader import DEEPEST_PAGES, DEFLATED, INHERITED, Block, Leaf, Stream
from stamping.objects.inflating import inflated
from stamping.objects.pdf_syntax import Ref, UnusualFormError, Value, parse

# A file up to this size is held in memory while it is read; of a larger one only
# an object at a time, and of a larger stream only a block.
_HELD_BYTES = 8 * 1024**2
_LARGE_BYTES = 64 * 1024
_LONGEST_VALUE = 16 * 1024**2
_TAIL_BYTES = 2048
# Object streams kept unpacked, and how much one of them may hold.
_KEPT_STREAMS = 8
_LARGEST_UNPACKED = 32 * 1024**2

_BEGIN = re.compile(rb"(\d++) 0 obj(?=[\s<\[(/])")
_END = re.compile(rb"\s*+endobj\s*+\Z")
_STREAM = re.compile(rb"\s*+stream\r?\n")
_END_STREAM = re.compile(rb"\s*+endstream\s*+endobj\s*+\Z")
# Most streams of text pages say no more than this.
_DEFLATED = re.compile(
    rb"(\d++) 0 obj\s*+<<\s*+(?:/Length (\d++)\s*+/Filter\s*+/FlateDecode"
    rb"|/Filter\s*+/FlateDecode\s*+/Length (\d++))\s*+>>\s*+stream\r?\n"
)
_START_XREF = re.compile(rb"startxref\s++(\d++)\s++%%EOF\s*+\Z")
_SPACE = re.compile(rb"\s*+\Z")
_DIGITS_AND_SPACE = b"0123456789\t\n\f\r "
_LEAF = re.compile(rb"/Type\s*/Page(?=[\0\s/<>\[\](){}%])")


@dataclass(frozen=True, slots=True)
class _Unpacked:
    """An object stream's content, and where in it each object begins and ends, by number."""

    content: bytes
    places: dict[int, tuple[int, int]]


class StrictFile:
    """A file with one cross-reference, each object where it says."""

    trailer: dict[str, Value]

    def __init__(self, path: Path) -> None:
        """Open `path` and read its cross-reference.

        Raises:
            UnusualFormError: it is not as it must be, is encrypted or has been added to.
            OSError: it cannot be read.
        """
        self._path = path
        self._descriptor = -1
        self._held: bytes | None = None
        self._size = 0
        self._unpacked: dict[int, _Unpacked] = {}
        self._open()
        try:
            self._places = self._read_places()
        except UnusualFormError:
            self.close()
            raise
        self.trailer = self._places.trailer

    def load(self, ref: Ref) -> Value:
        """Return the object that `ref` names; None where there is none."""
        start = self._places.offset(ref)
        if not start:
            if ref.generation:
                raise UnusualFormError("an object has a generation")
            text = self._packed(ref)
            if text is None:
                return None
            value, at = parse(text)
            if not _SPACE.match(text, at):
                raise UnusualFormError("an object does not end")
            return value
        end = self._end(start)
        if end - start > _LARGE_BYTES:
            return self._load_large(ref, start, end)
        block = self._read(start, end)
        plain = _DEFLATED.match(block)
        if plain is not None and int(plain[1]) == ref:
            length, first = int(plain[2] or plain[3]), plain.end()
            if _END_STREAM.match(block, first + length):
                return Stream(DEFLATED, length, block[first : first + length])
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

    def text(self, ref: Ref) -> bytes | None:
        """Return the object's text as the file has it, a stream's up to its first block."""
        start = self._places.offset(ref)
        if not start:
            return self._packed(ref)
        return self._read(start, min(self._end(start), start + _LARGE_BYTES))

    def leaves(self) -> list[Leaf]:
        """Return the pages in order."""
        catalog = self.load(self.trailer["Root"])
        if type(catalog) is not dict or type(catalog.get("Pages")) is not Ref:
            raise UnusualFormError("there is no page tree")
        found: list[Leaf] = []
        seen: set[Ref] = set()
        stack: list[tuple[Ref, dict[str, Value], int]] = [(catalog["Pages"], {}, 0)]
        while stack:
            ref, above, depth = stack.pop()
            if type(ref) is not Ref or ref in seen or depth > DEEPEST_PAGES:
                raise UnusualFormError("the page tree is damaged")
            seen.add(ref)
            text = self.text(ref)
            if text is None:
                raise UnusualFormError("the page tree is damaged")
            if b"#" in text:
                # A name with an escape may be any name; the whole syntax refuses those that are.
                self.load(ref)
            if b"/Kids" not in text:
                if not _LEAF.search(text):
                    raise UnusualFormError("a page does not say that it is one")
                found.append((ref, above))
                continue
            node = self.load(ref)
            kids = node.get("Kids") if type(node) is dict else None
            if type(kids) is Ref:
                kids = self.load(kids)
            if type(kids) is not list or node.get("Type") != "Pages":
                raise UnusualFormError("the page tree is damaged")
            own = {name: node[name] for name in INHERITED if name in node}
            below = {**above, **own} if own else above
            stack.extend([(kid, below, depth + 1) for kid in reversed(kids)])
        return found

    def close(self) -> None:
        """Let go of the file; what is loaded next opens it again."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor, self._held = -1, None
        self._unpacked.clear()

    def _open(self) -> None:
        self._descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        self._size = os.fstat(self._descriptor).st_size
        if self._size <= _HELD_BYTES:
            self._held = os.read(self._descriptor, self._size)
            os.close(self._descriptor)
            self._descriptor = -1

    def _read(self, start: int, end: int) -> bytes:
        """Return the file's bytes from `start` to `end`."""
        held = self._held
        if held is None and self._descriptor < 0:
            self._open()
            held = self._held
        if held is not None:
            return held[start:end]
        return os.pread(self._descriptor, end - start, start)

    def _in_place(self, start: int, end: int) -> Block:
        """Return the same without a copy, where the file is in memory."""
        if self._held is not None:
            return memoryview(self._held)[start:end]
        return self._read(start, end)

    def _end(self, start: int) -> int:
        """Return where what begins at `start` ends at the latest."""
        starts = self._places.starts
        after = bisect_right(starts, start)
        if after == len(starts):
            raise UnusualFormError("an object stands behind the cross-reference")
        return starts[after]

    def _read_places(self) -> Places:
        if self._read(0, 5) != b"%PDF-":
            raise UnusualFormError("the file does not begin as a PDF")
        tail = self._read(max(0, self._size - _TAIL_BYTES), self._size)
        named = _START_XREF.search(tail)
        if named is None:
            raise UnusualFormError("the file does not end as a PDF")
        place = int(named[1])
        table = self._read(place, self._size)
        if table.startswith(b"xref"):
            return read_table(table, place)
        begun = _BEGIN.match(table)
        if begun is None:
            raise UnusualFormError("there is no cross-reference")
        value, at = parse(table, begun.end())
        data = _STREAM.match(table, at)
        if data is None or type(value) is not dict or type(value.get("Length")) is not int:
            raise UnusualFormError("the cross-reference is not a stream")
        stop = data.end() + value["Length"]
        if stop > len(table):
            raise UnusualFormError("the cross-reference is not as long as it says")
        return read_stream(value, table[data.end() : stop], place)

    def _packed(self, ref: Ref) -> bytes | None:
        """Return the text of an object in an object stream; None where there is none."""
        stream = self._places.holder(ref)
        if not stream:
            return None
        held = self._unpacked.get(stream)
        if held is None:
            held = self._unpack(Ref(stream))
            if len(self._unpacked) >= _KEPT_STREAMS:
                del self._unpacked[next(iter(self._unpacked))]
            self._unpacked[stream] = held
        if ref not in held.places:
            raise UnusualFormError("an object is not where the cross-reference says")
        start, end = held.places[ref]
        return held.content[start:end]

    def _unpack(self, ref: Ref) -> _Unpacked:
        """Return what an object stream holds, and where (§ 7.5.7)."""
        stream = self.load(ref) if self._places.offset(ref) else None
        if not isinstance(stream, Stream) or stream.entries.get("Type") != "ObjStm":
            raise UnusualFormError("there is no object stream where one should be")
        content = inflated(stream.entries, stream.coded(), _LARGEST_UNPACKED)
        count, first = stream.entries.get("N"), stream.entries.get("First")
        if content is None or type(count) is not int or type(first) is not int:
            raise UnusualFormError("an object stream cannot be unpacked")
        heads = content[:first].split()
        if len(heads) != 2 * count or content[:first].translate(None, _DIGITS_AND_SPACE):
            raise UnusualFormError("an object stream does not say what it holds")
        numbers = list(map(int, heads[0::2]))
        starts = [first + offset for offset in map(int, heads[1::2])]
        places = dict(zip(numbers, pairwise([*starts, len(content)]), strict=True))
        if starts != sorted(starts) or len(places) != count:
            raise UnusualFormError("an object stream is in disorder")
        return _Unpacked(content, places)

    def _length(self, entries: dict[str, Value]) -> int:
        length = entries.get("Length")
        if type(length) is Ref:
            length = self.load(length)
        if type(length) is not int or length < 0:
            raise UnusualFormError("a stream does not say how long it is")
        return length

    def _load_large(self, ref: Ref, start: int, end: int) -> Value:
        block = self._read(start, start + _LARGE_BYTES)
        try:
            value, at = _value(block, ref)
        except UnusualFormError:
            return self._load_long(ref, start, end)
        begun = _STREAM.match(block, at)
        if begun is None or type(value) is not dict:
            raise UnusualFormError("an object is too large")
        length = self._length(value)
        first = start + begun.end()
        if first + length > end or not _END_STREAM.match(self._read(first + length, end)):
            raise UnusualFormError("a stream is not as long as it says")
        return Stream(value, length, None, self._in_place, first)

    def _load_long(self, ref: Ref, start: int, end: int) -> Value:
        """Return a value that is itself large: the list of a long file's pages."""
        if end - start > _LONGEST_VALUE:
            raise UnusualFormError("an object is too large")
        block = self._read(start, end)
        value, at = _value(block, ref)
        if not _END.match(block, at):
            raise UnusualFormError("an object does not end")
        return value


def _value(block: bytes, ref: Ref) -> tuple[Value, int]:
    begun = _BEGIN.match(block)
    if begun is None or int(begun[1]) != ref:
        raise UnusualFormError("an object is not where the table says")
    return parse(block, begun.end())
