"""Offices to do harm to: a case taken in, signed, ready to be issued.

In: a folder and a number of cases. Out: an `Office` home that is copied for
each trial. The cases are copies of a fictional sample under other numbers.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import sample_cases
from referrals.commands.console import Console
from referrals.office import intake
from referrals.office.attestations import attestation, take_scan
from referrals.office.office import Office
from referrals.settings import Settings

SAMPLE = "later_supplement"
NUMBER = "JX-400230"
"""The number of the sample's own case."""

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
SIGNED_ON = date(2026, 3, 20)
KEYS = tuple(sample_cases.signed_scans(SAMPLE))


@contextmanager
def opened(home: Path, database: str = "") -> Iterator[Office]:
    """Yield the office of a home; its database is let go at the end."""
    office = Office(Settings(home, database), Console().progress)
    try:
        yield office
    finally:
        office.engine.dispose()


def case_folder(into: Path, number: str = NUMBER) -> Path:
    """Write the sample's case folder under another number."""
    folder = into / number
    if not folder.exists():
        shutil.copytree(sample_cases.states(SAMPLE)[0], folder)
        record = folder / "case.yaml"
        text = record.read_text("utf-8")
        assert NUMBER in text
        record.write_text(text.replace(NUMBER, number), "utf-8")
    return folder


def take_in(office: Office, folder: Path) -> None:
    """Take a case in."""
    intake.take_in(office, folder, who="clerk", now=NOW)


def sign(office: Office, number: str, keys: tuple[str, ...] = KEYS) -> None:
    """Take the sample's signed forms in for a case."""
    for key in keys:
        take_scan(
            office,
            number,
            key,
            sample_cases.signed_scans(SAMPLE)[key],
            signed_on=SIGNED_ON,
            digest=digest(office, number, key),
            who="clerk",
            now=NOW,
        )


def digest(office: Office, number: str, key: str) -> str:
    """Return the digest that the form of an attestation prints."""
    return attestation(office, number, key, NOW).statement.sha256


@dataclass(frozen=True)
class Ready:
    """Homes that trials start from, by what comes next: intake, attest, packet."""

    root: Path

    def folder(self, number: str = NUMBER) -> Path:
        """Return the case folder."""
        return self.root / number

    def home(self, step: str, into: Path) -> Path:
        """Copy the home in which `step` is next."""
        return Path(shutil.copytree(self.root / step, into))


def ready(root: Path) -> Ready:
    """Make the homes."""
    folder = case_folder(root)
    with opened(root / "intake") as office:
        office.open()
    shutil.copytree(root / "intake", root / "attest")
    with opened(root / "attest") as office:
        take_in(office, folder)
        sign(office, NUMBER, KEYS[1:])
    shutil.copytree(root / "attest", root / "packet")
    with opened(root / "packet") as office:
        sign(office, NUMBER, KEYS[:1])
    return Ready(root)
