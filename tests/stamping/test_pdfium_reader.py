"""What one reader cannot open, another may: its pages are taken, and it is said so."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdf
import pytest
from hazards import HAZARDS, save, text_document

from stamping.preparation.pdfium_reader import pages_by_second_reader
from stamping.preparation.prepare import prepare


def refusing(error: type[Exception], real: object) -> object:
    """Return a `Pdf.open` that refuses files but opens what is in memory."""

    def open_(source: object, **options: object) -> pikepdf.Pdf:
        if isinstance(source, Path):
            raise error("cannot be opened")
        return real(source, **options)  # type: ignore[operator]

    return staticmethod(open_)


@pytest.mark.parametrize(
    ("error", "code"),
    [(pikepdf.PdfError, "repaired"), (pikepdf.PasswordError, "partly-encrypted")],
)
def test_pages_are_taken_from_the_second_reader(
    error: type[Exception], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = save(text_document(3), tmp_path, "three")
    monkeypatch.setattr(pikepdf.Pdf, "open", refusing(error, pikepdf.Pdf.open))
    rendition = prepare(source, tmp_path / "out")
    assert [item.code for item in rendition.notices] == [code]
    assert not rendition.identical
    assert rendition.path is not None
    pages = pypdf.PdfReader(rendition.path).pages
    assert [page.extract_text() for page in pages] == [
        "Exhibit text 1",
        "Exhibit text 2",
        "Exhibit text 3",
    ]


def test_the_copy_holds_no_time_of_its_own(tmp_path: Path) -> None:
    copy = pages_by_second_reader(save(text_document(), tmp_path, "one"))
    assert copy is not None
    assert "/Info" not in copy.trailer
    assert "/ID" not in copy.trailer


@pytest.mark.parametrize("name", ["garbage_after_header", "password_protected", "no_pages"])
def test_what_neither_opens_stays_refused(name: str, tmp_path: Path) -> None:
    assert pages_by_second_reader(HAZARDS[name](tmp_path)) is None
