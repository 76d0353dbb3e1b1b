"""What is submitted: the files named, or those that a folder says it holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from referrals.errors import InputError, UsageError
from referrals.preflight.submitted_files import submission_of
from tests.preflight.filed_sets import STRICT, rules


def _delivery(folder: Path, name: str, **stated: object) -> Path:
    payload = folder / "data"
    payload.mkdir(parents=True)
    (payload / name).write_text(json.dumps({"case": "JX-1", **stated}), "utf-8")
    return folder


def test_files_are_taken_in_the_order_named(tmp_path: Path) -> None:
    paths = [tmp_path / "b.pdf", tmp_path / "a.pdf"]
    found = submission_of(paths, STRICT, case="JX-2", others=("JX-3",))
    assert (found.files, found.case_number) == (tuple(paths), "JX-2")
    assert found.other_case_numbers == ("JX-3",)
    assert found.search is not None
    assert found.search.rules.key == "rule-138"
    assert submission_of(paths, rules(redaction_list="")).search is None


def test_two_files_of_one_name_or_a_folder_beside_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(UsageError, match=r"Two files are called a\.pdf"):
        submission_of([tmp_path / "a.pdf", tmp_path / "other" / "a.pdf"], STRICT)
    with pytest.raises(UsageError, match="by itself"):
        submission_of([tmp_path / "a.pdf", tmp_path / "other"], STRICT)
    with pytest.raises(UsageError, match="holds no PDF"):
        submission_of([tmp_path / "other"], STRICT)


def test_a_court_set_comes_before_a_packet_and_states_its_envelopes(tmp_path: Path) -> None:
    folder = _delivery(
        tmp_path / "set",
        "filing.json",
        files=[{"file": "b.pdf"}, {"file": "a.pdf"}],
        envelopes=[["b.pdf"], ["a.pdf"]],
    )
    (folder / "data" / "packet.json").write_text('{"case": "JX-9"}', "utf-8")
    found = submission_of([folder], STRICT)
    assert [each.name for each in found.files] == ["b.pdf", "a.pdf"]
    assert (found.case_number, found.envelopes) == ("JX-1", (("b.pdf",), ("a.pdf",)))
    assert submission_of([folder], STRICT, case="JX-2").case_number == "JX-2"


@pytest.mark.parametrize("state", ["unsigned", "void", ""])
def test_a_statement_that_is_not_signed_is_told(state: str, tmp_path: Path) -> None:
    folder = _delivery(
        tmp_path / "packet",
        "packet.json",
        volumes=[{"file": "a.pdf"}],
        attestations=[
            {"key": "S1", "required": True, "state": state},
            {"key": "S2", "required": False, "state": state},
            {"key": "S3", "required": True, "state": "signed"},
        ],
    )
    assert submission_of([folder], STRICT).unsigned == ("statement S1",)


@pytest.mark.parametrize(
    "stated",
    [{"files": [{"file": "../a.pdf"}]}, {"files": [{"name": "a.pdf"}]}, {"case": 1}],
)
def test_a_folder_that_says_nothing_sound_is_refused(
    stated: dict[str, object], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"filing\.json"):
        submission_of([_delivery(tmp_path / "set", "filing.json", **stated)], STRICT)
