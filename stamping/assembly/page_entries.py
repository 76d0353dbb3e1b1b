"""The entries of a page in the output: what is carried over, what is put in.

In: a page's entries in its source, with those that it inherits. Out: those of the
page as it is written. What they refer to is carried by whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stamping.assembly.navigation import Aim
from stamping.assembly.stamp_font import FONT_NAME, StampFont
from stamping.assembly.structure_tree import TreeBuilder
from stamping.notices import Notice
from stamping.objects.object_writer import ObjectWriter
from stamping.objects.pdf_syntax import Ref, Value
from stamping.pages.refit import BOXES, Fit
from stamping.pages.viewport import Viewport
from stamping.values import Order

# Beads lead through other pages, thumbnails and private data show the page as it was.
_LEFT_OUT = ("Parent", "B", "Thumb", "PieceInfo", "Contents", "Annots", "Resources")

FIXED = ("MediaBox", *BOXES)
"""What says how a page is seen."""

Carry = Callable[[Value], Value]


@dataclass
class Sheets:
    """What all pages of the output have in common."""

    writer: ObjectWriter
    order: Order
    font: StampFont
    tags: TreeBuilder
    aims: list[Aim] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    openings: dict[bytes, Ref] = field(default_factory=dict)

    def opening(self, content: bytes) -> Ref:
        """Return the stream that holds `content`; pages that begin alike share it."""
        ref = self.openings.get(content)
        if ref is None:
            ref = self.openings[content] = self.writer.add_stream({}, content)
        return ref


def carried_entries(
    entries: Mapping[str, Value], carry: Carry, view: Viewport, fit: Fit | None
) -> dict[str, Value]:
    """Return what a page keeps of its entries, with boxes for the sheet that it stands on."""
    new_sheet = fit is not None and fit.new_sheet
    made = {
        key: carry(value)
        for key, value in entries.items()
        if key not in _LEFT_OUT and not (new_sheet and key in BOXES)
    }
    if new_sheet or "MediaBox" not in made:
        made["MediaBox"] = list(view.box)
    return made


def stamped_resources(
    held: Mapping[str, Value], fonts: Mapping[str, Value], font: StampFont, carry: Carry
) -> tuple[dict[str, Value], str]:
    """Return resources with the stamp's font beside `fonts`, and its name among them."""
    name, number = FONT_NAME, 1
    while name in fonts:
        number += 1
        name = f"{FONT_NAME}{number}"
    made = {key: carry(value) for key, value in held.items() if key not in ("Font", "XObject")}
    if held.get("XObject") is not None:
        made["XObject"] = carry(held["XObject"])
    made["Font"] = {**carry(dict(fonts)), name: font.object}
    return made, name


def close_page(
    page: dict[str, Value], parent: Ref, number: int | None, resources: Value, contents: list[Value]
) -> None:
    """Put in what every page of the output has; `number` is its own in the parent tree."""
    page |= {"Type": "Page", "Parent": parent}
    if number is not None:
        page["StructParents"] = number
    page["Resources"] = resources
    page["Contents"] = contents
