"""Which case numbers a text bears, however they are spaced or hyphenated.

In: a text, and numbers by their letters and digits. Out: those that stand there, whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from stamping.pages.text_folding import plain

_PIECES = re.compile(r"[^\W_]+")
_PIECES_OF_A_NUMBER, _GAP = 8, 3
"""Into how many pieces a number may be broken, and by how many signs."""


def borne(text: str, numbers: Mapping[str, str]) -> set[str]:
    """Return the keys of `numbers`, which are folded, that `text` bears.

    One look however many there are: an office has thousands of cases.
    """
    longest = max(map(len, numbers), default=0)
    pieces = list(_PIECES.finditer(plain(text))) if longest else []
    found = set()
    for first, piece in enumerate(pieces):
        joined, end = "", piece.start()
        for each in pieces[first : first + _PIECES_OF_A_NUMBER]:
            joined += each[0]
            if each.start() - end > _GAP or len(joined) > longest:
                break
            end = each.end()
            if joined in numbers:
                found.add(joined)
    return found
