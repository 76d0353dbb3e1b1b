"""A set for a court: the redacted volume in files that each keep the court's limits.

    redacted volume ─► files ─► (preflight) ─► write ─► prove ─► into place

In: a redacted volume and a court. Out: a folder with the files, what stands in each
(`filing.json`), the redaction log, and what preflight found. Every page has the
number that it has in the packet. Sizes are measured on the final bytes. The
confidential volume is not part of it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from referrals.bag import PAYLOAD, close_bag, delivery_digest, delivery_folder
from referrals.court_sets.court_files import CourtFile, divided
from referrals.court_sets.file_division import envelopes
from referrals.court_sets.filing_json import filing_values, readme
from referrals.court_sets.recompressed import Derivative
from referrals.court_sets.redacted_set import write_log
from referrals.court_sets.redacted_volume import (
    RedactedVolume,
    pages_without_text,
    stop_if_leaking,
)
from referrals.findings import Finding, Severity
from referrals.profiles.court import Court
from referrals.progress import Progress, silent

FILING = "filing.json"
NOT_FILED = "not-for-filing"
"""The folder of what goes with the set and is not sent to the court."""


@dataclass(frozen=True, slots=True)
class CourtSet:
    """A delivered set; `findings` are what a clerk must know of it."""

    folder: Path
    name: str
    court: Court
    files: tuple[CourtFile, ...]
    envelopes: tuple[tuple[str, ...], ...]
    redactions: int
    digest: str
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Whether the court would send it back."""
        return any(finding.severity is Severity.BLOCKING for finding in self.findings)

    @property
    def words(self) -> str:
        """What was made, for a person."""
        lines = [f"{self.name}, for {self.court.title}: {self.redactions:,} redactions."]
        for file in self.files:
            first, last = file.planned.first, file.planned.last
            lines.append(
                f"{self.folder / PAYLOAD / file.planned.name}: {file.assembly.pages} pages, "
                f"{first} – {last}, {file.assembly.bytes:,} bytes"
            )
        if len(self.envelopes) > 1:
            lines += [
                f"Envelope {place}: {', '.join(names)}"
                for place, names in enumerate(self.envelopes, start=1)
            ]
        return "\n".join((*lines, f"Delivery's digest: {self.digest}"))

    def as_json(self) -> dict[str, Any]:
        """Return the set as plain values."""
        return {
            "name": self.name,
            "folder": str(self.folder),
            "court": self.court.key,
            "files": [
                {
                    "file": file.planned.name,
                    "pages": file.assembly.pages,
                    "bytes": file.assembly.bytes,
                    "sha256": file.assembly.sha256,
                    "first": file.planned.first,
                    "last": file.planned.last,
                }
                for file in self.files
            ],
            "envelopes": [list(names) for names in self.envelopes],
            "redactions": self.redactions,
            "digest": self.digest,
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """What preflight found on the final bytes, and the page that tells it."""

    findings: tuple[Finding, ...]
    page: bytes


def court_set_name(packet: str, court: Court) -> str:
    """Return the name of a packet's set for a court."""
    return f"{packet}-{court.key}"


@dataclass(frozen=True, slots=True)
class DividedSet:
    """The files of a set as a court gets them, finished, and the envelopes they go in.

    `derivatives` tell of pictures that were compressed anew.
    """

    made: RedactedVolume
    court: Court
    files: tuple[CourtFile, ...]
    envelopes: tuple[tuple[str, ...], ...]
    derivatives: tuple[Derivative, ...]

    @property
    def name(self) -> str:
        """The name of the set."""
        return court_set_name(self.made.drawn.request.packet, self.court)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The finished files, in order."""
        return tuple(file.assembly.path for file in self.files)


def divided_set(
    made: RedactedVolume,
    court: Court,
    derivatives: Sequence[Derivative] = (),
    progress: Progress = silent,
) -> DividedSet:
    """Divide the volume into files that each keep the court's limits.

    Raises:
        BlockedError: one page alone exceeds the limit.
    """
    with progress("Dividing into files", None):
        files = divided(made, court, derivatives)
    sizes = [(file.planned.name, file.assembly.bytes) for file in files]
    planned = envelopes(sizes, court.filing.sizes.envelope_bytes)
    return DividedSet(made, court, tuple(files), tuple(planned), tuple(derivatives))


@contextmanager
def court_set(
    divided: DividedSet, checked: Checked, target: Path, progress: Progress = silent
) -> Iterator[CourtSet]:
    """Yield the set, written whole and proven; it takes its place when the block ends well.

    Raises:
        BlockedError: something redacted can still be had; nothing was delivered.
        MachineError: the disk is full or may not be written.
        UsageError: `target` is there already.
    """
    made, court, files = divided.made, divided.court, divided.files
    request, name = made.drawn.request, divided.name
    with delivery_folder(target) as folder:
        payload = folder / PAYLOAD
        aside = payload / NOT_FILED
        aside.mkdir(parents=True)
        for file in files:
            shutil.copyfile(file.assembly.path, payload / file.planned.name)
        log = write_log(made, aside) if made.rules else []
        values = filing_values(
            made, court, name, files, divided.envelopes, log, divided.derivatives
        )
        (payload / FILING).write_text(_json(values), encoding="utf-8")
        (aside / "README.txt").write_text(readme(values), encoding="utf-8")
        (aside / "preflight.json").write_text(
            _json([finding.as_json() for finding in checked.findings]), encoding="utf-8"
        )
        (aside / "preflight.pdf").write_bytes(checked.page)
        if made.rules:
            with progress("Proving that nothing leaks", None):
                stop_if_leaking(made, payload, _volume_pages(made, files))
        digests = {file.planned.name: file.assembly.sha256 for file in files}
        close_bag(
            folder,
            digests,
            request.snapshot.as_of,
            {
                "Source-Organization": request.profile.agency.name,
                "External-Identifier": name,
                "External-Description": f"Set of {request.packet} for {court.title}, "
                f"{made.volume.range}",
            },
        )
        yield CourtSet(
            target,
            name,
            court,
            files,
            divided.envelopes,
            len(log),
            delivery_digest(folder),
            (*checked.findings, *pages_without_text(made)),
        )


def _volume_pages(made: RedactedVolume, files: Sequence[CourtFile]) -> dict[str, list[int]]:
    """Return, by name, which page of the volume each page of a file is; zero for its own."""
    first = made.volume.range.first
    return {
        file.planned.name: [number - first + 1 if number else 0 for number in file.pages]
        for file in files
    }


def _json(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"
