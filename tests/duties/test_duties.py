"""Each duty: met by a complete record; for each thing that is missing, a finding and its remedy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from referrals.attest.statement import statements
from referrals.duties.case_facts import case_facts
from referrals.duties.duties import DUTIES, DutyStatus, State, check
from referrals.duties.minor_names import minors
from referrals.findings import Severity
from referrals.intake.case_yaml import read_case_folder
from referrals.profiles.profile_files import load
from referrals.records.snapshot import EvidenceFile, MediaFacts, SignedAttestation, Snapshot
from tests.intake.conftest import WriteCase

BEGAN = datetime(2026, 3, 15, 2, 4, 30, tzinfo=UTC)
AS_OF = BEGAN + timedelta(days=5)
COMPLETE = (
    (
        "device: Example Cam 3",
        "device: Example Cam 3\n    preservation: kept\n"
        "    identification: P1\n    known_gaps: none known",
    ),
    ("recipient: felony-review", "recipient: felony-review\n  referred_on: 2026-03-20"),
    ("stated_by: P2", "stated_by: P1"),
    (
        "custody:\n",
        "custody:\n  - item: ex:A\n    at: 2026-03-15T07:00:00-05:00\n    action: received\n"
        "    from_holder: P1\n    to_holder: Records Division\n",
    ),
)
MINOR = ("birth_date: 1990-02-03", "birth_date: 2012-02-03\n    minor: true")
Statuses = Callable[..., dict[str, DutyStatus]]


def evidence_file(path: str, digit: str = "1") -> EvidenceFile:
    return EvidenceFile(path=path, sha256=digit * 64, bytes=10, taken_in_at=AS_OF, tool="test")


@pytest.fixture
def statuses(write_case: WriteCase) -> Statuses:
    """Check the complete case with texts replaced."""

    profile = load("sample")

    def run(
        *changes: tuple[str, str],
        as_of: datetime = AS_OF,
        signed: bool = True,
        media: bool = True,
        created: str = "",
        after_signing: dict[str, object] | None = None,
    ) -> dict[str, DutyStatus]:
        case = read_case_folder(write_case(*COMPLETE, *changes))
        files = [evidence_file(path, digit) for path, digit in zip(case.files, "123", strict=True)]
        snapshot = Snapshot(
            as_of=as_of,
            record=case.record,
            evidence=tuple(files),
            media=(MediaFacts(sha256="2" * 64, container="MP4", duration=9.0, created=created),)
            if media
            else (),
            narratives=case.narratives,
        )
        if signed:
            forms = [
                SignedAttestation(
                    attestation=status.statement.attestation.key,
                    statement_sha256=status.statement.sha256,
                    signed_on="2026-03-16",
                    scan=evidence_file("scan.pdf", "5"),
                )
                for status in statements(snapshot, profile)
            ]
            snapshot = snapshot.model_copy(update={"signed": tuple(forms)})
        if after_signing:
            incident = snapshot.record.incident.model_copy(update=after_signing)
            record = snapshot.record.model_copy(update={"incident": incident})
            snapshot = snapshot.model_copy(update={"record": record})
        return {status.key: status for status in check(case_facts(snapshot, profile))}

    return run


def test_a_complete_case_meets_every_duty(statuses: Statuses) -> None:
    found = statuses()
    assert list(found) == [duty.key for duty in DUTIES]
    assert {key: status.state for key, status in found.items()} == dict.fromkeys(found, State.MET)
    assert [status.findings for status in found.values()] == [()] * len(DUTIES)


MISSING = [
    ("documentation", "role: reporting_officer", "role: officer", "reporting-officer-missing"),
    ("credentials", "is_supervisor: true", "is_supervisor: false", "credential-check-missing"),
    ("credentials", "    footage: V1\n    time_code: 00:00:02\n", "", "refusal-without-time-code"),
    ("credentials", "outcome: refused", "outcome: not_attempted", "credential-reason-missing"),
    ("credentials", "outcome: refused", "outcome: not_located", "credential-reason-missing"),
    ("credentials", "outcome: refused", "outcome: verified", "credential-type-missing"),
    ("credentials", "outcome: refused", "outcome: shown_not_verified", "credential-name-missing"),
    ("recordings", "unit: 0012\n", "\n", "unit-without-footage"),
    ("recordings", "- time_code: 00:00:02", "- time_code: 00:00:10", "key-moment-beyond"),
    ("recordings", "T21:04:30-05:00", "T19:04:30-05:00", "unit-footage-elsewhere"),
    ("retention", "flag_ground: evidentiary-value", "flag_ground: because", "retention-ground"),
    ("retention", "flagged: true", "flagged: false", "retention-no-ground"),
    ("retention", "flagged_by: P2\n", "\n", "retention-flag-incomplete"),
    ("force", "force_used: true", "force_used: false", "force-contradicted"),
    ("force", "injury_reported: true", "injury_reported: false", "injuries-contradicted"),
    ("medical", "person: P3\n    ems", "person: P1\n    ems", "medical-aid-missing"),
    ("medical", "    ems_called: 2026-03-14T21:08:00-05:00\n", "", "medical-field-missing"),
    ("medical", "    ems_arrived: 2026-03-14T21:15:00-05:00\n", "", "medical-field-missing"),
    ("medical", "    aid_by: Ambulance 99\n", "", "medical-field-missing"),
    ("medical", "    destination: Example Hospital\n", "", "medical-field-missing"),
    ("medical", "outcome: transported", "outcome: not_summoned", "medical-field-missing"),
    ("felony", "determination: felony", "determination: misdemeanor", "not-a-felony"),
    ("felony", "offense_class: felony", "offense_class: ordinance", "determination-unsupported"),
    ("recipient", "recipient: felony-review", "recipient: Mayor", "recipient-not-allowed"),
    (
        "exculpatory",
        "none_known_exculpatory: true",
        "none_known_exculpatory: false",
        "exculpatory-not-stated",
    ),
    ("exculpatory", "stated_by: P1", "stated_by: P2", "exculpatory-unsigned"),
    ("exculpatory", "  stated_by: P1\n", "", "exculpatory-unsigned"),
    (
        "exculpatory",
        "custody:\n",
        "exculpatory:\n  - kind: impeachment\n    description: X\ncustody:\n",
        "exculpatory-contradicted",
    ),
    (
        "attestations",
        "capacity: Reporting officer",
        "capacity: Officer\n    required: false",
        "attestation-missing",
    ),
    ("hash-certificate", "item: footage:V1", "item: ex:A", "certificate-blank"),
    (
        "hash-certificate",
        "flagged: true",
        "flagged: true\n    clock_offset_seconds: 2",
        "certificate-blank",
    ),
    (
        "hash-certificate",
        "flagged: true",
        f"flagged: true\n    reference_algorithm: sha256\n    reference_digest: {'a' * 64}",
        "hash-mismatch",
    ),
]


@pytest.mark.parametrize(("duty", "old", "new", "code"), MISSING)
def test_what_is_missing_is_found_placed_and_can_be_mended(
    statuses: Statuses, duty: str, old: str, new: str, code: str
) -> None:
    status = statuses((old, new))[duty]
    assert status.state is State.NOT_MET
    found = [finding for finding in status.findings if finding.code == code]
    assert found
    assert all(finding.severity is Severity.BLOCKING for finding in found)
    assert all(finding.where and finding.remedy and finding.duty == duty for finding in found)
    assert status.detail


def test_an_empty_record_lacks_people_units_and_allegations(write_case: WriteCase) -> None:
    record = read_case_folder(write_case()).record
    empty = record.model_copy(
        update={"federal_personnel": [], "units": [], "allegations": [], "force": [], "footage": []}
    )
    snapshot = Snapshot(as_of=AS_OF, record=empty, evidence=())
    found = {status.key: status for status in check(case_facts(snapshot, load("sample")))}
    codes = {finding.code for status in found.values() for finding in status.findings}
    assert {
        "federal-personnel-missing",
        "units-missing",
        "allegation-missing",
        "force-missing",
    } <= codes
    assert found["allegations"].state is State.NOT_MET


def test_an_unsigned_attestation_says_how_to_have_it_signed(statuses: Statuses) -> None:
    status = statuses(signed=False)["attestations"]
    assert [finding.code for finding in status.findings] == ["attestation-unsigned"]
    assert status.state is State.NOT_MET
    assert "referrals attest" in status.findings[0].remedy


def test_an_edit_after_signing_voids_the_signature(statuses: Statuses) -> None:
    status = statuses(after_signing={"summary": "Something else is alleged."})["attestations"]
    assert status.state is State.NOT_MET
    assert [finding.code for finding in status.findings] == ["attestation-void"]


def test_a_recording_that_could_not_be_read_leaves_the_certificate_blank(
    statuses: Statuses,
) -> None:
    status = statuses(media=False)["hash-certificate"]
    assert [finding.code for finding in status.findings] == ["certificate-blank"]


REASONS = [
    (
        "credentials",
        "    footage: V1\n    time_code: 00:00:02\n",
        "    reason: No camera was on.\n",
    ),
    ("credentials", "outcome: refused", "outcome: not_located\n    reason: Had left."),
    ("recordings", "officers: P1\n", "officers: P1\n    footage_reason: Camera in repair.\n"),
    ("medical", "outcome: transported", "outcome: not_summoned\n    reason: None was wanted."),
    ("medical", "    ems_called: 2026-03-14T21:08:00-05:00\n", "    reason: The call was lost.\n"),
    (
        "felony",
        "determination: felony",
        "determination: misdemeanor\n  override_by: Ada\n  override_reason: Asked to.",
    ),
]


@pytest.mark.parametrize(("duty", "old", "new"), REASONS)
def test_a_reason_in_its_place_is_repeated(
    statuses: Statuses, duty: str, old: str, new: str
) -> None:
    changes = [(old, new)]
    if duty == "recordings":
        changes.append(("    unit: 0012\n", ""))
    status = statuses(*changes)[duty]
    assert status.state is State.REASON_GIVEN
    assert {finding.severity for finding in status.findings} == {Severity.NOTE}


def test_half_an_override_is_none(statuses: Statuses) -> None:
    found = statuses(("determination: felony", "determination: ordinance\n  override_by: Ada"))
    assert [finding.code for finding in found["felony"].findings] == ["not-a-felony"]


REASON = (
    "custody:\n",
    "reasons:\n  - duty: {}\n    reason: It was dark.\n    given_by: P1\ncustody:\n",
)


def test_a_reason_of_the_record_excuses_an_excusable_duty(statuses: Statuses) -> None:
    status = statuses(
        ("is_supervisor: true", "is_supervisor: false"),
        (REASON[0], REASON[1].format("credentials")),
    )["credentials"]
    assert status.state is State.REASON_GIVEN
    assert "P1 gives the reason: It was dark." in status.detail
    assert not [finding for finding in status.findings if finding.severity is Severity.BLOCKING]


def test_a_reason_excuses_no_duty_of_the_law(statuses: Statuses) -> None:
    status = statuses(
        ("recipient: felony-review", "recipient: Mayor"), (REASON[0], REASON[1].format("recipient"))
    )["recipient"]
    assert status.state is State.NOT_MET


@pytest.mark.parametrize(
    ("days", "warned", "left"), [(29, False, 61), (30, True, 60), (60, True, 30), (80, True, 10)]
)
def test_the_days_of_an_unflagged_recording_are_counted_down(
    statuses: Statuses, days: int, warned: bool, left: int
) -> None:
    found = statuses(("flagged: true", "flagged: false"), as_of=BEGAN + timedelta(days=days))
    codes = [finding.code for finding in found["retention"].findings]
    assert ("retention-running-out" in codes) is warned
    assert "retention-no-ground" in codes
    assert f"in {left} days" in found["retention"].detail


def test_a_recording_past_its_days_blocks(statuses: Statuses) -> None:
    found = statuses(("flagged: true", "flagged: false"), as_of=BEGAN + timedelta(days=92))
    assert [finding.code for finding in found["retention"].findings] == ["retention-ended"]
    assert found["retention"].state is State.NOT_MET


def test_a_ground_of_local_force_is_questioned(statuses: Statuses) -> None:
    status = statuses(("flag_ground: evidentiary-value", "flag_ground: officer-force"))["retention"]
    assert status.state is State.MET
    assert [finding.code for finding in status.findings] == ["retention-local-force"]
    assert "evidentiary-value" in status.findings[0].remedy


def test_facts_without_a_cite_are_a_warning(statuses: Statuses) -> None:
    found = statuses(('facts: "Reported at [[footage:V1 00:00:02]]"', "facts: Reported"))
    status = found["allegations"]
    assert status.state is State.MET
    assert status.findings[0].where == "allegations[A1].elements[0].facts"


def test_what_the_foundation_sheet_lacks_is_a_warning(statuses: Statuses) -> None:
    status = statuses(("    known_gaps: none known\n", ""))["hash-certificate"]
    assert status.state is State.MET
    assert [finding.code for finding in status.findings] == ["foundation-blank"]


@pytest.mark.parametrize(
    ("created", "told"),
    [
        ("2026-03-15T02:04:30Z", False),
        ("2026-03-15T02:06:00Z", False),
        ("2026-03-14T21:04:20-05:00", False),
        ("2026-03-15T03:04:30Z", True),
        ("2026-03-14T21:04:30Z", True),
        ("1970-01-01T00:00:00Z", False),
        ("2026-03-14", False),
    ],
)
def test_a_recording_whose_file_states_another_time_is_told(
    statuses: Statuses, created: str, told: bool
) -> None:
    status = statuses(created=created)["recordings"]
    assert [each.code for each in status.findings] == ["recording-clock-differs"] * told
    assert status.state is State.MET


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("- item: ex:A\n", "- item: footage:V1\n", "custody-missing"),
        ("to_holder: Records Division", "to_holder: Shelf nine", "custody-unknown-holder"),
        ("to_holder: Records Division", "to_holder: unknown", "custody-unknown-holder"),
        ("from_holder: P1", "from_holder: '?'", "custody-unknown-holder"),
        ("2026-03-15T07:00:00", "2026-03-13T23:59:59", "custody-before-item"),
        ("at: 2026-03-15T08:00:00-05:00\n    action", "at: 2026-03-14T21:04:00-05:00\n    action",
         "custody-before-item"),
    ],
)  # fmt: skip
def test_a_break_of_custody_is_a_finding_of_its_duty(
    statuses: Statuses, old: str, new: str, code: str
) -> None:
    status = statuses((old, new))["custody"]
    assert code in {finding.code for finding in status.findings}
    assert {finding.severity for finding in status.findings} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Zoë Łódź was reportedly struck.", True),
        ("Zoë was reportedly struck.", True),
        ("Z.Ł. was reportedly struck.", False),
        ("Zoëlle was reportedly struck.", False),
        ("Example was reportedly struck.", False),
    ],
)
def test_a_minors_name_in_the_main_volume_is_pointed_out(
    statuses: Statuses, text: str, named: bool
) -> None:
    said = ("A person was reportedly struck", text)
    status = statuses(MINOR, said)["minors"]
    assert status.state is State.MET
    assert [finding.where for finding in status.findings if finding.code == "minor-named"] == (
        ["incident.summary"] if named else []
    )
    assert all("Zoë" not in finding.message for finding in status.findings)


@pytest.mark.parametrize(
    ("old", "new", "place", "code"),
    [
        ("title: Original", "title: Zoë's", "exhibits[A].title", "minor-in-heading"),
        ("source: Records", "source: Zoë Łódź, Records", "exhibits[A].source", "minor-in-heading"),
        ("title: Body-worn", "title: Zoë, body-worn", "footage[0].title", "minor-in-heading"),
        (
            "file: exhibits/report.pdf",
            "file: exhibits/report.pdf\n    description: Of Zoë",
            "exhibits[A].description",
            "minor-named",
        ),
        (
            "action: received",
            "action: received\n    note: from Zoë",
            "custody[0].note",
            "minor-named",
        ),
    ],
)
def test_no_heading_of_the_main_volume_names_a_minor(
    statuses: Statuses, old: str, new: str, place: str, code: str
) -> None:
    status = statuses(MINOR, (old, new))["minors"]
    assert (place, code) in [(finding.where, finding.code) for finding in status.findings]
    blocked = code == "minor-in-heading"
    assert status.state is (State.NOT_MET if blocked else State.MET)


def test_a_file_is_not_to_be_named_after_a_minor(write_case: WriteCase) -> None:
    folder = write_case(MINOR, ("exhibits/report.pdf", "exhibits/Zoë_Łódź-1.pdf"))
    (folder / "exhibits/report.pdf").rename(folder / "exhibits/Zoë_Łódź-1.pdf")
    snapshot = Snapshot(as_of=AS_OF, record=read_case_folder(folder).record, evidence=())
    assert [found.where for found in minors(case_facts(snapshot, load("sample")))] == [
        "exhibits[A].file"
    ]


def test_a_confidential_exhibit_may_name_a_minor(statuses: Statuses) -> None:
    said = ("title: Original", "confidential: true\n    title: Zoë's")
    assert statuses(MINOR, said)["minors"].findings == ()
