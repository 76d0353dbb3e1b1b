"""The record's own persons in text: their names in the ways names are written, and misspelt.

In: full names. Out: hits for "First Last", with a middle name or initial, "Last,
First", "F. Last" and the last name behind a title, in any case, with or without
accents, across lines, hyphenated or spaced out by letters, with one letter of a
name wrong; and, less sure, a given name or surname by itself. Nicknames are not invented.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping

from referrals.identifiers.patterns import Hit
from referrals.profiles.redaction_list import Identifier

LEAST_FOR_MISSPELT = 6
"""Letters of a name from which on one may be wrong: a shorter one is too like others."""

LEAST_ALONE = 4
"""Letters of a given name or surname that is looked for by itself."""

SURE, MISSPELT, ALONE = 0.97, 0.75, 0.6
"""How sure a whole name is, one with a letter wrong, and a word of it by itself."""

_TITLES = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.?"
# Letters that are written without their stroke, and do not come apart by themselves.
_STROKED = str.maketrans("łŁøØđĐħıŧ’‘", "lLoOdDhit''")
_GAP = r"[\s\u00a0]+"
# A word parted at a line end, with a hyphen that a page shows or hides.
_PARTED = r"(?:[-\u00ad\u2010]\n)?"
_WORD = re.compile(r"[^\W\d_]{4,}")


def names_in(
    text: str, names: Mapping[str, Identifier], others: Collection[str] = ()
) -> Iterator[Hit]:
    """Yield where `text` names one of `names`; each name is given with its kind.

    A word that is also in the name of one of `others` is not looked for by itself.
    """
    plain = bare_text(text)
    words = frozenset(word.lower() for word in _WORD.findall(plain))
    shared = {word.lower() for name in others for word in bare_text(name).split()}
    for name, kind in names.items():
        for spelling in (name, *_misspelt(name, words)):
            sure = SURE if spelling == name else MISSPELT
            for match in name_pattern(spelling).finditer(plain):
                yield Hit(kind, match.start(), match.end(), sure)
        for word in bare_text(name).split():
            if len(word) >= LEAST_ALONE and word.lower() not in shared and word.lower() in words:
                for match in _alone(word).finditer(plain):
                    yield Hit(kind, match.start(), match.end(), ALONE)


@functools.lru_cache(maxsize=4096)
def _alone(word: str) -> re.Pattern[str]:
    """Return what matches a word of a name as names are written: with a capital."""
    return re.compile(rf"(?<!\w)(?:{re.escape(word.title())}|{re.escape(word.upper())})(?!\w)")


@functools.lru_cache(maxsize=4096)
def name_pattern(name: str) -> re.Pattern[str]:
    """Return what matches `name` in text whose accents have been taken off."""
    bare = bare_text(name).split()
    words = [_PARTED.join(map(re.escape, word)) for word in bare]
    if len(words) < 2:
        return re.compile(rf"(?<!\w){words[0]}(?!\w)" if words else r"(?!)", re.IGNORECASE)
    first, last = words[0], words[-1]
    middle = rf"(?:{_GAP}(?:\w+|\w\.)){{0,{max(1, len(words) - 2)}}}"
    initial = re.escape(bare_text(name)[0])
    ways = (
        rf"{first}{middle}{_GAP}{last}",
        rf"{last},{_GAP}{first}{middle}?" if len(words) > 2 else rf"{last},{_GAP}{first}",
        rf"{initial}\.?{_GAP}{last}",
        rf"{_TITLES}{_GAP}{last}",
        _GAP.join(" ".join(map(re.escape, word)) for word in bare),
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", re.IGNORECASE)


def bare_text(text: str) -> str:
    """Take accents off, character by character, so that places in the text stay."""
    return text if text.isascii() else "".join(map(_bare, text))


def _bare(letter: str) -> str:
    if letter < "\x80":
        return letter
    return unicodedata.normalize("NFD", letter.translate(_STROKED))[0]


def _misspelt(name: str, words: Iterable[str]) -> Iterator[str]:
    """Yield the name with its first or last word as a word of the text nearly spells it."""
    parts = bare_text(name).lower().split()
    if len(parts) < 2:
        return
    for place in (0, -1):
        if len(parts[place]) < LEAST_FOR_MISSPELT:
            continue
        for word in words:
            if _one_letter_wrong(parts[place], word):
                yield " ".join([*parts[:-1], word] if place else [word, *parts[1:]])


def _one_letter_wrong(one: str, other: str) -> bool:
    """Whether a letter was added, left out, changed, or swapped with its neighbour."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    if len(one) == len(other):
        swapped = one[start : start + 2] == other[start : start + 2][::-1]
        return one[start + 1 :] == other[start + 1 :] or (
            swapped and one[start + 2 :] == other[start + 2 :]
        )
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[start + 1 :] == shorter[start:]
