"""Pictures become pages: upright, on white, their own bytes where they can be kept."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest
from hazards import HAZARDS, corner_picture, jpeg_truncated, oriented_jpeg
from PIL import Image, ImageFile

from stamping.preparation.prepare import prepare
from stamping.values import Limits, Rendition


def prepared(name: str, folder: Path) -> Rendition:
    return prepare(HAZARDS[name](folder), folder / "out")


def page_picture(rendition: Rendition, page: int = 0) -> Image.Image:
    assert rendition.path is not None
    document = pdfium.PdfDocument(rendition.path)
    picture = document[page].render(scale=1).to_pil().convert("L")
    document.close()
    return picture


def inked_box(rendition: Rendition) -> tuple[int, int, int, int] | None:
    """Return the box of the dark part of the first page, in points from the top left."""
    return page_picture(rendition).point(lambda value: 255 if value < 128 else 0).getbbox()


def codes(rendition: Rendition) -> list[str]:
    return [item.code for item in rendition.notices]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_shows_upright(orientation: int, tmp_path: Path) -> None:
    rendition = prepare(oriented_jpeg(tmp_path, orientation), tmp_path / "out")
    assert inked_box(rendition) == inked_box(prepare(oriented_jpeg(tmp_path, 1), tmp_path / "out"))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "group4"])
def test_a_tiff_is_turned_once(compression: str, orientation: int, tmp_path: Path) -> None:
    with Image.open(oriented_jpeg(tmp_path, orientation)) as photograph:
        picture = photograph.convert("1" if compression == "group4" else "RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "scan.tif"
    picture.save(path, "TIFF", compression=compression, tiffinfo=exif)
    upright = inked_box(prepare(oriented_jpeg(tmp_path, 1), tmp_path / "out"))
    found = inked_box(prepare(path, tmp_path / "out"))
    assert found is not None
    assert upright is not None
    assert all(abs(one - other) <= 2 for one, other in zip(found, upright, strict=True))


def test_an_unknown_orientation_counts_as_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 77
    path = tmp_path / "odd.jpg"
    corner_picture().save(path, "JPEG", quality=95, exif=exif)
    upright = prepare(oriented_jpeg(tmp_path, 1), tmp_path / "out")
    assert inked_box(prepare(path, tmp_path / "out")) == inked_box(upright)


def test_jpeg_bytes_are_kept(tmp_path: Path) -> None:
    source = oriented_jpeg(tmp_path, 6)
    rendition = prepare(source, tmp_path / "out")
    assert rendition.path is not None
    page = pypdf.PdfReader(rendition.path).pages[0]
    stored = page["/Resources"]["/XObject"]["/Picture"]
    assert stored["/Filter"] in ("/DCTDecode", ["/DCTDecode"])
    assert source.read_bytes() in rendition.path.read_bytes()


@pytest.mark.parametrize(
    "name", ["jpeg_cmyk", "png_transparent", "png_sixteen_bits", "png_palette", "gif_animated"]
)
def test_each_kind_shows_its_corner(name: str, tmp_path: Path) -> None:
    picture = page_picture(prepared(name, tmp_path))
    # 120 × 80 pixels at 96 an inch: 90 × 60 points in the middle of Letter across.
    left, top = (792 - 90) / 2, (612 - 60) / 2
    assert picture.size == (792, 612)
    assert picture.getpixel((int(left + 20), int(top + 15))) < 60
    for across, down in ((65, 15), (20, 45), (65, 45), (-10, 15)):
        assert picture.getpixel((int(left + across), int(top + down))) > 240


def test_fax_pages_keep_their_size_and_coding(tmp_path: Path) -> None:
    rendition = prepared("tiff_fax_pages", tmp_path)
    assert rendition.pages == 3
    assert rendition.path is not None
    for page in pypdf.PdfReader(rendition.path).pages:
        assert float(page.mediabox.width) == pytest.approx(1728 / 204 * 72, abs=0.01)
        stored = page["/Resources"]["/XObject"]["/Picture"]
        assert "CCITTFaxDecode" in str(stored["/Filter"])


def test_a_screen_resolution_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "phone.jpg"
    corner_picture(size=(4000, 3000)).save(path, "JPEG", dpi=(72, 72))
    rendition = prepare(path, tmp_path / "out")
    assert page_picture(rendition).size == (792, 612)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("png_transparent", "transparency-flattened"),
        ("png_sixteen_bits", "colour-depth-reduced"),
        ("gif_animated", "first-frame-only"),
        ("jpeg_named_png", "kind-mismatch"),
    ],
)
def test_what_was_done_is_said(name: str, code: str, tmp_path: Path) -> None:
    assert code in codes(prepared(name, tmp_path))


@pytest.mark.parametrize(
    ("name", "code"),
    [("jpeg_truncated", "image-unreadable"), ("png_pixel_bomb", "too-many-pixels")],
)
def test_refused(name: str, code: str, tmp_path: Path) -> None:
    rendition = prepared(name, tmp_path)
    assert not rendition.usable
    assert codes(rendition) == [code]


def test_more_frames_than_the_limit_are_refused(tmp_path: Path) -> None:
    source = HAZARDS["tiff_fax_pages"](tmp_path)
    rendition = prepare(source, tmp_path / "out", limits=Limits(pages=2))
    assert codes(rendition) == ["too-many-pages"]


def test_a_photograph_from_a_phone(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif", reason="the extra 'heic' is not installed")
    heif.register_heif_opener()
    path = tmp_path / "photo.heic"
    corner_picture(size=(240, 160)).save(path, "HEIF", quality=95)
    rendition = prepare(path, tmp_path / "out")
    assert rendition.pages == 1
    assert inked_box(rendition) is not None


def test_without_the_extra_a_phone_photograph_is_refused_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    path = tmp_path / "photo.heic"
    path.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64))
    rendition = prepare(path, tmp_path / "out")
    (found,) = rendition.notices
    assert found.code == "heic-support-missing"
    assert "extra 'heic'" in found.remedy


def test_a_cut_off_picture_is_refused_whatever_other_libraries_ask_of_pillow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    source = jpeg_truncated(tmp_path)
    rendition = prepare(source, tmp_path / "out")
    assert not rendition.usable
    assert ImageFile.LOAD_TRUNCATED_IMAGES


def test_a_photograph_is_not_blamed_for_holding_no_text(tmp_path: Path) -> None:
    rendition = prepare(oriented_jpeg(tmp_path, 1), tmp_path / "out")
    assert rendition.pages_without_text == (1,)
    assert "no-text" not in codes(rendition)


def test_a_black_and_white_scan_without_text_is_told(tmp_path: Path) -> None:
    scan = Image.new("1", (400, 400), 1)
    scan.paste(0, (50, 50, 90, 90))
    scan.save(tmp_path / "scan.tif", compression="group4")
    assert "no-text" in codes(prepare(tmp_path / "scan.tif", tmp_path / "out"))
