"""Hides words in texts that are not pages: titles, bookmarks, alternative texts.

In: the words that must not appear. Out: a function from a text to the text without
them. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from referrals.identifiers.person_names import bare_text
from stamping.pages.text_folding import holds, plain, spelt
from stamping.redaction.redaction_proof import Secret

HIDDEN = "[redacted]"
"""What stands for the words."""


def hider(secrets: Sequence[Secret]) -> Callable[[str], str]:
    """Return what replaces the words of `secrets` in a text by `HIDDEN`."""

    def hide(text: str) -> str:
        for secret in secrets:
            if not holds(plain(text), secret.words):
                continue
            # Taken off one by one, accents leave every letter in its place.
            places = list(spelt(secret.words).finditer(bare_text(text).lower()))
            for found in reversed(places):
                text = text[: found.start()] + HIDDEN + text[found.end() :]
            if holds(plain(text), secret.words):
                return HIDDEN
        return text

    return hide
