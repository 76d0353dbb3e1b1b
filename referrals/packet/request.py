"""What to build, and where a build finds what it needs.

In: a frozen case, a profile, the packet's identifier. Out: a `PacketRequest`, which
decides every byte of the packet, and its `BuildPlaces`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from referrals.evidence.store import EvidenceStore
from referrals.profiles.profile import Profile
from referrals.records.snapshot import Snapshot
from stamping.values import StampStyle

DRAFT = "DRAFT"


@dataclass(frozen=True, slots=True)
class PacketRequest:
    """What to build: `packet` is its identifier, such as `JX-400112-1`.

    `audit_head` is the digest of the audit log as the packet was begun; a draft
    is not in the log.
    `archive` asks for the main volume once more as PDF/A-3a, originals inside.
    """

    packet: str
    snapshot: Snapshot
    profile: Profile
    draft: bool = False
    audit_head: str = ""
    archive: bool = False

    @property
    def style(self) -> StampStyle:
        """How its numbers look."""
        return StampStyle(
            position=self.profile.numbering.position, legend=DRAFT if self.draft else ""
        )


@dataclass(frozen=True, slots=True)
class BuildPlaces:
    """Where a build finds the evidence and keeps what it prepares."""

    store: EvidenceStore
    renditions: Path
