"""A vendor's export manifest beside the record: what it says of each recording.

In: the values of `case.yaml` and, where the case folder holds one, the column
map `footage-manifest.toml` with the manifest that it reads. Out: the values with
the recordings completed by evidence UUID, never by title (a vendor's titles
change), and findings where the two disagree. The record's own words stay.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from referrals.findings import Finding, Severity
from referrals.intake.case_folder import refusal
from referrals.intake.column_map import exported, read_column_map
from referrals.intake.located import Located
from referrals.refusals import Path as Way
from referrals.refusals import shown

MAP = "footage-manifest.toml"
"""The name of the column map in a case folder."""

KEY = "evidence_uuid"
UNCOMPARED = frozenset({"key", "title", "file"})
"""Fields that the office words in its own way."""


def with_manifest(located: Located, folder: Path) -> tuple[Located, list[Finding]]:
    """Return the record's values with what the manifest adds to its recordings.

    Raises:
        InputError: the map or the manifest is refused; its findings name all of it.
    """
    column_map = folder / MAP
    if not column_map.exists():
        return located, []
    how = read_column_map(column_map)
    wrong = [
        section.section
        for section in how.sections
        if section.section != "footage" or KEY not in section.fields
    ]
    if wrong:
        raise refusal(
            MAP,
            [
                Finding(
                    Severity.BLOCKING,
                    "manifest-map",
                    f"a manifest fills 'footage' by its '{KEY}', which {shown(name)} here does not",
                    MAP,
                    f'Write section = "footage" and give the column of {KEY} in its fields.',
                )
                for name in wrong
            ],
        )
    manifest = exported(column_map, how, folder)
    return _completed(located, manifest)


def _completed(located: Located, manifest: Located) -> tuple[Located, list[Finding]]:
    recordings = located.value.get("footage")
    if not isinstance(recordings, list):
        recordings = []
    places, found = dict(located.places), []
    rows: dict[str, tuple[int, dict[str, Any]]] = {}
    for index, row in enumerate(manifest.value.get("footage", [])):
        if _uuid(row.get(KEY)) in rows:
            found.append(
                Finding(
                    Severity.WARNING,
                    "manifest-repeated",
                    f"the manifest lists recording {row.get(KEY)} again; the first row is used",
                    manifest.where(("footage", index)),
                    "Pick one of the rows with 'where' in the map.",
                )
            )
            continue
        rows[_uuid(row.get(KEY))] = (index, row)
    completed = []
    named = set()
    for index, entry in enumerate(recordings):
        uuid = _uuid(entry.get(KEY)) if isinstance(entry, dict) else ""
        if uuid not in rows:
            completed.append(entry)
            continue
        named.add(uuid)
        at, row = rows[uuid]
        found += _differing(entry, row, manifest, ("footage", at))
        completed.append({**row, **entry})
        for name in row.keys() - entry.keys():
            way: Way = ("footage", index, name)
            places[way] = manifest.where(("footage", at, name))
    found += [
        Finding(
            Severity.WARNING,
            "manifest-unnamed",
            f"the manifest lists recording {row.get(KEY)}, which the record does not name",
            manifest.where(("footage", at)),
            "Add it under 'footage', or list it under 'unused_material' with the reason.",
        )
        for uuid, (at, row) in rows.items()
        if uuid not in named
    ]
    value = {**located.value, "footage": completed} if completed else located.value
    return Located(value, located.source, places), found


def _differing(
    entry: dict[str, Any], row: dict[str, Any], manifest: Located, way: Way
) -> list[Finding]:
    return [
        Finding(
            Severity.WARNING,
            "manifest-differs",
            f"the manifest gives '{name}' of {entry.get('key') or row[KEY]} as "
            f"{shown(row[name])}; the record says {shown(entry[name])}",
            manifest.where((*way, name)),
            "Correct the record, or ask the vendor; the record's own words are used.",
        )
        for name in row
        if name in entry and name not in UNCOMPARED and not _same(entry[name], row[name])
    ]


def _same(one: Any, other: Any) -> bool:
    """Whether two texts say the same: an identifier, a moment in any zone, a number, a text."""
    texts = [" ".join(str(each).split()).casefold() for each in (one, other)]
    if texts[0] == texts[1]:
        return True
    for read in (UUID, float, datetime.fromisoformat):
        try:
            return bool(read(texts[0]) == read(texts[1]))
        except (ValueError, TypeError):
            continue
    return False


def _uuid(text: Any) -> str:
    """Return an identifier in the one form in which two are compared."""
    plain = str(text or "").strip().casefold()
    try:
        return str(UUID(plain))
    except ValueError:
        return plain
