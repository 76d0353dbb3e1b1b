"""Proves on the final bytes that what was redacted is gone.

    text of the pages ─┐
    words under bars ──┼─► leaks: place, page, rule
    every byte ────────┘

In: a finished file, the words that must not appear, the bars. Out: each leak, told
without the words themselves. Two readers that share no code with the writer look:
pdfium at the pages (invisible text too) and at what stands under each bar, and a
scan of our own at all bytes: every stream in every revision, unpacked, with
metadata, bookmarks, alternative texts, annotations, forms, attachments, names, and
the readable runs in coded pictures, colour profiles and fonts. What a picture or an
outline shows is not read. Case, accents, spaces and hyphens make no difference. Knows no case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from stamping.pages.page_text import page_texts
from stamping.pages.raw_texts import byte_texts
from stamping.pages.text_folding import folded, holds, plain
from stamping.redaction.bar_inspection import Size, hidden_badly
from stamping.redaction.burnt_page import Bar


@dataclass(frozen=True, slots=True)
class Secret:
    """Words that must be gone, and the rule that says so.

    `pages` are those on which a person let them stay, counted from one.
    """

    words: str
    rule: str
    pages: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Leak:
    """Where something redacted can still be had; `page` is 0 for what is on no page."""

    place: str
    rule: str
    page: int = 0


def leaks(
    path: Path,
    secrets: Sequence[Secret],
    bars: Sequence[Bar] = (),
    sizes: Mapping[int, Size] | None = None,
) -> list[Leak]:
    """Return the leaks of the file at `path`, page by page, then those of its bytes.

    `sizes` are those of the pages that the bars were measured on, where a page is
    a picture of such a page.

    Raises:
        UnreadableInputError: a PDF cannot be read by pdfium.
    """
    found: dict[Leak, None] = {}
    for secret in secrets:
        if holds(plain(path.name), secret.words):
            found[Leak("the file's name", secret.rule)] = None
    content = path.read_bytes()
    if b"%PDF-" in content[:1024]:
        found.update(dict.fromkeys(_on_pages(path, secrets)))
        for place, bar in hidden_badly(path, bars, sizes):
            found[Leak(place, bar.label, bar.page)] = None
    found.update(dict.fromkeys(_in_bytes(content, secrets)))
    return list(found)


def _on_pages(path: Path, secrets: Sequence[Secret]) -> Iterator[Leak]:
    letters = {secret: folded(secret.words) for secret in secrets}
    for page in page_texts(path):
        text, run = plain(page.text), folded(page.text)
        for secret, short in letters.items():
            if not short or short not in run or page.number in secret.pages:
                continue
            if holds(text, secret.words):
                yield Leak("the text of a page", secret.rule, page.number)


def _in_bytes(content: bytes, secrets: Sequence[Secret]) -> Iterator[Leak]:
    letters = {secret: folded(secret.words) for secret in secrets}
    for found in byte_texts(content):
        run = folded(found.text)
        for secret, short in letters.items():
            # What may stay on a page may stand in content; which page draws it, pdfium tells.
            if not short or short not in run or (found.on_page and secret.pages):
                continue
            if place := found.place(partial(_holds_secret, secret.words)):
                yield Leak(place, secret.rule)


def _holds_secret(words: str, text: str) -> bool:
    return holds(plain(text), words)
