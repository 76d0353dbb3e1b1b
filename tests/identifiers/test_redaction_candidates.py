"""Identifiers are proposed where they stand; look-alikes are left alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Page, Pdf

from benchmarks.redaction import left_after_burning, score
from benchmarks.redaction.pages import plant_elsewhere, write_pages
from benchmarks.redaction.planted import PERSONS, Planted, planted
from referrals.errors import InputError, UsageError
from referrals.identifiers.candidates import Ordered, Search, propose
from referrals.identifiers.patterns import Hit, apart, find
from referrals.identifiers.person_details import kind_of, person_in
from referrals.identifiers.person_names import names_in
from referrals.profiles.redaction_list import (
    SHIPPED,
    Identifier,
    read_redaction_list,
    redaction_list,
)
from referrals.records.fields import PersonFields, Role


def test_a_planted_suite_is_found_and_look_alikes_are_not(tmp_path: Path) -> None:
    items = planted(7, 120, 120)
    path = write_pages(tmp_path / "planted.pdf", items)
    result = score(propose(path, Search(redaction_list("public"), PERSONS)).candidates, items)
    assert result.planted == 120
    assert result.recall >= 0.98
    assert result.precision >= 0.9


def test_nothing_is_left_of_a_planted_suite_after_acceptance(tmp_path: Path) -> None:
    items = planted(11, 48, 12)
    path = write_pages(tmp_path / "planted.pdf", items)
    plant_elsewhere(path, [item.text for item in items if item.kind])
    candidates = propose(path, Search(redaction_list("public"), PERSONS)).candidates
    assert len(candidates) >= 47
    assert left_after_burning(path, candidates) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SSN 123456789", Identifier.SSN),
        ("on file as 123-45-6789", Identifier.SSN),
        ("Account number\n12345678", Identifier.ACCOUNT),
        ("paid with 4111 1111 1111 1111", Identifier.CARD),
        ("DOB: 4/5/1991", Identifier.BIRTH_DATE),
        ("call +44 20 7946 0018", Identifier.PHONE),
    ],
)
def test_the_form_and_the_label_make_the_kind(text: str, kind: Identifier) -> None:
    assert [hit.identifier for hit in find(text, list(Identifier))] == [kind]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("lives in town\nSocial \n; 567101596 \nSecurity number\nnoted", [Identifier.SSN]),
        ("checking\n 851303180097\naccount", [Identifier.ACCOUNT]),
        ("Case\n567101596\nnumber", []),
        ("Social 12\n567101596\nSecurity number", []),
        ("Social\n567101596 noted\nSecurity number", []),
    ],
)
def test_a_label_may_be_broken_around_its_number(text: str, kinds: list[Identifier]) -> None:
    assert [hit.identifier for hit in find(text, set(Identifier))] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "Serial no. 123-45-6789",
        "paid with 4111 1111 1111 1112",
        "SSN 000-12-3456",
        "hearing on 4/5/2026",
        "Event number 3125550142",
        "the 3500 block of Maple Street",
        "CPD-000042",
    ],
)
def test_look_alikes_are_not_identifiers(text: str) -> None:
    assert find(text, list(Identifier)) == []


@pytest.mark.parametrize(
    "written",
    [
        "Zofia Wałęska",
        "WALESKA, ZOFIA",
        "Z. Waleska",
        "Ms. Wałęska",
        "Zofia\nMaria Wałęska",
        "Zofia Walenska",
        "Zofia Walseka",
    ],
)
def test_a_name_is_met_in_the_ways_it_is_written(written: str) -> None:
    text = f"said {written} at noon"
    (hit,) = apart(names_in(text, {"Zofia Wałęska": Identifier.PRIVATE_PERSON}))
    assert text[hit.start : hit.end] == written


ZOFIA = PersonFields(
    key="P1",
    name="Zofia Wałęska",
    role=Role.WITNESS,
    phone="+1 312 555 0142",
    email="z.w@example.org",
    address="4412 S. Kedzie Avenue, Chicago",
    birth_date=date(1991, 4, 5),
)


@pytest.mark.parametrize(
    "written",
    [
        "(312) 555-0142",
        "312.555.0142",
        "3125550142",
        "Z.W@EXAMPLE.ORG",
        "4412 South Kedzie Ave.",
        "4412 s kedzie av",
        "April 5, 1991",
        "4/5/91",
        "5 Apr 1991",
        "Wałęska, Zofia",
    ],
)
def test_a_person_is_met_by_every_detail(written: str) -> None:
    text = f"noted {written} at noon"
    (hit,) = apart(person_in(text, ZOFIA, Identifier.PRIVATE_PERSON))
    assert text[hit.start : hit.end] in (written, written.rstrip("."))


@pytest.mark.parametrize(
    ("role", "entries", "kind"),
    [
        (Role.WITNESS, {}, Identifier.PRIVATE_PERSON),
        (Role.WITNESS, {"minor": True}, Identifier.MINOR),
        (Role.OFFICER, {}, None),
        (Role.MEDICAL, {"unit": "Ambulance 14"}, None),
        (Role.CUSTODIAN, {}, Identifier.PRIVATE_PERSON),
    ],
)
def test_who_acts_for_an_office_is_no_private_person(
    role: Role, entries: dict[str, Any], kind: Identifier | None
) -> None:
    assert kind_of(PersonFields(key="P1", name="A Name", role=role, **entries)) == kind


def test_what_was_ordered_by_text_is_found_however_it_is_spaced(tmp_path: Path) -> None:
    path = write_pages(
        tmp_path / "a.pdf", [Planted("the Blue-Door clinic", "Blue-Door clinic", None)]
    )
    rule = redaction_list("public").rules[0]
    search = Search(redaction_list("rule-138"), ordered=(Ordered(7, rule, "blue door CLINIC"),))
    (candidate,) = propose(path, search).candidates
    assert (candidate.text, candidate.ordered) == ("Blue-Door clinic", 7)


def test_hits_that_share_characters_reach_as_far_as_all_of_them() -> None:
    hits = [Hit(Identifier.PHONE, 0, 9, 0.9), Hit(Identifier.ADDRESS, 5, 20, 0.95)]
    assert apart(hits) == [Hit(Identifier.ADDRESS, 0, 20, 0.95)]


def test_a_given_name_by_itself_is_less_sure() -> None:
    names = {"Zofia Wałęska": Identifier.PRIVATE_PERSON}
    (hit,) = names_in("Zofia, are you all right?", names)
    assert hit.confidence < 0.75
    assert not list(names_in("Zofia, are you all right?", names, ["Zofia Brandt"]))
    assert not list(names_in("the waleska of a coat", names))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_are_those_of_the_upright_page(tmp_path: Path, turn: int) -> None:
    path = tmp_path / "turned.pdf"
    with Pdf.new() as pdf:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([100, 50, 712, 842]),
            Rotate=turn,
            Resources=Dictionary(Font=Dictionary(F1=font)),
            Contents=pdf.make_stream(b"BT /F1 12 Tf 200 150 Td (123-45-6789) Tj ET"),
        )
        pdf.pages.append(Page(page))
        pdf.save(path)
    (candidate,) = propose(path, Search(redaction_list("rule-138"))).candidates
    ((left, bottom, right, top),) = candidate.boxes
    # The text begins 100 points right of and above the unturned page's lower left
    # corner; turned clockwise, that corner is where the page's turn brings it.
    begins = {
        0: (left, bottom),
        90: (612 - top, left),
        180: (612 - right, 792 - top),
        270: (bottom, 792 - right),
    }[turn]
    assert begins == pytest.approx((100, 100), abs=3)
    assert candidate.rule.source == "Ill. S. Ct. R. 138(b)"


def test_a_picture_without_text_is_named(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for words in (b"", b"BT /F1 12 Tf 72 700 Td (A page with text and a photograph) Tj ET"):
            image = pdf.make_stream(b"\x80" * 64)
            image.stream_dict.update(
                Dictionary(
                    Type=Name.XObject,
                    Subtype=Name.Image,
                    Width=8,
                    Height=8,
                    ColorSpace=Name.DeviceGray,
                    BitsPerComponent=8,
                )
            )
            font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            content = b"q 200 0 0 200 72 300 cm /Im Do Q " + words
            page = Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, 612, 792]),
                Resources=Dictionary(XObject=Dictionary(Im=image), Font=Dictionary(F1=font)),
                Contents=pdf.make_stream(content),
            )
            pdf.pages.append(Page(page))
        pdf.save(tmp_path / "pictures.pdf")
    proposal = propose(tmp_path / "pictures.pdf", Search(redaction_list("public")))
    assert proposal.unread == {
        2: ((0, 0, 612, 792),),
        3: (pytest.approx((72, 300, 272, 500)),),
    }


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_lists_are_valid(path: Path) -> None:
    shipped = read_redaction_list(path)
    assert shipped.key == path.stem
    assert len({rule.identifier for rule in shipped.rules}) == len(shipped.rules)


def test_a_list_that_is_wrong_names_the_key(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('key = "mine"\ntitle = "Mine"\n[[rules]]\nidentifier = "shoe-size"\n')
    with pytest.raises(InputError) as refused:
        read_redaction_list(path)
    assert any("identifier" in finding.where for finding in refused.value.findings)


def test_an_unknown_list_names_those_that_exist() -> None:
    with pytest.raises(UsageError) as refused:
        redaction_list("nowhere")
    assert "frcrp-49.1" in refused.value.remedy
