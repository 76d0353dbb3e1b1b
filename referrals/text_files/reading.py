"""Exhibits that are text: plain text of several kinds, mail and Word documents as pages.

In: the bytes of the original. Out: a `WrittenForm`, its parts as plain values
for one template. The pages are a rendition and say so: the original goes with
the delivery, byte for byte.
"""

from __future__ import annotations

from pathlib import Path

from referrals.errors import InputError
from referrals.text_files.account import Account, tally_of_text
from referrals.text_files.mail_text import mail_form
from referrals.text_files.text_encodings import decoded_text
from referrals.text_files.word_text import word_form
from referrals.text_files.written_form import (
    WrittenForm,
    guessed,
    own_text,
    preformatted,
    printable,
)
from referrals.text_files.written_suffixes import WORD_SUFFIXES


def written_form(path: Path, name: str) -> WrittenForm:
    """Return the text of the file at `path`, which the record calls `name`.

    Raises:
        InputError: the file cannot be read as what its name says.
    """
    suffix = Path(name).suffix.lower()
    if not path.stat().st_size:
        raise InputError(f"{name} holds no bytes.", remedy="Ask its source for the file again.")
    if suffix in WORD_SUFFIXES:
        return word_form(path, name)
    if suffix == ".eml":
        return mail_form(path.read_bytes(), name)
    return _text_form(path.read_bytes(), name)


def _text_form(content: bytes, name: str) -> WrittenForm:
    read = decoded_text(content)
    if "\0" in read.text:
        raise InputError(
            f"{name} is called a text file and holds other data.",
            remedy="Give the file the ending of what it is, or export it again as text.",
        )
    text = printable(read.text).expandtabs(8)
    blocks = preformatted(text)
    return WrittenForm(
        "Text file",
        (),
        blocks,
        (guessed(read.encoding),) if read.guessed else (),
        Account.of([tally_of_text("", text, own_text(blocks))]),
    )
