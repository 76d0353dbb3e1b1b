"""A frozen case under a profile, and what follows from the two: computed once, handed on.

In: a snapshot and a profile. Out: `CaseFacts`, which duties, pages, deliveries and
court sets read. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from referrals.attest.statement import AttestationStatus, statements
from referrals.profiles.profile import Profile
from referrals.records.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The case, the profile, and how each attestation of the case stands."""

    snapshot: Snapshot
    profile: Profile
    attestations: tuple[AttestationStatus, ...]


def case_facts(snapshot: Snapshot, profile: Profile) -> CaseFacts:
    """Return what follows from a snapshot under a profile."""
    return CaseFacts(snapshot, profile, tuple(statements(snapshot, profile)))
