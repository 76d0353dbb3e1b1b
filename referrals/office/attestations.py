"""What a clerk can ask of attestations: print a form, take it in, have it signed with a key.

In: an office, a case and words from the command line; for a key its place, and how
to ask its owner. Out: values to print. A signature is made only with the passphrase
or PIN that its owner gives, a countersignature only after the supervisor's answers.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from referrals.attest.electronic import (
    countersign,
    may_countersign,
    refuse_other_than_supervisor,
    sign_attestation,
)
from referrals.attest.form import attestation_form
from referrals.attest.sign_off import SignOffQuestion, SupervisorAnswer, answered, questions
from referrals.attest.signed import take_signed
from referrals.attest.signing import SigningOffice
from referrals.attest.signing_key import KeyPlace, needed, opened
from referrals.attest.statement import AttestationStatus
from referrals.duties.case_facts import case_facts
from referrals.errors import BlockedError, UsageError
from referrals.findings import Finding, Severity
from referrals.office.office import Office, login
from referrals.profiles.profile import Profile
from referrals.records import audit
from referrals.records.case_store import case_row, record_signed, signed_attestations
from referrals.records.database import session
from referrals.records.fields import PersonFields
from referrals.records.sign_off_answers import answers_of, record_answers
from referrals.records.snapshot import SignedAttestation, Snapshot, canonical_json
from referrals.records.tables import SignOffAnswer

Ask = Callable[[SignOffQuestion], str]
"""How a supervisor is asked where a fact stands."""

SAID = {"attestation", "supervisor", "asked", "cite", "answered"}
"""What the log's digest of an answer covers."""


def attestation(office: Office, case: str, key: str, now: datetime) -> AttestationStatus:
    """Return an attestation and whether it is signed."""
    return _standing(office, case, key, now)[0]


def write_form(office: Office, case: str, key: str, folder: Path, now: datetime) -> list[Path]:
    """Write the form that is signed with ink into `folder`."""
    status, snapshot, profile = _standing(office, case, key, now)
    form = attestation_form(status.statement, snapshot.record.case, profile, snapshot.as_of)
    return form.write(folder, f"{case}_attestation_{key}")


def take_scan(
    office: Office,
    case: str,
    key: str,
    scan: Path,
    *,
    signed_on: date,
    digest: str,
    who: str,
    now: datetime,
    supervisor: str = "",
    ask: Ask | None = None,
) -> SignedAttestation:
    """Take the scan of a form in that was signed with ink, and perhaps countersigned.

    Raises:
        BlockedError: it is the form for another record, or `supervisor` did not find the facts.
    """
    status, snapshot, profile = _standing(office, case, key, now)
    signed = take_signed(
        status.statement,
        scan,
        office.store,
        signed_on=signed_on,
        digest=digest,
        now=_local(now, snapshot),
    )
    if supervisor and ask is not None:
        person = _person(snapshot, supervisor)
        refuse_other_than_supervisor(status, person)
        _sign_off(office, status, snapshot, profile, person, ask, who, now)
        signed = signed.model_copy(update={"ink_countersigner": person.key})
    _record(office, case, signed, "attestation taken in", who, now)
    return signed


def sign(
    office: Office,
    case: str,
    key: str,
    place: KeyPlace,
    secret: Callable[[], str],
    *,
    time_stamp: str,
    who: str,
    now: datetime,
) -> SignedAttestation:
    """Have an attestation signed by its person's own key; `secret` asks the person."""
    needed()
    status, snapshot, profile = _standing(office, case, key, now)
    rules = SigningOffice(time_stamp, office.settings.authorities)
    local = _local(now, snapshot)
    with opened(place, secret()) as signer:
        signed = sign_attestation(status, snapshot, profile, signer, rules, office.store, local)
    _record(office, case, signed, "attestation signed", who, now)
    return signed


def countersign_with_key(
    office: Office,
    case: str,
    key: str,
    supervisor: str,
    ask: Ask,
    place: KeyPlace,
    secret: Callable[[], str],
    *,
    time_stamp: str,
    who: str,
    now: datetime,
) -> SignedAttestation:
    """Have a supervisor countersign with a key who found the facts that `ask` asked for."""
    needed()
    status, snapshot, profile = _standing(office, case, key, now)
    person = _person(snapshot, supervisor)
    may_countersign(status, person)
    _sign_off(office, status, snapshot, profile, person, ask, who, now)
    rules = SigningOffice(time_stamp, office.settings.authorities)
    with opened(place, secret()) as signer:
        signed = countersign(status, person, signer, rules, office.store, _local(now, snapshot))
    _record(office, case, signed, "attestation countersigned", who, now)
    return signed


def _standing(
    office: Office, case: str, key: str, now: datetime
) -> tuple[AttestationStatus, Snapshot, Profile]:
    snapshot = office.snapshot(case, now)
    facts = case_facts(snapshot, office.profile(snapshot.record.case.profile))
    held = {status.statement.attestation.key: status for status in facts.attestations}
    if key not in held:
        raise UsageError(
            f"{case} has no attestation {key}.",
            remedy=f"Attestations: {', '.join(held) or 'none'}.",
        )
    return held[key], snapshot, facts.profile


def _local(now: datetime, snapshot: Snapshot) -> datetime:
    return now.astimezone(ZoneInfo(snapshot.record.incident.time_zone))


def _person(snapshot: Snapshot, key: str) -> PersonFields:
    for person in snapshot.record.persons:
        if person.key == key:
            return person
    raise UsageError(
        f"The record names no person {key}.",
        remedy=f"Persons: {', '.join(person.key for person in snapshot.record.persons)}.",
    )


def _sign_off(
    office: Office,
    status: AttestationStatus,
    snapshot: Snapshot,
    profile: Profile,
    supervisor: PersonFields,
    ask: Ask,
    who: str,
    now: datetime,
) -> None:
    """Ask a supervisor where facts stand and keep the answers, right or wrong.

    Facts that were asked for before come last, so that a wrong answer draws others.

    Raises:
        BlockedError: an answer is wrong; the places stay untold.
    """
    case, key = snapshot.record.case.number, status.statement.attestation.key
    with session(office.engine) as opening:
        given = [each for each in answers_of(opening, case) if each.attestation == key]
    earlier = Counter((each.asked, each.cite) for each in given)
    asked = questions(snapshot, status.statement, profile, earlier)
    found = answered(asked, [ask(question) for question in asked], snapshot, profile)
    _record_answers(office, case, key, supervisor, found, who, now)
    wrong = [answer for answer in found if not answer.right]
    if wrong:
        raise BlockedError(
            "The sign-off is refused: not every fact was found where it stands.",
            remedy="Read the record beside its exhibits, and answer again; other facts are asked.",
            findings=[
                Finding(
                    Severity.BLOCKING,
                    "sign-off-answer",
                    f"“{answer.question.words}” does not stand at {answer.given or 'nothing'}.",
                )
                for answer in wrong
            ],
        )


def _record_answers(
    office: Office,
    case: str,
    key: str,
    supervisor: PersonFields,
    found: Sequence[SupervisorAnswer],
    who: str,
    now: datetime,
) -> None:
    """Keep the answers, each with an entry of the log that its digest is chained to."""
    with session(office.engine) as opening:
        row = case_row(opening, case)
        rows = [
            SignOffAnswer(
                case_id=row.id or 0,
                attestation=key,
                supervisor=supervisor.key,
                asked=answer.question.words,
                cite=answer.question.cite.written,
                answered=answer.given,
                is_right=answer.right,
                at=now,
            )
            for answer in found
        ]
        record_answers(opening, rows)
        for each in rows:
            said = canonical_json(each.model_dump(include=SAID))
            audit.append(
                opening,
                at=now,
                who=who or login(),
                what=f"sign-off answered {'rightly' if each.is_right else 'wrongly'}",
                subject=f"{case} {key} {supervisor.key}",
                after=hashlib.sha256(said).hexdigest(),
            )


def _record(
    office: Office, case: str, signed: SignedAttestation, what: str, who: str, now: datetime
) -> None:
    with session(office.engine) as opening:
        forms = signed_attestations(opening, case)
        earlier = {each.attestation: each.scan.sha256 for each in forms}
        record_signed(opening, case, signed, now)
        audit.append(
            opening,
            at=now,
            who=who or login(),
            what=what,
            subject=f"{case} {signed.attestation}",
            before=earlier.get(signed.attestation, ""),
            after=signed.scan.sha256,
        )
