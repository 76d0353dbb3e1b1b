"""What a picture, a profile or a font carries besides what it shows goes, and is found before."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Page, Pdf
from PIL import Image, ImageCms

from stamping.redaction.carried_metadata import (
    bare_jpeg,
    bare_jpeg_2000,
    silent_profile,
    take_out_metadata,
)
from stamping.redaction.redaction_proof import Secret, leaks

WHO = "Zofia Waleska"
SECRET = Secret(WHO, "a: NAME")
FONT = Path(__file__).parents[2] / "stamping/fonts/PublicSans-Regular.ttf"


def picture() -> Image.Image:
    return Image.radial_gradient("L").resize((64, 48)).convert("RGB")


def jpeg(**options: object) -> bytes:
    stream = io.BytesIO()
    picture().save(stream, "JPEG", **options)
    return stream.getvalue()


def exif(number: int, words: str) -> bytes:
    made = Image.Exif()
    made[number] = words
    return made.tobytes()


def segment(mark: int, body: bytes) -> bytes:
    """Return a JPEG with one more segment before its frame."""
    plain = jpeg()
    return plain[:2] + bytes((0xFF, mark)) + (len(body) + 2).to_bytes(2, "big") + body + plain[2:]


def with_thumbnail() -> bytes:
    """Return a JPEG whose EXIF holds a JPEG with a comment."""
    return segment(0xE1, b"Exif\x00\x00" + jpeg(comment=WHO.encode()))


def profile(words: str) -> bytes:
    """Return an sRGB profile whose description says `words`."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    description = "sRGB built-in".encode("utf-16-be")
    assert description in made
    return made.replace(description, words.encode("utf-16-be").ljust(len(description), b"\x00"))


JPEGS: dict[str, Callable[[], bytes]] = {
    "description": lambda: jpeg(exif=exif(0x010E, f"Talk with {WHO}")),
    "artist": lambda: jpeg(exif=exif(0x013B, WHO)),
    "thumbnail": with_thumbnail,
    "comment": lambda: jpeg(comment=WHO.encode()),
    "comment in UTF-16": lambda: jpeg(comment=WHO.encode("utf-16-le")),
    "xmp": lambda: jpeg(xmp=f"<x:xmpmeta>{WHO}</x:xmpmeta>".encode()),
    "profile": lambda: jpeg(icc_profile=profile(WHO)),
    "an application's own": lambda: segment(0xED, b"Photoshop 3.0\x00" + WHO.encode()),
    "after the end": lambda: jpeg() + WHO.encode(),
    "progressive": lambda: jpeg(progressive=True, comment=WHO.encode()),
    "beside a mark": lambda: segment(0xEE, b"Adobe\x00\x64\x00\x00\x00\x00\x01" + WHO.encode()),
}


def page_with(path: Path, stream: bytes, **entries: object) -> Path:
    """Write a page that shows a picture whose stream is given."""
    with Pdf.new() as pdf:
        image = pdf.make_stream(stream)
        image.stream_dict.update(
            Dictionary(
                Type=Name.XObject,
                Subtype=Name.Image,
                Width=64,
                Height=48,
                ColorSpace=Name.DeviceRGB,
                BitsPerComponent=8,
                Filter=Name.DCTDecode,
            )
        )
        for key, value in entries.items():
            image[f"/{key}"] = value
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, 64, 48]),
            Resources=Dictionary(XObject=Dictionary(Im=image)),
            Contents=pdf.make_stream(b"q 64 0 0 48 0 0 cm /Im Do Q"),
        )
        pdf.pages.append(Page(page))
        pdf.save(path)
    return path


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as opened:
        return opened.convert("RGB").tobytes()


@pytest.mark.parametrize("kind", JPEGS)
def test_what_a_jpeg_says_of_itself_is_found_and_taken_out(tmp_path: Path, kind: str) -> None:
    coded = JPEGS[kind]()
    source = page_with(tmp_path / "source.pdf", coded)
    assert [leak.place for leak in leaks(source, [SECRET])] == ["the data of a picture"]
    target = tmp_path / "target.pdf"
    assert take_out_metadata(source, target)
    assert leaks(target, [SECRET]) == []
    (shown,) = pypdf.PdfReader(target).pages[0].images
    if kind != "beside a mark":
        assert shown.image is not None
        assert shown.image.convert("RGB").tobytes() == pixels(coded)
    bare = bare_jpeg(coded)
    assert WHO.encode() not in bare
    with Image.open(io.BytesIO(bare)) as opened:
        assert not opened.getexif()
        assert set(opened.info) <= {
            "jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "adobe",
            "adobe_transform", "progressive", "progression",
        }  # fmt: skip
    assert bare_jpeg(bare) == bare


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed")
def test_exiftool_finds_nothing_that_names_anybody() -> None:
    for make in JPEGS.values():
        told = subprocess.run(
            ["exiftool", "-j", "-a", "-u", "-ee", "-"],
            input=bare_jpeg(make()),
            capture_output=True,
            check=True,
        ).stdout
        (values,) = json.loads(told)
        assert WHO not in told.decode()
        assert not {"Artist", "Comment", "ImageDescription", "ThumbnailImage"} & values.keys()


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"nothing", b"\xff\xd8\xff\xe1\xff\xff--"])
def test_what_is_no_whole_jpeg_stays(data: bytes) -> None:
    assert bare_jpeg(data) == data


def test_boxes_of_jpeg_2000_that_draw_nothing_go() -> None:
    stream = io.BytesIO()
    picture().save(stream, "JPEG2000")
    plain = stream.getvalue()
    words = b"<x>" + WHO.encode() + b"</x>"
    head = plain.index(b"jp2c") - 4
    boxed = plain[:head] + (len(words) + 8).to_bytes(4, "big") + b"xml " + words + plain[head:]
    assert bare_jpeg_2000(boxed) == plain
    assert pixels(boxed) == pixels(plain)


def test_a_profile_loses_its_texts_and_keeps_its_colours() -> None:
    named = profile(WHO)
    silent = silent_profile(named)
    assert len(silent) == len(named)
    assert WHO.encode("utf-16-be") not in silent
    shown = [in_lab(each) for each in (named, silent)]
    assert shown[0] == shown[1]


def in_lab(given: bytes) -> bytes:
    """Return the picture's colours as a profile tells them."""
    own = ImageCms.ImageCmsProfile(io.BytesIO(given))
    change = ImageCms.buildTransform(own, ImageCms.createProfile("LAB"), "RGB", "LAB")
    made = ImageCms.applyTransform(picture(), change)
    assert made is not None
    return made.tobytes()


def named_font() -> bytes:
    with TTFont(FONT) as font:
        for number in (0, 1, 4):
            font["name"].setName(WHO, number, 3, 1, 0x409)
        stream = io.BytesIO()
        font.save(stream)
    return stream.getvalue()


def test_a_font_loses_its_name_table_and_keeps_its_shapes(tmp_path: Path) -> None:
    source = page_with(tmp_path / "source.pdf", jpeg())
    with Pdf.open(source, allow_overwriting_input=True) as pdf:
        program = pdf.make_stream(named_font())
        program.Length1 = len(named_font())
        pdf.Root.Held = pdf.make_indirect(Dictionary(Type=Name.FontDescriptor, FontFile2=program))
        pdf.save(source)
    assert "the data of a font" in {leak.place for leak in leaks(source, [SECRET])}
    assert take_out_metadata(source, tmp_path / "target.pdf")
    assert leaks(tmp_path / "target.pdf", [SECRET]) == []
    with Pdf.open(tmp_path / "target.pdf") as pdf:
        bare = TTFont(io.BytesIO(pdf.Root.Held.FontFile2.read_bytes()))
    before = TTFont(io.BytesIO(named_font()))
    assert bare["name"].names == []
    for table in ("glyf", "cmap", "hmtx"):
        assert bare.reader[table] == before.reader[table]


@pytest.mark.parametrize("key", ["Metadata", "PieceInfo", "Thumb"])
def test_what_any_object_says_besides_itself_goes(tmp_path: Path, key: str) -> None:
    source = page_with(tmp_path / "source.pdf", jpeg())
    with Pdf.open(source, allow_overwriting_input=True) as pdf:
        held = pdf.make_stream(f"<x>{WHO}</x>".encode(), Type=Name.Metadata)
        pdf.pages[0].obj.Resources.XObject.Im[f"/{key}"] = held
        pdf.save(source)
    assert leaks(source, [SECRET])
    assert take_out_metadata(source, tmp_path / "target.pdf")
    assert leaks(tmp_path / "target.pdf", [SECRET]) == []


def test_a_profile_of_a_picture_is_found_in_its_colour_space(tmp_path: Path) -> None:
    source = page_with(tmp_path / "source.pdf", jpeg())
    with Pdf.open(source, allow_overwriting_input=True) as pdf:
        space = Array([Name.ICCBased, pdf.make_stream(profile(WHO), N=3)])
        pdf.pages[0].obj.Resources.XObject.Im.ColorSpace = space
        pdf.save(source)
    assert [leak.place for leak in leaks(source, [SECRET])] == ["the data of a colour profile"]
    assert take_out_metadata(source, tmp_path / "target.pdf")
    assert leaks(tmp_path / "target.pdf", [SECRET]) == []


def test_a_file_that_carries_nothing_is_not_written(tmp_path: Path) -> None:
    source = page_with(tmp_path / "source.pdf", bare_jpeg(jpeg()))
    assert not take_out_metadata(source, tmp_path / "target.pdf")
    assert not (tmp_path / "target.pdf").exists()
