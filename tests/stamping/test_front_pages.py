"""Pages before the numbered ones, and links from one file to another beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest

from stamping.assembly.engine import assemble
from stamping.bates import front_label
from stamping.errors import StampingError
from stamping.values import Elsewhere, Part
from tests.stamping.test_assemble import links, order, plain, tagged

LINK = "<p><a href='packet:exhibit-B/3'>Exhibit B</a></p>"


def assembled(tmp_path: Path, **changes: Any) -> Path:
    front = tagged(tmp_path / "front.pdf", "Cover", "Index", extra=LINK)
    exhibit = plain(tmp_path / "exhibit.pdf", pages=3)
    made = replace(order(998), front_pages=2, **changes)
    result = assemble([Part(front), Part(exhibit, title="A")], made, tmp_path / "out.pdf")
    assert result.range.labels == ("REF-000998", "REF-001000")
    assert [placed.labels for placed in result.placed] == [
        ("i", "ii"),
        ("REF-000998", "REF-001000"),
    ]
    assert sum(sum(placed.page_bytes) for placed in result.placed) < result.bytes
    assert not result.notices
    return result.path


def test_front_pages_are_called_as_they_are_stamped(tmp_path: Path) -> None:
    elsewhere = {"packet:exhibit-B/3": None}
    reader = pypdf.PdfReader(assembled(tmp_path, elsewhere=elsewhere))
    labels = ["i", "ii", "REF-000998", "REF-000999", "REF-001000"]
    assert reader.page_labels == labels
    for page, label in zip(reader.pages, labels, strict=True):
        assert page.extract_text().split()[-1] == label


def test_a_link_leads_to_the_page_of_another_file(tmp_path: Path) -> None:
    there = Elsewhere("Part_2.pdf", 7, "REF-001234")
    output = assembled(tmp_path, elsewhere={"packet:exhibit-B/3": there})
    (link,) = links(output, 0)
    assert link["/A"]["/S"] == "/GoToR"
    assert link["/A"]["/F"]["/UF"] == "Part_2.pdf"
    assert link["/A"]["/D"][0] == 6
    assert link["/Contents"] == "Go to REF-001234 in Part_2.pdf"


def test_a_link_that_may_lead_nowhere_is_inert_and_keeps_its_words(tmp_path: Path) -> None:
    output = assembled(tmp_path, elsewhere={"packet:exhibit-B/3": None})
    (link,) = links(output, 0)
    assert "/A" not in link
    assert "/Dest" not in link
    assert "Exhibit B" in pypdf.PdfReader(output).pages[0].extract_text()


def test_a_file_of_front_pages_alone_is_refused(tmp_path: Path) -> None:
    front = plain(tmp_path / "front.pdf", pages=2)
    with pytest.raises(StampingError, match="no page to number"):
        assemble([Part(front)], replace(order(1), front_pages=2), tmp_path / "out.pdf")


@pytest.mark.parametrize(
    ("place", "label"), [(1, "i"), (4, "iv"), (9, "ix"), (14, "xiv"), (40, "xl"), (1999, "mcmxcix")]
)
def test_small_roman_numerals(place: int, label: str) -> None:
    assert front_label(place) == label
