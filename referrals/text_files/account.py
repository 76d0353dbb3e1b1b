"""The account of a text: how much it holds, how much of it is shown, and what became of the rest.

In: tallies. Out: an `Account`. Letters are compared by how often each occurs, blanks apart:
their order is the page's matter, and no letter may be missing.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from stamping.values import Tally

LETTERS = "characters of text"
"""What the tallies of text count."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a source holds, counted, beside what is shown of it."""

    tallies: tuple[Tally, ...] = ()

    @classmethod
    def of(cls, tallies: Iterable[Tally]) -> Account:
        """Return the account of what is held at all; what is shown whole needs no reason."""
        return cls(
            tuple(
                replace(tally, why=tally.why if tally.shown < tally.held else "")
                for tally in tallies
                if tally.held
            )
        )

    @property
    def unexplained(self) -> int:
        """How much is neither shown nor named."""
        return sum(tally.unexplained for tally in self.tallies)


def tally_of_text(where: str, held: str, shown: str) -> Tally:
    """Return how many letters of `held` are in `shown`, each as often as it occurs."""
    letters = ink(held)
    lost = (letters - ink(shown)).total()
    return Tally(LETTERS, where, letters.total(), letters.total() - lost)


def ink(text: str) -> Counter[str]:
    """Return how often each letter of a text occurs, in its composed form, blanks apart."""
    return Counter("".join(unicodedata.normalize("NFKC", text).split()))
