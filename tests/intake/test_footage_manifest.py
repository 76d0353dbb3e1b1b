"""A vendor's manifest completes the recordings by their UUID and says where it disagrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from referrals.errors import InputError
from referrals.intake.case_yaml import read_case_folder
from tests.intake.conftest import WriteCase

MAP = """\
zone = "America/Chicago"
moment_formats = ["%m/%d/%Y %H:%M:%S"]

[[sections]]
section = "footage"
file = "manifest.csv"

[sections.fields]
evidence_uuid = "ID"
title = "Title"
device = "Model"
serial = "Serial"
began = "Start"
reference_digest = "Checksum"

[sections.constants]
reference_algorithm = "sha256"
reference_by = "upload, the evidence system"
"""
HEAD = "ID,Title,Model,Serial,Start,Checksum\n"
UUID = "{6F1C0D3E-0000-4000-8000-000000000001}"
DIGEST = "a" * 64
ROW = f"{UUID},AXON 1 retitled,Example Cam 3,EC-1,03/14/2026 21:04:30,{DIGEST}\n"


def write(folder: Path, rows: str, column_map: str = MAP) -> Path:
    (folder / "footage-manifest.toml").write_text(column_map, "utf-8")
    (folder / "manifest.csv").write_text(HEAD + rows, "utf-8")
    return folder


def test_what_the_record_leaves_open_comes_from_the_manifest(write_case: WriteCase) -> None:
    folder = write(write_case(("    device: Example Cam 3\n", "")), ROW)
    case = read_case_folder(folder)
    assert case.findings == ()
    footage = case.record.footage[0]
    assert (footage.device, footage.serial) == ("Example Cam 3", "EC-1")
    assert footage.reference_digest == DIGEST
    assert footage.title == "Body-worn video"


def test_where_the_two_disagree_the_record_stands_and_the_place_is_told(
    write_case: WriteCase,
) -> None:
    rows = ROW.replace("21:04:30", "21:05:30").replace("Cam 3", "Cam 2")
    case = read_case_folder(write(write_case(), rows))
    assert [finding.code for finding in case.findings] == ["manifest-differs"] * 2
    assert {finding.where for finding in case.findings} == {
        "manifest.csv, row 2, column 'Model', footage[0].device",
        "manifest.csv, row 2, column 'Start', footage[0].began",
    }
    assert case.record.footage[0].device == "Example Cam 3"


def test_a_recording_that_the_record_does_not_name_is_told(write_case: WriteCase) -> None:
    other = ROW.replace("000000000001", "000000000002")
    case = read_case_folder(write(write_case(), ROW + other + other))
    assert sorted(finding.code for finding in case.findings) == [
        "manifest-repeated",
        "manifest-unnamed",
    ]


def test_a_refused_value_of_the_manifest_is_named_where_it_stands(write_case: WriteCase) -> None:
    folder = write(write_case(), ROW.replace(DIGEST, "xyz"))
    with pytest.raises(InputError) as raised:
        read_case_folder(folder)
    assert "manifest.csv, row 2, column 'Checksum'" in raised.value.findings[0].where


@pytest.mark.parametrize(
    ("old", "new"), [('section = "footage"', 'section = "persons"'), ("evidence_uuid =", "key =")]
)
def test_a_map_that_is_no_manifests_is_refused(write_case: WriteCase, old: str, new: str) -> None:
    column_map = MAP.replace(old, new)
    if "persons" in new:
        column_map = MAP.split("[sections.fields]")[0].replace(old, new)
        column_map += '[sections.fields]\nname = "Title"\n'
    with pytest.raises(InputError) as raised:
        read_case_folder(write(write_case(), ROW, column_map))
    assert raised.value.findings[0].code == "manifest-map"
