"""What a clerk can ask of files for a court: make a packet's set, checked before it is sent.

In: an office, a case, a court and words from the command line. Out: values to print.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from referrals.attest.statement import SigningState
from referrals.court_sets.court_set import Checked, CourtSet, court_set, court_set_name, divided_set
from referrals.court_sets.plain_pictures import plain_pictures
from referrals.court_sets.recompressed import Derivative, recompressed
from referrals.court_sets.redacted_volume import RedactedVolume, full_volume, redacted_volume
from referrals.court_sets.redaction_places import found_places, redactions_in, search_of
from referrals.errors import BlockedError
from referrals.findings import Severity
from referrals.office.office import Office
from referrals.office.requests import standing_request
from referrals.office.standing_packet import record_set, standing_packet
from referrals.packet.draw import DrawnPacket
from referrals.packet.facts import PacketFacts
from referrals.packet.request import PacketRequest
from referrals.preflight.preflight import Objection, Preflight, look
from referrals.preflight.preflight_page import preflight_page
from referrals.preflight.submission import Submission
from referrals.profiles.court import Court
from referrals.profiles.filing_rules import Ground
from referrals.profiles.profile_files import load_court
from referrals.profiles.redaction_list import RedactionList, redaction_list
from referrals.records.case_store import case_numbers
from referrals.records.database import session
from referrals.records.redactions import RecordedRedaction, redactions_of

LET_STAY = "A person decided that it may stay."


def build_filing(
    office: Office,
    case: str,
    court_key: str,
    output: Path | None,
    *,
    packet: str,
    draft: bool,
    who: str,
    now: datetime,
    dpi: int = 0,
) -> CourtSet:
    """Make the set of a packet for a court, and tell the audit log.

    Without an issued packet it is made of the draft of the record as it stands. A
    set that the court would send back is made with `draft` only. With `dpi`, pictures
    of exhibits are made smaller and listed as derivatives.

    Raises:
        BlockedError: a place is undecided, something redacted can still be had, or
            the court would send the set back; nothing was delivered.
        UsageError: there is no such court or packet.
    """
    court = load_court(court_key, office.settings.profiles)
    key = court.filing.redaction_list
    rules = redaction_list(key) if key else None
    numbered = standing_request(office, case, packet, now)
    request = numbered.request
    with session(office.engine) as opened:
        recorded = redactions_of(opened, case, key) if rules else []
        others = tuple(number for number in case_numbers(opened) if number != case)
    target = output or office.settings.home / "deliveries" / court_set_name(request.packet, court)
    office.store.prove(request.snapshot.evidence)
    with standing_packet(office, numbered) as whole:
        drawn = plain_pictures(whole, office.progress)
        derivatives: tuple[Derivative, ...] = ()
        if dpi:
            drawn, derivatives = recompressed(drawn, dpi, office.progress)
        made = _volume(office, drawn, court, rules, recorded)
        divided = divided_set(made, court, derivatives, office.progress)
        submission = Submission(
            divided.paths,
            case_number=case,
            other_case_numbers=others,
            envelopes=divided.envelopes,
            unsigned=tuple(_unsigned(drawn.facts)),
            search=search_of(rules, request, recorded) if rules else None,
        )
        with office.progress("Checking what the court would send back", len(divided.files)):
            result = _decided(look(submission, court.filing, office.progress), made)
        if result.blocks and not draft and not request.draft:
            raise BlockedError(
                f"{court.title} would send {divided.name} back; nothing was delivered.",
                remedy="Fix the findings above, or look at the set with --draft.",
                findings=result.findings,
            )
        page = preflight_page(result, court, case=case, head=_head(request))
        checked = Checked(tuple(result.findings), page)
        with court_set(divided, checked, target, office.progress) as delivered:
            record_set(
                office, "court set written", delivered.name, request, delivered.digest, who, now
            )
    return delivered


def _volume(
    office: Office,
    drawn: DrawnPacket,
    court: Court,
    rules: RedactionList | None,
    recorded: Sequence[RecordedRedaction],
) -> RedactedVolume:
    letter = court.filing.pages.letter
    if rules is None:
        return full_volume(drawn, office.progress, letter=letter)
    search = search_of(rules, drawn.request, recorded)
    redactions = redactions_in(drawn, found_places(drawn, search, office.progress), recorded)
    return redacted_volume(drawn, redactions, rules, office.progress, letter=letter)


def _head(request: PacketRequest) -> str:
    case = request.snapshot.record.case
    sample = " · FICTIONAL SAMPLE" if case.fictional else ""
    return f"RD {case.number}{sample} · not for filing"


def _unsigned(facts: PacketFacts) -> Iterator[str]:
    for status in facts.case.attestations:
        if status.statement.attestation.required and status.state is not SigningState.SIGNED:
            yield f"statement {status.statement.attestation.key}"


def _decided(result: Preflight, made: RedactedVolume) -> Preflight:
    """Return the result with what a person let stay told as doubtful: it was looked at."""
    left = {made.label(page) for page in made.redactions.left}
    weighed = [part for each in result.objections for part in _weighed(each, left)]
    weighed.sort(key=lambda each: each.severity is not Severity.BLOCKING)
    return replace(result, objections=tuple(weighed))


def _weighed(objection: Objection, left: set[str]) -> Iterator[Objection]:
    if objection.ground is not Ground.IDENTIFIER:
        yield objection
        return
    for known in (False, True):
        kept = [
            (page, label)
            for page, label in zip(objection.pages, objection.labels, strict=True)
            if (label in left) is known
        ]
        if kept:
            pages, labels = zip(*kept, strict=True)
            part = replace(objection, pages=tuple(pages), labels=tuple(labels))
            yield (
                replace(part, severity=Severity.WARNING, words=f"{part.words} {LET_STAY}")
                if known
                else part
            )
