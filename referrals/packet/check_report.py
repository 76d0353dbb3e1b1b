"""What is missing before a packet can go out, as words or as JSON.

In: the facts of a packet. Out: a `CheckReport`. Asks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from referrals.duties.duties import DutyStatus
from referrals.findings import Finding, Severity
from referrals.packet.facts import PacketFacts
from referrals.records.packet_history import Standing, case_standing


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What is missing before a packet can go out."""

    facts: PacketFacts

    @property
    def case(self) -> str:
        """The case's number."""
        return self.facts.request.snapshot.record.case.number

    @property
    def duties(self) -> tuple[DutyStatus, ...]:
        """How each duty stands."""
        return self.facts.duties

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is missing or in doubt, of the duties first."""
        return self.facts.all_findings

    @property
    def standing(self) -> Standing:
        """Whether the next packet could be a draft only, or is ready to be issued."""
        return case_standing(self.findings)

    @property
    def blocked(self) -> bool:
        """Whether anything stands in the way."""
        return self.standing is Standing.DRAFT

    @property
    def words(self) -> str:
        """One sentence for a clerk."""
        count = sum(finding.severity is Severity.BLOCKING for finding in self.findings)
        if not count:
            return f"{self.case} is ready: referrals packet {self.case}"
        noun = "thing stands" if count == 1 else "things stand"
        return f"{count} {noun} in the way of a packet for {self.case}."

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "case": self.case,
            "ready": not self.blocked,
            "state": self.standing.value,
            "duties": [
                {"key": status.key, "title": status.title, "state": status.state.value}
                for status in self.duties
            ],
            "findings": [finding.as_json() for finding in self.findings],
        }
