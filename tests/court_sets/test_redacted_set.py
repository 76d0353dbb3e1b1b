"""A redacted set has the pages and numbers of the full one, and nothing that was redacted."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

import sample_cases
from referrals.court_sets import burn_in as burning
from referrals.court_sets.redacted_set import RedactedSet
from referrals.errors import BlockedError, UsageError
from referrals.office import redactions as redaction_office
from referrals.office.audit_log import audit_entries
from referrals.office.intake import take_in
from referrals.office.issue import PacketOrder, draft_packet
from referrals.office.office import Office
from referrals.office.redactions import RedactionReport
from referrals.packet import exhibits
from referrals.progress import silent
from referrals.settings import Settings
from stamping.redaction import redaction

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
CASE, LIST = "JX-400112", "public"
NAMES = ("Nowak", "Marta")


@dataclass(frozen=True)
class Sets:
    """An office, what was proposed there, the full set and the redacted one."""

    office: Office
    proposed: RedactionReport
    full: Path
    redacted: RedactedSet

    @property
    def payload(self) -> Path:
        return self.redacted.folder / "data"


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sets]:
    """The sample case as a full draft and as a redacted set, all that was found accepted."""
    with pytest.MonkeyPatch.context() as patch:
        # The same on every machine, and quicker.
        patch.setattr(redaction, "can_recognise", lambda: False)
        patch.setattr(exhibits, "can_recognise", lambda: False)
        office = Office(Settings(tmp_path_factory.mktemp("home")), silent)
        folder = sample_cases.folder("felony_referral")
        take_in(office, folder, who="clerk", now=NOW)
        proposed = redaction_office.propose_redactions(office, CASE, LIST, packet="", now=NOW)
        unread = [each.number for each in proposed.unread]
        decide(office, unread, accepted=False)
        decide(office, [], accepted=True)
        place = tmp_path_factory.mktemp("out")
        full = draft_packet(office, PacketOrder(CASE, place / "full"), NOW)
        made = build(office, place / "redacted")
        yield Sets(office, proposed, full.folder / "data" / f"{CASE}-1-DRAFT_Packet.pdf", made)


def decide(office: Office, numbers: list[int], *, accepted: bool) -> RedactionReport:
    return redaction_office.decide_redactions(
        office,
        CASE,
        LIST,
        numbers,
        accepted=accepted,
        everything=not numbers,
        above=0.5,
        note="",
        who="supervisor",
        now=NOW,
    )


def add(office: Office, **words: object) -> RedactionReport:
    usual = {"exhibit": "", "page": 0, "boxes": (), "text": "", "person": "", "kind": ""}
    return redaction_office.add_redaction(
        office,
        CASE,
        "rule-364",
        **{**usual, **words},  # type: ignore[arg-type]  # the words are the test's
        reason="",
        who="supervisor",
        now=NOW,
    )


def build(office: Office, target: Path, key: str = LIST) -> RedactedSet:
    return redaction_office.build_redacted(
        office, CASE, key, target, packet="", who="clerk", now=NOW
    )


def texts(path: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(path).pages]


def test_every_kind_of_place_is_proposed(sets: Sets) -> None:
    places = {each.proposed.place.words for each in sets.proposed.redactions}
    assert {"section summary", "Ex. A, page 1", "section slip-D"} <= places
    assert "Ex. C, page 1" in {each.proposed.place.words for each in sets.proposed.unread}
    assert sets.proposed.undecided == sets.proposed.new == len(sets.proposed.redactions)


def test_the_same_page_has_the_same_number(sets: Sets) -> None:
    full, redacted = PdfReader(sets.full), PdfReader(sets.redacted.file)
    assert full.page_labels == redacted.page_labels
    for one, other in zip(full.pages, redacted.pages, strict=True):
        assert one.mediabox == other.mediabox


def test_what_was_redacted_is_gone_and_the_rest_is_there(sets: Sets) -> None:
    full, redacted = texts(sets.full), texts(sets.redacted.file)
    assert any(name in page for page in full for name in NAMES)
    assert not any(name in page for page in redacted for name in NAMES)
    assert "Public: PRIVATE PERSON" in " ".join(redacted)
    # A written page is drawn anew: all else of it can still be searched, and is tagged.
    summary = next(page for page in redacted if "Case summary" in page and "Ended" in page)
    assert "2600 block of Example Street" in summary


def test_only_pages_with_a_redaction_differ(sets: Sets) -> None:
    rows = list(csv.DictReader((sets.payload / "differences.csv").open()))
    log = list(csv.DictReader((sets.payload / "redaction-log.csv").open()))
    differing = {row["number"] for row in rows if row["page"] == "redacted"}
    assert len(rows) == len(PdfReader(sets.full).pages)
    assert differing == set(sets.redacted.differing) == {line["number"] for line in log}


def test_the_log_says_rule_and_person_and_never_the_words(sets: Sets) -> None:
    text = (sets.payload / "redaction-log.json").read_text()
    values = json.loads(text)
    assert not any(name in text for name in NAMES)
    assert values["redactions"][0]["decided_by"] == "supervisor"
    assert values["redactions"][0]["source"] == "FOIA, 5 ILCS 140/7(1)(b)"


def test_what_was_not_looked_through_is_not_delivered(sets: Sets) -> None:
    files = {path.name for path in sets.payload.rglob("*") if path.is_file()}
    assert not any("Confidential" in name or "Ex-H" in name for name in files)
    assert not any(name.endswith((".wav", ".csv")) and name.startswith("Ex-") for name in files)


def test_nothing_new_is_proposed_again(sets: Sets) -> None:
    again = redaction_office.propose_redactions(sets.office, CASE, LIST, packet="", now=NOW)
    assert (again.new, again.undecided) == (0, 0)


def test_each_act_is_in_the_audit_log_without_the_words(sets: Sets) -> None:
    entries = audit_entries(sets.office)
    acts = [entry.what for entry in entries]
    for act in ("redactions proposed", "redactions accepted", "redactions rejected"):
        assert act in acts
    assert any(entry.after == sets.redacted.digest for entry in entries)
    assert not any(name in entry.subject for entry in entries for name in NAMES)


@pytest.mark.parametrize("table", ["redaction", "redaction_decision"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_no_row_is_changed_or_removed(sets: Sets, table: str, act: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), sets.office.engine.begin() as connection:
        connection.execute(sql(act.format(table)))


def test_an_undecided_place_stops_the_set(sets: Sets, tmp_path: Path) -> None:
    with pytest.raises(BlockedError) as stopped:
        build(sets.office, tmp_path / "set", "rule-364")
    assert {each.code for each in stopped.value.findings} == {"redaction-undecided"}
    assert not (tmp_path / "set").exists()


def test_a_leak_stops_the_set_and_is_told_without_the_words(
    sets: Sets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redaction, "can_recognise", lambda: False)
    monkeypatch.setattr(exhibits, "can_recognise", lambda: False)

    def forgotten(source: Path, bars: object, target: Path, hide: object) -> tuple[int, ...]:
        shutil.copyfile(source, target)
        return ()

    monkeypatch.setattr(burning, "redact", forgotten)
    with pytest.raises(BlockedError) as stopped:
        build(sets.office, tmp_path / "set")
    told = " ".join(f"{each.message} {each.where}" for each in stopped.value.findings)
    assert {each.code for each in stopped.value.findings} == {"redaction-leak"}
    assert "LPD-000017" in told
    assert not any(name in told for name in NAMES)
    assert not (tmp_path / "set").exists()


def test_a_person_is_redacted_by_every_detail_and_a_box_where_it_is_drawn(
    sets: Sets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redaction, "can_recognise", lambda: False)
    monkeypatch.setattr(exhibits, "can_recognise", lambda: False)
    office = sets.office
    person = next(
        each for each in office.snapshot(CASE, NOW).record.persons if "Nowak" in each.name
    )
    ordered = add(office, person=person.key, kind="minor")
    assert ordered.redactions[0].decision == "accepted"
    boxes = ((72.0, 600.0, 300.0, 640.0),)
    add(office, exhibit="C", page=1, boxes=boxes, kind="minor")
    found = redaction_office.propose_redactions(office, CASE, "rule-364", packet="", now=NOW)
    redaction_office.decide_redactions(
        office,
        CASE,
        "rule-364",
        [each.number for each in found.redactions if each.decision == "undecided"],
        accepted=False,
        everything=False,
        above=0.0,
        note="looked at",
        who="supervisor",
        now=NOW,
    )
    made = build(office, tmp_path / "set", "rule-364")
    pages = texts(made.file)
    assert not any("Nowak" in page for page in pages)
    assert any("Marta" in page for page in pages)
    slip = next(
        place
        for place, page in enumerate(pages)
        if "Exhibit C" in page and "Custodian of the original" in page
    )
    assert PdfReader(made.file).page_labels[slip + 1] in made.differing


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"text": "x", "person": "P1"},
        {"person": "nobody"},
        {"text": "x", "kind": "shoe-size"},
        {"exhibit": "Z", "page": 1, "boxes": ((0, 0, 9, 9),), "kind": "ssn"},
        {"exhibit": "A", "page": 99, "boxes": ((0, 0, 9, 9),), "kind": "ssn"},
        {"exhibit": "A", "page": 1, "boxes": ((9, 0, 0, 9),), "kind": "ssn"},
    ],
    ids=["nothing", "two ways", "no person", "no rule", "no exhibit", "no page", "no area"],
)
def test_an_order_that_names_nothing_is_refused(sets: Sets, words: dict[str, object]) -> None:
    with pytest.raises(UsageError) as refused:
        add(sets.office, **words)
    assert refused.value.remedy


@pytest.mark.parametrize("numbers", [[99_999], []])
def test_a_decision_on_nothing_is_refused(sets: Sets, numbers: list[int]) -> None:
    with pytest.raises(UsageError):
        redaction_office.decide_redactions(
            sets.office,
            CASE,
            LIST,
            numbers,
            accepted=True,
            everything=False,
            above=0.0,
            note="",
            who="",
            now=NOW,
        )
