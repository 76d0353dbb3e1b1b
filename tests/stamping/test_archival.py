"""What stands in the way of PDF/A-2a and PDF/UA-1 is seen; what does not is let through."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from referrals.typesetting.rendering import draw, lay_out
from stamping.assembly.archive import AssociatedFile, Relationship, archive
from stamping.assembly.engine import assemble
from stamping.bates import BatesSeries
from stamping.errors import StampingError
from stamping.pages.value_font import ValueFont
from stamping.preparation.archival import archival_faults
from stamping.values import Conformance, Document, Order, Part

MADE = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
Change = Callable[[Pdf, Any], None]


def _page(content: bytes = b"BT /F1 12 Tf 72 700 Td (Reported) Tj ET") -> Pdf:
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(612, 792))
    page.obj.Resources = Dictionary(Font=Dictionary(F1=ValueFont(pdf).object))
    page.obj.Contents = pdf.make_stream(content)
    return pdf


def test_a_page_with_an_embedded_font_is_let_through() -> None:
    assert archival_faults(_page()) == ()


def _picture(pdf: Pdf, page: Any, content: bytes = bytes(3), **entries: Any) -> None:
    values = {"ColorSpace": Name.DeviceRGB, **entries}
    picture = Stream(pdf, content, Width=1, Height=1, BitsPerComponent=8, **values)
    picture.Type, picture.Subtype = Name.XObject, Name.Image
    page.Resources.XObject = Dictionary(X=pdf.make_indirect(picture))
    page.Contents = pdf.make_stream(b"/X Do")


def _state(pdf: Pdf, page: Any, **entries: Any) -> None:
    page.Resources.ExtGState = Dictionary(G=Dictionary(**entries))
    page.Contents = pdf.make_stream(b"/G gs 0 0 9 9 re f")


def _font(pdf: Pdf, page: Any, **entries: Any) -> None:
    for key, value in entries.items():
        page.Resources.Font.F1[f"/{key}"] = value


OBSTACLES: dict[str, tuple[Change, str]] = {
    "font of the reader's choice": (
        lambda pdf, page: page.Resources.Font.__setitem__(
            "/F1", pdf.make_indirect(Dictionary(Subtype=Name.Type1, BaseFont=Name.Helvetica))
        ),
        "not embedded",
    ),
    "wrong widths": (
        lambda pdf, page: _font(pdf, page, Widths=Array([500] * 224)),
        "widths",
    ),
    "unknown encoding": (
        lambda pdf, page: _font(pdf, page, Encoding=Dictionary(Differences=Array([65, Name.B]))),
        "encoding",
    ),
    "missing glyph": (
        lambda pdf, page: page.__setitem__(
            "/Contents", pdf.make_stream(b"BT /F1 12 Tf (\x81) Tj ET")
        ),
        "lacks a glyph",
    ),
    "glyph list": (
        lambda pdf, page: page.Resources.Font.F1.FontDescriptor.__setitem__(
            "/CIDSet", pdf.make_stream(b"\xff")
        ),
        "lists its glyphs",
    ),
    "no font": (
        lambda pdf, page: page.__setitem__("/Contents", pdf.make_stream(b"BT (x) Tj ET")),
        "without a font",
    ),
    "CMYK": (
        lambda pdf, page: page.__setitem__("/Contents", pdf.make_stream(b"0 0 0 1 k 0 0 9 9 re f")),
        "DeviceCMYK",
    ),
    "CMYK picture": (
        lambda pdf, page: _picture(pdf, page, bytes(4), ColorSpace=Name.DeviceCMYK),
        "DeviceCMYK",
    ),
    "JPEG 2000": (
        lambda pdf, page: _picture(pdf, page, Filter=Name.JPXDecode),
        "JPXDecode",
    ),
    "no JPEG": (
        lambda pdf, page: _picture(pdf, page, b"no picture", Filter=Name.DCTDecode),
        "cannot be read",
    ),
    "smoothed picture": (
        lambda pdf, page: _picture(pdf, page, Interpolate=True),
        "may not hold",
    ),
    "transfer function": (lambda pdf, page: _state(pdf, page, TR=Name.Identity), "transfer"),
    "blend mode": (lambda pdf, page: _state(pdf, page, BM=Name.Odd), "blend mode"),
    "missing resource": (
        lambda pdf, page: page.__setitem__("/Contents", pdf.make_stream(b"/Nowhere Do")),
        "resources lack",
    ),
    "operator": (
        lambda pdf, page: page.__setitem__("/Contents", pdf.make_stream(b"1 toString")),
        "operator",
    ),
    "nesting": (
        lambda pdf, page: page.__setitem__(
            "/Contents", pdf.make_stream(b"q " * 27 + b"0 0 1 1 re f " + b"Q " * 27)
        ),
        "nested too deeply",
    ),
    "page metadata": (
        lambda pdf, page: page.__setitem__("/PieceInfo", Dictionary()),
        "PieceInfo",
    ),
    "layers": (
        lambda pdf, page: pdf.Root.__setitem__("/OCProperties", Dictionary()),
        "layers",
    ),
    "stream outside": (
        lambda pdf, page: page.Contents.__setitem__("/F", String("elsewhere")),
        "outside the file",
    ),
}


@pytest.mark.parametrize("name", OBSTACLES)
def test_each_obstacle_is_seen(name: str) -> None:
    change, words = OBSTACLES[name]
    with _page() as pdf:
        change(pdf, pdf.pages[0].obj)
        assert any(words in fault for fault in archival_faults(pdf)), archival_faults(pdf)


HTML = '<html lang="en-US"><title>T</title><body>{}</body></html>'
TAGS = {
    "plain": ("<h1>A</h1><p>text</p><ul><li>one</ul>", ""),
    "table": ("<h1>A</h1><table><tr><th scope=col>H</th></tr><tr><td>v</td></tr></table>", ""),
    "skipped heading": ("<h1>A</h1><h3>B</h3>", "leave out a level"),
    "no first heading": ("<h2>A</h2>", "leave out a level"),
}


@pytest.mark.parametrize("name", TAGS)
def test_the_tags_that_a_file_brings_are_looked_into(name: str) -> None:
    body, words = TAGS[name]
    with Pdf.open(io.BytesIO(draw(lay_out(HTML.format(body))))) as pdf:
        faults = archival_faults(pdf)
    assert bool(faults) is bool(words)
    assert all(words in fault for fault in faults)


def _tagged() -> Pdf:
    return Pdf.open(io.BytesIO(draw(lay_out(HTML.format("<h1>A</h1><p>text</p>")))))


def _first(pdf: Pdf) -> Any:
    return pdf.Root.StructTreeRoot.K[0].K[0]


def test_a_picture_without_description_and_an_unknown_tag_are_seen() -> None:
    with _tagged() as pdf:
        _first(pdf).S = Name.Figure
        assert "a picture of it has no description" in archival_faults(pdf)
        _first(pdf).S = Name.Marvel
        assert "its tags use Marvel, which is not looked into" in archival_faults(pdf)


def test_content_outside_the_tags_is_seen() -> None:
    with _tagged() as pdf:
        pdf.pages[0].contents_add(b"0 0 9 9 re f", prepend=False)
        assert archival_faults(pdf) == ("not all of its content is tagged",)


def test_a_mark_that_leads_nowhere_is_seen() -> None:
    with _tagged() as pdf:
        pdf.pages[0].contents_add(b"/P <</MCID 99>> BDC 0 0 9 9 re f EMC", prepend=False)
        assert archival_faults(pdf) == ("a mark of its tags leads to no tag",)


def _assembled(folder: Path, conformance: Conformance) -> Path:
    source = folder / "page.pdf"
    with _page() as pdf:
        pdf.save(source)
    document = Document("T", created=MADE, identity="0", conformance=conformance)
    part = Part(source, alternative_text="Page")
    return assemble([part], Order(BatesSeries("T"), 1, document), folder / "made.pdf").path


def test_an_archive_holds_its_originals_byte_for_byte_and_is_deterministic(tmp_path: Path) -> None:
    made = _assembled(tmp_path, Conformance.PDF_A_2A_UA_1)
    files = [
        AssociatedFile(b"{}", "z.json", "application/json", "What it says", Relationship.DATA),
        AssociatedFile(b"a,b\r\n1,2\r\n", "Łódź.csv", "text/csv", "Track", Relationship.SOURCE),
    ]
    for name in ("one.pdf", "two.pdf"):
        archive(made, files, MADE, tmp_path / name)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    reader = pypdf.PdfReader(tmp_path / "one.pdf")
    assert reader.attachments == {file.name: [file.content] for file in files}
    entries = [each.get_object() for each in reader.trailer["/Root"]["/AF"]]
    assert {each["/UF"]: each["/AFRelationship"] for each in entries} == {
        "z.json": "/Data",
        "Łódź.csv": "/Source",
    }
    assert entries[0]["/EF"]["/F"]["/Params"]["/ModDate"] == "D:20260402150000+00'00'"
    assert "pdfaid:part>3<" in reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert [page.extract_text() for page in reader.pages] == [
        page.extract_text() for page in pypdf.PdfReader(made).pages
    ]


def test_a_file_without_the_claim_becomes_no_archive(tmp_path: Path) -> None:
    made = _assembled(tmp_path, Conformance.NONE)
    with pytest.raises(StampingError, match="claims PDF/A-2a"):
        archive(made, [], MADE, tmp_path / "out.pdf")
    assert not (tmp_path / "out.pdf").exists()


def test_a_damaged_file_is_an_obstacle_and_no_crash() -> None:
    with _page() as pdf:
        pdf.pages[0].obj.Resources.Font.F1.FontDescriptor.FontFile2 = pdf.make_stream(b"rubbish")
        assert archival_faults(pdf) == ("a font cannot be read",)
        with pytest.raises(pikepdf.PikepdfError):
            pdf.pages[0].obj.Contents.Filter = Name.FlateDecode
            pdf.pages[0].obj.Contents.read_bytes()
        assert archival_faults(pdf)
