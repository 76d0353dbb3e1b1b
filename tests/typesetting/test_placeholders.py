"""A number written in later is drawn as if it had been there from the beginning."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from pypdf import PdfReader

from referrals.packet.late_numbers import fill
from referrals.typesetting.page_batch import PageBatch, draw_share
from referrals.typesetting.placeholders import LateText
from stamping.bates import BatesSeries

STYLES = {
    "running text": "font-family: 'Source Serif 4'",
    "cite": "font: 0.88em 'Public Sans'",
    "table": "font: 9pt 'Public Sans'; font-variant-numeric: tabular-nums",
    "bold": "font: bold 14pt 'Public Sans'",
    "italic": "font: italic 11pt 'Source Serif 4'",
    "code": "font: 9pt 'Source Code Pro'",
    "spaced": "font: 9pt 'Public Sans'; letter-spacing: 0.6pt",
    "link": "text-decoration: underline",
}
PAGE = """<link rel="stylesheet" href="packet/packet.css"><section id="part:memo" class="part">
{lines}</section>"""
LINE = '<p style="{style}">See Ex. A, <span class="late"{key}>{number}</span>, and more.</p>'


def _page(series: BatesSeries, numbers: dict[str, int] | None) -> str:
    """Return a page with a number in every style; late ones where there are none."""
    lines = "".join(
        LINE.format(
            style=style,
            key="" if numbers else f' data-late="first:{name}"',
            number=series.label(numbers[name]) if numbers else series.stem + "0" * series.width,
        )
        for name, style in STYLES.items()
    )
    return PAGE.format(lines=lines)


def _numbered(series: BatesSeries, numbers: dict[str, int], folder: Path) -> Path:
    drawn = draw_share(PageBatch(_page(series, None), folder / "late.pdf"))
    texts = [(each, series.label(numbers[each.key.partition(":")[2]])) for each in drawn.late]
    assert len(texts) == len(STYLES)
    fill(drawn.file, folder / "numbered.pdf", texts)
    return folder / "numbered.pdf"


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([BatesSeries("LPD"), BatesSeries("JX-0", "", 4), BatesSeries("AVTo", " ", 8)]),
    st.lists(st.integers(1, 9999), min_size=len(STYLES), max_size=len(STYLES)),
)
def test_late_numbers_look_as_if_known_from_the_beginning(
    tmp_path: Path, series: BatesSeries, values: list[int]
) -> None:
    numbers = dict(zip(STYLES, values, strict=True))
    late = _numbered(series, numbers, tmp_path)
    known = draw_share(PageBatch(_page(series, numbers), tmp_path / "known.pdf")).file
    for value in values:
        assert series.label(value) in PdfReader(late).pages[0].extract_text()
    assert PdfReader(late).pages[0].extract_text() == PdfReader(known).pages[0].extract_text()
    difference = ImageChops.difference(_picture(late), _picture(known)).convert("L")
    assert difference.getextrema()[1] < 128, "a figure stands elsewhere"


def test_a_number_in_the_record_that_reads_as_a_placeholder_stays(tmp_path: Path) -> None:
    same = '<p>Reported as LPD-000000. See <span class="late" data-late="a">LPD-000000</span>.</p>'
    drawn = draw_share(PageBatch(PAGE.format(lines=same), tmp_path / "late.pdf"))
    fill(drawn.file, tmp_path / "numbered.pdf", [(drawn.late[0], "LPD-000012")])
    text = PdfReader(tmp_path / "numbered.pdf").pages[0].extract_text()
    assert "Reported as LPD-000000. See LPD-000012." in text


def test_the_same_numbers_make_the_same_bytes(tmp_path: Path) -> None:
    numbers = dict.fromkeys(STYLES, 7)
    first = _numbered(BatesSeries("LPD"), numbers, tmp_path).read_bytes()
    assert _numbered(BatesSeries("LPD"), numbers, tmp_path).read_bytes() == first


def test_a_number_of_another_length_is_refused() -> None:
    late = LateText(1, "first:memo", (b"<", b"", b">"), tuple(b"%d" % each for each in range(10)))
    assert late.content("42") == b"<42>"
    with pytest.raises(AssertionError, match="has not the 2 figures"):
        late.content("042")


def _picture(file: Path) -> Image.Image:
    with pdfium.PdfDocument(file) as pdf:
        picture: Image.Image = pdf[0].render(scale=2).to_pil()
        return picture
