"""How a long step tells how far it has come.

In: a title, an amount in all, a unit. Out: a context whose value is called with
each amount done. Whoever works tells; whoever shows decides whether to show.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Advance(Protocol):
    """Hears that something is done: how much, and what it was."""

    def __call__(self, amount: int = 1, what: str = "") -> None: ...


class Progress(Protocol):
    """Begins a step; `total` is None where the amount of work is not known."""

    def __call__(
        self, title: str, total: int | None, unit: str = ""
    ) -> AbstractContextManager[Advance]: ...


@contextmanager
def silent(title: str, total: int | None, unit: str = "") -> Iterator[Advance]:
    """Show nothing."""
    yield lambda amount=1, what="": None
