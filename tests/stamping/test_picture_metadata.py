"""What cameras write into pictures goes; their pixels stay, by another reader's account."""

from __future__ import annotations

import io
from pathlib import Path

import img2pdf
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image
from PIL.ExifTags import Base

from stamping.redaction.carried_metadata import bare_jpeg, bare_jpeg_2000, take_out_metadata

SECRET = "Zoe Example"


def photograph(kind: str = "JPEG", *, progressive: bool = False) -> bytes:
    picture = Image.effect_noise((64, 48), 40).convert("RGB")
    exif = Image.Exif()
    exif[Base.ImageDescription] = SECRET
    exif[Base.Artist] = SECRET
    stream = io.BytesIO()
    if kind == "JPEG":
        picture.save(
            stream,
            "JPEG",
            exif=exif,
            comment=SECRET.encode(),
            xmp=SECRET.encode(),
            progressive=progressive,
            quality=90,
        )
    else:
        picture.save(stream, "JPEG2000")
    return stream.getvalue()


def in_a_pdf(path: Path, jpeg: bytes) -> Path:
    path.write_bytes(img2pdf.convert(jpeg, nodate=True))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj[pikepdf.Name.PieceInfo] = pikepdf.Dictionary(Program=SECRET)
        image = next(iter(pdf.pages[0].get_images().values()))
        image[pikepdf.Name.Metadata] = pikepdf.Stream(pdf, SECRET.encode())
        pdf.save(path)
    return path


def pixels(path: Path) -> bytes:
    return bytes(pdfium.PdfDocument(path)[0].render(scale=2).to_numpy().tobytes())


@pytest.mark.parametrize("progressive", [False, True])
def test_no_word_of_a_camera_is_left_and_no_pixel_is_changed(
    progressive: bool, tmp_path: Path
) -> None:
    source = in_a_pdf(tmp_path / "a.pdf", photograph(progressive=progressive))
    assert SECRET.encode() in source.read_bytes()
    target = tmp_path / "b.pdf"
    assert take_out_metadata(source, target)
    with pikepdf.open(target) as pdf:
        held = b"".join(
            each.read_raw_bytes() + each.unparse()
            for each in pdf.objects
            if isinstance(each, pikepdf.Stream)
        )
    assert SECRET.encode() not in held + target.read_bytes()
    assert pixels(source) == pixels(target)


def test_a_pdf_without_any_is_left_alone(tmp_path: Path) -> None:
    source = in_a_pdf(tmp_path / "a.pdf", photograph())
    plain, again = tmp_path / "b.pdf", tmp_path / "c.pdf"
    take_out_metadata(source, plain)
    assert not take_out_metadata(plain, again)
    assert not again.exists()


def test_what_follows_the_picture_goes_too() -> None:
    jpeg = photograph()
    plain = bare_jpeg(jpeg + SECRET.encode() + jpeg)
    assert SECRET.encode() not in plain
    assert Image.open(io.BytesIO(plain)).tobytes() == Image.open(io.BytesIO(jpeg)).tobytes()


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_cut_picture_is_never_made_worse(cut: int) -> None:
    jpeg = photograph()[:cut]
    assert len(bare_jpeg(jpeg)) <= len(jpeg)


def test_boxes_of_jpeg_2000_that_say_something_go() -> None:
    plain = photograph("JPEG2000")
    at = plain.index(b"jp2c") - 4
    box = b"xml " + SECRET.encode()
    telling = plain[:at] + (len(box) + 4).to_bytes(4, "big") + box + plain[at:]
    assert bare_jpeg_2000(telling) == plain
    assert bare_jpeg_2000(plain) == plain
