"""Stamping without a case: every kind of file takes its place, or a sentence says why not."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from referrals.office.stamp_files import Stamped, stamp_files
from referrals.renditions.prepared_files import FileToPrepare, prepare_files
from stamping.bates import BatesSeries
from stamping.values import Rendition, StampStyle, Tally


def stamped(folder: Path, **contents: bytes) -> tuple[Stamped, list[str]]:
    files = []
    for name, content in contents.items():
        files.append(folder / name.replace("_", "."))
        files[-1].write_bytes(content)
    output = folder / "out.pdf"
    done = stamp_files(files, output, BatesSeries("T"), 1, StampStyle())
    pages = PdfReader(output).pages if output.exists() else []
    return done, [page.extract_text() for page in pages]


def test_a_kind_without_pages_is_named_on_a_page(tmp_path: Path) -> None:
    Image.new("RGB", (20, 20), "red").save(tmp_path / "photo.png")
    content = b"ID3 a recording"
    done, pages = stamped(
        tmp_path,
        a_json=b'{"said": "FIRST"}',
        b_mp3=content,
        photo_png=(tmp_path / "photo.png").read_bytes(),
    )
    assert not done.blocked
    assert "FIRST" in pages[0]
    assert "b.mp3 has no page form" in pages[1]
    assert hashlib.sha256(content).hexdigest() in "".join(pages[1].split())
    assert len(pages) == 3
    assert "page-stands-for-file" in {finding.code for finding in done.findings}


def test_a_damaged_file_stops_the_stamping_by_its_name(tmp_path: Path) -> None:
    done, pages = stamped(tmp_path, a_txt=b"FIRST", b_docx=b"PK\3\4 cut")
    assert done.blocked
    assert pages == []
    assert any("b.docx" in finding.where for finding in done.findings)


def test_a_file_that_is_not_shown_whole_is_not_stamped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def partly(files: list[FileToPrepare], folder: Path, *_: object) -> list[Rendition]:
        return [
            replace(made, account=(Tally("characters of text", "", 9, 4),))
            for made in prepare_files(files, folder, StampStyle())
        ]

    monkeypatch.setattr("referrals.office.stamp_files.prepare_files", partly)
    done, pages = stamped(tmp_path, a_txt=b"nine")
    assert done.blocked
    assert pages == []
