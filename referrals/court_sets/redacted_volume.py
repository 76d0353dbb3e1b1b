"""The main volume with its bars burnt in: compared with the full one, and searched for leaks.

    drawn packet, redactions ─► burn ─► assemble ─► compare ─► … ─► prove

In: a drawn packet and its `Redactions`. Out: a `RedactedVolume`, of which sets are
made. The same page has the same number in both volumes. What was redacted is looked
for in the files as they will be handed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from referrals.bag import safe_name
from referrals.court_sets.burn_in import Burnt, burn
from referrals.court_sets.redaction_places import FoundPlace, Redactions
from referrals.errors import BlockedError
from referrals.findings import Finding, Severity
from referrals.identifiers.hidden_words import hider
from referrals.packet.assembly import Run, VolumeForm, assemble_volume, volume_file_name, whole
from referrals.packet.draw import DrawnPacket
from referrals.packet.layout import Layout
from referrals.packet.plan import VolumeKind
from referrals.profiles.redaction_list import RedactionList
from referrals.progress import Progress, silent
from stamping.pages.page_differences import differing_pages
from stamping.pages.page_text import viewports
from stamping.redaction.burnt_page import Bar, merged
from stamping.redaction.redaction_proof import Leak, leaks
from stamping.values import Assembly, Conformance

SHOWN = 25
"""Findings of one kind that are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class RedactedVolume:
    """The redacted volume and the full one beside it, in the drawn packet's folder.

    `rules` are those of the list; None where nothing is redacted. `layout` has the
    titles without what is hidden; `differing` are the pages, counted from one, that
    do not look like the full volume's. `conformance` is what a file with the pages
    of both kinds may claim.
    """

    rules: RedactionList | None
    drawn: DrawnPacket
    redactions: Redactions
    burnt: Burnt
    layout: Layout
    hide: Callable[[str], str]
    full: Assembly
    volume: Assembly
    differing: tuple[int, ...]
    conformance: Conformance

    def label(self, page: int) -> str:
        """Return the number of a page of the volume, counted from one."""
        return self.volume.range.series.label(self.volume.range.first + page - 1)

    @property
    def runs(self) -> list[Run]:
        """The parts of the volume, whole, in order."""
        return [whole(laid) for laid in self.layout.volume(VolumeKind.MAIN)]


def full_volume(
    drawn: DrawnPacket, progress: Progress = silent, *, letter: bool = False
) -> RedactedVolume:
    """Return the volume with nothing redacted; `letter` puts every page on US Letter."""
    burnt = Burnt(drawn.exhibits, drawn.main.written, frozenset(), frozenset())
    with progress("Numbering the volume", None):
        full = _full(drawn, letter=letter)
    nothing = Redactions({}, (), (), ())
    return RedactedVolume(
        None, drawn, nothing, burnt, drawn.layout, str, full, full, (), drawn.main.conformance
    )


def redacted_volume(
    drawn: DrawnPacket,
    redactions: Redactions,
    rules: RedactionList,
    progress: Progress = silent,
    *,
    letter: bool = False,
) -> RedactedVolume:
    """Burn the bars in and return the volume, compared with the full one.

    `letter` puts every page of both volumes on US Letter.

    Raises:
        BlockedError: a place is undecided, or a page differs that should not.
    """
    stop_if_undecided(drawn, redactions.undecided, rules)
    hide = hider(redactions.secrets)
    with progress("Burning the bars in", None):
        burnt = burn(drawn, redactions)
    packet = drawn.request.packet
    parts = [
        replace(laid, part=replace(laid.part, title=hide(laid.part.title)))
        for laid in drawn.layout.parts
    ]
    hidden = replace(drawn.layout, parts=tuple(parts))
    # A burnt page is a picture with a text layer, for which no claim was checked.
    conformance = Conformance.NONE if burnt.pictures else drawn.main.conformance
    with progress("Numbering both sets", None):
        full = _full(drawn, letter=letter)
        barred = replace(drawn, layout=hidden, exhibits=burnt.exhibits).with_main(
            written=burnt.written, conformance=conformance
        )
        volume = assemble_volume(
            barred,
            VolumeKind.MAIN,
            drawn.folder / f"{safe_name(packet)}_Redacted_{safe_name(rules.key)}.pdf",
            VolumeForm(variant_of(rules), hide, letter),
        )
    with progress("Comparing with the full set", None):
        differing = differing_pages(full.path, volume.path)
    made = RedactedVolume(
        rules, drawn, redactions, burnt, hidden, hide, full, volume, differing, conformance
    )
    _stop_if_others_differ(made, {bar.page for bar in bars_on_volume(drawn, redactions.bars)})
    return made


def variant_of(rules: RedactionList) -> str:
    """Return what a file redacted under these rules is called in its title."""
    return f"redacted ({rules.title})"


def bars_on_volume(drawn: DrawnPacket, bars: Mapping[str, Sequence[Bar]]) -> list[Bar]:
    """Return the bars as they are drawn, on the volume's pages counted from one."""
    return merged(
        replace(bar, page=laid.first_page + bar.page - 1)
        for laid in drawn.parts
        for bar in bars.get(laid.part.key, ())
    )


def stop_if_leaking(
    made: RedactedVolume, payload: Path, files: Mapping[str, Sequence[int]]
) -> None:
    """Refuse what is about to be handed over while anything redacted can still be had.

    `files` maps the name of each PDF below `payload` to the volume's page, counted
    from one, that each of its pages is; zero for a page of its own. Every other file
    is searched too.

    Raises:
        BlockedError: something leaks; the findings name the places and never the words.
    """
    found = list(_leaks(made, payload, files))
    if found:
        raise BlockedError(
            f"{len(found):,} leak{'s' * (len(found) != 1)}: what was redacted can still be had.",
            remedy="Nothing was delivered. Redact these places too: referrals redact add.",
            findings=[
                Finding(
                    Severity.BLOCKING,
                    "redaction-leak",
                    f"{leak.place} still holds what '{leak.rule}' redacts",
                    where=where,
                    remedy="Redact it here too, by --text or --person, or reject it everywhere.",
                )
                for where, leak in found[:SHOWN]
            ],
        )


def pages_without_text(made: RedactedVolume) -> list[Finding]:
    """Return a warning for each burnt page on which no text was recognised."""
    return [
        Finding(
            Severity.WARNING,
            "redacted-page-without-text",
            "the redacted page cannot be searched: no text was recognised on it",
            where=made.label(page),
            remedy="Install the extra 'ocr' and build the set again.",
        )
        for page in sorted(made.burnt.without_text)
    ]


def _leaks(
    made: RedactedVolume, payload: Path, files: Mapping[str, Sequence[int]]
) -> Iterator[tuple[str, Leak]]:
    """Yield every leak of the payload's files, as they will be handed over, and its place."""
    bars = bars_on_volume(made.drawn, made.redactions.bars)
    sizes = _sizes(made)
    for path in sorted(path for path in payload.rglob("*") if path.is_file()):
        name = path.relative_to(payload).as_posix()
        pages = files.get(name)
        if pages is None:
            for leak in leaks(path, made.redactions.secrets, (), None):
                # A name may itself say what is hidden.
                yield path.parent.name, leak
            continue
        places = {page: place for place, page in enumerate(pages, start=1) if page}
        own = [replace(bar, page=places[bar.page]) for bar in bars if bar.page in places]
        drawn = {places[page]: size for page, size in sizes.items() if page in places}
        secrets = [
            replace(
                secret, pages=frozenset(places[each] for each in secret.pages if each in places)
            )
            for secret in made.redactions.secrets
        ]
        for leak in leaks(path, secrets, own, drawn):
            page = pages[leak.page - 1] if leak.page else 0
            yield (made.label(page) if page else name), leak


def _full(drawn: DrawnPacket, *, letter: bool) -> Assembly:
    path = drawn.folder / volume_file_name(drawn.request.packet, VolumeKind.MAIN)
    return assemble_volume(drawn, VolumeKind.MAIN, path, VolumeForm(letter=letter))


def _sizes(made: RedactedVolume) -> dict[int, tuple[float, float]]:
    """Return the size in points of each page that became a picture, before it was placed."""
    drawn, sizes = made.drawn, {}
    for laid in drawn.parts:
        path, first = drawn.source(laid)
        own = [p for p in range(laid.pages) if laid.first_page + p in made.burnt.pictures]
        views = viewports(path) if own else []
        for place in own:
            view = views[first - 1 + place]
            sizes[laid.first_page + place] = (view.width, view.height)
    return sizes


def stop_if_undecided(
    drawn: DrawnPacket, undecided: Sequence[FoundPlace], rules: RedactionList
) -> None:
    """Refuse to go on while nobody has decided on a place.

    Raises:
        BlockedError: places are undecided; the findings name them.
    """
    if not undecided:
        return
    case = drawn.request.snapshot.record.case.number
    raise BlockedError(
        f"{len(undecided):,} place{'s' * (len(undecided) != 1)} must be decided on first.",
        remedy=f"referrals redact propose {case} --list {rules.key}, then accept or reject each.",
        findings=[
            Finding(
                Severity.BLOCKING,
                "redaction-undecided",
                f"{each.proposed.reason}: nobody has decided on this place",
                where=each.proposed.place.words,
                remedy="Accept or reject it.",
            )
            for each in undecided[:SHOWN]
        ],
    )


def _stop_if_others_differ(made: RedactedVolume, barred: set[int]) -> None:
    others = [page for page in made.differing if page not in barred]
    if others:
        raise BlockedError(
            f"{len(others):,} pages without a redaction do not look as in the full set.",
            remedy="Nothing was delivered. Please send this message to the program's maintainers.",
            findings=[
                Finding(
                    Severity.BLOCKING,
                    "redacted-set-differs",
                    "the page differs from the full set, and bears no redaction",
                    where=made.label(page),
                )
                for page in others[:SHOWN]
            ],
        )
