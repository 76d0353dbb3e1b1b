"""A PDF file written in one go: each object once, none of them kept.

In: objects in any order, under numbers reserved before. Out: a file with object
streams and one cross-reference stream (ISO 32000-2 § 7.5.7, § 7.5.8), whose
digest is known as soon as it is written. Knows nothing of pages.
"""

from __future__ import annotations

import hashlib
import sys
import zlib
from array import array
from collections.abc import Iterable
from itertools import accumulate
from typing import Protocol

from stamping.objects.file_reader import DEFLATED, Block
from stamping.objects.pdf_syntax import Ref, Value, written

_HEADER = b"%PDF-1.7\n%\xbf\xf7\xa2\xfe\n"
# Objects and characters in one object stream: enough to compress well, few
# enough that a reader who wants one object unpacks little.
_MOST_OBJECTS = 200
_MOST_CHARACTERS = 100_000
# Many small objects gain little from a higher level.
_OBJECTS_LEVEL = 3
_LEVEL = 6
# Small pieces are written together, large ones at once and without a copy.
_LEAST_WRITTEN = 64 * 1024
_MOST_HELD = 256 * 1024
# Where an object is, as the row of the cross-reference that says so: its kind in one
# byte, its offset or the number of its object stream in five, its place within in two.
_WIDTHS = [1, 5, 2]
_BY_OFFSET = 1 << 56
_PACKED = 2 << 56
_INDEX_BITS = 16
_STREAM_HEAD = b"%d 0 obj\n<<%b/Length %d>>\nstream\n"
_STREAM_END = b"\nendstream\nendobj\n"
_SMALL_STREAM = _STREAM_HEAD + b"%b" + _STREAM_END


class Output(Protocol):
    """What takes the file's bytes."""

    def write(self, data: Block, /) -> object:
        """Take `data`."""
        ...


class ObjectWriter:
    """Writes objects to `stream`, which must be empty and is not closed."""

    def __init__(self, stream: Output) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self._places = array("Q", [0])
        self._batch: list[tuple[Ref, bytes]] = []
        self._batched = 0
        self._unwritten: list[Block] = []
        self._held = 0
        self.bytes = 0
        self._write(_HEADER)

    def reserve(self) -> Ref:
        """Return the number of an object that is to be written later."""
        places = self._places
        places.append(0)
        return Ref(len(places) - 1)

    def add(self, value: Value) -> Ref:
        """Write a new object and return its number."""
        ref = self.reserve()
        self.put(ref, written(value))
        return ref

    def put(self, ref: Ref, text: str) -> None:
        """Write an object that is not a stream, from its text as PDF writes it."""
        self.put_bytes(ref, text.encode("latin-1"))

    def put_bytes(self, ref: Ref, text: bytes) -> None:
        """Write an object that is not a stream, from its bytes."""
        self._places[ref] = _PACKED
        self._batch.append((ref, text))
        self._batched += len(text)
        if len(self._batch) >= _MOST_OBJECTS or self._batched >= _MOST_CHARACTERS:
            self._flush()

    def put_stream(self, ref: Ref, entries: dict[str, Value], data: bytes) -> None:
        """Write a stream from its coded bytes; `entries` need not say how long they are."""
        length = len(data)
        if length >= _LEAST_WRITTEN:
            self.put_blocks(ref, entries, (data,), length)
            return
        self._places[ref] = _BY_OFFSET | self.bytes << _INDEX_BITS
        self._write(_SMALL_STREAM % (ref, _own(entries), length, data))

    def put_blocks(
        self, ref: Ref, entries: dict[str, Value], blocks: Iterable[Block], length: int
    ) -> None:
        """Write a stream whose coded bytes, `length` in all, come block by block."""
        self._places[ref] = _BY_OFFSET | self.bytes << _INDEX_BITS
        self._write(_STREAM_HEAD % (ref, _own(entries), length))
        for block in blocks:
            self._write(block)
        self._write(_STREAM_END)

    def add_stream(self, entries: dict[str, Value], data: bytes) -> Ref:
        """Write a new stream and return its number."""
        ref = self.reserve()
        self.put_stream(ref, entries, data)
        return ref

    def add_compressed(self, entries: dict[str, Value], data: bytes) -> Ref:
        """Write a new stream, compressed here, and return its number."""
        return self.add_stream({**entries, "Filter": "FlateDecode"}, zlib.compress(data, _LEVEL))

    def finish(self, trailer: dict[str, Value], identity: bytes) -> str:
        """Write the cross-reference and return the whole file's SHA-256.

        The file identifier (§ 14.4) is made of `identity`, which stays when the
        file is made anew, and of all that has been written.
        """
        self._flush()
        ref = self.reserve()
        place = self.bytes
        self._places[ref] = _BY_OFFSET | place << _INDEX_BITS
        rows = array("Q", self._places)
        if sys.byteorder == "little":
            rows.byteswap()
        self._flush_bytes()
        lasting = hashlib.sha256(identity).digest()[:16]
        entries = {
            "Type": "XRef",
            **trailer,
            "Size": len(self._places),
            "W": _WIDTHS,
            "ID": [lasting, self._digest.digest()[:16]],
            "Filter": "FlateDecode",
        }
        coded = zlib.compress(rows.tobytes(), _LEVEL)
        self.put_stream(ref, entries, coded)
        self._write(b"startxref\n%d\n%%%%EOF\n" % place)
        self._flush_bytes()
        return self._digest.hexdigest()

    def _flush(self) -> None:
        """Write the objects that wait as one object stream."""
        if not self._batch:
            return
        batch, self._batch, self._batched = self._batch, [], 0
        stream = self.reserve()
        texts = [text for _, text in batch]
        starts = accumulate([len(text) + 1 for text in texts], initial=0)
        heads = []
        for place, ((ref, _), start) in enumerate(
            zip(batch, starts, strict=False), start=_PACKED | stream << _INDEX_BITS
        ):
            heads.append(b"%d %d" % (ref, start))
            self._places[ref] = place
        head = b" ".join(heads) + b"\n"
        body = head + b"\n".join(texts)
        coded = zlib.compress(body, _OBJECTS_LEVEL)
        entries: dict[str, Value] = {
            "Type": "ObjStm",
            "N": len(batch),
            "First": len(head),
            "Filter": "FlateDecode",
        }
        self.put_stream(stream, entries, coded)

    def _write(self, data: Block) -> None:
        self.bytes += len(data)
        if len(data) >= _LEAST_WRITTEN:
            self._flush_bytes()
            self._put_out(data)
            return
        self._unwritten.append(data)
        self._held += len(data)
        if self._held >= _MOST_HELD:
            self._flush_bytes()

    def _flush_bytes(self) -> None:
        data = b"".join(self._unwritten)
        self._unwritten, self._held = [], 0
        self._put_out(data)

    def _put_out(self, data: Block) -> None:
        self._stream.write(data)
        self._digest.update(data)


def _own(entries: dict[str, Value]) -> bytes:
    """Return what a stream says of itself, but not how long it is."""
    if not entries:
        return b""
    if entries == DEFLATED:
        return b"/Filter /FlateDecode"
    own = [f"/{key} {written(each)}" for key, each in entries.items() if key != "Length"]
    return "".join(own).encode("latin-1")
