"""The redacted court set: the main volume with its bars burnt in, proven, beside the full one.

    redacted volume ─► write ─► prove ─► into place

In: a redacted volume. Out: a folder with the volume, a log that
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
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from referrals.bag import PAYLOAD, close_bag, delivery_digest, delivery_folder, safe_name
from referrals.court_sets.redacted_volume import (
    RedactedVolume,
    pages_without_text,
    stop_if_leaking,
)
from referrals.court_sets.redaction_places import LogLine
from referrals.delivery.packet_folder import NATIVES
from referrals.evidence.store import EvidenceStore
from referrals.findings import Finding
from referrals.packet.draw import DrawnPacket
from referrals.packet.plan import PartKind
from referrals.plain_words import plain_cell
from referrals.profiles.redaction_list import RedactionList
from referrals.progress import Progress, silent
from stamping.redaction.burnt_page import Bar
from stamping.values import Assembly

LOG = "redaction-log"
DIFFERENCES = "differences.csv"

LOOKED_AT = (
    "None of the redacted words was found in the text of the pages, under the bars, in the "
    "file's objects, or in the metadata of pictures, colour profiles and fonts.\n"
    "Not looked at: words that a picture or a drawing shows outside the bars."
)
"""What the proof covered, and what a person must look at."""


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
            f"{self.file}\n{LOOKED_AT}\nDelivery's digest: {self.digest}"
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


@contextmanager
def redacted_set(
    made: RedactedVolume,
    rules: RedactionList,
    store: EvidenceStore,
    target: Path,
    progress: Progress = silent,
) -> Iterator[RedactedSet]:
    """Yield the set, written whole and proven; it takes its place when the block ends well.

    Raises:
        BlockedError: something redacted can still be had; nothing was delivered.
        MachineError: the disk is full or may not be written.
        UsageError: `target` is there already.
    """
    drawn, redactions, volume = made.drawn, made.redactions, made.volume
    name = set_name(drawn.request.packet, rules.key)
    labels = tuple(made.label(page) for page in made.differing)
    with delivery_folder(target) as folder:
        payload = folder / PAYLOAD
        payload.mkdir()
        shutil.copyfile(volume.path, payload / volume.path.name)
        originals = _copy_originals(drawn, redactions.bars, store, payload, made.hide)
        log = write_log(made, payload)
        values = {
            "set": name,
            "packet": drawn.request.packet,
            "list": {"key": rules.key, "title": rules.title},
            "file": volume.path.name,
            "sha256": volume.sha256,
            "full": {"file": made.full.path.name, "sha256": made.full.sha256},
            "first": volume.range.labels[0],
            "last": volume.range.labels[1],
            "redactions": log,
            "differing": list(labels),
            "originals": originals,
        }
        text = json.dumps(values, ensure_ascii=False, indent=1) + "\n"
        (payload / f"{LOG}.json").write_text(text, encoding="utf-8")
        with progress("Proving that nothing leaks", None):
            stop_if_leaking(made, payload, {volume.path.name: range(1, volume.pages + 1)})
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
        yield RedactedSet(
            target,
            name,
            volume,
            len(log),
            labels,
            delivery_digest(folder),
            tuple(pages_without_text(made)),
        )


def write_log(made: RedactedVolume, payload: Path) -> list[dict[str, Any]]:
    """Write the redaction log and which numbers differ from the full set; return the log."""
    log = [asdict(line) for line in made.redactions.log]
    _write_rows(payload / f"{LOG}.csv", [each.name for each in fields(LogLine)], log)
    changed = set(made.differing)
    pages = [
        {
            "number": made.label(page),
            "page": "redacted" if page in changed else "looks the same",
        }
        for page in range(1, made.volume.pages + 1)
    ]
    _write_rows(payload / DIFFERENCES, ["number", "page"], pages)
    return log


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


def _write_rows(path: Path, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {key: plain_cell(cell) if isinstance(cell, str) else cell for key, cell in row.items()}
        for row in rows
    )
    path.write_text(stream.getvalue(), encoding="utf-8")
