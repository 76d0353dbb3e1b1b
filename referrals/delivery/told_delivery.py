"""A delivery of a packet, as words or as JSON.

In: what was delivered. Out: a `Delivered`. Asks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from referrals.delivery.packet_folder import PacketDelivery
from referrals.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery as the command line tells of it."""

    folder: Path
    packet: str
    words: str
    findings: tuple[Finding, ...]
    volumes: tuple[dict[str, Any], ...]
    digest: str

    def as_json(self) -> dict[str, Any]:
        """Return the delivery as plain values."""
        return {
            "packet": self.packet,
            "folder": str(self.folder),
            "digest": self.digest,
            "volumes": list(self.volumes),
            "findings": [finding.as_json() for finding in self.findings],
        }


def delivered(made: PacketDelivery) -> Delivered:
    """Return what is told of a packet that was delivered."""
    packet = made.packet
    request = packet.drawn.request
    volumes = tuple(
        {
            "kind": kind.value,
            "file": str(made.folder / "data" / assembly.path.name),
            "pages": assembly.pages,
            "first": assembly.range.labels[0],
            "last": assembly.range.labels[1],
            "sha256": assembly.sha256,
        }
        for kind, assembly in packet.volumes.items()
    )
    lines = [
        f"{volume['file']}: {volume['pages']} page{'s' * (volume['pages'] != 1)}"
        for volume in volumes
    ]
    state = "Draft" if request.draft else "Issued"
    if not request.draft:
        lines.append(
            "Delivery's digest, to give the recipient by another way: " + made.manifest_sha256
        )
    words = "\n".join((f"{state} {request.packet}, {made.layout.range}", *lines))
    shown = tuple(finding for finding in packet.findings if finding.severity is not Severity.NOTE)
    return Delivered(made.folder, request.packet, words, shown, volumes, made.manifest_sha256)
