"""Burns the bars of a packet into its exhibits and its written pages.

In: a drawn packet, bars by part, the words to hide. Out: exhibits and written parts
that can be assembled in place of the full ones: as many pages, of the same sizes.
Decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from referrals.filing.person_names import bare_text
from referrals.packet.drawn_packet import DrawnPacket
from referrals.packet.exhibits import PreparedExhibit
from referrals.packet.press import WrittenPart
from referrals.packet.redaction_places import Redactions
from stamping.plain_letters import holds, plain, spelt
from stamping.redaction import redact
from stamping.redaction_proof import Secret, leaks

HIDDEN = "[redacted]"
"""What stands for words in a bookmark or an alternative text."""


@dataclass(frozen=True, slots=True)
class Burnt:
    """What the set is assembled of; `pictures` are the volume's pages that are pictures now.

    `without_text` are those of them on which no text was recognised.
    """

    exhibits: Mapping[str, PreparedExhibit]
    written: Mapping[str, WrittenPart]
    pictures: frozenset[int]
    without_text: frozenset[int]


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


def burn(drawn: DrawnPacket, redactions: Redactions, hide: Callable[[str], str]) -> Burnt:
    """Return the exhibits and the written parts with their bars burnt in.

    A file without a bar stays as it is, but where it holds words to hide besides
    its pages: in bookmarks or alternative texts.
    """
    bars = redactions.bars
    exhibits = dict(drawn.exhibits)
    written = dict(drawn.written)
    pictures: set[int] = set()
    without_text: set[int] = set()
    for source, parts in _by_file(drawn).items():
        own = [
            replace(bar, page=bar.page + first - 1)
            for key, first, _ in parts
            for bar in bars.get(key, ())
        ]
        if not own and not leaks(source, redactions.secrets):
            continue
        target = drawn.folder / f"burnt-{source.name}"
        silent = redact(source, own, target, hide)
        for key, first, place in parts:
            moved = place - first
            numbers = {bar.page + first - 1 for bar in bars.get(key, ())}
            pictures |= {number + moved for number in numbers}
            without_text |= {number + moved for number in numbers if number in silent}
            if key in written:
                written[key] = replace(written[key], file=target)
            else:
                designator = key.removeprefix("exhibit-")
                prepared = exhibits[designator]
                rendition = replace(prepared.rendition, path=target, identical=False)
                exhibits[designator] = replace(prepared, rendition=rendition)
    return Burnt(_titled(exhibits, hide), written, frozenset(pictures), frozenset(without_text))


def _by_file(drawn: DrawnPacket) -> dict[Path, list[tuple[str, int, int]]]:
    """Return the parts of each file: key, first page there, and first page in the volume."""
    files: dict[Path, list[tuple[str, int, int]]] = {}
    for laid in drawn.parts:
        path, first = drawn.source(laid)
        files.setdefault(path, []).append((laid.part.key, first, laid.first_page))
    return files


def _titled(
    exhibits: Mapping[str, PreparedExhibit], hide: Callable[[str], str]
) -> dict[str, PreparedExhibit]:
    """Return the exhibits with words hidden in their titles, which describe their pages."""
    return {
        key: replace(
            each, exhibit=each.exhibit.model_copy(update={"title": hide(each.exhibit.title)})
        )
        for key, each in exhibits.items()
    }
