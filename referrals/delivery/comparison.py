"""A delivery and the same delivery made again: where they differ first.

In: two folders. Out: a finding that names the first file that differs and, in a
volume, the first page and its part; volumes come before what is derived from
them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pikepdf import PdfError

from referrals.bag import PAYLOAD, delivery_digest
from referrals.errors import InputError
from referrals.findings import Finding, Severity
from referrals.packet.assembly import VOLUME_NAMES
from referrals.packet.layout import Layout
from stamping.pages.page_digest import page_digests

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class NamedDelivery:
    """What a delivery says it is: which packet, of which case and instant."""

    packet: str
    case: str
    draft: bool
    archive: bool
    as_of: datetime
    first: int
    version: str


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What comparing came to: the number of files, and a finding where they differ."""

    packet: str
    files: int
    digest: str
    findings: tuple[Finding, ...]

    @property
    def words(self) -> str:
        """The result for a person."""
        return f"{self.packet}: {self.files} files, byte for byte what the records give."

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain values."""
        return {
            "packet": self.packet,
            "same": not self.findings,
            "files": self.files,
            "digest": self.digest,
        }


def named_delivery(folder: Path) -> NamedDelivery:
    """Return what the delivery in `folder` says it is.

    Raises:
        InputError: it is not a delivery.
    """
    try:
        values = json.loads((folder / PAYLOAD / "packet.json").read_text("utf-8"))
        return NamedDelivery(
            packet=str(values["packet"]),
            case=str(values["case"]),
            draft=values["state"] == "draft",
            archive=values["archive"] is not None,
            as_of=datetime.fromisoformat(values["as_of"]),
            first=int(values["bates"]["first"][-int(values["bates"]["width"]) :]),
            version=str(values["program"]["version"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{folder} is not a delivery: data/packet.json cannot be read.",
            remedy="Name the folder that holds bagit.txt and data.",
        ) from error


def compare(delivered: Path, again: Path, layout: Layout) -> Rebuilt:
    """Return how `delivered` compares with `again`, which was made with `layout`."""
    names = sorted(_names(delivered) | _names(again), key=_order)
    different = [name for name in names if not _same(delivered / name, again / name)]
    findings = []
    if different:
        name = different[0]
        more = f" ({len(different) - 1} more files differ)" if len(different) > 1 else ""
        message = f"It {_how(delivered / name, again / name, layout)}{more}."
        findings.append(Finding(Severity.BLOCKING, "rebuild-differs", message, name))
    return Rebuilt(again.name, len(names), delivery_digest(again), tuple(findings))


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _order(name: str) -> tuple[bool, bool, bool, str]:
    derived = name == f"{PAYLOAD}/packet.json"
    return not name.startswith(f"{PAYLOAD}/"), derived, not name.endswith(".pdf"), name


def _same(one: Path, other: Path) -> bool:
    if not one.is_file() or not other.is_file() or one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while block := left.read(BLOCK):
            if block != right.read(BLOCK):
                return False
    return True


def _how(delivered: Path, again: Path, layout: Layout) -> str:
    if not delivered.is_file():
        return "is missing from the delivery"
    if not again.is_file():
        return "is nothing that the records give"
    if again.suffix == ".pdf":
        return _first_page(delivered, again, layout)
    return f"differs from byte {_first_byte(delivered, again)} on"


def _first_page(delivered: Path, again: Path, layout: Layout) -> str:
    try:
        found = page_digests(delivered)
    except PdfError:
        return "cannot be opened"
    made = page_digests(again)
    count = f"has {len(found)} pages, not {len(made)}"
    for number, (one, other) in enumerate(zip(found, made, strict=False), start=1):
        if one != other:
            place = f"differs on page {number}{_part(again, number, layout)}"
            return place if len(found) == len(made) else f"{count}, and {place}"
    if len(found) != len(made):
        return count
    return f"differs from byte {_first_byte(delivered, again)} on, in no page"


def _part(volume: Path, page: int, layout: Layout) -> str:
    for laid in layout.parts:
        ours = volume.name.endswith(f"_{VOLUME_NAMES[laid.volume]}.pdf")
        if ours and laid.first_page <= page < laid.first_page + laid.pages:
            number = laid.range.series.label(laid.range.first + page - laid.first_page)
            return f", {number}, in {laid.part.title} ({laid.part.key})"
    return ""


def _first_byte(one: Path, other: Path) -> int:
    left, right = one.read_bytes(), other.read_bytes()
    pairs = zip(left, right, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))
