"""Where a file's objects are (ISO 32000-2 § 7.5.4, § 7.5.8).

In: the bytes of a file's one cross-reference, a table or a stream. Out: `Places`
with the trailer. Files that are encrypted or have been added to are refused.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass

from stamping.objects.inflating import inflated
from stamping.objects.pdf_syntax import Ref, UnusualFormError, Value, parse

_ENTRY_BYTES = 20
_LARGEST = 64 * 1024**2
# Object numbers beyond it exist only to exhaust a reader.
_MOST_OBJECTS = 8_388_607
_FREE, _BY_OFFSET, _PACKED = 0, 1, 2

_SUBSECTION = re.compile(rb"(\d++) (\d++)[ \t]*+\r?\n")
_TRAILER = re.compile(rb"trailer\s*+")


@dataclass(frozen=True, slots=True)
class Places:
    """Where objects stand: at an offset, or in an object stream; zero for neither.

    `starts` holds the offsets in order, and after them where the cross-reference is.
    """

    trailer: dict[str, Value]
    offsets: array[int]
    holders: array[int]
    starts: array[int]

    def offset(self, number: int) -> int:
        """Return an object's offset in the file, zero where it has none, as with a generation."""
        offsets = self.offsets
        return offsets[number] if number < len(offsets) else 0

    def holder(self, number: int) -> int:
        """Return the number of the object stream that an object is in, zero for none."""
        return self.holders[number] if number < len(self.holders) else 0


def read_table(table: bytes, place: int) -> Places:
    """Return what a cross-reference table at `place` says, and the trailer behind it.

    Raises:
        UnusualFormError: it is not in order, or not the only one.
    """
    offsets = array("Q")
    at = table.find(b"\n") + 1
    while (section := _SUBSECTION.match(table, at)) is not None:
        first, count = int(section[1]), int(section[2])
        at = section.end() + count * _ENTRY_BYTES
        fields = table[section.end() : at].split()
        whole = first == len(offsets) and len(fields) == 3 * count
        if not whole or (count and not b"".join(fields[0::3]).isdigit()):
            raise UnusualFormError("the cross-reference table is damaged")
        offsets.extend(map(int, fields[0::3]))
        kinds, generations = fields[2::3], fields[1::3]
        if kinds.count(b"n") < count:
            for index, kind in enumerate(kinds):
                if kind != b"n":
                    offsets[first + index], generations[index] = 0, b"00000"
        if generations.count(b"00000") < count:
            raise UnusualFormError("an object has a generation")
    begun = _TRAILER.match(table, at)
    if begun is None:
        raise UnusualFormError("there is no trailer")
    trailer, _ = parse(table, begun.end())
    if type(trailer) is not dict or "XRefStm" in trailer:
        raise UnusualFormError("there are two cross-references")
    return _places(trailer, offsets, array("Q"), place)


def read_stream(entries: dict[str, Value], coded: bytes, place: int) -> Places:
    """Return what a cross-reference stream at `place` says; its entries are the trailer.

    Raises:
        UnusualFormError: it is not in order, or not the only one.
    """
    content = inflated(entries, coded, _LARGEST)
    widths, size = entries.get("W"), entries.get("Size")
    if (
        content is None
        or entries.get("Type") != "XRef"
        or type(widths) is not list
        or len(widths) != 3
        or any(type(width) is not int or not 0 <= width <= 8 for width in widths)
        or type(size) is not int
        or not 0 < size <= _MOST_OBJECTS
    ):
        raise UnusualFormError("the cross-reference stream is damaged")
    sections = entries.get("Index", [0, size])
    if type(sections) is not list or any(type(each) is not int or each < 0 for each in sections):
        raise UnusualFormError("the cross-reference stream is damaged")
    row, kinds, values = sum(widths), widths[0], widths[0] + widths[1]
    if not row or len(content) % row or sum(sections[1::2]) != len(content) // row:
        raise UnusualFormError("the cross-reference stream is damaged")
    offsets, holders = array("Q", bytes(8 * size)), array("Q", bytes(8 * size))
    at = 0
    for first, count in zip(sections[0::2], sections[1::2], strict=True):
        if first + count > size:
            raise UnusualFormError("the cross-reference stream names too many objects")
        for number in range(first, first + count):
            kind = int.from_bytes(content[at : at + kinds], "big") if kinds else _BY_OFFSET
            value = int.from_bytes(content[at + kinds : at + values], "big")
            if kind == _PACKED:
                holders[number] = value
            elif kind == _BY_OFFSET:
                if any(content[at + values : at + row]):
                    raise UnusualFormError("an object has a generation")
                offsets[number] = value
            elif kind != _FREE:
                raise UnusualFormError("the cross-reference stream is damaged")
            at += row
    return _places(entries, offsets, holders, place)


def _places(
    trailer: dict[str, Value], offsets: array[int], holders: array[int], place: int
) -> Places:
    if type(trailer.get("Root")) is not Ref or "Prev" in trailer or "Encrypt" in trailer:
        raise UnusualFormError("the file is encrypted or has been added to")
    starts = sorted(filter(None, offsets))
    if starts and starts[-1] == place:
        # A cross-reference stream is an object too, the last one.
        starts.pop()
    if not starts or starts[-1] >= place:
        raise UnusualFormError("an object stands behind the cross-reference")
    return Places(trailer, offsets, holders, array("Q", [*starts, place]))
