"""What is missing before a packet can go out: each duty, met or not, and how to fix it.

In: the facts of a case. Out: a `DutyStatus` for each of `DUTIES`, in their
order, with findings that say where and what to do. The duties are those of the
executive order; docs/sources.md names the sources. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from referrals.duties import duty_rules, recording_rules, statement_rules
from referrals.duties.case_facts import CaseFacts
from referrals.duties.duty_findings import REASON_GIVEN
from referrals.duties.minor_names import minors
from referrals.findings import Finding, Severity

ORDER = "Executive order on alleged violations by federal agents"


class State(StrEnum):
    """Whether a duty is met."""

    MET = "met"
    NOT_MET = "not met"
    REASON_GIVEN = "reason given"


Rule = Callable[[CaseFacts], list[Finding]]


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty: its key, its title, where it comes from, and its rule.

    `excusable` says whether a reason in the record may stand in place of what
    is missing. The rule returns findings; a blocking one means "not met", and
    one of the code `reason-given` that a reason stands in the place meant for it.
    """

    key: str
    title: str
    source: str
    rule: Rule
    excusable: bool = True


@dataclass(frozen=True, slots=True)
class DutyStatus:
    """How one duty stands."""

    duty: Duty
    state: State
    findings: tuple[Finding, ...]

    @property
    def key(self) -> str:
        """The duty's key."""
        return self.duty.key

    @property
    def title(self) -> str:
        """The duty's title."""
        return self.duty.title

    @property
    def detail(self) -> str:
        """What is missing or which reason is given, in one text; empty where all is well."""
        return " ".join(
            f"{finding.message[:1].upper()}{finding.message[1:].rstrip('.')}."
            for finding in self.findings
        )

    @property
    def blocking(self) -> bool:
        """Whether the duty stands in the way of a packet."""
        return self.state is State.NOT_MET


DUTIES: tuple[Duty, ...] = (
    Duty("documentation", "Document the activity", ORDER, duty_rules.documentation),
    Duty("credentials", "Identify the federal supervisory officer", ORDER, duty_rules.credentials),
    Duty("recordings", "Preserve the recordings of every unit", ORDER, recording_rules.recordings),
    Duty(
        "retention",
        "Keep recordings beyond ordinary retention",
        "50 ILCS 706/10-20",
        recording_rules.retention,
        excusable=False,
    ),
    Duty("force", "Record force and injuries", ORDER, duty_rules.force),
    Duty("medical", "Summon medical aid", ORDER, duty_rules.medical),
    Duty("allegations", "Report the alleged violations", ORDER, duty_rules.allegations),
    Duty("felony", "Refer evidence of a felony", ORDER, duty_rules.felony, excusable=False),
    Duty(
        "recipient",
        "Refer to an office on the allow-list",
        "Profile: recipients",
        duty_rules.recipient,
        excusable=False,
    ),
    Duty(
        "exculpatory",
        "State exculpatory and impeachment material",
        "Ill. S. Ct. R. 412(c)",
        statement_rules.exculpatory,
        excusable=False,
    ),
    Duty(
        "attestations",
        "Sign the required attestations",
        "735 ILCS 5/1-109",
        statement_rules.attestations,
        excusable=False,
    ),
    Duty(
        "minors",
        "Name minors by initials only",
        "Fed. R. Crim. P. 49.1(a)(3)",
        minors,
        excusable=False,
    ),
    Duty(
        "hash-certificate",
        "Complete the hash certificate of each recording",
        "Fed. R. Evid. 902(14)",
        recording_rules.hash_certificate,
        excusable=False,
    ),
    Duty(
        "custody",
        "Account for who held each item",
        "Fed. R. Evid. 902(14)",
        recording_rules.custody,
    ),
)
"""The duties in the order in which the checklist prints them."""


def check(facts: CaseFacts) -> tuple[DutyStatus, ...]:
    """Return how each duty stands."""
    return tuple(_status(duty, facts) for duty in DUTIES)


def _status(duty: Duty, facts: CaseFacts) -> DutyStatus:
    found = [replace(finding, duty=duty.key) for finding in duty.rule(facts)]
    blocked = any(finding.severity is Severity.BLOCKING for finding in found)
    reasons = [reason for reason in facts.snapshot.record.reasons if reason.duty == duty.key]
    if blocked and reasons and duty.excusable:
        found = [_excused(finding) for finding in found]
        found += [
            Finding(
                Severity.NOTE,
                REASON_GIVEN,
                f"{reason.given_by} gives the reason: {reason.reason.rstrip('.')}",
                "reasons",
                duty=duty.key,
            )
            for reason in reasons
        ]
        return DutyStatus(duty, State.REASON_GIVEN, tuple(found))
    if blocked:
        return DutyStatus(duty, State.NOT_MET, tuple(found))
    given = any(finding.code == REASON_GIVEN for finding in found)
    return DutyStatus(duty, State.REASON_GIVEN if given else State.MET, tuple(found))


def _excused(finding: Finding) -> Finding:
    if finding.severity is Severity.BLOCKING:
        return replace(finding, severity=Severity.NOTE, remedy="")
    return finding
