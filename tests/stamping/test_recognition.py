"""Pages without text get some where the extra `ocr` is installed; others are not touched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from hazards import HAZARDS, save, text_document
from PIL import Image, ImageDraw, ImageFont

from stamping.preparation import recognition
from stamping.preparation.awaited_text import can_recognise
from stamping.preparation.prepare import prepare
from stamping.preparation.recognition import recognise, recognise_all

with_extra = pytest.mark.skipif(not can_recognise(), reason="the extra 'ocr' is not installed")


def scan_of(words: str, folder: Path) -> Path:
    """Write a scan: the words as a picture at 200 dpi."""
    image = Image.new("L", (1700, 2200), 255)
    ImageDraw.Draw(image).text((200, 300), words, fill=0, font=ImageFont.load_default(64))
    path = folder / "scan.png"
    image.save(path, dpi=(200, 200))
    return path


def test_without_the_extra_nothing_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "can_recognise", lambda: False)
    rendition = prepare(HAZARDS["scanned_page"](tmp_path), tmp_path / "out")
    assert recognise_all([rendition]) == [rendition]


def test_a_result_at_hand_is_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendition = prepare(HAZARDS["scanned_page"](tmp_path), tmp_path / "out")
    assert rendition.path is not None
    kept = rendition.path.with_name(rendition.path.stem + recognition.SUFFIX)
    save(text_document(3), tmp_path, "recognised").replace(kept)
    before = kept.read_bytes(), kept.stat().st_mtime_ns
    result = recognise(rendition)
    assert (kept.read_bytes(), kept.stat().st_mtime_ns) == before
    assert result.path == kept
    assert result.pages_without_text == ()
    assert [item.code for item in result.notices] == ["text-recognised"]


def test_a_failure_leaves_the_rendition_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendition = prepare(HAZARDS["scanned_page"](tmp_path), tmp_path / "out")
    problem = recognition.Read("the program is missing a language")
    monkeypatch.setattr(recognition, "run_one", lambda *_, **__: problem)
    result = recognise(rendition)
    assert replace(result, notices=rendition.notices) == rendition
    assert [item.code for item in result.notices] == ["no-text", "recognition-failed"]
    assert "missing a language" in result.notices[-1].message


@with_extra
def test_words_of_a_scan_can_be_searched_afterwards(tmp_path: Path) -> None:
    rendition = prepare(scan_of("Referral packet sample", tmp_path), tmp_path / "out")
    assert rendition.pages_without_text == (1,)
    (result,) = recognise_all([rendition])
    assert result.path is not None
    assert result.pages_without_text == ()
    assert "packet" in pypdf.PdfReader(result.path).pages[0].extract_text()


@with_extra
def test_the_same_scan_gives_the_same_bytes(tmp_path: Path) -> None:
    scan = scan_of("Referral packet sample", tmp_path)
    made = [recognise(prepare(scan, tmp_path / place)) for place in ("one", "two")]
    first, second = (item.path.read_bytes() for item in made if item.path is not None)
    assert first == second


@with_extra
def test_pages_with_text_keep_their_content(tmp_path: Path) -> None:
    rendition = prepare(HAZARDS["scanned_page"](tmp_path), tmp_path / "out")
    (result,) = recognise_all([rendition])
    assert result.path is not None
    assert rendition.path is not None
    before, after = (pypdf.PdfReader(path).pages for path in (rendition.path, result.path))
    contents = [pages[0].get_contents() for pages in (before, after)]
    assert contents[0] is not None
    assert contents[1] is not None
    assert contents[0].get_data() == contents[1].get_data()
