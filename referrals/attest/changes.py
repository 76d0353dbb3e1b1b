"""What changed between the facts that were signed and the facts as they stand.

In: two values of `Statement.facts`. Out: a `StatementChange` for each value that differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

LONGEST = 80
"""Characters of a value that a line shows."""

_MISSING = object()


@dataclass(frozen=True, slots=True)
class StatementChange:
    """A value that differs: where in the record, what was signed, what stands there now."""

    place: str
    signed: str
    now: str

    def __str__(self) -> str:
        return f"{self.place}: {self.signed} was signed, now {self.now}"


def changes(signed: Any, now: Any) -> list[StatementChange]:
    """Return a change for each value that differs, in the order of the record."""
    return list(_changes(signed, now, ()))


def _changes(signed: Any, now: Any, place: tuple[str, ...]) -> Iterator[StatementChange]:
    if signed == now:
        return
    if isinstance(signed, dict) and isinstance(now, dict):
        for key in [*signed, *(key for key in now if key not in signed)]:
            inner = (*place, key) if (place, key) != ((), "facts") else place
            yield from _changes(signed.get(key, _MISSING), now.get(key, _MISSING), inner)
    elif isinstance(signed, list) and isinstance(now, list):
        pairs = zip_longest(signed, now, fillvalue=_MISSING)
        for number, (before, after) in enumerate(pairs, start=1):
            yield from _changes(before, after, (*place, str(number)))
    else:
        yield StatementChange(" ".join(place), _words(signed), _words(now))


def _words(value: Any) -> str:
    if value is _MISSING or value is None or value == "":
        return "nothing"
    if isinstance(value, dict):
        value = ", ".join(str(each) for each in value.values() if each not in (None, "", []))
    text = " ".join(str(value).split())
    return f"“{text if len(text) <= LONGEST else f'{text[: LONGEST - 1]}…'}”"
