"""An office: its settings, its database, its evidence store and its profiles.

In: settings, and who shows how far a long step has come. Out: an `Office`, which every
verb of the other modules takes first. It decides nothing.
"""

from __future__ import annotations

import getpass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from referrals.evidence.store import EvidenceStore, evidence_store
from referrals.office.recovery import recover
from referrals.packet.request import BuildPlaces
from referrals.profiles.profile import Profile
from referrals.profiles.profile_files import load
from referrals.progress import Progress, silent
from referrals.records.case_store import freeze
from referrals.records.database import open_database, session
from referrals.records.snapshot import Snapshot
from referrals.settings import Settings


class Office:
    """Where cases, evidence and profiles are kept; the database is opened when first asked for."""

    def __init__(self, settings: Settings, progress: Progress = silent) -> None:
        self.settings = settings
        self.progress = progress

    @cached_property
    def store(self) -> EvidenceStore:
        """The evidence as it was taken in."""
        return evidence_store(self.settings)

    @cached_property
    def engine(self) -> Engine:
        """The database, without what a stopped build left."""
        engine = open_database(self.settings)
        recover(engine)
        return engine

    @property
    def places(self) -> BuildPlaces:
        """Where a build finds the evidence and keeps what it prepares."""
        return BuildPlaces(self.store, self.settings.renditions)

    def open(self) -> None:
        """Make the home folder and the database, if they are not there."""
        _ = self.engine
        self.settings.profiles.mkdir(exist_ok=True)

    def profile(self, key: str) -> Profile:
        """Return a jurisdiction profile, the office's own before the shipped one."""
        return load(key, self.settings.profiles)

    def snapshot(self, case: str, as_of: datetime) -> Snapshot:
        """Return the case frozen, its instant told in the case's own zone."""
        with session(self.engine) as opened:
            frozen = freeze(opened, case, as_of)
        self.store.knowing(frozen.evidence)
        zone = ZoneInfo(frozen.record.incident.time_zone)
        return frozen.model_copy(update={"as_of": as_of.astimezone(zone)})


def login() -> str:
    """Return the login name, for the audit log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
