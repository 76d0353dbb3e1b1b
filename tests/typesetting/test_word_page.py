"""The office's Word documents: on Letter, in black, with what is signed kept together."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import docx
from docx.shared import Inches, RGBColor

from referrals.profiles.profile_files import load
from referrals.typesetting.word_file import word_bytes
from referrals.typesetting.word_page import TEXT_INCHES, facts, letter, lines_to_sign, listing

MADE = datetime(2026, 3, 4, tzinfo=UTC)


def written() -> bytes:
    document = letter(load("sample").agency, "Transmittal memo", ["DRAFT: not issued."])
    facts(document, [("To", "State's Attorney (fictional)"), ("Packet", "JX-1")])
    listing(document, ("Part", "First"), [(f"Part {n}", f"REF-{n}") for n in range(90)], (5, 1.5))
    document.add_paragraph("Received, complete as listed.")
    lines_to_sign(document, ("Received by", "Signature"))
    return word_bytes(document, title="Memo", author="Office", made=MADE)


def test_it_is_on_letter_in_black_and_the_same_each_time() -> None:
    content = written()
    assert content == written()
    document = docx.Document(io.BytesIO(content))
    page = document.sections[0]
    assert (page.page_width, page.page_height) == (Inches(8.5), Inches(11))
    margins = (page.left_margin or 0) + (page.right_margin or 0)
    assert Inches(8.5) - margins == Inches(TEXT_INCHES)
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:4][2:] == ["Transmittal memo", "DRAFT: not issued."]
    assert document.styles["Heading 1"].font.color.rgb == RGBColor(0, 0, 0)


def test_tables_fill_the_text_and_their_headings_come_again() -> None:
    document = docx.Document(io.BytesIO(written()))
    facts_table, list_table, _ = document.tables
    for table in (facts_table, list_table):
        assert sum(column.width or 0 for column in table.columns) == Inches(TEXT_INCHES)
    assert [cell.text for cell in list_table.rows[0].cells] == ["Part", "First"]
    assert len(list_table.rows) == 91
    assert "tblHeader" in list_table.rows[0]._tr.xml
    assert "tblHeader" not in list_table.rows[1]._tr.xml
    assert all("cantSplit" in row._tr.xml for row in list_table.rows)


def test_lines_to_sign_stay_with_what_is_signed() -> None:
    document = docx.Document(io.BytesIO(written()))
    lines = document.tables[-1]
    assert [row.cells[0].text for row in lines.rows] == ["Received by", "Signature"]
    assert all((row.height or 0) >= Inches(0.4) for row in lines.rows)
    assert document.paragraphs[-1].paragraph_format.keep_with_next
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in lines.rows]
    assert kept == [True, False]
