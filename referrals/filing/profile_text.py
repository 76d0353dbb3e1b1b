"""A profile as rows for a person to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from referrals.filing.profile import Profile


def profile_rows(profile: Profile) -> list[tuple[str, str]]:
    """Return every value of `profile` with its key, in the file's order."""
    return list(_rows(profile.model_dump(mode="json"), ""))


def _rows(value: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _rows(below, f"{key}.{name}" if key else name)
    elif isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
        for number, entry in enumerate(value, start=1):
            yield from _rows(entry, f"{key}[{number}]")
    elif isinstance(value, list):
        yield key, ", ".join(str(entry) for entry in value)
    else:
        yield key, str(value)
