"""However a file is written down, the same pages come of it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Dictionary, Encryption, Name, ObjectStreamMode, Pdf, Permissions

from stamping.assembly.engine import assemble
from stamping.assembly.stamp import SMALLEST_SIZE
from stamping.errors import UnreadableInputError
from stamping.objects import file_reader, source_objects
from stamping.objects import strict_file as plain_file
from stamping.values import Assembly, Part, StampStyle
from tests.stamping.page_variants import write_variant
from tests.stamping.test_assemble import aimed_at, elements, plain, structure, tagged
from tests.stamping.test_assemble import order as order_of
from tests.stamping.test_stamp import order, pictures


def reader_of(path: Path) -> str:
    with source_objects.SourceObjects(path) as objects:
        objects.leaves()
        return type(objects._reader).__name__


def _saved(**options: Any) -> Callable[[Path, Path], None]:
    def save(source: Path, to: Path) -> None:
        with Pdf.open(source) as pdf:
            pdf.save(to, **options)

    return save


def _damaged(source: Path, to: Path) -> None:
    """Move the cross-reference table away from where the file says it is."""
    to.write_bytes(source.read_bytes().replace(b"startxref\n", b"startxref\n9"))


def _appended(source: Path, to: Path) -> None:
    """Add a revision that changes nothing."""
    writer = pypdf.PdfWriter(source, incremental=True)
    writer.pages[0][pypdf.generic.NameObject("/Note")] = pypdf.generic.NumberObject(1)
    writer.write(to)


FORMS: dict[str, Callable[[Path, Path], None]] = {
    "object streams": _saved(object_stream_mode=ObjectStreamMode.generate),
    "linearized": _saved(linearize=True, object_stream_mode=ObjectStreamMode.disable),
    "commented": _saved(qdf=True),
    "owner password": _saved(encryption=Encryption(owner="o", allow=Permissions(extract=False))),
    "damaged table": _damaged,
    "revision added": _appended,
}


def classic(source: Path, to: Path) -> Path:
    _saved(object_stream_mode=ObjectStreamMode.disable)(source, to)
    assert reader_of(to) == "StrictFile"
    return to


def facts(path: Path, assembly: Assembly) -> dict[str, Any]:
    """Return all that a reader sees of an output, by pypdf."""
    reader = pypdf.PdfReader(path)
    outline = [
        (each.title, reader.get_destination_page_number(each))
        for each in reader.outline
        if not isinstance(each, list)
    ]
    tags = [
        (each["/S"], str(each.get("/ID")), str(each.get("/Alt")))
        for each in elements(structure(path))
    ]
    return {
        "pages": assembly.pages,
        "labels": reader.page_labels,
        "text": [page.extract_text() for page in reader.pages],
        "outline": outline,
        "tags": tags,
        "links": [aimed_at(path, place) for place in range(assembly.pages)],
        "pixels": [picture.tobytes() for picture in pictures(path)],
    }


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["tagged", "linked", "rotate 90", "inherited", "split tokens"])
def test_every_form_gives_what_the_classic_form_gives(kind: str, form: str, tmp_path: Path) -> None:
    written = tmp_path / "written.pdf"
    if kind == "tagged":
        tagged(written, "Memo", "Slip")
    elif kind == "linked":
        plain(written, 3, named=2)
    else:
        write_variant(kind, written)
    one, other = classic(written, tmp_path / "one.pdf"), tmp_path / "other.pdf"
    FORMS[form](one, other)
    assert reader_of(other) == ("StrictFile" if form == "object streams" else "RepairedFile")
    made = [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    assemblies = [
        assemble([Part(source, title="Part")], order(), output)
        for source, output in zip((one, other), made, strict=True)
    ]
    assert facts(made[0], assemblies[0]) == facts(made[1], assemblies[1])


def test_a_file_that_turns_out_damaged_halfway_is_read_by_the_other_reader(tmp_path: Path) -> None:
    source = classic(plain(tmp_path / "p.pdf", 40), tmp_path / "c.pdf")
    data = source.read_bytes()
    place = data.rindex(b"/MediaBox")
    source.write_bytes(data[:place] + b"%ediaBox" + data[place + 8 :])
    output = tmp_path / "out.pdf"
    assert assemble([Part(source)], order(), output).pages == 40
    checked = subprocess.run(["qpdf", "--check", output], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    with pytest.raises(UnreadableInputError):
        assemble([Part(source, (1, 99))], order(), output)


def test_a_stream_larger_than_a_block_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_file, "_HELD_BYTES", 1000)
    monkeypatch.setattr(plain_file, "_LARGE_BYTES", 5000)
    monkeypatch.setattr(file_reader, "_BLOCK_BYTES", 5000)
    source = tmp_path / "p.pdf"
    data = bytes(range(256)) * 100
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(300, 400))
        image = pdf.make_stream(data, Type=Name.XObject, Subtype=Name.Image)
        image.Width, image.Height, image.BitsPerComponent = 256, 100, 8
        image.ColorSpace = Name.DeviceGray
        page.obj.Resources = Dictionary(XObject=Dictionary(Im=image))
        page.obj.Contents = pdf.make_stream(b"q 200 0 0 200 50 100 cm /Im Do Q")
        pdf.save(source, compress_streams=False)
    output = tmp_path / "out.pdf"
    assemble([Part(classic(source, tmp_path / "c.pdf"))], order(), output)
    resources: Any = pypdf.PdfReader(output).pages[0]["/Resources"]
    assert resources["/XObject"]["/Im"].get_data() == data


def test_content_that_cannot_be_decoded_leaves_the_number_in_its_place(tmp_path: Path) -> None:
    source = tmp_path / "p.pdf"
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(300, 400))
        page.obj.Contents = pdf.make_stream(b"q 9 0 0 9 0 0 cm q q" * 200)
        pdf.save(source)
    data = source.read_bytes()
    begin = data.index(b"stream\n", data.index(b"/FlateDecode")) + 7
    source.write_bytes(data[: begin + 12] + b"\xff" * 4 + data[begin + 16 :])
    output = tmp_path / "out.pdf"
    assemble([Part(source)], order(), output)
    with pdfium.PdfDocument(output) as pdf_out:
        text = pdf_out[0].get_textpage()
        place = text.get_text_bounded().index("VAR")
        left, bottom, right, _ = text.get_charbox(place)
    assert 200 < left < right < 300
    assert bottom < 40


def widths(path: Path) -> tuple[float, float, float]:
    """Return the sheet's width and the left and right edge of what pdfium reads."""
    with pdfium.PdfDocument(path) as pdf:
        text = pdf[0].get_textpage()
        boxes = [text.get_charbox(index) for index in range(text.count_chars())]
        return pdf[0].get_width(), min(box[0] for box in boxes), max(box[2] for box in boxes)


@pytest.mark.parametrize(
    ("size", "enlarged"),
    [((72, 300), False), ((40, 300), True), ((20, 8), True), ((300, 400), False)],
)
def test_a_narrow_page_bears_a_number_that_can_be_read(
    size: tuple[float, float], enlarged: bool, tmp_path: Path
) -> None:
    source, output = tmp_path / "p.pdf", tmp_path / "out.pdf"
    with Pdf.new() as pdf:
        pdf.add_blank_page(page_size=size)
        pdf.save(source)
    style = StampStyle(legend="DRAFT")
    assembly = assemble([Part(source)], order(style), output)
    width, left, right = widths(output)
    assert 0 <= left < right <= width
    assert right - left > 10 * SMALLEST_SIZE * 0.5
    codes = [notice.code for notice in assembly.placed[0].notices]
    assert codes == ["sheet-enlarged-for-stamp"] * enlarged
    assert (width > size[0]) is enlarged


@pytest.mark.parametrize("letter", [False, True])
def test_pages_to_scale_have_a_clear_band_and_their_links_move_along(
    letter: bool, tmp_path: Path
) -> None:
    source, output = tmp_path / "p.pdf", tmp_path / "out.pdf"
    with Pdf.open(plain(tmp_path / "w.pdf", 3, named=3)) as pdf:
        for page in pdf.pages:
            page.obj.Contents = pdf.make_stream(b"0.5 g 0 0 400 500 re f")
        pdf.save(source)
    part = Part(source, (1, 2), pages_to_scale=(1,))
    assembly = assemble([part], order_of(letter=letter), output)
    assert [notice.page for notice in assembly.placed[0].notices] == [1]
    first, second = pictures(output)
    assert first.size == second.size == ((612, 792) if letter else (400, 500))
    row = [first.getpixel((x, first.height - 4)) for x in range(0, first.width, 3)]
    assert set(row) == {(255, 255, 255)}
    assert second.getpixel((second.width // 2, second.height // 2)) == (128, 128, 128)
    rect: Any = pypdf.PdfReader(output).pages[0]["/Annots"][0]["/Rect"]
    assert float(rect[1]) > 9


@pytest.mark.parametrize("letter", [False, True])
def test_patterns_are_made_smaller_with_their_page(letter: bool, tmp_path: Path) -> None:
    """A pattern is anchored to the sheet: left alone, it would slide beneath what it fills."""
    source, output = tmp_path / "p.pdf", tmp_path / "out.pdf"
    with Pdf.new() as pdf:
        stripes = pdf.make_stream(
            b"1 0 0 rg 0 0 200 100 re f 0 0 1 rg 0 100 200 100 re f",
            Type=Name.Pattern,
            PatternType=1,
            PaintType=1,
            TilingType=1,
            BBox=[0, 0, 200, 200],
            XStep=200,
            YStep=200,
            Resources=Dictionary(),
        )
        rule = Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=[0, 1, 0], C1=[0, 0, 0])
        fading = Dictionary(
            Type=Name.Pattern,
            PatternType=2,
            Matrix=[1, 0, 0, 1, 0, 10],
            Shading=Dictionary(
                ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=[0, 190, 0, 790], Function=rule
            ),
        )
        shared = pdf.make_indirect(
            Dictionary(Pattern=Dictionary(P1=pdf.make_indirect(stripes), P2=fading))
        )
        content = b"/Pattern cs /P1 scn 0 0 600 200 re f /P2 scn 0 200 600 600 re f"
        for _ in range(3):
            page = pdf.add_blank_page(page_size=(600, 800))
            page.obj.Resources, page.obj.Contents = shared, pdf.make_stream(content)
        pdf.save(source)
    assemble([Part(source, pages_to_scale=(2,))], order(letter=letter), output)
    whole, smaller, last = pictures(output)
    assert whole.tobytes()[:9000] == last.tobytes()[:9000]

    def at(share: float) -> Any:
        """Return the colour at a share of the page's height from its top."""
        top = next(y for y in range(800) if smaller.getpixel((300, y)) != (255, 255, 255))
        below = range(top, smaller.height - 25)
        end = max(y for y in below if smaller.getpixel((300, y)) != (255, 255, 255))
        return smaller.getpixel((300, top + int(share * (end - top))))

    reader: Any = pypdf.PdfReader(output)
    assert at(0.03)[1] < 30, "the fading ends in black at the top"
    assert at(0.70)[1] > 210, "and begins green"
    assert at(0.80) == (0, 0, 255)
    assert at(0.95) == (255, 0, 0)
    matrix = reader.pages[1]["/Resources"]["/Pattern"]["/P1"]["/Matrix"]
    assert float(matrix[0]) < 1


def test_very_many_bookmarks_keep_their_order_and_places(tmp_path: Path) -> None:
    source, output = tmp_path / "p.pdf", tmp_path / "out.pdf"
    count = 20_000
    plain(tmp_path / "w.pdf", 2)
    with Pdf.open(tmp_path / "w.pdf") as pdf:
        items = [pdf.make_indirect(Dictionary(Title=f"Entry {n}")) for n in range(count)]
        for place, item in enumerate(items):
            item.Dest = [pdf.pages[place % 2].obj, Name.Fit]
            if place + 1 < count:
                item.Next = items[place + 1]
        pdf.Root.Outlines = pdf.make_indirect(
            Dictionary(Type=Name.Outlines, First=items[0], Last=items[-1], Count=count)
        )
        pdf.save(source)
    assemble([Part(source)], order(), output)
    root: Any = pypdf.PdfReader(output).trailer["/Root"]
    item, seen = root["/Outlines"]["/First"], []
    while True:
        seen.append(str(item["/Title"]))
        if "/Next" not in item:
            break
        item = item["/Next"]
    assert seen == [f"Entry {n}" for n in range(count)]
    assert root["/Outlines"]["/Count"] == count


def test_form_fields_that_were_not_flattened_are_reported(tmp_path: Path) -> None:
    source = tmp_path / "p.pdf"
    with Pdf.open(plain(tmp_path / "w.pdf")) as pdf:
        field = pdf.make_indirect(Dictionary(FT=Name.Tx, T="Name"))
        pdf.Root.AcroForm = Dictionary(Fields=[field])
        pdf.save(source)
    assembly = assemble([Part(source)], order(), tmp_path / "out.pdf")
    assert [notice.code for notice in assembly.notices] == ["fields-inert"]


def test_content_whose_damage_no_message_can_name_is_kept_in_a_form(tmp_path: Path) -> None:
    source = tmp_path / "p.pdf"
    with Pdf.open(plain(tmp_path / "w.pdf")) as pdf:
        content = pdf.make_stream(b"")
        content.write(b"7120\xa951>", filter=Name.ASCIIHexDecode)
        pdf.pages[0].Contents = content
        pdf.save(source)
    assembly = assemble([Part(source)], order(), tmp_path / "out.pdf")
    assert assembly.pages == 1
    page = pypdf.PdfReader(assembly.path).pages[0]
    assert assembly.range.labels[0] in page.extract_text()
