"""Text of a file in the encoding that is expected of it, or where it is not.

In: a file and the name of an encoding. Out: its text; else an error that names
the line, what stands there and which encoding would read it. Guesses nothing:
a wrong guess would change a name without anybody seeing it.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from referrals.errors import InputError

UTF_8 = "utf-8-sig"
"""UTF-8, with or without the mark that Windows puts before it."""

LIKELY = "windows-1252"
"""What a file that is not UTF-8 mostly is in: the encoding of old Windows programs."""

AROUND = 16
"""Bytes before the one that cannot be read that a message shows."""


def read_text(path: Path, encoding: str = UTF_8, remedy: str = "") -> str:
    """Return the text of `path`.

    Raises:
        InputError: a byte does not belong to the encoding; `remedy` replaces ours.
        OSError: the file cannot be read.
    """
    data = regular_bytes(path)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path.name}, {_place(data, error.start)} is not {_named(encoding)} text.",
            remedy=remedy or "Save it again with the encoding UTF-8.",
        ) from error


def regular_bytes(path: Path) -> bytes:
    """Return what a file holds; a link, a pipe or a device is refused without being opened.

    Raises:
        InputError: it is not a regular file.
        OSError: it cannot be read.
    """
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _not_regular(path) from error
        raise
    with os.fdopen(opened, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise _not_regular(path)
        return stream.read()


def _not_regular(path: Path) -> InputError:
    return InputError(
        f"{path.name} is a link, a pipe or a device, not a file.",
        remedy="Put the file itself into the folder.",
    )


def _place(data: bytes, at: int) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "line 1: the file is UTF-16 and so"
    line = data.count(b"\n", 0, at) + 1
    begin = max(data.rfind(b"\n", 0, at) + 1, at - AROUND)
    words = data[begin : at + 1].decode(LIKELY, "replace").strip()
    return f"line {line}: byte {data[at]:02X} ({words!r}, read as {LIKELY})"


def _named(encoding: str) -> str:
    return "UTF-8" if encoding == UTF_8 else encoding
