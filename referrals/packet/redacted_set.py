"""The redacted court set: the main volume with its bars burnt in, proven, beside the full one.

    drawn packet, redactions ─► burn ─► assemble ─► compare ─► write ─► prove ─► deliver

In: a drawn packet and its `Redactions`. Out: a folder with the volume, a log that
tells number, rule and reason and never the text, and which numbers differ from the
full volume. The same page has the same number in both. The confidential volume is
no part of it, nor is an original whose exhibit bears a bar, nor a file that was
inside another: nobody has looked into it.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from referrals.errors import BlockedError
from referrals.evidence.store import EvidenceStore
from referrals.filing.redaction_list import RedactionList
from referrals.findings import Finding, Severity
from referrals.packet.assembly import assemble_volume, volume_file_name
from referrals.packet.bag import PAYLOAD, close_bag, delivery_digest, delivery_folder, safe_name
from referrals.packet.burning import Burnt, burn
from referrals.packet.delivery import NATIVES
from referrals.packet.drawn_packet import DrawnPacket
from referrals.packet.hidden_words import hider
from referrals.packet.page_differences import differing_pages
from referrals.packet.plan import PartKind, VolumeKind
from referrals.packet.redaction_places import FoundPlace, LogLine, Redactions
from referrals.progress import Progress, silent
from stamping.burnt_page import Bar, merged
from stamping.page_text import viewports
from stamping.redaction_proof import Leak, leaks
from stamping.values import Assembly, Conformance

LOG = "redaction-log"
DIFFERENCES = "differences.csv"
SHOWN = 25
"""Findings of one kind that are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class RedactedSet:
    """A delivered set: its volume, its redactions, and what a clerk must know.

    `differing` are the numbers whose pages do not look like the full volume's.
    """

    folder: Path
    name: str
    volume: Assembly
    redactions: int
    differing: tuple[str, ...]
    digest: str
    findings: tuple[Finding, ...]

    @property
    def file(self) -> Path:
        """The volume where it was delivered."""
        return self.folder / PAYLOAD / self.volume.path.name

    @property
    def words(self) -> str:
        """What was made, for a person."""
        same = self.volume.pages - len(self.differing)
        return (
            f"{self.name}, {self.volume.range}: {self.redactions:,} redactions on "
            f"{len(self.differing):,} pages; the other {same:,} look as in the full set.\n"
            f"{self.file}\nNo leak was found. Delivery's digest: {self.digest}"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the set as plain values."""
        return {
            "name": self.name,
            "folder": str(self.folder),
            "file": str(self.file),
            "pages": self.volume.pages,
            "first": self.volume.range.labels[0],
            "last": self.volume.range.labels[1],
            "sha256": self.volume.sha256,
            "redactions": self.redactions,
            "differing": list(self.differing),
            "digest": self.digest,
            "findings": [finding.as_json() for finding in self.findings],
        }


def set_name(packet: str, key: str) -> str:
    """Return the name of the redacted set of a packet under a list."""
    return f"{packet}-redacted-{key}"


def build_redacted_set(
    drawn: DrawnPacket,
    redactions: Redactions,
    rules: RedactionList,
    store: EvidenceStore,
    target: Path,
    announce: Callable[[str], None] = lambda digest: None,
    progress: Progress = silent,
) -> RedactedSet:
    """Make the redacted set and deliver it into the folder `target`.

    `announce` hears the delivery's digest when all is proven, before the delivery
    takes its place.

    Raises:
        BlockedError: a place is undecided, a page differs that should not, or
            something redacted can still be had; nothing was delivered.
        MachineError: the disk is full or may not be written.
    """
    _stop_if_undecided(drawn, redactions.undecided)
    name = set_name(drawn.request.packet, rules.key)
    hide = hider(redactions.secrets)
    with progress("Burning the bars in", None):
        burnt = burn(drawn, redactions)
    with progress("Numbering both sets", None):
        full, volume = _assembled(drawn, burnt, rules, hide)
    with progress("Comparing with the full set", None):
        differing = differing_pages(full.path, volume.path)
    bars = _on_volume(drawn, redactions.bars)
    _stop_if_others_differ(volume, differing, {bar.page for bar in bars})
    labels = tuple(_label(volume, page) for page in differing)
    with delivery_folder(target) as folder:
        payload = folder / PAYLOAD
        payload.mkdir()
        shutil.copyfile(volume.path, payload / volume.path.name)
        originals = _copy_originals(drawn, redactions.bars, store, payload, hide)
        log = [asdict(line) for line in redactions.log]
        _write_rows(payload / f"{LOG}.csv", [each.name for each in fields(LogLine)], log)
        _write_rows(payload / DIFFERENCES, ["number", "page"], _pages(volume, differing))
        values = {
            "set": name,
            "packet": drawn.request.packet,
            "list": {"key": rules.key, "title": rules.title},
            "file": volume.path.name,
            "sha256": volume.sha256,
            "full": {"file": full.path.name, "sha256": full.sha256},
            "first": volume.range.labels[0],
            "last": volume.range.labels[1],
            "redactions": log,
            "differing": list(labels),
            "originals": originals,
        }
        text = json.dumps(values, ensure_ascii=False, indent=1) + "\n"
        (payload / f"{LOG}.json").write_text(text, encoding="utf-8")
        with progress("Proving that nothing leaks", None):
            _stop_if_leaking(volume, _leaks(drawn, payload, volume, redactions, bars, burnt))
        close_bag(
            folder,
            {},
            drawn.request.snapshot.as_of,
            {
                "Source-Organization": drawn.request.profile.agency.name,
                "External-Identifier": name,
                "External-Description": f"Redacted set of {drawn.request.packet}, {volume.range}",
            },
        )
        digest = delivery_digest(folder)
        announce(digest)
    found = tuple(_without_text(volume, burnt))
    return RedactedSet(target, name, volume, len(log), labels, digest, found)


def _assembled(
    drawn: DrawnPacket, burnt: Burnt, rules: RedactionList, hide: Callable[[str], str]
) -> tuple[Assembly, Assembly]:
    """Return the full volume, as the packet has it, and the redacted one."""
    request, packet = drawn.request, drawn.request.packet
    full = assemble_volume(
        request,
        drawn.layout,
        VolumeKind.MAIN,
        drawn.written,
        drawn.exhibits,
        drawn.folder / volume_file_name(packet, VolumeKind.MAIN),
        drawn.conformance,
    )
    hidden = replace(
        drawn.layout,
        parts=tuple(
            replace(laid, part=replace(laid.part, title=hide(laid.part.title)))
            for laid in drawn.layout.parts
        ),
    )
    # A burnt page is a picture with a text layer, for which no claim was checked.
    conformance = Conformance.NONE if burnt.pictures else drawn.conformance
    redacted = assemble_volume(
        request,
        hidden,
        VolumeKind.MAIN,
        burnt.written,
        burnt.exhibits,
        drawn.folder / f"{safe_name(packet)}_Redacted_{safe_name(rules.key)}.pdf",
        conformance,
        variant=f"redacted ({rules.title})",
        hide=hide,
    )
    return full, redacted


def _on_volume(drawn: DrawnPacket, bars: Mapping[str, Sequence[Bar]]) -> list[Bar]:
    """Return the bars as they are drawn, on the volume's pages counted from one."""
    return merged(
        replace(bar, page=laid.first_page + bar.page - 1)
        for laid in drawn.parts
        for bar in bars.get(laid.part.key, ())
    )


def _copy_originals(
    drawn: DrawnPacket,
    bars: Mapping[str, Sequence[Bar]],
    store: EvidenceStore,
    payload: Path,
    hide: Callable[[str], str],
) -> list[str]:
    """Copy the originals of exhibits that have pages and bear no bar; return their names."""
    names = []
    for laid in drawn.parts:
        prepared = drawn.exhibits.get(laid.part.exhibit)
        if laid.part.kind is not PartKind.EXHIBIT or prepared is None or laid.part.key in bars:
            continue
        if prepared.native:
            name = f"{NATIVES}/Ex-{laid.part.exhibit}_{safe_name(hide(prepared.name))}"
            (payload / NATIVES).mkdir(exist_ok=True)
            shutil.copyfile(store.path(prepared.file.sha256), payload / name)
            names.append(name)
    return names


def _leaks(
    drawn: DrawnPacket,
    payload: Path,
    volume: Assembly,
    redactions: Redactions,
    bars: Sequence[Bar],
    burnt: Burnt,
) -> Iterator[tuple[str, Leak]]:
    """Yield every leak of the payload's files, as they will be handed over."""
    sizes = {}
    for laid in drawn.parts:
        path, first = drawn.source(laid)
        own = [p for p in range(laid.pages) if laid.first_page + p in burnt.pictures]
        views = viewports(path) if own else []
        for place in own:
            view = views[first - 1 + place]
            sizes[laid.first_page + place] = (view.width, view.height)
    for path in sorted(path for path in payload.rglob("*") if path.is_file()):
        main = path.name == volume.path.name
        found = leaks(path, redactions.secrets, bars if main else (), sizes if main else None)
        for leak in found:
            yield path.relative_to(payload).as_posix() if main else path.parent.name, leak


def _label(volume: Assembly, page: int) -> str:
    return volume.range.series.label(volume.range.first + page - 1)


def _pages(volume: Assembly, differing: Sequence[int]) -> list[dict[str, str]]:
    changed = set(differing)
    return [
        {
            "number": _label(volume, page),
            "page": "redacted" if page in changed else "looks the same",
        }
        for page in range(1, volume.pages + 1)
    ]


def _write_rows(path: Path, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(stream.getvalue(), encoding="utf-8")


def _stop_if_undecided(drawn: DrawnPacket, undecided: Sequence[FoundPlace]) -> None:
    if not undecided:
        return
    case = drawn.request.snapshot.record.case.number
    raise BlockedError(
        f"{len(undecided):,} place{'s' * (len(undecided) != 1)} must be decided on first.",
        remedy=f"referrals redact propose {case}, then accept or reject each.",
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


def _stop_if_others_differ(volume: Assembly, differing: Sequence[int], barred: set[int]) -> None:
    others = [page for page in differing if page not in barred]
    if others:
        raise BlockedError(
            f"{len(others):,} pages without a redaction do not look as in the full set.",
            remedy="Nothing was delivered. Please send this message to the program's maintainers.",
            findings=[
                Finding(
                    Severity.BLOCKING,
                    "redacted-set-differs",
                    "the page differs from the full set, and bears no redaction",
                    where=_label(volume, page),
                )
                for page in others[:SHOWN]
            ],
        )


def _stop_if_leaking(volume: Assembly, found: Iterator[tuple[str, Leak]]) -> None:
    listed = list(found)
    if listed:
        raise BlockedError(
            f"{len(listed):,} leak{'s' * (len(listed) != 1)}: what was redacted can still be had.",
            remedy="Nothing was delivered. Redact these places too: referrals redact add.",
            findings=[
                Finding(
                    Severity.BLOCKING,
                    "redaction-leak",
                    f"{leak.place} still holds what '{leak.rule}' redacts",
                    where=_label(volume, leak.page) if leak.page else file,
                    remedy="Redact it here too, by --text or --person, or reject it everywhere.",
                )
                for file, leak in listed[:SHOWN]
            ],
        )


def _without_text(volume: Assembly, burnt: Burnt) -> Iterator[Finding]:
    for page in sorted(burnt.without_text):
        yield Finding(
            Severity.WARNING,
            "redacted-page-without-text",
            "the redacted page cannot be searched: no text was recognised on it",
            where=_label(volume, page),
            remedy="Install the extra 'ocr' and build the set again.",
        )
