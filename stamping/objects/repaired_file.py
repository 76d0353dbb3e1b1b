"""A file that pikepdf has opened, decrypted and repaired, read object by object."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Pdf

from stamping.errors import UnreadableInputError
from stamping.objects.file_reader import DEEPEST_PAGES, INHERITED, Leaf, Stream
from stamping.objects.pdf_syntax import Ref, UnusualFormError, Value, parse
from stamping.objects.reopening_file import open_for_rereading


class RepairedFile:
    """A file in pikepdf's hands; object numbers are the file's own."""

    def __init__(self, path: Path) -> None:
        """Open `path`.

        Raises:
            UnreadableInputError: it is no PDF that can be opened.
        """
        self._path = path
        try:
            self._pdf = Pdf.open(open_for_rereading(path))
            self.trailer: dict[str, Value] = _parsed(self._pdf.trailer)
            self._leaves = [self._leaf(page) for page in self._pdf.pages]
        except (pikepdf.PdfError, UnusualFormError, OSError) as error:
            raise _unreadable(path) from error

    def load(self, ref: Ref) -> Value:
        """Return the object that `ref` names.

        Raises:
            UnreadableInputError: not even pikepdf can read it.
        """
        try:
            found = self._pdf.get_object((ref.number, ref.generation))
            if not isinstance(found, pikepdf.Stream):
                return _parsed(found)
            coded = found.read_raw_bytes()
            return Stream(_parsed(found.stream_dict), len(coded), coded)
        except (pikepdf.PdfError, UnusualFormError) as error:
            raise _unreadable(self._path) from error

    def text(self, ref: Ref) -> None:
        """Return nothing: what pikepdf holds is no longer as the file has it."""

    def leaves(self) -> list[Leaf]:
        """Return the pages in order."""
        return self._leaves

    def close(self) -> None:
        """Nothing is open between reads."""

    @staticmethod
    def _leaf(page: pikepdf.Page) -> Leaf:
        own: dict[str, Value] = {}
        node: Any = page.obj.get("/Parent")
        for _ in range(DEEPEST_PAGES):
            if not isinstance(node, pikepdf.Dictionary):
                break
            for name in INHERITED:
                if f"/{name}" in node and name not in own:
                    own[name] = _parsed(node[f"/{name}"])
            node = node.get("/Parent")
        number, generation = (int(each) for each in page.obj.objgen)
        return Ref(number | generation << 32), own


def _unreadable(path: Path) -> UnreadableInputError:
    return UnreadableInputError(
        "this file cannot be opened as a PDF", source=path, remedy="Prepare it again."
    )


def _parsed(held: Any) -> Value:
    if isinstance(held, pikepdf.Object):
        return parse(held.unparse(resolved=True))[0]
    # pikepdf hands out plain numbers as they are.
    return float(held) if isinstance(held, Decimal) else held
