"""Officers' narratives from Word and Markdown."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from referrals.errors import InputError
from referrals.intake import narrative


def test_word_paragraphs_and_table_rows_in_the_order_of_the_page(word_narrative: Path) -> None:
    assert narrative.paragraphs(word_narrative) == (
        "Narrative",
        "I was on foot patrol.",
        "Time | Event",
        "21:05 | Arrival",
        "I left at 21:25.",
    )


def test_markdown_blocks_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(
        "\ufeff## Report\r\n\r\nFirst  line\r\nsecond line\r\n\r\n\r\nZoë\r\n".encode()
    )
    assert narrative.paragraphs(path) == ("Report", "First line\nsecond line", "Zoë")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.docx", b"", "not a Word document"),
        ("a.docx", b"PK\x03\x04 broken", "not a Word document"),
        ("a.doc", b"x", "not a kind of file"),
        ("a.md", b"\n \n", "holds no text"),
        ("a.md", b"\xff\xfe", "not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        narrative.paragraphs(path)
    assert caught.value.remedy


def test_a_zip_that_is_no_word_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", "<broken")
    with pytest.raises(InputError, match="not a Word document"):
        narrative.paragraphs(path)


def test_a_word_file_that_unpacks_beyond_measure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * 20_000_001)
    with pytest.raises(InputError, match="larger than"):
        narrative.paragraphs(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.md cannot be read"):
        narrative.paragraphs(tmp_path / "gone.md")
