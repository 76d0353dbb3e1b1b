"""Finds the names of the record's own persons in text, in the ways names are written.

In: full names. Out: one pattern a name, which meets "First Last", with a middle
name or initial, "Last, First", "F. Last" and the last name behind a title, in
any case, with or without accents. Nicknames are not invented.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from referrals.filing.identifiers import Hit
from referrals.filing.redaction_list import Identifier

_TITLES = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.?"
# Letters that are written without their stroke, and do not come apart by themselves.
_STROKED = str.maketrans("łŁøØđĐħıŧ’‘", "lLoOdDhit''")
_GAP = r"[\s\u00a0]+"


def names_in(text: str, names: Mapping[str, Identifier]) -> Iterator[Hit]:
    """Yield where `text` names one of `names`; each name is given with its kind."""
    plain = _plain(text)
    for name, kind in names.items():
        for match in name_pattern(name).finditer(plain):
            sure = 0.97 if len(match.group().split()) > 1 else 0.8
            yield Hit(kind, match.start(), match.end(), sure)


def name_pattern(name: str) -> re.Pattern[str]:
    """Return what matches `name` in text whose accents have been taken off."""
    words = [re.escape(word) for word in _plain(name).split()]
    if len(words) < 2:
        return re.compile(rf"(?<!\w){words[0]}(?!\w)" if words else r"(?!)", re.IGNORECASE)
    first, last = words[0], words[-1]
    middle = rf"(?:{_GAP}(?:\w+|\w\.)){{0,{max(1, len(words) - 2)}}}"
    initial = re.escape(_plain(name)[0])
    ways = (
        rf"{first}{middle}{_GAP}{last}",
        rf"{last},{_GAP}{first}{middle}?" if len(words) > 2 else rf"{last},{_GAP}{first}",
        rf"{initial}\.?{_GAP}{last}",
        rf"{_TITLES}{_GAP}{last}",
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", re.IGNORECASE)


def _plain(text: str) -> str:
    """Take accents off, character by character, so that places in the text stay."""
    return "".join(_bare(letter) for letter in text)


def _bare(letter: str) -> str:
    if letter < "\x80":
        return letter
    return unicodedata.normalize("NFD", letter.translate(_STROKED))[0]
