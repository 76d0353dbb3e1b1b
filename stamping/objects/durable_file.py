"""A file that goes to the disk while it is still written.

In: an open file and what is written to it. Out: the same file, all of it on the
disk, in less time than if the disk began when the last byte is there. A disk that
fails in between is an error of whoever writes.
"""

from __future__ import annotations

import os
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from stamping.objects.file_reader import Block

if TYPE_CHECKING:
    from threading import Thread

# How much is written before the disk is set to work: most files stay below it, and a
# disk that is asked often does more than it must.
_STEP_BYTES = 64 * 1024**2


class DurableFile:
    """Writes to `file`, which is not closed. To be used as a context."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._descriptor = file.fileno()
        self._since = 0
        self._thread: Thread | None = None
        self._error: OSError | None = None

    def write(self, data: Block) -> None:
        """Write `data`.

        Raises:
            OSError: it cannot be written, or what was written before cannot be kept.
        """
        self._file.write(data)
        self._since += len(data)
        if self._since >= _STEP_BYTES and (self._thread is None or not self._thread.is_alive()):
            self._wait()
            self._start()

    def finish(self) -> None:
        """Return when everything is on the disk.

        Raises:
            OSError: it is not.
        """
        self._wait()
        self._file.flush()
        os.fsync(self._descriptor)

    def __enter__(self) -> DurableFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        # Loaded for files that are large.
        from threading import Thread

        self._since = 0
        thread = Thread(target=self._flush)
        try:
            thread.start()
        except RuntimeError:
            # The process may have no more threads: the disk works when all is written.
            return
        self._thread = thread

    def _flush(self) -> None:
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            # The kernel tells it once: a later fsync of the same file would succeed.
            self._error = error

    def _wait(self) -> None:
        if self._thread is not None:
            self._thread.join()
        if self._error is not None:
            raise self._error
