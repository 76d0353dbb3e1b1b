"""Small sets as an office files them, made by code: stamped, labelled, linked, with bookmarks.

Every set is clean for `STRICT`, rules that list every ground; a test spoils one thing.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageChops, ImageDraw

import stamping
import templates
from referrals.identifiers.candidates import Search
from referrals.preflight.preflight import Objection, Submission, look
from referrals.profiles.filing_rules import FilingRules, Ground
from referrals.profiles.redaction_list import redaction_list
from stamping.values import OutlineEntry

CASE = "JX-400112"
NAME = "1_Exhibits.pdf"
LIMIT = 1_000_000
SERIES = stamping.BatesSeries("LPD")

AddPage = Callable[[Pdf], None]
"""Adds one page to a document."""


def rules(**changed: object) -> FilingRules:
    """Return rules that list every ground, as strict as a court's can be."""
    values = {
        "redaction_list": "rule-138",
        "sizes": {"document_bytes": LIMIT, "envelope_bytes": 2 * LIMIT, "source": "s"},
        "dividing": {"by": "size", "source": "s"},
        "pages": {
            "letter": True,
            "clear_top": 2.0,
            "lowest_resolution": 300,
            "highest_resolution": 600,
            "source": "s",
        },
        "links": {"source": "s"},
        "names": {"pattern": "{number}_{description}", "longest": 30, "source": "s"},
        "rejections": [
            {"ground": each.value, "words": f"Words for {each.value}.", "source": "s"}
            for each in Ground
        ],
    }
    return FilingRules.model_validate(values | changed)


STRICT = rules()
SEARCH = Search(redaction_list("rule-138"))


def objections(
    *paths: Path, strict: FilingRules = STRICT, **given: object
) -> dict[Ground, list[Objection]]:
    """Return what stands against the files, by ground."""
    known = {"case_number": CASE, "search": SEARCH, **given}
    found: dict[Ground, list[Objection]] = {}
    for each in look(Submission(paths, **known), strict).objections:
        found.setdefault(each.ground, []).append(each)
    return found


def text_page(*lines: str, top: float = 600, size: int = 12) -> AddPage:
    """Return what adds a Letter page with lines of text in an embedded font."""

    def add(pdf: Pdf) -> None:
        shown = "".join(f"({line}) Tj 0 -16 Td " for line in lines)
        content = f"BT /F1 {size} Tf 100 {top} Td {shown} ET".encode("ascii")
        add_page(pdf, content, Font=Dictionary(F1=embedded_font(pdf)))

    return add


def scan_page(
    image: Image.Image,
    words: str = "",
    size: tuple[float, float] = (612, 792),
    encode: Callable[[Pdf, Image.Image], pikepdf.Object] | None = None,
) -> AddPage:
    """Return what adds a page covered by a picture, with an unseen layer of text."""

    def add(pdf: Pdf) -> None:
        width, height = size
        content = f"q {width} 0 0 {height} 0 0 cm /Scan Do Q ".encode("ascii")
        content += f"BT 3 Tr /F1 12 Tf 100 400 Td ({words}) Tj ET".encode("ascii") if words else b""
        picture = (encode or flate)(pdf, image)
        fonts = Dictionary(F1=embedded_font(pdf))
        add_page(pdf, content, size=size, XObject=Dictionary(Scan=picture), Font=fonts)

    return add


def paper(dpi: int = 300, *, marks: bool = True, mode: str = "1") -> Image.Image:
    """Return a scanned Letter sheet at a resolution, with lines on it or blank."""
    image = Image.new(mode, (round(8.5 * dpi), 11 * dpi), "white")
    if marks:
        brush = ImageDraw.Draw(image)
        for line in range(10):
            brush.line(
                (dpi, (2 + line / 2) * dpi, 6 * dpi, (2 + line / 2) * dpi), "black", dpi // 20
            )
    return image


def photograph(dpi: int = 300) -> Image.Image:
    """Return a dark picture of many tones, of a sheet's size."""
    small = Image.linear_gradient("L").resize((85, 110)).point(lambda tone: tone // 2)
    return small.resize((round(8.5 * dpi), 11 * dpi)).convert("RGB")


def flate(pdf: Pdf, image: Image.Image) -> pikepdf.Object:
    """Return a picture without loss."""
    bits = 1 if image.mode == "1" else 8
    space = Name.DeviceRGB if image.mode == "RGB" else Name.DeviceGray
    return pdf.make_stream(image.tobytes(), **_picture(image, space, bits))


def jpeg_2000(pdf: Pdf, image: Image.Image) -> pikepdf.Object:
    """Return a picture coded as JPEG 2000, without loss."""
    stream = io.BytesIO()
    image.save(stream, "JPEG2000", irreversible=False)
    space = Name.DeviceRGB if image.mode == "RGB" else Name.DeviceGray
    entries = _picture(image, space, 8)
    return pdf.make_stream(stream.getvalue(), Filter=Name.JPXDecode, **entries)


def jbig2(pdf: Pdf, image: Image.Image) -> pikepdf.Object:
    """Return a picture coded as JBIG2: a generic region that holds Group 4 (T.88 § 7.4.6)."""
    stream = io.BytesIO()
    # Its set bits are black.
    inverse = ImageChops.invert(image.convert("L")).convert("1")
    inverse.save(stream, "TIFF", compression="group4", tiffinfo={278: image.height})
    with Image.open(io.BytesIO(stream.getvalue())) as tiff:
        places, lengths = tiff.tag_v2[273], tiff.tag_v2[279]  # type: ignore[attr-defined]
    assert len(places) == 1
    coded = stream.getvalue()[places[0] : places[0] + lengths[0]]
    width, height = image.size
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", width, height, 0, 0, 0, 1) + coded
    segments = struct.pack(">IBBBI", 0, 48, 0, 1, len(page)) + page
    segments += struct.pack(">IBBBI", 1, 38, 0, 1, len(region)) + region
    entries = _picture(image, Name.DeviceGray, 1)
    return pdf.make_stream(segments, Filter=Name.JBIG2Decode, **entries)


def _picture(image: Image.Image, space: Name, bits: int) -> dict[str, object]:
    return {
        "Type": Name.XObject,
        "Subtype": Name.Image,
        "Width": image.width,
        "Height": image.height,
        "ColorSpace": space,
        "BitsPerComponent": bits,
    }


def add_page(
    pdf: Pdf, content: bytes, size: tuple[float, float] = (612, 792), **resources: pikepdf.Object
) -> None:
    """Append a page."""
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, *size]),
        Resources=Dictionary(**resources),
        Contents=pdf.make_stream(content),
    )
    pdf.pages.append(pikepdf.Page(page))


def embedded_font(pdf: Pdf) -> pikepdf.Object:
    """Return a font whose program is in the document."""
    path = templates.fonts() / "PublicSans-Regular.ttf"
    face = TTFont(path)
    scale, cmap = 1000 / face["head"].unitsPerEm, face.getBestCmap()
    widths = [face["hmtx"][cmap.get(code, ".notdef")][0] * scale for code in range(32, 127)]
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/PublicSans-Regular"),
        Flags=32,
        FontBBox=Array([-200, -250, 1200, 950]),
        ItalicAngle=0,
        Ascent=950,
        Descent=-250,
        CapHeight=700,
        StemV=80,
        FontFile2=pdf.make_stream(path.read_bytes()),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name("/PublicSans-Regular"),
            FirstChar=32,
            LastChar=126,
            Widths=Array([round(width) for width in widths]),
            Encoding=Name.WinAnsiEncoding,
            FontDescriptor=pdf.make_indirect(descriptor),
        )
    )


def filed(
    folder: Path,
    exhibits: Sequence[AddPage] = (text_page("An exhibit of the set."),),
    *,
    name: str = NAME,
    cover: AddPage | None = None,
    linked: bool = True,
    scale: bool = False,
    letter: bool = False,
) -> Path:
    """Write a set: a cover, an index of one exhibit, and the exhibit's pages; return its file."""
    source = Pdf.new()
    (cover or text_page(f"Case No. {CASE}", "Exhibits", top=500))(source)
    last = SERIES.label(2 + len(exhibits))
    text_page("Index of exhibits", f"A  An exhibit  {SERIES.label(3)}", last)(source)
    if linked:
        link = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=Array([100, 560, 300, 600]),
            Border=Array([0, 0, 0]),
            A=Dictionary(S=Name.URI, URI=String("packet:exhibit-A")),
        )
        source.pages[1].obj.Annots = Array([source.make_indirect(link)])
    for add in exhibits:
        add(source)
    path = folder / "source.pdf"
    source.save(path)
    outline = (OutlineEntry("Index", 2), OutlineEntry("Exhibit A", 3))
    part = stamping.Part(
        path,
        title="Cover",
        outline=outline,
        pages_to_scale=tuple(range(1, 3 + len(exhibits))) if scale else (),
    )
    order = stamping.Order(
        SERIES,
        1,
        stamping.Document("Exhibits"),
        targets={"packet:exhibit-A": 3},
        letter=letter,
    )
    made = folder / name
    stamping.assemble([part], order, made)
    path.unlink()
    return made


def spoilt(path: Path, change: Callable[[Pdf], None], **options: object) -> Path:
    """Return the file after a change to its open document."""
    with Pdf.open(path, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save(path, **options)
    return path


def of_size(path: Path, size: int) -> Path:
    """Return the file, filled up to exactly `size` bytes with a stream nobody reads."""
    filling = size - path.stat().st_size
    for _ in range(8):
        with Pdf.open(path) as pdf:
            pdf.Root.Filling = pdf.make_stream(b"%" * filling)
            made = io.BytesIO()
            pdf.save(made, compress_streams=False, static_id=True)
        if len(made.getvalue()) == size:
            path.write_bytes(made.getvalue())
            return path
        filling += size - len(made.getvalue())
    raise AssertionError(f"{size} bytes were not met")
