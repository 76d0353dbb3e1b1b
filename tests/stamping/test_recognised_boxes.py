"""A bar over recognised text covers its ink, not only the letters that lie unseen over it."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Pdf

from stamping.pages.page_text import page_texts
from stamping.pages.viewport import Box


def line(path: Path, mode: int, matrix: str) -> Box:
    """Return the box of a line that is drawn in a text rendering mode."""
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(300, 300))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
        content = f"BT {mode} Tr /F 20 Tf {matrix} Tm (4418 0628) Tj ET"
        page.Contents = pikepdf.Stream(pdf, content.encode())
        pdf.save(path)
    (boxes,) = (text.boxes(0, len(text.text)) for text in page_texts(path))
    (box,) = boxes
    return box


@pytest.mark.parametrize(
    ("matrix", "across"), [("1 0 0 1 50 100", False), ("0 1 -1 0 150 50", True)]
)
def test_unseen_text_is_covered_beyond_its_own_height(
    tmp_path: Path, matrix: str, across: bool
) -> None:
    seen = line(tmp_path / "seen.pdf", 0, matrix)
    unseen = line(tmp_path / "unseen.pdf", 3, matrix)
    low, high = (0, 2) if across else (1, 3)
    height = seen[high] - seen[low]
    assert unseen[high] - unseen[low] == pytest.approx(2 * height, abs=0.01)
    assert unseen[low] == pytest.approx(seen[low] - height / 2, abs=0.01)
    along = (1, 3) if across else (0, 2)
    assert [unseen[each] for each in along] == pytest.approx([seen[each] for each in along])
