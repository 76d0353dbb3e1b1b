"""Officers' narratives as paragraphs: from Word (`.docx`) or Markdown (`.md`, `.txt`).

In: a file. Out: paragraphs of plain text, in the order of the page; a table
becomes a paragraph for each row. Insertions stand in place; comments, notes,
headers and deleted text are not read; marks of Markdown stay as they are, except
that a heading loses its #.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from referrals.errors import InputError
from referrals.intake.text_encoding import read_text
from referrals.text_files.word_text import main_text

SUFFIXES = (".docx", ".md", ".txt")
"""The kinds of file that a narrative may be."""

LARGEST = 20_000_000
"""How many bytes a narrative may have, unpacked."""


def paragraphs(path: Path) -> tuple[str, ...]:
    """Return the paragraphs of the narrative at `path`, stripped, none empty.

    Raises:
        InputError: the file is of another kind, cannot be read, is too large, or
            holds no text.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"{path.name} is not a kind of file that a narrative may be.",
            remedy=f"Save it as one of: {', '.join(SUFFIXES)}.",
        )
    try:
        found = _word(path) if suffix == ".docx" else _markdown(path)
    except OSError as error:
        raise InputError(
            f"{path.name} cannot be read: {error.strerror or error}.",
            remedy="Check the file and the right to read it.",
        ) from error
    clean = tuple(text for text in (_clean(entry) for entry in found) if text)
    if not clean:
        raise InputError(
            f"{path.name} holds no text.",
            remedy="Write the narrative as text; a scanned page belongs among the exhibits.",
        )
    return clean


def _clean(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return unicodedata.normalize("NFC", "\n".join(line for line in lines if line))


def _markdown(path: Path) -> list[str]:
    if path.stat().st_size > LARGEST:
        raise _too_large(path)
    text = read_text(path)
    return [
        re.sub(r"^#{1,6}\s+", "", block.strip()) for block in re.split(r"\n[ \t]*\n", _unix(text))
    ]


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _word(path: Path) -> list[str]:
    """Return the text as Word shows it: insertions in place, what was deleted left out."""
    found = []
    for block in main_text(path, path.name, LARGEST):
        if block.rows:
            found += [" | ".join(" ".join(cell.text.split()) for cell in row) for row in block.rows]
        elif block.kind in ("paragraph", "heading"):
            found.append(block.text)
    return found


def _too_large(path: Path) -> InputError:
    return InputError(
        f"{path.name} is larger than {LARGEST:,} bytes.",
        remedy="Keep the text as the narrative and its pictures among the exhibits.",
    )
