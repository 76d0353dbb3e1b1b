"""Layers: what a source hides stays hidden (ISO 32000-2 § 8.11.4).

In: each source's optional-content properties. Out: those of the output, which
list every group of every source in the state that its own file gives it.
"""

from __future__ import annotations

from collections.abc import Mapping

from stamping.objects.object_copier import ObjectCopier
from stamping.objects.object_writer import ObjectWriter
from stamping.objects.pdf_syntax import Value

# Lists of groups, or of dictionaries that name groups, that simply follow each other.
_LISTS = ("Order", "RBGroups", "Locked", "AS")


class Layers:
    """The layers of the output, as the sources bring them."""

    def __init__(self) -> None:
        self._groups: list[Value] = []
        self._hidden: list[Value] = []
        self._lists: dict[str, list[Value]] = {name: [] for name in _LISTS}

    def add(self, copier: ObjectCopier, catalog: Mapping[str, Value]) -> None:
        """Take over the layers of a source."""
        source = copier.source
        properties = source.dictionary(catalog.get("OCProperties"))
        groups = source.array(properties.get("OCGs"))
        if not groups:
            return
        default = source.dictionary(properties.get("D"))
        shown = source.array(default.get("ON"))
        hidden = list(source.array(default.get("OFF")))
        if source.resolve(default.get("BaseState")) == "OFF":
            hidden += [group for group in groups if group not in shown and group not in hidden]
        self._groups += copier.carry(groups)
        self._hidden += copier.carry(hidden)
        for name, merged in self._lists.items():
            merged += copier.carry(source.array(default.get(name)))
        copier.copy_waiting()

    def finish(self, writer: ObjectWriter) -> dict[str, Value]:
        """Write the properties; return the catalog's entries."""
        if not self._groups:
            return {}
        default: dict[str, Value] = {"Name": b"Layers", "BaseState": "ON", "OFF": self._hidden}
        default |= {name: merged for name, merged in self._lists.items() if merged}
        return {"OCProperties": writer.add({"OCGs": self._groups, "D": default})}
