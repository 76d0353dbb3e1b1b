"""What changed between two states of a case, in lines that a clerk can read.

In: two records and the evidence of each. Out: `RecordDifference` values in the order
of the record. Entries with a key or designator are compared by it; the others
by their place, after the unchanged ones are set side by side. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any

from referrals.records.case_record import CaseRecord
from referrals.records.snapshot import EvidenceFile

_NAMES = ("key", "designator")


@dataclass(frozen=True, slots=True)
class RecordDifference:
    """One change: the field, or the file, and its text before and after.

    An empty `before` means that it was added, an empty `after` that it was
    taken away.
    """

    field: str
    before: str
    after: str

    def __str__(self) -> str:
        if not self.before:
            return f"{self.field}: added {self.after}"
        if not self.after:
            return f"{self.field}: removed {self.before}"
        return f"{self.field}: {self.before} → {self.after}"

    def as_json(self) -> dict[str, str]:
        """Return the difference as plain values."""
        return asdict(self)


def differences(
    old: CaseRecord,
    new: CaseRecord,
    old_evidence: Iterable[EvidenceFile] = (),
    new_evidence: Iterable[EvidenceFile] = (),
) -> list[RecordDifference]:
    """Return what changed from `old` to `new`, fields first, then files."""
    found = list(_changed("", old.model_dump(mode="json"), new.model_dump(mode="json")))
    before = {entry.path: entry for entry in old_evidence}
    after = {entry.path: entry for entry in new_evidence}
    for path in [*before, *(path for path in after if path not in before)]:
        was, now = before.get(path), after.get(path)
        if was is None or now is None or was.sha256 != now.sha256:
            found.append(RecordDifference(f"file {path}", _file(was), _file(now)))
        elif was.location != now.location:
            found.append(RecordDifference(f"place of {path}", _place(was), _place(now)))
    return found


def _place(entry: EvidenceFile) -> str:
    return entry.location or "the evidence store"


def _file(entry: EvidenceFile | None) -> str:
    return f"SHA-256 {entry.sha256[:12]}…, {entry.bytes:,} bytes" if entry else ""


def _changed(path: str, old: Any, new: Any) -> Iterator[RecordDifference]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in old:
            yield from _changed(f"{path}.{name}" if path else name, old[name], new.get(name))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _changed_list(path, old, new)
    else:
        yield RecordDifference(path, _text(old), _text(new))


def _changed_list(path: str, old: list[Any], new: list[Any]) -> Iterator[RecordDifference]:
    name = next((name for name in _NAMES if all(name in entry for entry in old + new)), "")
    if not name:
        yield from _changed_places(path, old, new)
        return
    before = {entry[name]: entry for entry in old}
    after = {entry[name]: entry for entry in new}
    for key in [*before, *(key for key in after if key not in before)]:
        where = f"{path}[{key}]"
        if key not in after:
            yield RecordDifference(where, _text(before[key]), "")
        elif key not in before:
            yield RecordDifference(where, "", _text(after[key]))
        else:
            yield from _changed(where, before[key], after[key])
    kept_before = [key for key in before if key in after]
    kept_after = [key for key in after if key in before]
    if kept_before != kept_after:
        yield RecordDifference(f"{path} (order)", ", ".join(kept_before), ", ".join(kept_after))


def _changed_places(path: str, old: list[Any], new: list[Any]) -> Iterator[RecordDifference]:
    before = [json.dumps(entry, sort_keys=True) for entry in old]
    after = [json.dumps(entry, sort_keys=True) for entry in new]
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for kind, first, last, new_first, new_last in steps:
        if kind == "equal":
            continue
        both = min(last - first, new_last - new_first)
        for step in range(both):
            where = f"{path}[{new_first + step}]"
            yield from _changed(where, old[first + step], new[new_first + step])
        for index in range(first + both, last):
            yield RecordDifference(f"{path}[{index}]", _text(old[index]), "")
        for index in range(new_first + both, new_last):
            yield RecordDifference(f"{path}[{index}]", "", _text(new[index]))


def _text(value: Any) -> str:
    """Return a value as one line; an entry as its fields that say something."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        said = [
            f"{name}: {_text(inner)}"
            for name, inner in value.items()
            if inner not in ("", None, [])
        ]
        return "; ".join(said)
    if isinstance(value, list):
        return ", ".join(_text(inner) for inner in value)
    return str(value)
