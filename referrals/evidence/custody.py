"""Whether the custody of each item runs without a break.

In: the record's custody events. Out: a finding for each gap, each impossible
order, each holder whom nobody knows, each event before its item existed, each
item without an event. Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from referrals.evidence.coverage import reconciled
from referrals.findings import Finding, Severity
from referrals.records.case_record import CaseRecord
from referrals.records.fields import CustodyEventFields


def custody_breaks(record: CaseRecord) -> list[Finding]:
    """Return what breaks the chain of custody, item by item."""
    zone = ZoneInfo(record.incident.time_zone)
    made = {
        f"ex:{exhibit.designator}": datetime.combine(exhibit.dated, time(), zone)
        for exhibit in record.exhibits
    }
    made |= {
        f"footage:{footage.key}": reconciled(footage.began, footage) for footage in record.footage
    }
    known = _known_holders(record)
    findings = []
    for item, since in made.items():
        events = [event for event in record.custody if event.item == item]
        if not events:
            findings.append(_broken("custody-missing", item, "No custody event is recorded"))
        for event in events:
            findings.extend(_alone(item, event, since, known))
        for before, after in pairwise(events):
            findings.extend(_between(item, before, after))
    return findings


def _alone(
    item: str, event: CustodyEventFields, since: datetime, known: Collection[str]
) -> list[Finding]:
    findings = []
    if event.at < since:
        findings.append(
            _broken(
                "custody-before-item",
                item,
                f"'{event.action}' at {event.at.isoformat()} is earlier than the item itself, "
                f"{since.isoformat()}",
            )
        )
    if not _is_known(event.to_holder, known):
        findings.append(
            _broken(
                "custody-unknown-holder",
                item,
                f"'{event.action}' at {event.at.isoformat()} gives it to {event.to_holder}, "
                "whom the record names nowhere else",
            )
        )
    if _folded(event.from_holder) in NOBODY - {""}:
        findings.append(
            _broken(
                "custody-unknown-holder",
                item,
                f"'{event.action}' at {event.at.isoformat()} does not say who gave it",
            )
        )
    return findings


NOBODY = frozenset(
    {"", "unknown", "not known", "nobody", "n/a", "na", "none", "tbd", "?", "-", "–"}
)
"""What stands where a holder is not known."""


def _known_holders(record: CaseRecord) -> list[str]:
    """Return everybody and every place that the record names outside of its custody log."""
    named = [text for person in record.persons for text in (person.key, person.name)]
    named += [person.name for person in record.federal_personnel]
    named += [record.case.prepared_by, record.incident.federal_agency]
    for exhibit in record.exhibits:
        named += [exhibit.custodian, exhibit.source]
    for footage in record.footage:
        named += [footage.acquired_by, footage.source_system, footage.lodged, footage.operator]
    return [folded for folded in map(_folded, named) if folded not in NOBODY]


def _is_known(holder: str, known: Collection[str]) -> bool:
    """Whether a holder is named: 'Officer R. Sample' is 'R. Sample', and the other way round."""
    words = f" {_folded(holder)} "
    if words.strip() in NOBODY:
        return False
    return any(f" {name} " in words or words in f" {name} " for name in known)


def _folded(text: str) -> str:
    return " ".join(text.replace(",", " ").casefold().split())


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
