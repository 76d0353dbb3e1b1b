"""What a packet consists of, in order, before any page exists.

In: a snapshot. Out: a `Plan`, the ordered parts of each volume. The order is
one for every case (`docs/packet.md`), so that a reader finds any part in any
packet at the same place. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from referrals.errors import BlockedError
from referrals.records.fields import ExhibitFields
from referrals.records.snapshot import Snapshot


class PartKind(StrEnum):
    """How the pages of a part come to be."""

    SECTION = "section"
    """Written by the program from the record."""
    SLIP_SHEET = "slip_sheet"
    """The sheet before an exhibit."""
    EXHIBIT = "exhibit"
    """The exhibit's own pages."""
    PLACEHOLDER = "placeholder"
    """One written page for an exhibit that has no pages of its own."""


class VolumeKind(StrEnum):
    """The files of a packet; a confidential part is never in the main volume."""

    MAIN = "main"
    CONFIDENTIAL = "confidential"


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """One part: `key` is unique in the packet and names it in links and numbers.

    `exhibit` is the designator for slip sheets, exhibits and placeholders;
    `number` is the section's place in the layout (1 to 21), 0 for the others. A
    `confidential` part stands in the confidential volume and in no other file.
    """

    key: str
    kind: PartKind
    title: str
    number: int = 0
    exhibit: str = ""
    confidential: bool = False

    @property
    def generated(self) -> bool:
        """Whether the program writes its pages."""
        return self.kind is not PartKind.EXHIBIT


@dataclass(frozen=True, slots=True)
class PlannedVolume:
    """One file of the packet and its parts in order.

    Raises:
        BlockedError: a confidential part would stand in another volume.
    """

    kind: VolumeKind
    parts: tuple[PlannedPart, ...]

    def __post_init__(self) -> None:
        misplaced = [part for part in self.parts if part.confidential]
        if misplaced and self.kind is not VolumeKind.CONFIDENTIAL:
            raise BlockedError(
                f"'{misplaced[0].title}' is confidential and would stand in the {self.kind.value} "
                "volume; nothing was built.",
                remedy="Send this message to the program's maintainers with the case's number.",
            )


@dataclass(frozen=True, slots=True)
class Plan:
    """The packet: its volumes in the order of their numbers."""

    volumes: tuple[PlannedVolume, ...]
    supplement: int = 0

    @property
    def parts(self) -> tuple[PlannedPart, ...]:
        """All parts in the order of their Bates numbers."""
        return tuple(part for volume in self.volumes for part in volume.parts)


BEFORE_EXHIBITS = (
    (1, "memo", "Transmittal memo"),
    (2, "checklist", "Completeness checklist"),
    (3, "summary", "Case summary"),
    (4, "elements", "Offense-element matrix"),
    (5, "chronology", "Chronology"),
    (6, "personnel", "Federal personnel and credential log"),
    (7, "immunity", "Immunity-facts schedule"),
    (8, "medical", "Medical and EMS log"),
    (9, "witnesses", "Witness list"),
    (10, "index", "Exhibit index"),
)
AFTER_EXHIBITS = (
    (12, "hashes", "Footage hash appendix"),
    (13, "foundation", "Footage foundation sheets"),
    (14, "custody", "Custody log"),
    (15, "unused", "Unused-material schedule"),
    (16, "exculpatory", "Exculpatory and impeachment schedule"),
    (17, "outstanding", "Outstanding-evidence list"),
    (18, "redactions", "Redaction log"),
    (19, "attestations", "Officer attestations"),
    (20, "accessibility", "Accessibility and archiving"),
    (21, "certificate", "Certificate of compliance"),
)
CONFIDENTIAL = PlannedPart(
    "confidential", PartKind.SECTION, "Confidential volume", number=22, confidential=True
)
CONFIDENTIAL_TITLE = "Held in the confidential volume"
"""What stands in the main volume in place of a confidential exhibit's title."""


def plan(snapshot: Snapshot, pageless: frozenset[str] = frozenset()) -> Plan:
    """Return the plan of the packet that `snapshot` makes.

    `pageless` holds the designators of exhibits without pages of their own. A
    supplement holds only the exhibits that no earlier packet of the case had.
    """
    earlier = {issued.designator for packet in snapshot.issued for issued in packet.exhibits}
    main: list[PlannedPart] = [_section(*entry) for entry in BEFORE_EXHIBITS]
    confidential: list[PlannedPart] = [CONFIDENTIAL]
    for exhibit in snapshot.record.exhibits:
        if exhibit.designator in earlier:
            continue
        where = confidential if exhibit.confidential else main
        where.extend(_exhibit_parts(exhibit, pageless))
    main.extend(_section(*entry) for entry in AFTER_EXHIBITS)
    return Plan(
        volumes=(
            PlannedVolume(VolumeKind.MAIN, tuple(main)),
            PlannedVolume(VolumeKind.CONFIDENTIAL, tuple(confidential)),
        ),
        supplement=len(snapshot.issued),
    )


def _section(number: int, key: str, title: str) -> PlannedPart:
    return PlannedPart(key, PartKind.SECTION, title, number=number)


def _exhibit_parts(exhibit: ExhibitFields, pageless: frozenset[str]) -> list[PlannedPart]:
    designator = exhibit.designator
    kind = PartKind.PLACEHOLDER if designator in pageless else PartKind.EXHIBIT
    return [
        PlannedPart(
            key, kind_of_part, exhibit.title, exhibit=designator, confidential=exhibit.confidential
        )
        for key, kind_of_part in (
            (f"slip-{designator}", PartKind.SLIP_SHEET),
            (f"exhibit-{designator}", kind),
        )
    ]
