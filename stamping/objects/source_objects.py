"""The objects of a source, by the reader that its form allows.

In: a path. Out: its objects as plain values. A file that is as it must be is read
by `plain_file`; every other, and every file in which something unusual turns up, by
pikepdf, which decrypts and repairs. Which of the two reads is decided by the file's
bytes alone; object numbers are the same.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from stamping.objects.file_reader import DEEPEST_PAGES, FileReader, Leaf
from stamping.objects.pdf_syntax import Ref, UnusualFormError, Value
from stamping.objects.strict_file import StrictFile


class SourceObjects:
    """A source file's objects. To be used as a context: it is open only within."""

    def __init__(self, path: Path) -> None:
        """Open `path`.

        Raises:
            UnreadableInputError: it is no PDF that can be opened.
        """
        self.path = path
        self._reader: FileReader
        try:
            self._reader = StrictFile(path)
        except (UnusualFormError, OSError):
            self._reader = _repaired(path)

    @property
    def trailer(self) -> dict[str, Value]:
        """The file's trailer dictionary."""
        return self._reader.trailer

    def load(self, ref: Ref) -> Value:
        """Return the object that `ref` names; None where there is none.

        Raises:
            UnreadableInputError: not even pikepdf can read it.
        """
        try:
            return self._reader.load(ref)
        except UnusualFormError:
            self._change_reader()
        return self._reader.load(ref)

    def text(self, ref: Ref) -> bytes | None:
        """Return an object as the file writes it, where it can be had; it may be malformed."""
        try:
            return self._reader.text(ref)
        except UnusualFormError:
            return None

    def resolve(self, value: Value) -> Value:
        """Return `value`, or what it refers to."""
        for _ in range(DEEPEST_PAGES):
            if type(value) is not Ref:
                return value
            value = self.load(value)
        return None

    def dictionary(self, value: Value) -> dict[str, Value]:
        """Return the dictionary that `value` is or refers to, empty where it is none."""
        found = self.resolve(value)
        return found if type(found) is dict else {}

    def array(self, value: Value) -> list[Value]:
        """Return the array that `value` is or refers to, empty where it is none."""
        found = self.resolve(value)
        return found if type(found) is list else []

    def leaves(self) -> list[Leaf]:
        """Return the pages in order.

        Raises:
            UnreadableInputError: not even pikepdf finds them.
        """
        try:
            return self._reader.leaves()
        except UnusualFormError:
            self._change_reader()
        return self._reader.leaves()

    def close(self) -> None:
        """Let go of the file; what is loaded next opens it again."""
        self._reader.close()

    def __enter__(self) -> SourceObjects:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _change_reader(self) -> None:
        self._reader.close()
        self._reader = _repaired(self.path)


def _repaired(path: Path) -> FileReader:
    # pikepdf is loaded for the files that need it.
    from stamping.objects.repaired_file import RepairedFile

    return RepairedFile(path)
