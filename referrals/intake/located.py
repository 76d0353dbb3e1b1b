"""Values together with the places where they were written.

In: a YAML text, or values that a column map collected. Out: `Located`, whose
`where` names file, line and field for any path. Texts are kept as they were
written, in Unicode normal form C: a unit called 0012 stays 0012, and it is for
the record's model to say what is a date or a number.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from referrals.findings import Finding, Severity
from referrals.refusals import Path, path_text

LARGEST = 2_000_000
"""How many bytes a record may have."""

MOST_FINDINGS = 100
"""Findings of one text; what is so wrong is not read to its end."""

DEEPEST = 12
"""How deep entries may be nested; a record needs six."""

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Located:
    """Nested values, and for each path the place where it was written."""

    value: dict[str, Any]
    source: str
    places: dict[Path, str]

    def where(self, path: Path) -> str:
        """Return the place of `path`, or of the nearest entry around it, and the field."""
        field = path_text(path)
        for length in range(len(path), -1, -1):
            if place := self.places.get(path[:length]):
                return f"{place}, {field}" if field else place
        return f"{self.source}, {field}" if field else self.source


def texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every text in nested values with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, (*path, key))
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from texts(inner, (*path, index))


def read_yaml(text: str, source: str) -> tuple[Located, list[Finding]]:
    """Return what a YAML 1.2 text holds, and a finding for each thing refused.

    Every scalar stays a text, except that an empty one counts as not written.
    Refused: two entries of one name, anchors and aliases, tags, a second
    document, a list or text at the top, and nesting beyond `DEEPEST`. Of a text
    that breaks off nothing is returned: what follows would seem to be missing.
    """
    reader = _Reader(source)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            reader.take(event)
            if reader.too_deep or len(reader.findings) >= MOST_FINDINGS:
                break
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark is not None else ""
        problem = error.problem or error.context or "the text cannot be read"
        reader.refuse(f"{source}{line}", "yaml-unreadable", *_unreadable(problem))
        reader.top = None
    except YAMLError as error:
        reader.refuse(
            source,
            "yaml-unreadable",
            f"this is not valid YAML: {' '.join(str(error).split())}",
            "Save the file as plain UTF-8 text.",
        )
        reader.top = None
    value = reader.top if isinstance(reader.top, dict) else {}
    if not isinstance(reader.top, dict) and not reader.findings:
        reader.refuse(
            source,
            "yaml-unreadable",
            "the file does not hold a case record",
            "Write the record's sections at the left edge, each as 'case:', 'incident:' …",
        )
    return Located(value, source, reader.places), reader.findings


def _unreadable(problem: str) -> tuple[str, str]:
    if "'\\t'" in problem:
        return (
            "this line begins with a tab, and YAML indents with spaces only",
            "Replace the tabs by spaces, two for each step.",
        )
    return (
        f"this is not valid YAML: {problem}",
        "Check the indentation, the colons and the quotation marks at and above this line.",
    )


_Start = ScalarEvent | MappingStartEvent | SequenceStartEvent


class _Reader:
    """Builds nested values from YAML events, one at a time, with their lines."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.top: Any = None
        self.places: dict[Path, str] = {}
        self.findings: list[Finding] = []
        self._documents = 0
        self._open: list[tuple[dict[str, Any] | list[Any], Path]] = []
        self._key: list[str | None] = []
        self._lines: list[dict[str, int]] = []
        self._skipping = 0
        self.too_deep = False

    def refuse(self, where: str, code: str, message: str, remedy: str) -> None:
        self.findings.append(Finding(Severity.BLOCKING, code, message, where, remedy))

    def take(self, event: Event) -> None:
        if self._skipping:
            self._skip(event)
        elif isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents == 2:
                self._refuse_at(event, "yaml-unreadable", "a second document begins here",
                                "Keep one record in a file: remove the line '---'.")  # fmt: skip
        elif self._documents > 1:
            return
        elif isinstance(event, AliasEvent):
            self._refuse_at(event, "yaml-alias", f"'*{event.anchor}' refers to another entry",
                            "Write the value out: anchors and aliases are not used.")  # fmt: skip
            self._put(None, event)
        elif isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self._begin(event)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self._open.pop()
            self._key.pop()
            self._lines.pop()

    def _skip(self, event: Event) -> None:
        if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self._skipping += 1
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self._skipping -= 1

    def _refuse_at(self, event: Event, code: str, message: str, remedy: str) -> None:
        self.refuse(f"{self.source}, line {event.start_mark.line + 1}", code, message, remedy)

    def _checked(self, event: _Start) -> None:
        if event.anchor is not None:
            self._refuse_at(event, "yaml-alias", f"'&{event.anchor}' names an entry for reuse",
                            "Remove it: anchors and aliases are not used.")  # fmt: skip
        if event.tag is not None and event.tag != "!":
            self._refuse_at(event, "yaml-tag", f"'{event.tag}' gives a value a type",
                            "Remove it: the field decides what a value is.")  # fmt: skip

    def _scalar(self, event: ScalarEvent) -> None:
        self._checked(event)
        text = unicodedata.normalize("NFC", event.value)
        if self._open and isinstance(self._open[-1][0], dict) and self._key[-1] is None:
            self._take_key(text, event)
            return
        empty = event.style is None and text in _NOTHING
        self._put(None if empty else text, event)

    def _take_key(self, key: str, event: Event) -> None:
        line = event.start_mark.line + 1
        earlier = self._lines[-1].get(key)
        if earlier is not None:
            self._refuse_at(event, "yaml-duplicate", f"'{key}' stands here a second time",
                            f"Keep one of the two: the first is at line {earlier}.")  # fmt: skip
        self._lines[-1].setdefault(key, line)
        self._key[-1] = key

    def _begin(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        self._checked(event)
        if self._open and isinstance(self._open[-1][0], dict) and self._key[-1] is None:
            self._refuse_at(event, "yaml-unreadable", "a name is expected here, not a list",
                            "Write 'name: value'.")  # fmt: skip
            self._key[-1] = ""
            self._skipping = 1
            return
        if len(self._open) >= DEEPEST:
            self._refuse_at(event, "yaml-depth", f"this is nested more than {DEEPEST} deep",
                            "Move it to the section it belongs to.")  # fmt: skip
            self.too_deep = True
            return
        container: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
        path = self._put(container, event)
        self._open.append((container, path))
        self._key.append(None)
        self._lines.append({})

    def _put(self, value: Any, event: Event) -> Path:
        line = f"{self.source}, line {event.start_mark.line + 1}"
        if not self._open:
            self.top, self.places[()] = value, self.source
            return ()
        container, path = self._open[-1]
        if isinstance(container, list):
            way: Path = (*path, len(container))
            container.append(value)
        else:
            key = self._key[-1] or ""
            self._key[-1] = None
            way = (*path, key)
            if value is not None and key not in container:
                container[key] = value
            line = f"{self.source}, line {self._lines[-1].get(key, event.start_mark.line + 1)}"
        self.places.setdefault(way, line)
        return way
