"""What a Bates number stands on, as words or as JSON.

In: an office and a number. Out: a `FoundPage`. Nothing is changed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from referrals.office.office import Office
from referrals.records.database import session
from referrals.records.packets import FoundNumber, find_number


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What a number stands on, as lines for a person."""

    found: FoundNumber

    @property
    def issued(self) -> bool:
        """Whether the number stands on a page that was delivered."""
        return self.found.state == "committed"

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Labels and texts, in order."""
        found = self.found
        if not self.issued:
            state = {
                "void": f"void: {found.reason}",
                "reserved": f"reserved for {found.packet}, which is being built",
                "unissued": "not issued",
            }[found.state]
            return [("Number", found.label), ("State", state)]
        part = f"Exhibit {found.exhibit}, {found.part}" if found.exhibit else found.part
        lines = [
            ("Number", found.label),
            ("Packet", f"{found.packet} (case {found.case})"),
            ("Delivery", found.delivery),
            ("File", f"{found.file}, page {found.page_of_file}"),
            ("Part", f"{part}, page {found.page_of_part}"),
        ]
        if found.source:
            lines += [("Source file", found.source), ("SHA-256", found.sha256)]
        return lines

    def as_json(self) -> dict[str, Any]:
        """Return the answer as plain values."""
        return asdict(self.found)


def find(office: Office, number: str) -> FoundPage:
    """Return what a Bates number stands on.

    Raises:
        UsageError: no series of the office has such numbers.
    """
    with session(office.engine) as opened:
        return FoundPage(find_number(opened, number.strip()))
