"""The PDF engine: any exhibit in, merged and Bates-stamped PDFs out.

    import stamping

    renditions = stamping.prepare_all(files, folder)
    parts = [stamping.Part(each.path) for each in renditions if each.usable]
    order = stamping.Order(stamping.BatesSeries("LPD"), 1, stamping.Document("Exhibits"))
    stamping.assemble(parts, order, output)

`docs/engine.md` describes it. It knows no case, no database, no jurisdiction.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from stamping.bates import BatesRange, BatesSeries
from stamping.errors import StampingError
from stamping.notices import Notice, Severity
from stamping.values import (
    Assembly,
    Document,
    Limits,
    Order,
    OutlineEntry,
    Part,
    Position,
    Rendition,
    StampStyle,
)

if TYPE_CHECKING:
    from stamping.assembly.engine import assemble
    from stamping.preparation.prepare import prepare_all

__all__ = [
    "Assembly",
    "BatesRange",
    "BatesSeries",
    "Document",
    "Limits",
    "Notice",
    "Order",
    "OutlineEntry",
    "Part",
    "Position",
    "Rendition",
    "Severity",
    "StampStyle",
    "StampingError",
    "assemble",
    "prepare_all",
]

# They load the PDF libraries, which those who only count numbers do without.
_LATE = {"assemble": "stamping.assembly.engine", "prepare_all": "stamping.preparation.prepare"}


def __getattr__(name: str) -> Any:
    if name in _LATE:
        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'stamping' has no attribute '{name}'")
