"""A record's text is only ever text, and a cite that leads nowhere is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from markupsafe import Markup
from pypdf import PdfReader
from ruamel.yaml import YAML

import sample_cases
from referrals.packet import pages
from referrals.packet.timeline import Mark, description, timeline
from referrals.records.cites import Cite
from referrals.typesetting.rendering import lay_out
from tests.acceptance.conftest import Clerk

HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} {% raw %} & <b>bold</b>"


@pytest.fixture
def clerk(tmp_path: Path) -> Clerk:
    return Clerk(tmp_path / "home", tmp_path)


def _edited(clerk: Clerk, **incident: str) -> Path:
    import shutil

    folder = clerk.here / "case"
    shutil.copytree(sample_cases.folder("misdemeanor"), folder)
    yaml = YAML()
    record = yaml.load(folder / "case.yaml")
    record["incident"].update(incident)
    yaml.dump(record, folder / "case.yaml")
    return folder


def test_markup_and_template_syntax_are_printed_as_they_are(clerk: Clerk) -> None:
    folder = _edited(clerk, summary=HOSTILE)
    assert clerk.run("intake", folder).returncode == 0
    done = clerk.run("packet", "JX-400317", "--draft", "-o", "draft")
    assert done.returncode == 0, done.stderr
    reader = PdfReader(next((clerk.here / "draft" / "data").glob("*_Packet.pdf")))
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    assert HOSTILE in text


def test_a_cite_to_a_page_that_is_not_there_blocks_and_is_named(clerk: Clerk) -> None:
    folder = _edited(clerk, summary="It is alleged [[ex:A p.9]].")
    assert clerk.run("intake", folder).returncode == 0
    report = clerk.json("check", "JX-400317")
    found = [each for each in report["findings"] if each["code"] == "cite-unresolved"]
    assert [each["where"] for each in found] == ["incident.summary"]
    assert "[[ex:A p.9]] names page 9 of an exhibit of 1 page" in found[0]["message"]


def test_names_with_marks_are_printed_right(clerk: Clerk) -> None:
    name = "Łódź Đặng Nguyễn Zoë Ó Briain"
    folder = _edited(clerk, address=name)
    clerk.run("intake", folder)
    clerk.run("packet", "JX-400317", "--draft", "-o", "draft")
    reader = PdfReader(next((clerk.here / "draft" / "data").glob("*_Packet.pdf")))
    assert any(name in page.extract_text() for page in reader.pages)


def test_an_exhibit_that_cannot_be_opened_blocks_until_it_is_accepted_by_name(
    clerk: Clerk,
) -> None:
    folder = _edited(clerk)
    (folder / "exhibits/report.pdf").write_bytes(b"%PDF-1.7\nbroken")
    clerk.run("intake", folder)
    codes = _codes(clerk, "blocking")
    assert codes & {"damaged", "truncated"}
    yaml = YAML()
    record = yaml.load(folder / "case.yaml")
    record["exhibits"][0]["placeholder_waived_by"] = "Sergeant Ada Muster"
    yaml.dump(record, folder / "case.yaml")
    assert clerk.run("intake", folder, "--update").returncode == 0
    assert not _codes(clerk, "blocking") & {"damaged", "truncated"}
    done = clerk.run("packet", "JX-400317", "--draft", "-o", "draft")
    assert done.returncode == 0, done.stderr
    values = json.loads((clerk.here / "draft/data/packet.json").read_text("utf-8"))
    kinds = {part["key"]: part["kind"] for part in values["volumes"][0]["parts"]}
    assert kinds["exhibit-A"] == "placeholder"
    assert [native["belongs_to"] for native in values["natives"]] == ["ex:A"]


def test_a_timeline_needs_two_entries_and_describes_itself() -> None:
    from datetime import UTC, datetime, timedelta

    first = datetime(2026, 3, 14, 23, 58, tzinfo=UTC)
    assert timeline([]) == timeline([Mark(1, first)]) == ""
    marks = [Mark(1, first), Mark(2, first), Mark(3, first + timedelta(minutes=5))]
    drawn = timeline(marks)
    assert drawn.count("<circle") == 3
    assert ">00:00<" in drawn
    assert description(marks).startswith("Timeline of 3 entries from 23:58:00")


@pytest.mark.parametrize("digits", [32, 40, 64])
def test_a_digest_within_a_text_is_set_as_one(digits: int) -> None:
    written = pages.digests(f"SHA-256 {'ab' * (digits // 2)} <given>")
    assert written.striptags().replace(" ", "") == f"SHA-256{'ab' * (digits // 2)}<given>"
    assert written.count('class="digest"') == 1
    assert pages.digests("LPD-000012, 9,171 bytes") == "LPD-000012, 9,171 bytes"


@pytest.mark.parametrize("width", [103, 154])
def test_no_line_before_a_cite_ends_after_one_word(width: int) -> None:
    lead = "Mr. Nowak reported that he was told to stay seated until the van left "
    words = pages.led_in(lead, Cite("exhibit", "A"))
    cite = Markup('<a class="cite">Ex.\u00a0A, LPD-000016</a>.')
    lines = _lines(f'<table style="width:{width}pt"><tr><td>{words}{cite}</td></tr></table>')
    assert " ".join(lines).replace("  ", " ").startswith(f"{lead}Ex.\u00a0A, LPD-000016.")
    assert not [line for line in lines if line.strip() in ("told", "seated")]


def _lines(html: str) -> list[str]:
    from weasyprint.formatting_structure.boxes import LineBox, TextBox

    page = lay_out(f'<link rel="stylesheet" href="packet/packet.css">{html}').pages[0]
    return [
        "".join(box.text for box in line.descendants() if isinstance(box, TextBox))
        for line in page._page_box.descendants()
        if isinstance(line, LineBox)
    ]


def _codes(clerk: Clerk, severity: str) -> set[str]:
    findings = clerk.json("check", "JX-400317")["findings"]
    return {each["code"] for each in findings if each["severity"] == severity}
