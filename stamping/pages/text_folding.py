"""Words as they are compared: without case, accents, spaces, hyphens or marks.

In: text. Out: its letters and digits alone, and patterns that meet a word however
it is broken up. Knows nothing of where a text came from.
"""

from __future__ import annotations

import functools
import re
import unicodedata

WHOLE_WORD = 8
"""Letters below which a word counts only where it does not stand inside another."""

_MARKS = re.compile("[\u0300-\u036f]+")
_APART = re.compile(r"[\W_]+")
# Letters that no decomposition brings back to their plain form.
_STROKED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
)
_BETWEEN = r"[\W_]*"


def plain(text: str) -> str:
    """Return `text` in small letters without accents; spaces and signs stay."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return _MARKS.sub("", apart).translate(_STROKED)


def folded(text: str) -> str:
    """Return the letters and digits of `text`, small and without accents."""
    return _APART.sub("", plain(text))


def holds(text: str, word: str) -> bool:
    """Whether the plain `text` holds `word`, however that is spaced, hyphenated or accented.

    A word shorter than `WHOLE_WORD` must not be part of a longer one.
    """
    return spelt(word).search(text) is not None


@functools.lru_cache(maxsize=4096)
def spelt(word: str) -> re.Pattern[str]:
    """Return what meets `word` in plain text; nothing, where it has no letter or digit."""
    letters = folded(word)
    if not letters:
        return re.compile(r"(?!)")
    body = _BETWEEN.join(map(re.escape, letters))
    if len(letters) >= WHOLE_WORD:
        return re.compile(body)
    return re.compile(rf"(?<![^\W_]){body}(?![^\W_])")
