"""Cites as people write them, and where they stand in a Word file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from hypothesis import given
from hypothesis import strategies as st

from referrals.delivered.cite_reader import written_cites
from referrals.delivered.document_passages import Passage, document_passages, plain
from referrals.errors import InputError
from stamping.bates import BatesSeries

SERIES = BatesSeries("CPD-", "", 6)
KEYS = ("V1", "BWC-2")
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def read(text: str, series: BatesSeries = SERIES) -> list[tuple[str, str, bool]]:
    """Return the cites of a text: label, exhibit, whether it is only nearly one."""
    passages = [Passage("here", plain(text))]
    return [(c.label, c.exhibit, bool(c.meant)) for c in written_cites(passages, [series], KEYS)]


def one(label: str, exhibit: str = "", *, near: bool = False) -> list[tuple[str, str, bool]]:
    return [(label, exhibit, near)]


RANGE = one("CPD-000123–CPD-000126")
WRITTEN = [
    ("as CPD-000123 shows.", one("CPD-000123")),
    ("CPD‑000123", one("CPD-000123")),
    ("CPD–000123", one("CPD-000123")),
    ("C\u00adPD-\u200b000\u00ad123", one("CPD-000123")),
    ("CPD-000123–000126", RANGE),
    ("CPD-000123 – CPD-000126", RANGE),
    ("CPD-000123\u00a0–\u202f000126", RANGE),
    ("CPD-000123 to CPD-000126", RANGE),
    ("CPD-000123 through 000126", RANGE),
    ("CPD-000123-126", RANGE),
    ("CPD-000123–26", RANGE),
    ("CPD-000123–6", RANGE),
    ("CPD-000126–000123", one("CPD-000126–CPD-000123")),
    ("CPD-000123, 125–127", [*one("CPD-000123"), *one("CPD-000125–CPD-000127")]),
    ("CPD-000123, 125, and 130.", [*one("CPD-000123"), *one("CPD-000125"), *one("CPD-000130")]),
    ("CPD-000123; CPD-000125", [*one("CPD-000123"), *one("CPD-000125")]),
    ("CPD-000998, 1001", [*one("CPD-000998"), *one("CPD-001001")]),
    ("CPD-1234567", one("CPD-1234567")),
    ("Ex. B, CPD-000123", one("CPD-000123", "B")),
    ("Exhibit b at CPD-000123", one("CPD-000123", "B")),
    ("Exh. AB (CPD-000123)", one("CPD-000123", "AB")),
    ("(Ex. B, CPD-000123, 125)", [*one("CPD-000123", "B"), *one("CPD-000125", "B")]),
    ("Ex. B, CPD-000123, CPD-000200", [*one("CPD-000123", "B"), *one("CPD-000200")]),
    ("CPD-000123 (Ex. B)", one("CPD-000123", "B")),
    ("V1 at 00:03:12", one("V1 at 00:03:12")),
    ("BWC-2, 00:03:12.5", one("BWC-2 at 00:03:12.5")),
    ("V9 at 00:03:12", one("V9 at 00:03:12")),
]
NEARLY = [
    ("CPD-00123", one("CPD-000123", near=True)),
    ("CPD-0000123", one("CPD-000123", near=True)),
    ("CPD-123", one("CPD-000123", near=True)),
    ("CPD 000123", one("CPD-000123", near=True)),
    ("CPD000123", one("CPD-000123", near=True)),
    ("CPD- 000123", one("CPD-000123", near=True)),
    ("CPD No. 000123", one("CPD-000123", near=True)),
    ("cpd-000123", one("CPD-000123", near=True)),
    ("CPD-00123-00126", one("CPD-000123–CPD-000126", near=True)),
    ("CPD-000123, 25.", [*one("CPD-000123"), *one("CPD-000125", near=True)]),
    ("V1 at 3:12", one("V1 at 00:03:12", near=True)),
    ("v1 at 00:03:12", one("V1 at 00:03:12", near=True)),
]
NOT_CITES = [
    ("the CPD, in 2026, has 12 officers", []),
    ("form CPD-11.377", []),
    ("XCPD-000123", []),
    ("call the CPD 7467000", []),
    ("V1 was seen at 3:12 p.m.; V1 at 3:12 p.m.", []),
    ("He arrived at 00:03:12.", []),
    ("CPD-000123, 720 ILCS 5/12-3", one("CPD-000123")),
    ("CPD-000123, 2026-03-14", one("CPD-000123")),
    ("CPD-000123 – 4 photographs", one("CPD-000123")),
    ("CPD-000123 and 14 others", one("CPD-000123")),
]


@pytest.mark.parametrize(("text", "expected"), [*WRITTEN, *NEARLY, *NOT_CITES])
def test_a_cite_is_read_as_it_was_meant(text: str, expected: list[tuple[str, str, bool]]) -> None:
    assert read(text) == expected


def test_a_series_without_letters_or_without_a_dash_is_read_too() -> None:
    assert read("00123, not 0124", BatesSeries("", "", 5)) == one("00123")
    assert read("LPD000123 LPD-000123", BatesSeries("LPD", "", 6)) == [
        *one("LPD000123"),
        *one("LPD000123", near=True),
    ]


@given(st.integers(1, 999_990), st.integers(0, 9), st.sampled_from("-–‑ "), st.booleans())
def test_any_range_is_read_back(first: int, more: int, dash: str, whole: bool) -> None:
    last = first + more
    joint = " to " if dash == " " else dash
    end = SERIES.label(last) if whole else f"{last:06d}"
    found = read(f"See {SERIES.label(first)}{joint}{end}, which is alleged.")
    label = SERIES.label(first)
    assert found == one(label if first == last else f"{label}–{SERIES.label(last)}")


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for label, _, _ in read(f"{text} CPD-000123 {text}"):
        assert label


def part(document: docx.document.Document, name: str, kind: str, xml: str) -> None:
    """Put a part beside the document, as Word does with notes."""
    blob = f'<?xml version="1.0" encoding="UTF-8"?>{xml}'.encode()
    made = Part(PackURI(name), kind, blob, document.part.package)
    document.part.relate_to(
        made, getattr(RELATIONSHIP_TYPE, "FOOTNOTES" if "foot" in name else "ENDNOTES")
    )


def memo(path: Path) -> Path:
    """Write a Word file with a number in every place that holds text."""
    document = docx.Document()
    document.add_paragraph("A memo.")
    split = document.add_paragraph("Split over runs: ")
    for piece in ("CP", "D", "-0000", "01"):
        split.add_run(piece).bold = piece == "D"
    split._p.append(
        parse_xml(f"<w:r {W}><w:t>, CPD</w:t><w:noBreakHyphen/><w:t>000002</w:t></w:r>")
    )
    split._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>CPD-000777</w:delText></w:r></w:del>"))
    split._p.append(
        parse_xml(f"<w:ins {W} w:id='9' w:author='x'><w:r><w:t> CPD-000003</w:t></w:r></w:ins>")
    )
    note = (
        "<w:r {w}><w:fldChar w:fldCharType='begin'/><w:instrText>CPD-000888</w:instrText>"
        "<w:fldChar w:fldCharType='end'/></w:r>"
    )
    split._p.append(parse_xml(note.format(w=W)))
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 1).text = "CPD-000004"
    table.cell(0, 1).add_table(rows=1, cols=1).cell(0, 0).text = "CPD-000005"
    document.sections[0].header.paragraphs[0].text = "CPD-000008"
    document.sections[0].footer.paragraphs[0].text = "CPD-000009"
    box = document.add_paragraph("Beside a box")
    inside = "<w:txbxContent><w:p><w:r><w:t>CPD-000010</w:t></w:r></w:p></w:txbxContent>"
    box._p.append(
        parse_xml(
            f"<w:r {W} xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
            f"<mc:AlternateContent><mc:Choice Requires='wps'>{inside}</mc:Choice>"
            f"<mc:Fallback>{inside}</mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    held = "<w:sdtContent><w:p><w:r><w:t>CPD-000011</w:t></w:r></w:p></w:sdtContent>"
    box._p.addnext(parse_xml(f"<w:sdt {W}>{held}</w:sdt>"))
    for kind, number in (("footnote", 6), ("endnote", 7)):
        split._p.append(parse_xml(f"<w:r {W}><w:{kind}Reference w:id='5'/></w:r>"))
        content = getattr(CONTENT_TYPE, f"WML_{kind.upper()}S")
        text = f"<w:p><w:r><w:t>CPD-00000{number}</w:t></w:r></w:p>"
        part(
            document,
            f"/word/{kind}s.xml",
            content,
            f"<w:{kind}s {W}><w:{kind} w:id='5'>{text}</w:{kind}></w:{kind}s>",
        )
    document.save(str(path))
    return path


def test_every_place_of_a_word_file_is_read(tmp_path: Path) -> None:
    passages = document_passages(memo(tmp_path / "memo.docx"))
    found = {c.label: c.place for c in written_cites(passages, [SERIES], ())}
    assert found == {
        "CPD-000001": "paragraph 2",
        "CPD-000002": "paragraph 2",
        "CPD-000003": "paragraph 2",
        "CPD-000004": "table 1, row 1, cell 2, paragraph 1",
        "CPD-000005": "table 1, row 1, cell 2, table 1, row 1, cell 1, paragraph 1",
        "CPD-000010": "text box at paragraph 3, paragraph 1",
        "CPD-000011": "paragraph 4",
        "CPD-000006": "footnote 1, paragraph 1",
        "CPD-000007": "endnote 1, paragraph 1",
        "CPD-000008": "header, paragraph 1",
        "CPD-000009": "footer, paragraph 1",
    }


def test_a_text_tells_its_lines_and_the_words_around(tmp_path: Path) -> None:
    path = tmp_path / "memo.md"
    path.write_text("# Memo\n\nfirst\nsecond\n\n\nThe report CPD-000123 says so.\n", "utf-8")
    (cite,) = written_cites(document_passages(path), [SERIES], ())
    assert (cite.place, cite.around) == ("line 7", "The report CPD-000123 says so.")


@pytest.mark.parametrize("name", ["memo.pdf", "memo.docx", "memo.txt"])
def test_what_cannot_be_read_is_refused_with_a_remedy(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\xff\xfe\xff%PDF")
    with pytest.raises(InputError, match=name) as refused:
        document_passages(path)
    assert refused.value.remedy


def test_a_word_file_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"\0" * 100_000_001)
    with pytest.raises(InputError, match="larger"):
        document_passages(path)
