"""Copies what a page needs from its source, once, under new numbers.

In: a source's objects and the writer of the output. Out: every object that is
reached from what is carried over, written with its streams as they are coded.
Pages, the page tree and structure elements are never followed: they are built
anew, and only those are referred to that were given a number beforehand.
"""

from __future__ import annotations

from stamping.objects.file_reader import DEFLATED, Stream
from stamping.objects.object_writer import ObjectWriter
from stamping.objects.pdf_syntax import Ref, Value, written
from stamping.objects.source_objects import SourceObjects

# Built anew or left out: a reference to one without a number leads nowhere.
_NOT_FOLLOWED = frozenset({"Page", "Pages", "Catalog", "StructElem", "StructTreeRoot"})


class ObjectCopier:
    """The way of one source's objects into the output."""

    def __init__(self, source: SourceObjects, writer: ObjectWriter) -> None:
        self.source = source
        self.writer = writer
        self._numbers: dict[Ref, Ref] = {}
        self._waiting: list[Ref] = []

    def place(self, old: Ref) -> Ref:
        """Give an object that its caller writes a number; the same one at each call."""
        new = self._numbers.get(old)
        if new is None:
            new = self._numbers[old] = self.writer.reserve()
        return new

    def placed(self, old: Value) -> Ref | None:
        """Return the number that an object has in the output, if it has one."""
        return self._numbers.get(old) if type(old) is Ref else None

    def carry(self, value: Value) -> Value:
        """Return `value` with references into the output; what they name is copied."""
        kind = type(value)
        if kind is Ref:
            new = self._numbers.get(value)
            if new is None:
                new = self._numbers[value] = self.writer.reserve()
                self._waiting.append(value)
            return new
        if kind is dict:
            return {key: self.carry(each) for key, each in value.items()}
        if kind is list:
            return [self.carry(each) for each in value]
        return value

    def put_stream(self, old: Ref, stream: Stream) -> Ref:
        """Write a stream that is already loaded, if it is not written yet."""
        new = self._numbers.get(old)
        if new is None:
            new = self._numbers[old] = self.writer.reserve()
            self._put(new, stream)
        return new

    def copy_waiting(self) -> None:
        """Write all that was carried over by reference, and what that refers to."""
        while self._waiting:
            old = self._waiting.pop()
            new, value = self._numbers[old], self.source.load(old)
            if isinstance(value, Stream):
                self._put(new, value)
            elif type(value) is dict and value.get("Type") in _NOT_FOLLOWED:
                self.writer.put(new, "null")
            else:
                self.writer.put(new, written(self.carry(value)))

    def _put(self, new: Ref, stream: Stream) -> None:
        entries = stream.entries
        if entries != DEFLATED:
            entries = {key: self.carry(each) for key, each in entries.items() if key != "Length"}
        if stream.held is not None:
            self.writer.put_stream(new, entries, stream.held)
        else:
            self.writer.put_blocks(new, entries, stream.blocks(), stream.length)
