"""What the office answers: values that a command prints, as words or as JSON.

In: what was found or made. Out: frozen values with their words. Asks nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from referrals.delivery.packet_folder import PacketDelivery
from referrals.duties.duties import DutyStatus
from referrals.findings import Finding, Severity
from referrals.packet.facts import PacketFacts
from referrals.records.packet_history import Standing, case_standing
from referrals.records.packets import FoundNumber


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What is missing before a packet can go out."""

    facts: PacketFacts

    @property
    def case(self) -> str:
        """The case's number."""
        return self.facts.request.snapshot.record.case.number

    @property
    def duties(self) -> tuple[DutyStatus, ...]:
        """How each duty stands."""
        return self.facts.duties

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is missing or in doubt, of the duties first."""
        return self.facts.all_findings

    @property
    def standing(self) -> Standing:
        """Whether the next packet could be a draft only, or is ready to be issued."""
        return case_standing(self.findings)

    @property
    def blocked(self) -> bool:
        """Whether anything stands in the way."""
        return self.standing is Standing.DRAFT

    @property
    def words(self) -> str:
        """One sentence for a clerk."""
        count = sum(finding.severity is Severity.BLOCKING for finding in self.findings)
        if not count:
            return f"{self.case} is ready: referrals packet {self.case}"
        noun = "thing stands" if count == 1 else "things stand"
        return f"{count} {noun} in the way of a packet for {self.case}."

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "case": self.case,
            "ready": not self.blocked,
            "state": self.standing.value,
            "duties": [
                {"key": status.key, "title": status.title, "state": status.state.value}
                for status in self.duties
            ],
            "findings": [finding.as_json() for finding in self.findings],
        }


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


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What a number stands on, as lines for a person."""

    found: FoundNumber

    @property
    def issued(self) -> bool:
        """Whether the number stands on a page that was delivered."""
        return self.found.state == "committed"

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Labels and texts, in order."""
        found = self.found
        if not self.issued:
            state = {
                "void": f"void: {found.reason}",
                "reserved": f"reserved for {found.packet}, which is being built",
                "unissued": "not issued",
            }[found.state]
            return [("Number", found.label), ("State", state)]
        part = f"Exhibit {found.exhibit}, {found.part}" if found.exhibit else found.part
        lines = [
            ("Number", found.label),
            ("Packet", f"{found.packet} (case {found.case})"),
            ("Delivery", found.delivery),
            ("File", f"{found.file}, page {found.page_of_file}"),
            ("Part", f"{part}, page {found.page_of_part}"),
        ]
        if found.source:
            lines += [("Source file", found.source), ("SHA-256", found.sha256)]
        return lines

    def as_json(self) -> dict[str, Any]:
        """Return the answer as plain values."""
        return asdict(self.found)


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
