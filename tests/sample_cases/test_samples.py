"""The samples are whole, fictional, and what they claim to be."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import sample_cases
from referrals.findings import Severity
from referrals.intake.case_yaml import read_case_folder
from sample_cases.big import write_big_case

STATES = [state for name in sample_cases.names() for state in sample_cases.states(name)]


@pytest.mark.parametrize("state", STATES, ids=lambda path: path.name)
def test_a_sample_reads_without_a_blocking_finding_and_says_it_is_fictional(state: Path) -> None:
    case = read_case_folder(state)
    assert not [each for each in case.findings if each.severity is Severity.BLOCKING]
    assert case.record.case.fictional
    assert "FICTIONAL SAMPLE" in (state / "case.yaml").read_text("utf-8")


def test_the_reference_digests_are_those_of_the_files() -> None:
    folder = sample_cases.folder("felony_referral")
    compared = 0
    for footage in read_case_folder(folder).record.footage:
        if footage.reference_digest:
            content = (folder / footage.file).read_bytes()
            digest = hashlib.new(footage.reference_algorithm, content).hexdigest()
            assert digest == footage.reference_digest
            compared += 1
    assert compared == 2


def test_every_required_attestation_that_can_be_issued_has_a_scan() -> None:
    for name in ("felony_referral", "later_supplement"):
        record = read_case_folder(sample_cases.states(name)[-1]).record
        wanted = {each.key for each in record.attestations if each.required}
        assert wanted == set(sample_cases.signed_scans(name))


def test_the_large_case_is_whole_and_made_alike_twice(tmp_path: Path) -> None:
    folders = [
        write_big_case(tmp_path / name, exhibits=10, pages=24, seed=3) for name in ("one", "two")
    ]
    files = [path.relative_to(folders[0]) for path in folders[0].rglob("*") if path.is_file()]
    for path in files:
        assert (folders[0] / path).read_bytes() == (folders[1] / path).read_bytes()
    record = read_case_folder(folders[0]).record
    assert len(record.exhibits) == 10
