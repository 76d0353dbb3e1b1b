"""What a worker may ask of its caller while it works: to hear of progress, to read a file.

In: a value to tell, or a place in the one file that was lent. Out: nothing, or bytes.
A file that lies away, behind a network that no worker has, is read in this way.
"""

from __future__ import annotations

import io
import os
import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from stamping.cage import answers

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_AT_ONCE = 4 * 1024**2
"""Bytes that are lent at a time."""

_lock = threading.Lock()
_to_caller: list[Connection] = []


def connect(connection: Connection) -> None:
    """Let errands go over `connection`; for the worker's process itself."""
    _to_caller[:] = [connection]


def tell(value: object) -> None:
    """Tell the caller of progress; nothing is told outside a worker."""
    with _lock:
        for connection in _to_caller:
            connection.send_bytes(answers.write("told", value))


class LentFile(io.RawIOBase):
    """The file that the caller lent to this task, for reading here and there."""

    def __init__(self) -> None:
        self._place = 0
        self._size = int.from_bytes(_ask(-1, 8), "big")

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def seekable(self) -> bool:
        """Whether it can be read anywhere: yes."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place; return it."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def tell(self) -> int:
        """Return the place that is read next."""
        return self._place

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read into `buffer`; return how many bytes."""
        view = memoryview(buffer).cast("B")
        content = _ask(self._place, min(len(view), MOST_AT_ONCE))
        view[: len(content)] = content
        self._place += len(content)
        return len(content)


def _ask(place: int, most: int) -> bytes:
    with _lock:
        (connection,) = _to_caller
        connection.send_bytes(answers.write("ask", (place, most)))
        return connection.recv_bytes()


def lend(file: io.RawIOBase, place: int, most: int) -> bytes:
    """Return what a worker asks of `file`: bytes from `place`, or its size for place -1.

    Raises:
        ValueError: it asks for what there cannot be.
    """
    if type(place) is not int or type(most) is not int or not 0 <= most <= MOST_AT_ONCE:
        raise ValueError("no place of a file")
    if place == -1:
        return file.seek(0, os.SEEK_END).to_bytes(8, "big")
    if place < 0:
        raise ValueError("no place of a file")
    file.seek(place)
    return file.read(most) or b""
