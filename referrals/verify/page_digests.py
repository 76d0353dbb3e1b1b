"""The digest of every page of a PDF, by the rule of `docs/verify.md`.

In: an open PDF. Out: one SHA-256 a page. Written from the rule and not from the
code that writes deliveries, so that the two can disagree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    StreamObject,
    TextStringObject,
)

MOST_STEPS = 5_000_000
"""Values that are followed in one file; more is not a packet but a trap."""


class TooDeepError(ValueError):
    """The file's objects lead into each other without an end."""


def page_digests(reader: PdfReader) -> list[str]:
    """Return the SHA-256 of every page, in order.

    Raises:
        TooDeepError: the objects of the file have no end.
    """
    walk = _Walk(reader)
    return [walk.page(page) for page in reader.pages]


class _Walk:
    def __init__(self, reader: PdfReader) -> None:
        self.reader = reader
        self.numbers = {
            page.indirect_reference.idnum: number
            for number, page in enumerate(reader.pages, start=1)
            if page.indirect_reference is not None
        }
        self.known: dict[int, str] = {}
        self.stack: list[int] = []
        self.steps = 0

    def page(self, page: DictionaryObject) -> str:
        text, _ = self._entries(page, "/Parent")
        return _sha256(text)

    def _text(self, value: object) -> tuple[str, int]:
        """Return how a value is written, and the place on the stack it depends on."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooDeepError
        if isinstance(value, IndirectObject):
            return self._referred(value)
        free = len(self.stack)
        match value:
            case None | NullObject():
                return "null", free
            case BooleanObject():
                return ("true" if value.value else "false"), free
            case StreamObject():
                text, least = self._entries(value, "/Length")
                return f"{text}stream {hashlib.sha256(value._data).hexdigest()}", least
            case DictionaryObject():
                return self._entries(value, None)
            case ArrayObject():
                parts = [self._text(each) for each in list.__iter__(value)]
                least = min((place for _, place in parts), default=free)
                return f"[{' '.join(text for text, _ in parts)}]", least
            case NameObject():
                return _name(value), free
            case TextStringObject() | ByteStringObject():
                return f"({value.original_bytes.hex()})", free
        if isinstance(value, (int, float)):
            return f"{float(value):.6f}", free
        raise TypeError(f"{type(value).__name__} is not a value of a PDF")

    def _referred(self, reference: IndirectObject) -> tuple[str, int]:
        number, free = reference.idnum, len(self.stack)
        if number in self.numbers:
            return f"page {self.numbers[number]}", free
        if number in self.known:
            return self.known[number], free
        if number in self.stack:
            return "loop", self.stack.index(number)
        target = reference.get_object()
        if not isinstance(target, (ArrayObject, DictionaryObject)):
            return self._text(target)
        self.stack.append(number)
        text, least = self._text(target)
        self.stack.pop()
        written = f"object {_sha256(text)}"
        if least >= free:
            self.known[number] = written
            return written, free
        return written, least

    def _entries(self, value: DictionaryObject, leave: str | None) -> tuple[str, int]:
        entries: list[str] = []
        least = len(self.stack)
        for key in _keys(value):
            held = value.raw_get(key)
            if key == leave or self._is_null(held):
                continue
            text, place = self._text(held)
            entries.append(f"{_name(key)} {text}")
            least = min(least, place)
        return f"<<{' '.join(sorted(entries))}>>", least

    def _is_null(self, value: object) -> bool:
        if isinstance(value, IndirectObject):
            value = value.get_object()
        return value is None or isinstance(value, NullObject)


def _keys(value: DictionaryObject) -> Iterable[str]:
    return dict.keys(value)


def _name(name: str) -> str:
    return name if name.isascii() else "/?"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
