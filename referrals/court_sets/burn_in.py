"""Burns the bars of a packet into its exhibits and its written pages.

In: a drawn packet, bars by part, the words to hide. Out: exhibits and written parts
that can be assembled in place of the full ones: as many pages, of the same sizes.
Decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from referrals.court_sets.redaction_places import Redactions
from referrals.identifiers.hidden_words import hider
from referrals.packet.draw import DrawnPacket
from referrals.packet.prepared_exhibit import PreparedExhibit
from referrals.packet.written_pages import WrittenPart
from stamping.redaction.bar_inspection import hidden_badly
from stamping.redaction.burnt_page import merged
from stamping.redaction.redaction import redact
from stamping.redaction.redaction_proof import leaks


@dataclass(frozen=True, slots=True)
class Burnt:
    """What the set is assembled of; `pictures` are the volume's pages that are pictures now.

    `without_text` are those of them on which no text was recognised.
    """

    exhibits: Mapping[str, PreparedExhibit]
    written: Mapping[str, WrittenPart]
    pictures: frozenset[int]
    without_text: frozenset[int]


def burn(drawn: DrawnPacket, redactions: Redactions) -> Burnt:
    """Return the exhibits and the written parts with their bars burnt in.

    Written pages are drawn anew without the words; where that does not reach, in a
    drawing for example, they become pictures as the pages of exhibits do. A file
    without a bar stays as it is, but where it holds words to hide besides its pages.
    """
    hide = hider(redactions.secrets)
    exhibits = dict(drawn.exhibits)
    written = _drawn_anew(drawn, redactions)
    pictures: set[int] = set()
    without_text: set[int] = set()
    for source, parts in _by_file(drawn, written).items():
        own = [
            replace(bar, page=bar.page + first - 1)
            for key, first, _ in parts
            for bar in redactions.bars.get(key, ())
        ]
        if any(key in written for key, _, _ in parts):
            badly = {bar.page for _, bar in hidden_badly(source, merged(own))}
            own = [bar for bar in own if bar.page in badly]
        if not own and not leaks(source, redactions.secrets):
            continue
        target = drawn.folder / f"burnt-{source.name}"
        silent = redact(source, own, target, hide)
        pages = {bar.page for bar in own}
        for key, first, place in parts:
            last = first + _pages(drawn, key) - 1
            pictures |= {page - first + place for page in pages if first <= page <= last}
            without_text |= {page - first + place for page in silent if first <= page <= last}
            if key in written:
                written[key] = replace(written[key], file=target)
            else:
                designator = key.removeprefix("exhibit-")
                prepared = exhibits[designator]
                rendition = replace(prepared.rendition, path=target, identical=False)
                exhibits[designator] = replace(prepared, rendition=rendition)
    return Burnt(_titled(exhibits, hide), written, frozenset(pictures), frozenset(without_text))


def _drawn_anew(drawn: DrawnPacket, redactions: Redactions) -> dict[str, WrittenPart]:
    """Return the written parts, drawn again without what is beneath bars if any has one."""
    bars = {key: own for key, own in redactions.bars.items() if key in drawn.main.written}
    covered = drawn.main.pages.cover(drawn.main.numbers, drawn.folder, bars, redactions.secrets)
    return {**drawn.main.written, **covered}


def _pages(drawn: DrawnPacket, key: str) -> int:
    laid = drawn.layout.part(key)
    assert laid is not None, "the keys are those of the layout"
    return laid.pages


def _by_file(
    drawn: DrawnPacket, written: Mapping[str, WrittenPart]
) -> dict[Path, list[tuple[str, int, int]]]:
    """Return the parts of each file: key, first page there, and first page in the volume."""
    files: dict[Path, list[tuple[str, int, int]]] = {}
    for laid in drawn.parts:
        key = laid.part.key
        path, first = (
            (written[key].file, written[key].pages[0]) if key in written else drawn.source(laid)
        )
        files.setdefault(path, []).append((key, first, laid.first_page))
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
