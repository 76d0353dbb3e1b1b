"""What is merged stays whole: tags, links, bookmarks, labels, the file's own facts."""

from __future__ import annotations

import resource
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String
from weasyprint import HTML

from stamping.assembly.engine import assemble
from stamping.bates import BatesSeries
from stamping.errors import StampingError, UnreadableInputError
from stamping.notices import Severity
from stamping.values import Assembly, Conformance, Document, Order, OutlineEntry, Part

SERIES = BatesSeries("REF")
MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
DOCUMENT = Document(
    "Referral & review", author="J. Sample", language="en-US", created=MOMENT, identity="ab"
)


def order(
    first: int = 1,
    targets: dict[str, int] | None = None,
    conformance: Conformance = Conformance.NONE,
    *,
    letter: bool = False,
) -> Order:
    document = Document(
        DOCUMENT.title, DOCUMENT.author, language="en-US", created=MOMENT, conformance=conformance
    )
    return Order(SERIES, first, document, targets=targets or {}, letter=letter)


def tagged(path: Path, *headings: str, extra: str = "") -> Path:
    sections = "".join(
        f"<section><h1>{heading}</h1><table><thead><tr><th id='h'>Custodian</th></tr></thead>"
        f"<tbody><tr><td>{heading} row</td></tr></tbody></table>{extra}</section>"
        for heading in headings
    )
    style = "<style>section { break-before: page } @page { size: 400pt 500pt }</style>"
    page = f"<html lang='en'><title>t</title>{style}<body>{sections}</body></html>"
    HTML(string=page).write_pdf(path, pdf_variant="pdf/ua-1")
    return path


def plain(path: Path, pages: int = 1, named: int | None = None) -> Path:
    """Write blank pages; with `named`, the first links by the name `there` to that page."""
    with Pdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(400, 500))
        if named is not None:
            aim = Array([pdf.pages[named - 1].obj, Name.Fit])
            pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String("there"), aim])))
            link = Dictionary(
                Type=Name.Annot, Subtype=Name.Link, Rect=[9, 9, 50, 50], Dest=String("there")
            )
            pdf.pages[0].obj.Annots = Array([link])
            with pdf.open_outline() as outline:
                outline.root.append(OutlineItem("Own bookmark", named - 1))
        pdf.save(path, deterministic_id=True)
    return path


def elements(node: Any) -> list[Any]:
    """Return the structure elements below `node`, in reading order, by pypdf."""
    kids = node.get("/K", [])
    found = []
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object()
        if isinstance(kid, dict) and "/S" in kid:
            found += [kid, *elements(kid)]
    return found


def structure(path: Path) -> Any:
    catalog: Any = pypdf.PdfReader(path).trailer["/Root"]
    return catalog["/StructTreeRoot"]


def links(path: Path, page: int) -> list[Any]:
    annotations = pypdf.PdfReader(path).pages[page].get("/Annots", [])
    return [each.get_object() for each in annotations]


def aimed_at(path: Path, page: int) -> list[int | None]:
    """Return the page index that each link of a page opens."""
    reader = pypdf.PdfReader(path)
    places = {each.indirect_reference.idnum: n for n, each in enumerate(reader.pages)}  # type: ignore[union-attr]  # set on read
    aims = []
    for annotation in reader.pages[page].get("/Annots", []):
        link = annotation.get_object()
        aim = link["/A"]["/D"] if "/A" in link else link.get("/Dest")
        aims.append(places[aim.get_object()[0].idnum] if aim is not None else None)
    return aims


def test_colliding_tagged_documents_keep_their_own_tags(tmp_path: Path) -> None:
    one, two = tagged(tmp_path / "1.pdf", "Alpha"), tagged(tmp_path / "2.pdf", "Beta")
    output = tmp_path / "out.pdf"
    assemble([Part(one, title="One"), Part(two, title="Two")], order(), output)
    root = structure(output)
    (document,) = [kid.get_object() for kid in root["/K"]]
    assert document["/S"] == "/Document"
    assert [kid.get_object()["/T"] for kid in document["/K"]] == ["One", "Two"]
    identifiers = [str(each["/ID"]) for each in elements(root) if "/ID" in each]
    assert len(identifiers) == len(set(identifiers)) > 0
    text = subprocess.run(
        ["pdfinfo", "-struct-text", output], capture_output=True, text=True, check=True
    ).stdout
    places = [text.index(word) for word in ("Alpha", "Alpha row", "Beta", "Beta row")]
    assert places == sorted(places)
    assert "REF" not in text


def test_a_split_source_is_read_in_the_order_of_its_pages(tmp_path: Path) -> None:
    written = tagged(tmp_path / "w.pdf", "Memo", "Slip", "Closing")
    exhibit = tagged(tmp_path / "e.pdf", "Exhibit")
    parts = [
        Part(written, (1, 2), title="Front"),
        Part(exhibit, title="Exhibit A"),
        Part(written, (3, 3), title="Back"),
    ]
    output = tmp_path / "out.pdf"
    assembly = assemble(parts, order(), output)
    assert [placed.first_page for placed in assembly.placed] == [1, 3, 4]
    text = subprocess.run(
        ["pdfinfo", "-struct-text", output], capture_output=True, text=True, check=True
    ).stdout
    places = [text.index(f'"{word}"') for word in ("Memo", "Slip", "Exhibit", "Closing")]
    assert places == sorted(places)


def test_pages_without_tags_are_described(tmp_path: Path) -> None:
    output = tmp_path / "out.pdf"
    part = Part(plain(tmp_path / "p.pdf", 2), alternative_text="Scanned letter, page")
    assemble([part], order(), output)
    root = structure(output)
    figures = [each for each in elements(root) if each["/S"] == "/Figure"]
    alternatives = [str(figure["/Alt"]) for figure in figures]
    assert alternatives == ["Scanned letter, page 1 of 2", "Scanned letter, page 2 of 2"]
    assert [list(figure["/A"]["/BBox"]) for figure in figures] == [[0, 0, 400, 500]] * 2


@pytest.mark.parametrize("first", [1, 7, 95, 99_990])
def test_page_labels_equal_the_numbers(first: int, tmp_path: Path) -> None:
    output = tmp_path / "out.pdf"
    assemble([Part(plain(tmp_path / "p.pdf", 20))], order(first), output)
    expected = [SERIES.label(first + place) for place in range(20)]
    reader = pypdf.PdfReader(output)
    assert reader.page_labels == expected
    assert [page.extract_text().strip() for page in reader.pages] == expected


def test_the_same_name_in_two_files_keeps_two_places(tmp_path: Path) -> None:
    one = plain(tmp_path / "1.pdf", 3, named=2)
    two = plain(tmp_path / "2.pdf", 3, named=3)
    output = tmp_path / "out.pdf"
    assemble([Part(one), Part(two)], order(), output)
    assert aimed_at(output, 0) == [1]
    assert aimed_at(output, 3) == [5]


def test_a_link_out_of_the_run_is_made_inert_and_reported(tmp_path: Path) -> None:
    output = tmp_path / "out.pdf"
    source = plain(tmp_path / "1.pdf", 3, named=3)
    assembly = assemble([Part(source, (1, 2))], order(), output)
    assert aimed_at(output, 0) == [None]
    assert [(each.code, each.page) for each in assembly.notices] == [("link-lost", 1)]
    assert len(pypdf.PdfReader(output).pages) == 2


def test_packet_addresses_lead_to_pages_or_are_refused(tmp_path: Path) -> None:
    extra = "<p><a href='packet:exhibit/B/1'>B</a> <a href='packet:exhibit/Z/1'>Z</a></p>"
    memo = tagged(tmp_path / "m.pdf", "Memo", extra=extra)
    output = tmp_path / "out.pdf"
    parts = [Part(memo), Part(plain(tmp_path / "b.pdf", 2))]
    assembly = assemble(parts, order(targets={"packet:exhibit/B/1": 3}), output)
    assert aimed_at(output, 0) == [2, None]
    (notice,) = assembly.notices
    assert (notice.code, notice.severity) == ("link-without-target", Severity.BLOCKING)
    assert links(output, 0)[0]["/Contents"] == "Go to REF-000003"
    assert all(link["/F"] & 4 for link in links(output, 0))


def test_bookmarks_nest_part_entries_then_the_source_s_own(tmp_path: Path) -> None:
    source = plain(tmp_path / "1.pdf", 3, named=2)
    parts = [
        Part(source, title="Exhibit A", outline=(OutlineEntry("First entry", 2),)),
        Part(plain(tmp_path / "2.pdf"), title="Closing"),
    ]
    output = tmp_path / "out.pdf"
    assemble(parts, order(), output)
    reader = pypdf.PdfReader(output)

    def shape(items: list[Any]) -> list[Any]:
        return [
            shape(item)
            if isinstance(item, list)
            else (item.title, reader.get_destination_page_number(item))
            for item in items
        ]

    nested = [("First entry", 1), ("Own bookmark", 1)]
    assert shape(reader.outline) == [("Exhibit A", 0), nested, ("Closing", 3)]


def test_it_opens_at_full_size_with_its_title_shown(tmp_path: Path) -> None:
    output = tmp_path / "out.pdf"
    assemble([Part(plain(tmp_path / "p.pdf"))], order(), output)
    root: Any = pypdf.PdfReader(output).trailer["/Root"]
    assert root["/OpenAction"][4] == 1
    assert root["/PageMode"] == "/UseOutlines"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] is not False
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en-US", True)


@pytest.mark.parametrize("conformance", Conformance)
def test_facts_of_the_file_agree_and_claim_only_what_was_asked(
    conformance: Conformance, tmp_path: Path
) -> None:
    output = tmp_path / "out.pdf"
    assemble([Part(plain(tmp_path / "p.pdf"))], order(conformance=conformance), output)
    reader = pypdf.PdfReader(output)
    metadata, information = reader.xmp_metadata, reader.metadata
    assert metadata is not None
    assert information is not None
    assert metadata.dc_title == {"x-default": information.title}
    assert information.title == "Referral & review"
    assert information.creation_date == MOMENT
    assert metadata.xmp_create_date == MOMENT.replace(tzinfo=None)
    claimed = conformance is not Conformance.NONE
    part = {Conformance.PDF_A_2A_UA_1: "2", Conformance.PDF_A_3A_UA_1: "3"}.get(conformance)
    assert metadata.pdfaid_part == part
    assert metadata.pdfaid_conformance == ("A" if claimed else None)
    root: Any = reader.trailer["/Root"]
    assert ("/OutputIntents" in root) is claimed


def test_the_same_parts_give_the_same_bytes(tmp_path: Path) -> None:
    memo = tagged(tmp_path / "m.pdf", "Memo")
    parts = [Part(memo, title="Memo"), Part(plain(tmp_path / "p.pdf", 3, named=2), title="P")]

    def made(name: str) -> Assembly:
        return assemble(parts, order(conformance=Conformance.PDF_A_2A_UA_1), tmp_path / name)

    assert made("a.pdf").sha256 == made("b.pdf").sha256
    assert {path.name for path in tmp_path.iterdir()} == {"a.pdf", "b.pdf", "m.pdf", "p.pdf"}


def test_letter_keeps_shape_and_never_enlarges(tmp_path: Path) -> None:
    with Pdf.new() as pdf:
        for size in ((300, 400), (1000, 2000), (2000, 1000)):
            pdf.add_blank_page(page_size=size)
        pdf.save(tmp_path / "p.pdf")
    output = tmp_path / "out.pdf"
    assemble([Part(tmp_path / "p.pdf")], order(letter=True), output)
    sizes = [tuple(page.mediabox[2:]) for page in pypdf.PdfReader(output).pages]
    assert sizes == [(612, 792), (612, 792), (792, 612)]
    figures = [each for each in elements(structure(output)) if each["/S"] == "/Figure"]
    assert [tuple(figure["/A"]["/BBox"][2:]) for figure in figures] == sizes


def test_what_cannot_be_merged_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"not a PDF")
    source = plain(tmp_path / "p.pdf", 2)
    for part in (Part(broken), Part(tmp_path / "absent.pdf"), Part(source, (2, 3))):
        with pytest.raises(UnreadableInputError):
            assemble([part], order(), tmp_path / "out.pdf")
    with pytest.raises(StampingError):
        assemble([], order(), tmp_path / "out.pdf")
    assert not (tmp_path / "out.pdf").exists()


def test_more_files_than_may_be_open_at_once(tmp_path: Path) -> None:
    source = plain(tmp_path / "p.pdf").read_bytes()
    paths = [tmp_path / f"{number}.pdf" for number in range(120)]
    for path in paths:
        path.write_bytes(source)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
    try:
        assembly = assemble([Part(path) for path in paths], order(), tmp_path / "out.pdf")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert assembly.pages == 120
