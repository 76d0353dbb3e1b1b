"""Profiles: those shipped are whole, and a wrong one says which key and what would do."""

from __future__ import annotations

from pathlib import Path

import pytest

from referrals.errors import InputError, UsageError
from referrals.profiles.profile_files import SHIPPED, available, load, read_profile

CLAUSE = (
    "Under penalties as provided by law pursuant to Section 1-109 of the Code of Civil Procedure, "
    "the undersigned certifies that the statements set forth in this instrument are true and "
    "correct, except as to matters therein stated to be on information and belief and as to such "
    "matters the undersigned certifies as aforesaid that he verily believes the same to be true."
)


@pytest.mark.parametrize("key", ["ccsao-review", "sample"])
def test_the_clause_of_section_1_109_is_exact(key: str) -> None:
    assert load(key).attestation.text == CLAUSE
    assert load(key).attestation.source == "735 ILCS 5/1-109"


@pytest.mark.parametrize("key", ["ccsao-review", "sample"])
def test_a_shipped_profile_holds_the_numbers_of_the_statute(key: str) -> None:
    profile = load(key)
    assert (profile.retention.days, profile.retention.flagged_days) == (90, 731)
    assert profile.retention.warn_on_days == (30, 60, 80)
    assert profile.referral.classes == ("felony",)
    assert not any(ground.confirmed for ground in profile.retention.grounds)
    text = profile.certificate_of_compliance.text.format(first="A-000001", last="A-000009")
    assert "A-000001 through A-000009" in text


@pytest.mark.parametrize("key", ["ccsao-review", "sample"])
def test_the_mayors_office_is_no_recipient(key: str) -> None:
    assert "mayor" not in str(load(key).recipients).casefold()
    assert load(key).recipient("Office of the Mayor") is None
    assert load(key).recipient("felony-review") is not None


def test_the_sample_imitates_no_real_agency() -> None:
    sample = load("sample")
    assert "(fictional)" in sample.agency.name
    assert "Chicago" not in str(sample.agency)
    assert sample.series("JX-1").label(7) == "LPD-000007"
    assert load("ccsao-review").series("JX-1").label(7) == "CPD-000007"


def test_an_own_file_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    text = (SHIPPED / "sample.toml").read_text(encoding="utf-8")
    (tmp_path / "sample.toml").write_text(text.replace('"LPD"', '"XPD"'), encoding="utf-8")
    assert load("sample", tmp_path).numbering.prefix == "XPD"
    lines = {line.key: line for line in available(tmp_path)}
    assert not lines["sample"].shipped
    assert lines["ccsao-review"].shipped
    assert "hash_certificate" in lines["ccsao-review"].unconfirmed
    assert "retention.grounds evidentiary-value" in lines["ccsao-review"].unconfirmed
    assert "return_reasons case-number" in lines["ccsao-review"].unconfirmed
    assert "attestation" not in lines["ccsao-review"].unconfirmed


@pytest.mark.parametrize("key", ["ccsao-review", "sample"])
def test_a_shipped_profile_knows_why_packets_come_back_today(key: str) -> None:
    """Each reason of docs/sources.md, "Why these checks and not others"."""
    reasons = {reason.key: reason for reason in load(key).return_reasons}
    assert list(reasons) == [
        *("key-evidence", "element-without-evidence", "exhibit-missing", "footage-missing"),
        *("statement-unsigned", "case-number", "not-searchable", "redaction", "other"),
    ]
    assert all(reason.source and not reason.confirmed for reason in reasons.values())


def test_an_unknown_profile_lists_those_that_exist() -> None:
    with pytest.raises(UsageError, match="no profile called 'ccsao-reveiw'") as caught:
        load("ccsao-reveiw")
    assert "Did you mean 'ccsao-review'?" in caught.value.remedy
    assert "sample" in caught.value.remedy


REFUSED = [
    ('prefix = "LPD"', 'prefx = "LPD"', "numbering.prefx", "Did you mean 'prefix'?"),
    # Without a separator X with seven digits and X0 with six would print the same labels.
    ('separator = "-"', 'separator = ""', "numbering.separator", "[^0-9]"),
    ('separator = "-"', 'separator = "-0"', "numbering.separator", "[^0-9]"),
    ("width = 6", 'width = "six"', "numbering.width", "whole number"),
    ("width = 6", "width = 2", "numbering.width", "greater than or equal to 4"),
    ('position = "bottom-right"', 'position = "botom-right"', "numbering.position", "bottom-right"),
    ('scope = "agency"', 'scope = "office"', "numbering.scope", "agency|case"),
    ('key = "sample"', 'key = "other"', "key", 'key = "sample"'),
    ("warn_on_days = [30, 60, 80]", "warn_on_days = [60, 30]", "retention.warn_on_days", "rising"),
    ("warn_on_days = [30, 60, 80]", "warn_on_days = [95]", "retention.warn_on_days", "rising"),
    ("flagged_days = 731", "flagged_days = 10", "retention.flagged_days", "at least 90"),
    ("{first} through {last}", "{frist} to {last}", "certificate_of_compliance.text", "{first}"),
    (
        "{first} through {last}",
        "{first through {last}",
        "certificate_of_compliance.text",
        "{first}",
    ),
    ('key = "officer-force"', 'key = "officer-request"', "retention.grounds", "own"),
    ('key = "key-evidence"', 'key = "other"', "return_reasons", "own"),
    ('classes = ["felony"]\n', "", "referral.classes", "classes"),
]


@pytest.mark.parametrize(("old", "new", "where", "remedy"), REFUSED)
def test_a_refused_value_names_file_key_and_what_would_do(
    tmp_path: Path, old: str, new: str, where: str, remedy: str
) -> None:
    text = (SHIPPED / "sample.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "sample.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_profile(path)
    found = {finding.where: finding for finding in caught.value.findings}
    assert f"sample.toml, {where}" in found
    assert remedy in found[f"sample.toml, {where}"].remedy


@pytest.mark.parametrize("content", [b"key = \n", b"\xff\xfe", b'key = "a"\nkey = "b"\n'])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"broken\.toml is not valid TOML"):
        load("broken", tmp_path)


def test_a_profile_of_unlikely_size_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(InputError, match="larger than"):
        load("huge", tmp_path)


def test_a_profile_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_profile(tmp_path / "gone.toml")
