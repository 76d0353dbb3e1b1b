"""Writes a PDF to a file; a disk without space is an error and never an abort.

In: an open PDF and a path. Out: the file, flushed to disk. The writer below
pikepdf ends the whole process where its output fails while it takes a
deterministic identifier, so it is handed an output that never fails.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from pikepdf import Pdf

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer


class _Unfailing(io.RawIOBase):
    """Takes every write; keeps the first error for afterwards."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self.file = file
        self.error: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        if self.error is None:
            try:
                self.file.write(data)
            except OSError as error:
                self.error = error
        return len(memoryview(data))


def save(pdf: Pdf, path: Path, **options: Any) -> None:
    """Write `pdf` to `path` with an identifier from its content; `options` are pikepdf's.

    Raises:
        OSError: the disk is full or may not be written; the file is incomplete.
    """
    with path.open("wb") as file:
        output = _Unfailing(file)
        pdf.save(cast("BinaryIO", output), deterministic_id=True, **options)
        if output.error is not None:
            raise output.error
        file.flush()
        os.fsync(file.fileno())
