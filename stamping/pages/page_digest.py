"""A digest of every page: what it shows and what it holds, by a rule anyone can follow.

In: a finished PDF. Out: one SHA-256 a page. The rule stands in `docs/verify.md`;
another program must be able to come to the same digests without this code.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String


def page_digests(path: Path) -> tuple[str, ...]:
    """Return the SHA-256 of every page of the file, in order.

    Raises:
        pikepdf.PdfError: the file cannot be opened.
    """
    with Pdf.open(path) as pdf:
        writing = _Writing({page.objgen: place for place, page in enumerate(pdf.pages, start=1)})
        return tuple(
            hashlib.sha256(writing.dictionary(page.obj, leave="/Parent")).hexdigest()
            for page in pdf.pages
        )


class _Writing:
    """Writes the objects of one file as bytes; what an object came to is kept.

    `open` holds the objects being written, by their depth; one met again inside
    itself is `loop`. What lies in a loop depends on where the loop was entered,
    so it is kept only once the loop is closed.
    """

    def __init__(self, pages: dict[Any, int]) -> None:
        self.pages = pages
        self.kept: dict[Any, bytes] = {}
        self.open: dict[Any, int] = {}
        self.outermost = 0
        """The depth of the outermost object that a loop led back to."""

    def value(self, value: Any) -> bytes:
        if isinstance(value, (Array, Dictionary, Stream)) and value.is_indirect:
            return self.reference(value)
        return self.direct(value)

    def reference(self, value: Any) -> bytes:
        key = value.objgen
        if key in self.pages:
            return b"page %d" % self.pages[key]
        if key in self.kept:
            return self.kept[key]
        if key in self.open:
            self.outermost = min(self.outermost, self.open[key])
            return b"loop"
        depth, before = len(self.open), self.outermost
        self.open[key] = self.outermost = depth
        written = b"object " + hashlib.sha256(self.direct(value)).hexdigest().encode()
        del self.open[key]
        if self.outermost >= depth:
            self.kept[key] = written
            self.outermost = before
        else:
            self.outermost = min(self.outermost, before)
        return written

    def direct(self, value: Any) -> bytes:
        match value:
            case None:
                return b"null"
            case bool():
                return b"true" if value else b"false"
            case Stream():
                data = hashlib.sha256(value.read_raw_bytes()).hexdigest().encode()
                return self.dictionary(value.stream_dict, leave="/Length") + b"stream " + data
            case Dictionary():
                return self.dictionary(value)
            case Array():
                return b"[" + b" ".join(self.value(each) for each in value.as_list()) + b"]"
            case Name():
                return _name(bytes(value))
            case String():
                return b"(" + bytes(value).hex().encode() + b")"
            case _:
                return f"{float(value):.6f}".encode()

    def dictionary(self, value: Any, leave: str = "") -> bytes:
        entries = sorted(
            _name(key.encode(errors="surrogateescape")) + b" " + self.value(each)
            for key, each in value.items()
            if key != leave and each is not None
        )
        return b"<<" + b" ".join(entries) + b">>"


def _name(name: bytes) -> bytes:
    """Return a name; one beyond ASCII has no encoding that readers agree on."""
    return name if name.isascii() else b"/?"
