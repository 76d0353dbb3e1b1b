"""Pictures in codings that portals refuse, coded again without losing a sample.

    JPEG 2000 ──Pillow──► samples ──Flate──┐
    JBIG2 ─────pdfium───► samples ──G4─────┴─► the same picture, another coding

In: an open document. Out: the document changed in place, and what was done to each
picture. A picture whose samples cannot be had exactly is left as it is.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, UnidentifiedImageError

_SPACES = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}
_LONG_FORM, _LONG_PAGE = 7, 0x40
_ROWS_PER_STRIP = 278
_STRIP_PLACES, _STRIP_LENGTHS = 273, 279


@dataclass(frozen=True, slots=True)
class Recoded:
    """A picture that is coded anew: its object's number, old and new coding, its pixels."""

    number: int
    before: str
    after: str
    pixels: tuple[int, int]


def recode(pdf: Pdf) -> list[Recoded]:
    """Code every JPEG 2000 and JBIG2 picture of `pdf` without loss."""
    return [made for item in pdf.objects if (made := _recoded(pdf, item)) is not None]


def group_4(image: Image.Image) -> bytes:
    """Return a picture of two tones as Group 4; its set bits are the coding's black."""
    stream = io.BytesIO()
    image.save(stream, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: image.height})
    coded = stream.getvalue()
    with Image.open(io.BytesIO(coded)) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]  # of TIFF files only
        places, lengths = tags[_STRIP_PLACES], tags[_STRIP_LENGTHS]
    if len(places) != 1:
        raise ValueError("the picture was not coded in one strip")
    return coded[places[0] : places[0] + lengths[0]]


def write_group_4(picture: Stream, image: Image.Image) -> None:
    """Make the samples of `image`, of mode 1, those of `picture`."""
    parameters = Dictionary(K=-1, Columns=image.width, Rows=image.height, BlackIs1=True)
    picture.write(group_4(image), filter=Name.CCITTFaxDecode, decode_parms=parameters)
    picture.BitsPerComponent = 1


def _recoded(pdf: Pdf, item: object) -> Recoded | None:
    if not isinstance(item, Stream) or item.get(Name.Subtype) != Name.Image:
        return None
    coding = item.get(Name.Filter)
    names = [str(each) for each in coding] if isinstance(coding, Array) else [str(coding)]
    if names == ["/JPXDecode"]:
        after = _from_jpeg_2000(pdf, item)
    elif names == ["/JBIG2Decode"]:
        after = _from_jbig2(item)
    else:
        return None
    pixels = (int(item.get(Name.Width, 0)), int(item.get(Name.Height, 0)))
    before = {"/JPXDecode": "JPEG 2000", "/JBIG2Decode": "JBIG2"}[names[0]]
    return Recoded(item.objgen[0], before, after, pixels) if after else None


def _from_jpeg_2000(pdf: Pdf, picture: Stream) -> str:
    """Recode in place (ISO 32000-2 § 7.4.9); return the new coding's name, or nothing."""
    if picture.get(Name.SMaskInData, 0) != 0:
        return ""
    try:
        with Image.open(io.BytesIO(picture.read_raw_bytes())) as image:
            if image.mode not in _SPACES:
                return ""
            samples, mode, size = image.tobytes(), image.mode, image.size
            profile = image.info.get("icc_profile")
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError):
        return ""
    if Name.ColorSpace not in picture and not picture.get(Name.ImageMask, False):
        picture.ColorSpace = _SPACES[mode]
        if profile:
            held = pdf.make_stream(profile, N=len(mode))
            picture.ColorSpace = Array([Name.ICCBased, held])
    picture.write(zlib.compress(samples, 9), filter=Name.FlateDecode)
    picture.BitsPerComponent = 8
    picture.Width, picture.Height = size
    return "Flate"


def _from_jbig2(picture: Stream) -> str:
    image = decoded_bits(picture)
    if image is None:
        return ""
    try:
        write_group_4(picture, image)
    except ValueError:
        return ""
    return "Group 4"


def decoded_bits(picture: Stream) -> Image.Image | None:
    """Return the samples of a JBIG2 picture, by a page that shows nothing else.

    None where its segments do not add up: the reader would show what it has of them.
    """
    if not _is_whole(picture.read_raw_bytes()):
        return None
    made = io.BytesIO()
    with Pdf.new() as single:
        held = single.copy_foreign(picture)
        for key in list(held.keys()):
            if key not in _OWN_KEYS:
                del held[key]
        held.ColorSpace, held.BitsPerComponent = Name.DeviceGray, 1
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, 100, 100]),
            Resources=Dictionary(XObject=Dictionary(Picture=held)),
            Contents=single.make_stream(b"100 0 0 100 0 0 cm /Picture Do"),
        )
        single.pages.append(pikepdf.Page(page))
        single.save(made)
    try:
        with pdfium.PdfDocument(made.getvalue()) as document:
            for found in _images(document[0]):
                image: Image.Image = found.get_bitmap().to_pil().convert("L")
                width, height = int(picture.Width), int(picture.Height)
                if image.size == (width, height):
                    return image.point(lambda tone: 255 if tone >= 128 else 0, "1")
    except pdfium.PdfiumError:
        return None
    return None


_OWN_KEYS = frozenset(
    {"/Type", "/Subtype", "/Width", "/Height", "/Filter", "/DecodeParms", "/Length"}
)


def _is_whole(coded: bytes) -> bool:
    """Whether JBIG2 segments follow one another up to the last byte (T.88 § 7.2)."""
    at = 0
    try:
        while at < len(coded):
            flags, referred = coded[at + 4], coded[at + 5] >> 5
            number = int.from_bytes(coded[at : at + 4], "big")
            at += 5
            if referred == _LONG_FORM:
                referred = int.from_bytes(coded[at : at + 4], "big") & 0x1FFFFFFF
                at += 4 + (referred + 8) // 8
            else:
                at += 1
            at += referred * (1 if number <= 256 else 2 if number <= 65536 else 4)
            at += 4 if flags & _LONG_PAGE else 1
            at += 4 + int.from_bytes(coded[at : at + 4], "big")
    except IndexError:
        return False
    return at == len(coded) > 0


def _images(page: pdfium.PdfPage) -> Iterator[pdfium.PdfImage]:
    yield from page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=1)
