"""Every page is seen once, and a large file is not kept in memory for it."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest

from stamping.pages import drawn_pages as module
from tests.stamping.test_assemble import plain


@pytest.mark.parametrize(("share", "openings"), [(1.0, 1), (0.34, 3), (0.0, 9)])
def test_each_page_comes_once_however_often_the_file_is_opened(
    share: float, openings: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = plain(tmp_path / "p.pdf", 9)
    opened: list[Path] = []

    class Counted(pdfium.PdfDocument):  # type: ignore[misc]  # pdfium has no types
        def __init__(self, path: Path) -> None:
            opened.append(path)
            super().__init__(path)

    monkeypatch.setattr(module, "_KEPT_BYTES", int(path.stat().st_size * share) + 1)
    monkeypatch.setattr(pdfium, "PdfDocument", Counted)
    seen = [
        (number, page.get_size())
        for number, page in module.pages_in_turn(path, 9)
        if page is not None
    ]
    assert seen == [(number, (400, 500)) for number in range(1, 10)]
    assert len(opened) == openings
