"""A signature binds what was signed: any edit of it voids, nothing else does."""

from __future__ import annotations

import hashlib
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import sample_cases
from referrals.attest.changes import changes
from referrals.attest.form import attestation_form
from referrals.attest.signed import take_signed
from referrals.attest.statement import AttestationStatus, SigningState, Statement, statement
from referrals.errors import BlockedError, InputError
from referrals.evidence.store import EvidenceStore
from referrals.intake.case_yaml import read_case_folder
from referrals.profiles.profile import Profile
from referrals.profiles.profile_files import load
from referrals.records.case_record import CaseRecord
from referrals.records.snapshot import EvidenceFile, SignedAttestation

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.text("ab", max_size=2) | st.integers(0, 3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)
    ),
    max_leaves=6,
)
CLAUSE = (
    "Under penalties as provided by law pursuant to Section 1-109 of the Code of Civil "
    "Procedure, the undersigned certifies that the statements set forth in this instrument are "
    "true and correct, except as to matters therein stated to be on information and belief and "
    "as to such matters the undersigned certifies as aforesaid that he verily believes the same "
    "to be true."
)
"""735 ILCS 5/1-109, to the letter."""


@pytest.fixture(scope="module")
def record() -> CaseRecord:
    return read_case_folder(sample_cases.folder("felony_referral")).record


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load("sample")


def _made(record: CaseRecord, profile: Profile, **digests: str) -> Statement:
    files = [each.file for each in (*record.exhibits, *record.footage)]
    held = {path: hashlib.sha256(path.encode()).hexdigest() for path in files}
    return statement(record, record.attestations[0], held | digests, profile)


def test_an_edit_of_any_bound_fact_changes_the_digest(record: CaseRecord, profile: Profile) -> None:
    before = _made(record, profile).sha256
    edits = {
        "incident": record.incident.model_copy(update={"summary": "Another summary."}),
        "force": [],
        "injuries": [],
        "credential_checks": [],
        "allegations": record.allegations[:1],
        "federal_personnel": record.federal_personnel[:1],
        "persons": [
            record.persons[0].model_copy(update={"name": "Another Name"}),
            *record.persons[1:],
        ],
    }
    for name, value in edits.items():
        assert _made(record.model_copy(update={name: value}), profile).sha256 != before, name
    assert _made(record, profile, **{"exhibits/forearm photo.jpg": "f" * 64}).sha256 != before


def test_an_exhibit_that_no_paragraph_cites_changes_nothing(
    record: CaseRecord, profile: Profile
) -> None:
    before = _made(record, profile).sha256
    fewer = record.model_copy(update={"exhibits": record.exhibits[:-1], "outstanding": []})
    assert _made(fewer, profile).sha256 == before
    assert _made(record, profile, **{"exhibits/messages.png": "f" * 64}).sha256 == before


def test_the_form_holds_the_clause_to_the_letter_and_the_digest(
    record: CaseRecord, profile: Profile, tmp_path: Path
) -> None:
    made = _made(record, profile)
    form = attestation_form(made, record.case, profile, NOW)
    assert attestation_form(made, record.case, profile, NOW) == form
    pdf, word = form.write(tmp_path, "form")
    text = subprocess.run(
        ["pdftotext", pdf, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert CLAUSE in " ".join(text.split())
    assert made.sha256 in "".join(text.split())
    paragraphs = [paragraph.text for paragraph in docx.Document(str(word)).paragraphs]
    assert CLAUSE in paragraphs
    assert profile.attestation.text == CLAUSE


def test_markup_in_a_name_is_printed_as_it_is(
    record: CaseRecord, profile: Profile, tmp_path: Path
) -> None:
    name = "A <b> & {{ 7 * 7 }}"
    persons = [record.persons[0].model_copy(update={"name": name}), *record.persons[1:]]
    made = _made(record.model_copy(update={"persons": persons}), profile)
    pdf, word = attestation_form(made, record.case, profile, NOW).write(tmp_path, "form")
    text = subprocess.run(
        ["pdftotext", pdf, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert name in text
    assert any(name in paragraph.text for paragraph in docx.Document(str(word)).paragraphs)


def test_only_the_form_of_this_very_statement_is_taken(
    record: CaseRecord, profile: Profile, tmp_path: Path
) -> None:
    made = _made(record, profile)
    store = EvidenceStore(tmp_path / "store")
    scan = sample_cases.signed_scans("felony_referral")["S1"]
    signed = take_signed(
        made, scan, store, signed_on=date(2026, 3, 20), digest=made.grouped[:14], now=NOW
    )
    assert signed.statement_sha256 == made.sha256
    assert store.path(signed.scan.sha256).read_bytes() == scan.read_bytes()
    for digest in ("", made.sha256[:11], "0" * 64):
        with pytest.raises(BlockedError, match="is not the form"):
            take_signed(made, scan, store, signed_on=date(2026, 3, 20), digest=digest, now=NOW)
    with pytest.raises(InputError, match="still to come"):
        take_signed(made, scan, store, signed_on=date(2026, 4, 3), digest=made.sha256, now=NOW)


def test_a_blank_sheet_and_a_text_are_no_scans(
    record: CaseRecord, profile: Profile, tmp_path: Path
) -> None:
    made = _made(record, profile)
    blank, text = tmp_path / "blank.png", tmp_path / "scan.pdf"
    Image.new("L", (800, 1000), 255).save(blank)
    text.write_text("signed, honestly")
    for path in (blank, text):
        with pytest.raises(InputError, match="not a scan that can be read"):
            take_signed(
                made,
                path,
                EvidenceStore(tmp_path / "store"),
                signed_on=date(2026, 3, 20),
                digest=made.sha256,
                now=NOW,
            )


def test_a_void_signature_says_what_changed(record: CaseRecord, profile: Profile) -> None:
    signed = _made(record, profile)
    force = record.force[0].model_copy(update={"description": "Another description."})
    incident = record.incident.model_copy(update={"address": ""})
    edited = record.model_copy(
        update={"incident": incident, "force": [force, *record.force[1:]], "injuries": []}
    )
    form = SignedAttestation(
        attestation=signed.attestation.key,
        statement_sha256=signed.sha256,
        facts=signed.facts,
        signed_on="2026-03-20",
        scan=EvidenceFile(path="s.pdf", sha256="0" * 64, bytes=1, taken_in_at=NOW),
    )
    status = AttestationStatus(_made(edited, profile), SigningState.VOID, form)
    found = {change.place: (change.signed, change.now) for change in status.changed}
    assert found["force 1 description"] == (
        f"“{record.force[0].description}”",
        "“Another description.”",
    )
    assert found["incident address"] == (f"“{record.incident.address}”", "nothing")
    assert found["injuries 1"][1] == "nothing"
    assert len(found) == 2 + len(record.injuries)
    [finding] = status.findings()
    assert "incident address" in finding.message


@given(signed=JSON, now=JSON)
def test_equal_facts_have_no_change_and_different_ones_have(signed: object, now: object) -> None:
    assert changes(signed, signed) == []
    assert bool(changes({"a": signed}, {"a": now})) is (signed != now)
