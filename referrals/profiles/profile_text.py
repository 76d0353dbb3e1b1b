"""A profile as a person reads it: section by section, each with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from referrals.profiles.court import Court
from referrals.profiles.profile import Profile

UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class ProfileSection:
    """One table of a profile: its key, its source, and its values by name.

    The entries of a list are values without a name of their own.
    """

    key: str
    source: str
    rows: tuple[tuple[str, str], ...]


def profile_sections(profile: Profile | Court) -> list[ProfileSection]:
    """Return every value of `profile`, section by section, in the file's order."""
    return list(_sections(profile.model_dump(mode="json"), profile.key))


def _sections(table: Mapping[str, Any], key: str) -> Iterator[ProfileSection]:
    below = {}
    rows = []
    for name, value in table.items():
        if isinstance(value, Mapping) or _is_list_of_tables(value):
            below[name] = value
        elif name not in ("source", "confirmed"):
            rows.append((name, _words(value)))
    if rows:
        yield ProfileSection(key, _source(table), tuple(rows))
    for name, value in below.items():
        if isinstance(value, Mapping):
            yield from _sections(value, name)
        else:
            entries = tuple(("", _entry(entry)) for entry in value)
            yield ProfileSection(name, "", entries)


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(entry, Mapping) for entry in value)


def _entry(table: Mapping[str, Any]) -> str:
    """Return an entry of a list as one line: what it is called, what it says, its source."""
    told = [_words(value) for name, value in table.items() if name not in ("source", "confirmed")]
    source = _source(table)
    return " · ".join(word for word in told if word != "none") + (f"  [{source}]" if source else "")


def _source(table: Mapping[str, Any]) -> str:
    words = [str(table.get("source", "")), "" if table.get("confirmed", True) else UNCONFIRMED]
    return ", ".join(word for word in words if word)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(entry) for entry in value) or "none"
    return "none" if value in (None, "") else str(value)
