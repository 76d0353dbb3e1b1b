"""Fictional sample cases: no person, agency's staff or event in them is real."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent
_NAMES = ("felony_referral", "later_supplement", "misdemeanor", "incomplete_record")


def names() -> tuple[str, ...]:
    """Return the names of the samples, the fullest first."""
    return _NAMES


def folder(name: str) -> Path:
    """Return the folder of a sample as it is shipped."""
    return _HERE / name


def states(name: str) -> list[Path]:
    """Return the case folders of a sample in the order in which they are taken in."""
    successive = [folder(name) / state for state in ("first", "second")]
    return successive if successive[0].is_dir() else [folder(name)]


def signed_scans(name: str) -> dict[str, Path]:
    """Return the scans of a sample's signed forms, by attestation."""
    return {path.stem: path for path in sorted((_HERE / f"{name}_signed").glob("*.pdf"))}
