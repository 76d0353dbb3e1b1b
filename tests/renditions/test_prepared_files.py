"""Files of every kind as pages: none stops the others, none takes for ever."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

from referrals.renditions import prepared_files
from referrals.renditions.prepared_files import FileToPrepare, prepare_files, write_pages
from referrals.text_files.account import Account, tally_of_text
from referrals.text_files.written_form import WrittenForm
from stamping.notices import Severity
from stamping.values import Rendition, StampStyle


def prepared(folder: Path, **contents: bytes) -> dict[str, Rendition]:
    files = []
    for name, content in contents.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content)
        files.append(FileToPrepare(path, path.name, "Title", "0" * 64))
    made = folder / "made"
    made.mkdir()
    renditions = prepare_files(files, made, StampStyle())
    return {file.name: each for file, each in zip(files, renditions, strict=True)}


def test_one_odd_file_leaves_the_others_their_pages(tmp_path: Path) -> None:
    made = prepared(
        tmp_path,
        a_docx=b"PK\3\4 cut",
        b_eml=b"\0\0",
        c_txt=b"x\0\1y\0",
        d_txt=b"SEEN",
        e_pdf=b"%PDF-1.4",
    )
    for name in ("a.docx", "b.eml", "c.txt", "e.pdf"):
        assert made[name].path is None
        assert made[name].notices[0].severity is Severity.BLOCKING
    path = made["d.txt"].path
    assert path is not None
    assert "SEEN" in PdfReader(path).pages[0].extract_text()


def test_a_fault_of_our_own_in_one_file_is_told_of_that_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path, name: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(prepared_files, "written_form", broken)
    file = FileToPrepare(tmp_path / "a.txt", "exhibits/a.txt", "Title", "0" * 64)
    made = write_pages(prepared_files._Writing(file, tmp_path / "a.pdf"))
    assert made.path is None
    assert "a.txt cannot be shown as pages" in made.notices[0].message


def written(tmp_path: Path, content: str) -> Rendition:
    path = tmp_path / "a.txt"
    path.write_text(content)
    file = FileToPrepare(path, "a.txt", "Title", "0" * 64)
    return write_pages(prepared_files._Writing(file, tmp_path / "a.pdf"))


def test_text_that_its_reader_lost_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        prepared_files,
        "written_form",
        lambda path, name: WrittenForm(
            "Text file", (), (), (), Account.of([tally_of_text("part 2", "nine signs", "in")])
        ),
    )
    [told] = [each for each in written(tmp_path, "").notices if each.code == "not-accounted-for"]
    assert told.severity is Severity.BLOCKING
    assert told.message.startswith("7 of 9 characters of text of part 2 are not")


def test_text_that_the_layout_lost_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out = prepared_files.lay_out
    monkeypatch.setattr(
        prepared_files, "lay_out", lambda html: lay_out(html.replace("he struck first", ""))
    )
    made = written(tmp_path, "A quarrel: he struck first.")
    [told] = [each for each in made.notices if each.code == "not-accounted-for"]
    assert told.message.startswith("13 of ")


def test_text_that_is_shown_whole_is_accounted_for(tmp_path: Path) -> None:
    made = written(tmp_path, "Łódź, fi ﬂ ½ 목격 目撃 \U0001f600 नमस्ते مرحبا\x07")
    assert [each for each in made.notices if each.severity is Severity.BLOCKING] == []
    assert {tally.what for tally in made.account} == {"characters of text", "characters laid out"}


def test_one_endless_line_is_laid_out_line_by_line(tmp_path: Path) -> None:
    made = prepared(tmp_path, a_txt=b"x" * 60_000)["a.txt"]
    assert made.path is not None
    text = "".join(page.extract_text() for page in PdfReader(made.path).pages)
    assert text.count("x") >= 60_000


def test_text_that_runs_over_the_edge_of_the_page_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out = prepared_files.lay_out
    monkeypatch.setattr(
        prepared_files,
        "lay_out",
        lambda html: lay_out(html.replace("<pre>", '<pre style="margin-left: 20in">')),
    )
    codes = {each.code for each in written(tmp_path, "nobody sees this").notices}
    assert "not-accounted-for" in codes
