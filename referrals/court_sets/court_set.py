"""A set for a court: the redacted volume in files that each keep the court's limits.

    redacted volume ─► files ─► preflight ─► prove ─► deliver

In: a redacted volume and a court. Out: a folder with the files, what stands in each
(`filing.json`), the redaction log, and what preflight found. Every page has the
number that it has in the packet. Sizes are measured on the final bytes. The
confidential volume is no part of it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
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


Check = Callable[[Sequence[Path], Sequence[Sequence[str]]], Checked]
"""Looks at the finished files, in order, and the envelopes that they go in."""


def court_set_name(packet: str, court: Court) -> str:
    """Return the name of a packet's set for a court."""
    return f"{packet}-{court.key}"


def build_court_set(
    made: RedactedVolume,
    court: Court,
    target: Path,
    check: Check,
    announce: Callable[[str], None] = lambda digest: None,
    progress: Progress = silent,
    derivatives: Sequence[Derivative] = (),
) -> CourtSet:
    """Make the set and deliver it into the folder `target`.

    `announce` hears the delivery's digest before the delivery takes its place.
    `derivatives` tell of pictures that were compressed anew.

    Raises:
        BlockedError: one page alone exceeds the limit, or something redacted can
            still be had; nothing was delivered.
        MachineError: the disk is full or may not be written.
    """
    request = made.drawn.request
    name = court_set_name(request.packet, court)
    with progress("Dividing into files", None):
        files = divided(made, court, derivatives)
    sizes = [(file.planned.name, file.assembly.bytes) for file in files]
    planned = tuple(envelopes(sizes, court.filing.sizes.envelope_bytes))
    with delivery_folder(target) as folder:
        payload = folder / PAYLOAD
        aside = payload / NOT_FILED
        aside.mkdir(parents=True)
        paths = [payload / file.planned.name for file in files]
        for file, path in zip(files, paths, strict=True):
            shutil.copyfile(file.assembly.path, path)
        log = write_log(made, aside) if made.rules else []
        values = filing_values(made, court, name, files, planned, log, derivatives)
        (payload / FILING).write_text(_json(values), encoding="utf-8")
        (aside / "README.txt").write_text(readme(values), encoding="utf-8")
        with progress("Checking what the court would send back", len(files)):
            checked = check(paths, planned)
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
        digest = delivery_digest(folder)
        announce(digest)
    findings = (*checked.findings, *pages_without_text(made))
    return CourtSet(target, name, court, tuple(files), planned, len(log), digest, findings)


def _volume_pages(made: RedactedVolume, files: Sequence[CourtFile]) -> dict[str, list[int]]:
    """Return, by name, which page of the volume each page of a file is; zero for its own."""
    first = made.volume.range.first
    return {
        file.planned.name: [number - first + 1 if number else 0 for number in file.pages]
        for file in files
    }


def _json(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"
