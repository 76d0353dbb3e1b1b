"""A file that is open only while it is read.

In: a path. Out: a binary stream for a PDF library that keeps its sources until
the output is saved; thousands of sources then need no descriptor of their own.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER_BYTES = 8192


class _Reopened(io.RawIOBase):
    """The file's bytes, by a descriptor that lives for one read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._place = 0
        self._length = path.stat().st_size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._length}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, buffer: WriteableBuffer) -> int:
        descriptor = os.open(self._path, os.O_RDONLY)
        try:
            count = os.preadv(descriptor, [buffer], self._place)
        finally:
            os.close(descriptor)
        self._place += count
        return count


def open_for_rereading(path: Path) -> io.BufferedReader:
    """Return a stream of `path` that holds no descriptor between reads.

    Raises:
        OSError: there is no such file.
    """
    return io.BufferedReader(_Reopened(path), _BUFFER_BYTES)
