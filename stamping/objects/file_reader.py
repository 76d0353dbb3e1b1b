"""What reads the objects of a PDF: the values that it gives, whichever of the two it is.

`plain_file` reads files that are as they must be, `repaired_file` all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from stamping.objects.pdf_syntax import Ref, Value

INHERITED = ("MediaBox", "CropBox", "Rotate", "Resources")
"""What a page has from the nodes above it (ISO 32000-2 Table 31)."""
DEEPEST_PAGES = 200
_BLOCK_BYTES = 1024**2

Block = bytes | memoryview
"""A piece of a file's bytes, held by itself or in place."""

DEFLATED: dict[str, Value] = {"Filter": "FlateDecode"}
"""What most streams say of themselves; never to be changed."""

Leaf = tuple[Ref, dict[str, Value]]
"""A page, and what it inherits."""


@dataclass(slots=True)
class Stream:
    """A stream: its dictionary, and its bytes as they are coded.

    A large one is not held: `read` gives the file's bytes from one place to another.
    """

    entries: dict[str, Value]
    length: int
    held: bytes | None
    read: Callable[[int, int], Block] | None = None
    start: int = 0

    def coded(self) -> bytes:
        """Return all of the coded bytes."""
        return self.held if self.held is not None else b"".join(self.blocks())

    def blocks(self) -> Iterator[Block]:
        """Yield the coded bytes, at most a mebibyte at a time where they are many."""
        if self.held is not None:
            yield self.held
            return
        assert self.read is not None
        for start in range(self.start, self.start + self.length, _BLOCK_BYTES):
            yield self.read(start, min(start + _BLOCK_BYTES, self.start + self.length))


class FileReader(Protocol):
    """What reads a file's objects.

    What it cannot read raises `UnusualFormError` or pikepdf's own errors.
    """

    trailer: dict[str, Value]

    def load(self, ref: Ref) -> Value:
        """Return the object that `ref` names; None where there is none."""
        ...

    def text(self, ref: Ref) -> bytes | None:
        """Return an object as the file writes it, where that is known."""
        ...

    def leaves(self) -> list[Leaf]:
        """Return the pages in order."""
        ...

    def close(self) -> None:
        """Let go of the file; what is loaded next opens it again."""
        ...
