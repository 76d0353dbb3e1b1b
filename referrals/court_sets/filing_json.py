"""`filing.json`: which page of the packet stands in which file of a court's set, for programs.

In: the finished files. Out: plain values, and the words for whoever files them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from referrals.court_sets.court_files import CourtFile
from referrals.court_sets.file_division import piece_of
from referrals.court_sets.recompressed import Derivative
from referrals.court_sets.redacted_volume import RedactedVolume
from referrals.profiles.court import Court

FORMAT = 1


def filing_values(
    made: RedactedVolume,
    court: Court,
    name: str,
    files: Sequence[CourtFile],
    planned: Sequence[Sequence[str]],
    log: Sequence[Mapping[str, Any]],
    derivatives: Sequence[Derivative],
) -> dict[str, Any]:
    request = made.drawn.request
    series = made.volume.range.series
    first, last = made.volume.range.labels
    envelope = {file: place for place, names in enumerate(planned, start=1) for file in names}
    rules = made.rules
    return {
        "format": FORMAT,
        "set": name,
        "packet": request.packet,
        "case": request.snapshot.record.case.number,
        "identity": request.snapshot.identity,
        "as_of": request.snapshot.as_of.isoformat(),
        "draft": request.draft,
        "fictional": request.snapshot.record.case.fictional,
        "court": {"key": court.key, "title": court.title},
        "list": {"key": rules.key, "title": rules.title} if rules else None,
        "bates": {"stem": series.stem, "width": series.width, "first": first, "last": last},
        "files": [
            {
                "file": file.planned.name,
                "number": file.planned.number,
                "of": len(files),
                "pages": file.assembly.pages,
                "front_pages": file.front_pages,
                "bytes": file.assembly.bytes,
                "sha256": file.assembly.sha256,
                "conformance": file.assembly.conformance.value,
                "first": file.planned.first,
                "last": file.planned.last,
                "envelope": envelope[file.planned.name],
                "parts": _parts(file, files),
            }
            for file in files
        ],
        "envelopes": [list(names) for names in planned],
        "redactions": list(log),
        "differing": [made.label(page) for page in made.differing],
        "derivatives": [each.as_json() for each in derivatives],
    }


def _parts(file: CourtFile, files: Sequence[CourtFile]) -> list[dict[str, Any]]:
    parts = []
    before = file.front_pages
    for run in file.planned.runs:
        part, (first, last) = run.laid.part, run.range.labels
        piece = piece_of(run, [each.planned.runs for each in files])
        parts.append(
            {
                "key": part.key,
                "kind": part.kind.value,
                "title": part.title,
                "exhibit": part.exhibit,
                "first": first,
                "last": last,
                "first_page": before + 1,
                "pages": run.pages,
                "part_of": list(piece) if piece else None,
            }
        )
        before += run.pages
    return parts


def readme(values: Mapping[str, Any]) -> str:
    court, files = values["court"]["title"], values["files"]
    lines = [
        f"{values['set']}: set of packet {values['packet']} for {court}",
        "",
        "To be filed, in this order:" if len(files) > 1 else "To be filed:",
        "",
    ]
    for place, names in enumerate(values["envelopes"], start=1):
        if len(values["envelopes"]) > 1:
            lines.append(f"Envelope {place}")
        for file in files:
            if file["file"] in names:
                lines.append(
                    f"  {file['file']}  {file['first']} to {file['last']}, {file['bytes']:,} bytes"
                )
    lines += [
        "",
        f"Every page bears the number that it bears in packet {values['packet']}. This folder is",
        "not filed: it holds what preflight found (preflight.pdf) and, where the set is",
        "redacted, the log and the numbers of the pages that differ.",
        "",
        "To check that nothing has changed, in the folder above `data`:",
        "",
        "  sha256sum -c manifest-sha256.txt",
        "",
    ]
    return "\n".join(lines)
