"""Whatever the page, its picture stays and its number stands upright in the zone."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops, ImageDraw

from stamping.assembly.engine import assemble
from stamping.bates import BatesSeries
from stamping.pages.stamp_zone import stamp_zone
from stamping.values import Document, Order, Part, Position, StampStyle
from tests.stamping.page_variants import VARIANTS, write_variant

SERIES = BatesSeries("VAR")
WORD = re.compile(
    r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)<'
)
# Wider than the number at 9 points, with room for rounding to pixels.
TEXT_WIDTH = 60.0


def order(style: StampStyle | None = None, **entries: object) -> Order:
    document = Document("Variants", identity="00")
    return Order(SERIES, 1, document, style=style or StampStyle(), **entries)  # type: ignore[arg-type]  # by name


def pictures(path: Path) -> list[Image.Image]:
    with pdfium.PdfDocument(path) as pdf:
        return [page.render(scale=1).to_pil().convert("RGB") for page in pdf]


def without_stamp(picture: Image.Image, unit: float, style: StampStyle) -> Image.Image:
    """Return the picture with the stamp's zone painted over; `unit` is the page's UserUnit."""
    width, height = picture.width * unit, picture.height * unit
    zone = stamp_zone(width, height, style, TEXT_WIDTH)
    left, bottom, right, top = (edge / unit for edge in zone)
    ImageDraw.Draw(picture).rectangle(
        (left - 2, picture.height - top - 2, right + 2, picture.height - bottom + 2), fill="white"
    )
    return picture


@pytest.mark.parametrize("name", VARIANTS)
def test_pixels_outside_the_zone_are_the_source_s(name: str, tmp_path: Path) -> None:
    source = write_variant(name, tmp_path / "source.pdf")
    output = tmp_path / "out.pdf"
    assembly = assemble([Part(source)], order(), output)
    units = [float(page.get("/UserUnit", 1)) for page in pypdf.PdfReader(source).pages]
    before, after = pictures(source), pictures(output)
    assert assembly.pages == len(before) == len(after)
    for unit, old, new in zip(units, before, after, strict=True):
        assert ImageChops.difference(old, new).getbbox() is not None, "no stamp is visible"
        masked = [without_stamp(each, unit, StampStyle()) for each in (old, new)]
        assert ImageChops.difference(*masked).getbbox() is None
    checked = subprocess.run(["qpdf", "--check", output], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("name", VARIANTS)
def test_poppler_reads_the_number_upright_in_its_zone(name: str, tmp_path: Path) -> None:
    output = tmp_path / "out.pdf"
    assemble([Part(write_variant(name, tmp_path / "source.pdf"))], order(), output)
    ran = subprocess.run(
        ["pdftotext", "-bbox", "-cropbox", output, "-"], capture_output=True, text=True, check=True
    )
    unit = float(pypdf.PdfReader(output).pages[0].get("/UserUnit", 1))
    words = [match.groups() for match in WORD.finditer(ran.stdout)]
    (number,) = [word for word in words if word[4] == SERIES.label(1)]
    left, top, right, bottom = (float(edge) * unit for edge in number[:4])
    assert 40 < right - left < 70
    assert 5 < bottom - top < 16


@pytest.mark.skipif(shutil.which("mutool") is None, reason="mutool is not installed")
@pytest.mark.parametrize("name", VARIANTS)
def test_mupdf_reads_the_number(name: str, tmp_path: Path) -> None:
    output = tmp_path / "out.pdf"
    assemble([Part(write_variant(name, tmp_path / "source.pdf"))], order(), output)
    ran = subprocess.run(
        ["mutool", "draw", "-F", "txt", output], capture_output=True, text=True, check=True
    )
    assert SERIES.label(1) in ran.stdout


def by_poppler(path: Path) -> list[Image.Image]:
    command = ["pdftoppm", "-r", "72", "-cropbox", "-png", path, path.with_suffix("")]
    subprocess.run(command, check=True, capture_output=True)
    return [Image.open(page).convert("RGB") for page in sorted(path.parent.glob("*.png"))]


def by_mupdf(path: Path) -> list[Image.Image]:
    command = ["mutool", "draw", "-q", "-r", "72", "-o", path.with_name("%03d.png"), path]
    subprocess.run(command, check=True, capture_output=True)
    return [Image.open(page).convert("RGB") for page in sorted(path.parent.glob("*.png"))]


@pytest.mark.parametrize("reader", [by_poppler, by_mupdf])
@pytest.mark.parametrize("name", VARIANTS)
def test_other_renderers_see_no_change_outside_the_zone(
    name: str, reader: Callable[[Path], list[Image.Image]], tmp_path: Path
) -> None:
    if reader is by_mupdf and shutil.which("mutool") is None:
        pytest.skip("mutool is not installed")
    if reader is by_poppler and name == "surplus Q":
        pytest.skip("poppler loses what follows a Q too many; the fence gives it back")
    folders = tmp_path / "before", tmp_path / "after"
    for folder in folders:
        folder.mkdir()
    source, output = folders[0] / "source.pdf", folders[1] / "out.pdf"
    assemble([Part(write_variant(name, source))], order(), output)
    # mupdf draws a page in points whatever its unit is.
    units = [
        1.0 if reader is by_mupdf else float(page.get("/UserUnit", 1))
        for page in pypdf.PdfReader(source).pages
    ]
    for unit, old, new in zip(units, reader(source), reader(output), strict=True):
        assert ImageChops.difference(old, new).getbbox() is not None, "no stamp is visible"
        masked = [without_stamp(each, unit, StampStyle()) for each in (old, new)]
        assert ImageChops.difference(*masked).getbbox() is None


@pytest.mark.parametrize("turn", ["plain", "rotate 90", "rotate 270"])
@pytest.mark.parametrize("position", Position)
def test_every_position_holds_the_legend_and_the_number(
    position: Position, turn: str, tmp_path: Path
) -> None:
    style = StampStyle(position=position, legend="DRAFT")
    output = tmp_path / "out.pdf"
    source = write_variant(turn, tmp_path / "source.pdf")
    assemble([Part(source)], order(style), output)
    ((before,), (after,)) = pictures(source), pictures(output)
    box = ImageChops.difference(before, after).getbbox()
    assert box is not None
    zone = stamp_zone(after.width, after.height, style, 105)
    assert zone[0] - 6 <= box[0] < box[2] <= zone[2] + 6
    assert zone[1] - 2 <= after.height - box[3] < after.height - box[1] <= zone[3] + 2
    assert f"DRAFT   {SERIES.label(1)}" in pypdf.PdfReader(output).pages[0].extract_text()
