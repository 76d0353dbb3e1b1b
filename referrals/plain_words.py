"""Words that others typed, fit for a terminal, a log or a table.

In: any text. Out: the same text, its control and direction characters by their numbers: a
file's name can neither clear the screen, begin a line of its own nor turn letters around
(Unicode Technical Report 36 § 2.10.5). Pure.
"""

from __future__ import annotations

import re

_TELLING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("[\n\t]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain_words(text: str) -> str:
    """Return a text of several lines without characters that act instead of being read."""
    return _TELLING.sub(_numbered, text)


def plain_line(text: str) -> str:
    """Return a text as one line without such characters."""
    return _LINE_ENDS.sub(_numbered, plain_words(text))


def plain_cell(text: str) -> str:
    """Return a cell that a spreadsheet takes for text: one that looks like a formula is quoted.

    The guard is an apostrophe before it, as OWASP's page on CSV injection has it; numbers
    with a sign stay as they are.
    """
    if text.startswith(_FORMULA) and not re.fullmatch(r"[+-]?\d+(?:[.,]\d+)*", text):
        return f"'{text}"
    return text


def _numbered(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
