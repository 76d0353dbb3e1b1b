"""Recompression: pictures above the resolution become smaller, and nothing else changes."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random

import pikepdf
import pypdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageChops, ImageStat

from stamping.mending.recompression import recompress
from tests.preflight.filed_sets import (
    embedded_font,
    filed,
    flate,
    jbig2,
    paper,
    scan_page,
    text_page,
)

WORDS = "The words of the sheet"


def _noisy(mode: str = "RGB", dpi: int = 100) -> Image.Image:
    """Return a photograph of noise over a gradient, which Flate does not make small."""
    size = (round(8.5 * dpi), 11 * dpi)
    noise = Random(1)
    ground = Image.linear_gradient("L").resize(size)
    bands = [
        ImageChops.add(ground, Image.frombytes("L", size, noise.randbytes(size[0] * size[1])), 2)
        for _ in range(1 if mode == "L" else 3)
    ]
    return bands[0] if mode == "L" else Image.merge(mode, bands)


def _jpeg(pdf: Pdf, image: Image.Image) -> pikepdf.Object:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=98)
    held = flate(pdf, image)
    held.write(stream.getvalue(), filter=Name.DCTDecode)
    return held


def _looks(path: Path, page: int) -> Image.Image:
    with pdfium.PdfDocument(path) as document:
        return document[page].render(scale=0.3).to_pil().convert("RGB")


def _pictures(path: Path) -> list[tuple[str, str]]:
    with Pdf.open(path) as pdf:
        found = [
            pikepdf.PdfImage(each) for page in pdf.pages for each in page.get_images().values()
        ]
        return [(each.mode, each.filters[-1]) for each in found]


def test_scans_and_photographs_are_resampled_and_the_rest_is_kept(tmp_path: Path) -> None:
    pages = [
        scan_page(_noisy(), WORDS, encode=_jpeg),
        scan_page(_noisy("L"), WORDS),
        scan_page(paper(600), WORDS),
        text_page("An exhibit."),
    ]
    source = filed(tmp_path, pages)
    target = tmp_path / "smaller.pdf"
    done = recompress(source, target, dpi=50, quality=70)
    assert [each.page for each in done.pictures] == [3, 4, 5]
    assert [each.pixels_after for each in done.pictures] == [(425, 550)] * 3
    assert done.pictures[2].pixels_before == (5100, 6600)
    assert all(each.bytes_after < each.bytes_before for each in done.pictures)
    assert (done.bytes_before, done.bytes_after) == (source.stat().st_size, target.stat().st_size)
    assert done.bytes_after < done.bytes_before / 2
    kinds = [("RGB", "/DCTDecode"), ("L", "/DCTDecode"), ("1", "/CCITTFaxDecode")]
    assert _pictures(target) == kinds
    for page in (2, 3, 4):
        difference = ImageChops.difference(_looks(source, page), _looks(target, page))
        assert max(ImageStat.Stat(difference).mean) < 6
    before, after = pypdf.PdfReader(source), pypdf.PdfReader(target)
    assert [page.extract_text() for page in before.pages] == [
        page.extract_text() for page in after.pages
    ]
    assert before.page_labels == after.page_labels
    assert len(before.outline) == len(after.outline)
    assert "/StructTreeRoot" in after.trailer["/Root"]
    with Pdf.open(target) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    source = filed(tmp_path, [scan_page(_noisy(), WORDS)])
    for name in ("one.pdf", "two.pdf"):
        recompress(source, tmp_path / name, dpi=50, quality=70)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_what_is_within_the_resolution_or_would_grow_stays(tmp_path: Path) -> None:
    even = Image.new("RGB", (850, 1100), "white")
    source = filed(tmp_path, [scan_page(_noisy(), WORDS), scan_page(even, WORDS)])
    assert recompress(source, tmp_path / "a.pdf", dpi=100, quality=70).pictures == ()
    with Pdf.open(source) as pdf:
        pdf.save(tmp_path / "packed.pdf", recompress_flate=True)
    done = recompress(tmp_path / "packed.pdf", tmp_path / "b.pdf", dpi=80, quality=95)
    assert [each.page for each in done.pictures] == [3]


def test_a_picture_is_as_fine_as_its_largest_place_asks(tmp_path: Path) -> None:
    def twice(pdf: Pdf) -> None:
        picture = pdf.make_indirect(flate(pdf, _noisy(dpi=100)))
        form = pdf.make_stream(
            b"q 306 0 0 396 0 0 cm /P Do Q",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 306, 396]),
            Matrix=Array([2, 0, 0, 2, 0, 0]),
            Resources=Dictionary(XObject=Dictionary(P=picture)),
        )
        content = b"q 85 0 0 110 100 100 cm /P Do Q q 0.5 0 0 0.5 0 0 cm /F Do Q "
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, 612, 792]),
            Resources=Dictionary(
                XObject=Dictionary(P=picture, F=form), Font=Dictionary(F1=embedded_font(pdf))
            ),
            Contents=pdf.make_stream(content + b"BT /F1 12 Tf 100 750 Td (words) Tj ET"),
        )
        pdf.pages.append(pikepdf.Page(page))

    with Pdf.new() as pdf:
        twice(pdf)
        pdf.save(tmp_path / "source.pdf")
    done = recompress(tmp_path / "source.pdf", tmp_path / "target.pdf", dpi=100, quality=70)
    # In the form it covers half the page's sides: 850 pixels on 4.25 inches.
    assert [each.pixels_after for each in done.pictures] == [(425, 550)]


def test_jbig2_and_pictures_that_jpeg_cannot_carry(tmp_path: Path) -> None:
    def stencil(pdf: Pdf, image: Image.Image) -> pikepdf.Object:
        held = flate(pdf, image)
        held.ImageMask = True
        del held.ColorSpace
        return held

    def inverted(pdf: Pdf, image: Image.Image) -> pikepdf.Object:
        held = flate(pdf, image)
        held.Decode = Array([1, 0, 1, 0, 1, 0])
        return held

    with Pdf.new() as pdf:
        scan_page(paper(200), WORDS, encode=jbig2)(pdf)
        scan_page(paper(100), WORDS, encode=stencil)(pdf)
        scan_page(_noisy(), WORDS, encode=inverted)(pdf)
        pdf.save(tmp_path / "source.pdf")
    done = recompress(tmp_path / "source.pdf", tmp_path / "target.pdf", dpi=40, quality=70)
    assert [(each.page, each.pixels_after) for each in done.pictures] == [(1, (340, 440))]
    assert _pictures(tmp_path / "target.pdf")[0] == ("1", "/CCITTFaxDecode")
    for page in (1, 2):
        assert _looks(tmp_path / "source.pdf", page).tobytes() == (
            _looks(tmp_path / "target.pdf", page).tobytes()
        )


@pytest.mark.parametrize(("dpi", "quality"), [(0, 70), (100, 0), (100, 96)])
def test_values_that_make_no_sense_are_refused(dpi: int, quality: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be used"):
        recompress(filed(tmp_path), tmp_path / "a.pdf", dpi=dpi, quality=quality)
