"""What a clerk can ask of redaction: propose, list, add, decide, build.

In: an office, a case and words from the command line. Out: values to print. Each
act is one transaction; what was decided stays, and a later decision takes its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from referrals.court_sets.plain_pictures import plain_pictures
from referrals.court_sets.redacted_set import RedactedSet, redacted_set, set_name
from referrals.court_sets.redacted_volume import redacted_volume
from referrals.court_sets.redaction_places import (
    UNREAD,
    found_places,
    redactions_in,
    rule_for,
    search_of,
)
from referrals.errors import UsageError
from referrals.identifiers.person_details import kind_of
from referrals.office.office import Office, login
from referrals.office.requests import standing_request
from referrals.office.standing_packet import record_set, standing_packet
from referrals.packet.facts import facts_of
from referrals.packet.request import PacketRequest
from referrals.profiles.redaction_list import Identifier, redaction_list
from referrals.records.database import session
from referrals.records.redactions import (
    Decision,
    Place,
    Proposed,
    RecordedRedaction,
    decide,
    record_proposed,
    redactions_of,
)
from stamping.pages.viewport import Box

PROGRAM = "the program"
"""Who proposes what no person proposed."""


@dataclass(frozen=True, slots=True)
class RedactionReport:
    """The redactions of a case under a list, and how many of them are new."""

    case: str
    key: str
    redactions: tuple[RecordedRedaction, ...]
    new: int = 0

    @property
    def undecided(self) -> int:
        """How many nobody has decided on."""
        return sum(each.decision is Decision.UNDECIDED for each in self.redactions)

    @property
    def unread(self) -> tuple[RecordedRedaction, ...]:
        """The pictures that the program could not read and nobody has looked at yet."""
        return tuple(
            each
            for each in self.redactions
            if each.proposed.identifier == UNREAD and each.decision is Decision.UNDECIDED
        )

    @property
    def words(self) -> str:
        """The report as a sentence or two."""
        told = f"{len(self.redactions):,} redactions under {self.key}, {self.new:,} new, "
        told += f"{self.undecided:,} undecided."
        if self.unread:
            pages = "page needs" if len(self.unread) == 1 else "pages need"
            told += f"\n{len(self.unread):,} {pages} a person: a picture could not be read."
        return told

    @property
    def rows(self) -> list[tuple[object, ...]]:
        """A row for each: number, state, place, rule, snippet, confidence."""
        return [
            (
                each.number,
                each.decision.value,
                each.proposed.place.words,
                each.proposed.label,
                each.proposed.snippet or each.proposed.place.text,
                f"{each.proposed.confidence:.2f}",
            )
            for each in self.redactions
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "case": self.case,
            "list": self.key,
            "new": self.new,
            "undecided": self.undecided,
            "redactions": [each.as_json() for each in self.redactions],
        }


def propose_redactions(
    office: Office, case: str, key: str, *, packet: str, now: datetime
) -> RedactionReport:
    """Find what a packet's main volume shows that the list forbids, and record what is new."""
    rules = redaction_list(key)
    numbered = standing_request(office, case, packet, now)
    with session(office.engine) as opened:
        recorded = redactions_of(opened, case, key)
    search = search_of(rules, numbered.request, recorded)
    with standing_packet(office, numbered) as drawn:
        found = found_places(drawn, search, office.progress)
        undecided = redactions_in(drawn, found, recorded).undecided
    with session(office.engine) as opened:
        proposed = [each.proposed for each in undecided]
        new = record_proposed(opened, case, key, proposed, who=PROGRAM, at=now)
        return RedactionReport(case, key, tuple(redactions_of(opened, case, key)), len(new))


def list_redactions(office: Office, case: str, key: str, state: str = "") -> RedactionReport:
    """Return the redactions of a case under a list, those of one state if named."""
    redaction_list(key)
    with session(office.engine) as opened:
        recorded = redactions_of(opened, case, key)
    kept = tuple(each for each in recorded if state in ("", each.decision.value))
    return RedactionReport(case, key, kept)


def decide_redactions(
    office: Office,
    case: str,
    key: str,
    numbers: Sequence[int],
    *,
    accepted: bool,
    everything: bool,
    above: float,
    note: str,
    who: str,
    now: datetime,
) -> RedactionReport:
    """Accept or reject redactions by number, or all undecided ones from a confidence on.

    A picture that could not be read is decided on by its number alone: somebody
    must have looked at it.

    Raises:
        UsageError: neither numbers nor `everything` are given, or both, or a number
            is not among the list's.
    """
    redaction_list(key)
    if bool(numbers) == everything:
        raise UsageError(
            "Name redactions by number, or all undecided ones with --all.",
            remedy=f"List them: referrals redact list {case}",
        )
    with session(office.engine) as opened:
        recorded = redactions_of(opened, case, key)
        chosen = list(numbers) or [
            each.number
            for each in recorded
            if each.decision is Decision.UNDECIDED
            and each.proposed.identifier != UNREAD
            and each.proposed.confidence >= above
        ]
        if foreign := sorted(set(chosen) - {each.number for each in recorded}):
            raise UsageError(
                f"{foreign[0]} is not a redaction of {case} under {key}.",
                remedy=f"List them: referrals redact list {case} --list {key}",
            )
        if chosen:
            decide(opened, case, chosen, accepted=accepted, who=who or login(), at=now, note=note)
        after = redactions_of(opened, case, key)
    return RedactionReport(case, key, tuple(each for each in after if each.number in set(chosen)))


def add_redaction(
    office: Office,
    case: str,
    key: str,
    *,
    exhibit: str,
    page: int,
    boxes: Sequence[Box],
    text: str,
    person: str,
    kind: str,
    reason: str,
    who: str,
    now: datetime,
) -> RedactionReport:
    """Record a redaction that a person orders, by box, by text or by person; it is accepted.

    Raises:
        UsageError: not exactly one of the three is given, or it names what the case
            does not have.
    """
    rules = redaction_list(key)
    if [bool(exhibit), bool(text), bool(person)].count(True) != 1:
        raise UsageError(
            "Say what is to be redacted in one way.",
            remedy="Either --exhibit with --page and --box, or --text, or --person.",
        )
    request = standing_request(office, case, "", now).request
    record = request.snapshot.record
    if exhibit:
        place = _box_place(office, request, exhibit, page, boxes)
    elif person:
        known = {each.key: each for each in record.persons}
        if person not in known:
            raise UsageError(
                f"{case} has no person {person}.", remedy=f"Persons: {', '.join(known) or 'none'}."
            )
        kind = kind or (kind_of(known[person]) or Identifier.PRIVATE_PERSON).value
        place = Place(person=person)
    else:
        place = Place(text=text)
    rule = rule_for(rules, kind)
    proposed = Proposed(place, kind, rule.label, reason or rule.reason, rule.source)
    name = who or login()
    with session(office.engine) as opened:
        new = record_proposed(opened, case, key, [proposed], who=name, at=now)
        numbers = new or [
            each.number
            for each in redactions_of(opened, case, key)
            if each.proposed.mark == proposed.mark
        ]
        decide(opened, case, numbers, accepted=True, who=name, at=now)
        recorded = [each for each in redactions_of(opened, case, key) if each.number in numbers]
    return RedactionReport(case, key, tuple(recorded), len(new))


def build_redacted(
    office: Office,
    case: str,
    key: str,
    output: Path | None,
    *,
    packet: str,
    who: str,
    now: datetime,
) -> RedactedSet:
    """Make the redacted set of a packet under a list, and tell the audit log.

    Raises:
        BlockedError: a place is undecided, or something redacted can still be had.
    """
    rules = redaction_list(key)
    numbered = standing_request(office, case, packet, now)
    request = numbered.request
    with session(office.engine) as opened:
        recorded = redactions_of(opened, case, key)
    search = search_of(rules, request, recorded)
    target = output or office.settings.home / "deliveries" / set_name(request.packet, key)
    office.store.prove(request.snapshot.evidence)
    with standing_packet(office, numbered) as whole:
        drawn = plain_pictures(whole, office.progress)
        found = found_places(drawn, search, office.progress)
        redactions = redactions_in(drawn, found, recorded)
        made = redacted_volume(drawn, redactions, rules, office.progress)
        with redacted_set(made, rules, office.store, target, office.progress) as delivered:
            record_set(
                office, "redacted set written", delivered.name, request, delivered.digest, who, now
            )
    return delivered


def _box_place(
    office: Office, request: PacketRequest, exhibit: str, page: int, boxes: Sequence[Box]
) -> Place:
    exhibits = facts_of(request, office.places, office.progress).exhibits
    held = exhibits.get(exhibit)
    if held is None or not held.has_pages:
        raise UsageError(
            f"The packet has no pages of an exhibit {exhibit}.",
            remedy=f"Exhibits: {', '.join(sorted(exhibits)) or 'none'}.",
        )
    if not 1 <= page <= held.rendition.pages:
        raise UsageError(
            f"Exhibit {exhibit} has {held.rendition.pages} pages.", remedy="Name one with --page."
        )
    if not boxes or any(box[0] >= box[2] or box[1] >= box[3] for box in boxes):
        raise UsageError(
            "A page is redacted by boxes that have an area.",
            remedy="Name one with --box LEFT BOTTOM RIGHT TOP, in points from the lower left.",
        )
    return Place(exhibit, held.file.sha256, page, tuple(boxes))
