"""Whether the custody of each item runs without a break.

In: the record's custody events. Out: a finding for each gap, each impossible
order, each item without an event. Pure.
"""

from __future__ import annotations

from itertools import pairwise

from referrals.findings import Finding, Severity
from referrals.records.case_record import CaseRecord
from referrals.records.fields import CustodyEventFields


def custody_breaks(record: CaseRecord) -> list[Finding]:
    """Return what breaks the chain of custody, item by item."""
    items = [f"ex:{exhibit.designator}" for exhibit in record.exhibits]
    items += [f"footage:{footage.key}" for footage in record.footage]
    findings = []
    for item in items:
        events = [event for event in record.custody if event.item == item]
        if not events:
            findings.append(_broken("custody-missing", item, "no custody event is recorded"))
        for before, after in pairwise(events):
            findings.extend(_between(item, before, after))
    return findings


def _between(item: str, before: CustodyEventFields, after: CustodyEventFields) -> list[Finding]:
    findings = []
    if after.at < before.at:
        findings.append(
            _broken(
                "custody-order",
                item,
                f"'{after.action}' at {after.at.isoformat()} stands after "
                f"'{before.action}' at {before.at.isoformat()}, which is later",
            )
        )
    if after.from_holder != before.to_holder:
        findings.append(
            _broken(
                "custody-gap",
                item,
                f"{before.to_holder} held it, but '{after.action}' names "
                f"{after.from_holder or 'nobody'} as giving it",
            )
        )
    return findings


def _broken(code: str, item: str, message: str) -> Finding:
    return Finding(
        Severity.WARNING,
        code,
        f"{message}.",
        where=f"custody of {item}",
        remedy="Add the missing step under 'custody', or correct holder and time.",
    )
