"""Pages that show something but hold no text are listed; blank ones are not."""

from __future__ import annotations

from pathlib import Path

from hazards import HAZARDS, add_page, picture, save, text_document
from pikepdf import Dictionary

from stamping.preparation.prepare import prepare


def test_a_scan_between_text_and_a_blank_page(tmp_path: Path) -> None:
    rendition = prepare(HAZARDS["scanned_page"](tmp_path), tmp_path / "out")
    assert rendition.pages_without_text == (2,)
    (found,) = [item for item in rendition.notices if item.code == "no-text"]
    assert found.message == "1 page of 3 cannot be searched: 2."


def test_runs_of_pages_are_written_short(tmp_path: Path) -> None:
    rendition = prepare(HAZARDS["tiff_fax_pages"](tmp_path), tmp_path / "out")
    (found,) = [item for item in rendition.notices if item.code == "no-text"]
    assert "1–3" in found.message


def test_text_inside_a_form_counts(tmp_path: Path) -> None:
    pdf = text_document()
    font = pdf.pages[0].obj.Resources.Font
    form = picture(pdf, b"BT /F1 12 Tf 5 5 Td (inside) Tj ET")
    form.Resources = Dictionary(Font=font)
    add_page(pdf, b"q 1 0 0 1 100 400 cm /Fm Do Q", XObject=Dictionary(Fm=form))
    rendition = prepare(save(pdf, tmp_path, "form"), tmp_path / "out")
    assert rendition.pages_without_text == ()


def test_recognised_invisible_text_counts(tmp_path: Path) -> None:
    pdf = text_document()
    font = pdf.pages[0].obj.Resources.Font
    add_page(pdf, b"0 g 10 700 50 50 re f BT 3 Tr /F1 12 Tf 100 400 Td (hidden) Tj ET", Font=font)
    rendition = prepare(save(pdf, tmp_path, "recognised"), tmp_path / "out")
    assert rendition.pages_without_text == ()


def test_blanks_are_no_text(tmp_path: Path) -> None:
    pdf = text_document()
    font = pdf.pages[0].obj.Resources.Font
    add_page(pdf, b"0 g 10 700 50 50 re f BT /F1 12 Tf 100 400 Td (   ) Tj ET", Font=font)
    rendition = prepare(save(pdf, tmp_path, "blanks"), tmp_path / "out")
    assert rendition.pages_without_text == (2,)
