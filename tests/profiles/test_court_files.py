"""Courts: the numbers that the sources name; a wrong value is refused with what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from referrals.errors import InputError, UsageError
from referrals.profiles.court import Court
from referrals.profiles.filing_rules import Division, Ground, Weight
from referrals.profiles.profile_files import SHIPPED, available, load, load_court, read_profile
from referrals.profiles.profile_text import profile_sections

COURTS = ("bundle-uk", "efileil-reviewing", "efileil-trial", "ndil", "state-commission")


def test_the_shipped_courts_are_those_that_the_design_names() -> None:
    found = {line.key for line in available() if line.kind == "court"}
    assert found == set(COURTS)


def test_the_limits_are_those_of_the_courts() -> None:
    sizes = {key: load_court(key).filing.sizes for key in COURTS}
    assert sizes["efileil-trial"].document_bytes == 25_000_000
    assert sizes["efileil-trial"].envelope_bytes == 50_000_000
    assert sizes["efileil-reviewing"].document_bytes == 150_000_000
    assert sizes["ndil"].document_bytes == 35_000_000
    assert sizes["bundle-uk"].document_bytes is None


def test_page_rules_and_names_are_those_of_the_courts() -> None:
    trial, federal, bundle = (
        load_court(key).filing for key in ("efileil-trial", "ndil", "bundle-uk")
    )
    assert (trial.pages.letter, trial.pages.clear_top) == (True, 2.0)
    assert (trial.pages.lowest_resolution, trial.pages.highest_resolution) == (300, 600)
    assert not trial.links.outside
    assert (federal.names.pattern, federal.names.longest) == ("{number}_{description}", 200)
    assert federal.dividing.by is Division.EXHIBIT
    assert bundle.dividing.by is Division.NONE
    assert bundle.rejection(Ground.LABEL_DIFFERS) is not None


@pytest.mark.parametrize("key", COURTS)
def test_every_rule_says_where_it_comes_from(key: str) -> None:
    court = load_court(key)
    rules = court.filing
    tables = (rules.sizes, rules.dividing, rules.pages, rules.links, rules.names)
    assert all(each.source for each in (*tables, *rules.rejections))
    assert rules.rejection(Ground.DAMAGED) is not None
    if rules.redaction_list:
        identifier = rules.rejection(Ground.IDENTIFIER)
        assert identifier is not None
        assert identifier.weight is Weight.REJECTED


@pytest.mark.parametrize("key", COURTS)
def test_a_court_is_printed_whole(key: str) -> None:
    court = load_court(key)
    text = "\n".join(
        " ".join((section.key, section.source, *(word for row in section.rows for word in row)))
        for section in profile_sections(court)
    )
    for rejection in court.filing.rejections:
        assert rejection.words in text
        assert rejection.source in text
    assert court.filing.names.pattern in text


def test_the_review_packets_own_rules_can_be_asked_like_a_courts() -> None:
    court = load_court("ccsao-review")
    assert court.filing.redaction_list == ""
    assert court.filing.sizes.document_bytes is None
    assert court.recipients == load("ccsao-review").recipients


def test_a_court_is_no_office(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="profile of a court") as caught:
        load("ndil")
    assert "ccsao-review" in caught.value.remedy
    office = (SHIPPED / "sample.toml").read_text("utf-8")
    start, end = office.index("# What the review unit asks"), office.index("[sources]")
    path = tmp_path / "sample.toml"
    path.write_text(office[:start] + office[end:], "utf-8")
    with pytest.raises(UsageError, match="does not say what is asked") as caught:
        load_court("sample", tmp_path)
    assert "efileil-trial" in caught.value.remedy


REFUSED = [
    ('kind = "court"', 'kind = "tribunal"', "kind", "office, court"),
    ("document_bytes = 25_000_000", 'document_bytes = "25 MB"', "document_bytes", "whole number"),
    ('by = "size"', 'by = "weight"', "filing.dividing.by", "size, exhibit, none"),
    ('"rule-138"', '"rule-139"', "filing.redaction_list", "rule-138"),
    ("clear_top = 2.0", "clear_tpo = 2.0", "filing.pages.clear_tpo", "clear_top"),
    ("{number}_of_{count}", "{nummer}_of_{count}", "filing.names.pattern", "number"),
    ("_{number}_of_{count}", "", "filing.names.pattern", "{first}"),
    ('ground = "unsigned"', 'ground = "unsinged"', "ground", "unsigned"),
    ('ground = "unsigned"', 'ground = "too-large"', "filing", "twice"),
    ('source = "eFileIL Electronic Document Standards"', "", "source", "source"),
]


@pytest.mark.parametrize(("old", "new", "where", "told"), REFUSED)
def test_a_refused_value_names_file_key_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, where: str, told: str
) -> None:
    text = (SHIPPED / "efileil-trial.toml").read_text("utf-8")
    assert old in text
    path = tmp_path / "efileil-trial.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError) as caught:
        read_profile(path)
    found = caught.value.findings
    assert any(where in each.where and each.where.startswith(path.name) for each in found), found
    assert any(told in f"{each.message} {each.remedy}" for each in found), found


def test_a_new_court_is_a_new_file(tmp_path: Path) -> None:
    text = (SHIPPED / "efileil-trial.toml").read_text("utf-8")
    own = text.replace('"efileil-trial"', '"dupage"').replace("25_000_000", "10_000_000")
    (tmp_path / "dupage.toml").write_text(own, "utf-8")
    court = load_court("dupage", tmp_path)
    assert isinstance(court, Court)
    assert court.filing.sizes.document_bytes == 10_000_000
