"""Which characters the bundled faces can draw, and how one that none has is written out.

In: text. Out: the characters that no face has, and the text with each of them
written as its number. A page is never drawn with the empty box that stands for
a missing glyph: nobody could tell which name it hides.
"""

from __future__ import annotations

import bisect
import functools
import sys
import unicodedata
from typing import TypeVar

import templates

FAMILIES = ("Source Serif 4", "Public Sans", "Source Code Pro")
"""The families that the style sheets name."""

FALLBACKS = {
    "Source Serif 4": "SourceSerif4-Regular.ttf",
    "Noto Sans Arabic": "NotoSansArabic-Regular.ttf",
    "Noto Sans Devanagari": "NotoSansDevanagari-Regular.ttf",
    "Droid Sans Fallback": "DroidSansFallbackFull.ttf",
    "NanumGothic": "NanumGothic-Regular.ttf",
}
"""The families that stand in for a missing glyph, in their order, with their files."""

CHARACTERS = templates.fonts() / "characters.txt"
"""The runs of characters that one of them has: to read them from the fonts takes a library
of fonts, which a check of a case does without. A test compares the two."""

WRITTEN_OUT = "glyph-written-out"
"""The code of the notice that characters are printed as their numbers."""

_LAYOUT = frozenset("\n\r\t")
# They reorder what a reader sees, so that a text could print other than it is stored.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_Value = TypeVar("_Value")


def missing(text: str) -> list[str]:
    """Return the characters of `text` that no bundled face can draw, in their order of code."""
    if text.isascii() and text.isprintable():
        return []
    left = set(text) - _LAYOUT
    return sorted(each for each in left if each in _REORDERING or not _is_drawn(ord(each)))


def _is_drawn(code: int) -> bool:
    run = bisect.bisect_right(_runs(), (code, sys.maxunicode))
    return run > 0 and code <= _runs()[run - 1][1]


@functools.cache
def _runs() -> tuple[tuple[int, int], ...]:
    """Return the runs of characters that a face has, first and last code, in order."""
    lines = CHARACTERS.read_text("ascii").split()
    return tuple((int(line[:6], 16), int(line[7:], 16)) for line in lines)


def named(characters: list[str]) -> str:
    """Return characters with their numbers and names, as a finding tells them."""
    return ", ".join(
        f"{each if each.isprintable() else ''} ({_number(each)} "
        f"{unicodedata.name(each, 'without a name').lower()})".strip()
        for each in characters
    )


def written_out(value: _Value) -> _Value:
    """Return a text with each character that cannot be drawn as its number, `[U+1F600]`.

    Other values, and the type of the text, stay as they are.
    """
    if not isinstance(value, str) or not (without := missing(value)):
        return value
    # Markup stays markup: a number holds nothing that HTML would read.
    return type(value)(value.translate({ord(each): f"[{_number(each)}]" for each in without}))


def _number(character: str) -> str:
    return f"U+{ord(character):04X}"
