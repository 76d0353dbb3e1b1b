"""What is beneath a bar is gone, wherever it was hidden; a leak is told wherever it is left."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, OutlineItem, Page, Pdf, String

from stamping.pages.page_text import page_texts
from stamping.pages.text_folding import holds, plain
from stamping.preparation.awaited_text import can_recognise
from stamping.redaction import redaction
from stamping.redaction.burnt_page import Bar, fitted_label, merged
from stamping.redaction.redaction import redact
from stamping.redaction.redaction_proof import Leak, Secret, leaks

NAME = "Zofia Wałęska"
SECRET = Secret("Zofia Waleska", "Rule 364: MINOR")
WORDS = b"BT /F1 12 Tf 100 700 Td (Statement of Zofia Waleska, taken at noon) Tj ET\n"
OTHER = b"BT /F1 12 Tf 100 700 Td (The second page) Tj ET\n"


@pytest.fixture(autouse=True)
def without_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "can_recognise", lambda: False)


def document(**first: object) -> Pdf:
    """Return two pages with text; `first` holds further entries of the first page."""
    pdf = Pdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for content, entries in ((WORDS, first), (OTHER, {})):
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, 612, 792]),
            Resources=Dictionary(Font=Dictionary(F1=font)),
            Contents=pdf.make_stream(content),
            **entries,
        )
        pdf.pages.append(Page(page))
    return pdf


def saved(pdf: Pdf, path: Path) -> Path:
    pdf.save(path, fix_metadata_version=False)
    return path


def bars(path: Path) -> list[Bar]:
    """Return a bar over the name wherever it stands."""
    found = []
    for page in page_texts(path):
        start = page.text.find(SECRET.words)
        if start >= 0:
            boxes = page.boxes(start, start + len(SECRET.words))
            found += [Bar(page.number, box, SECRET.rule) for box in boxes]
    return found


def hide(text: str) -> str:
    return "[redacted]" if holds(plain(text), SECRET.words) else text


def pixels(path: Path, page: int) -> bytes:
    with pdfium.PdfDocument(path) as opened:
        return bytes(opened[page].render(scale=1).to_pil().tobytes())


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"Rotate": 90},
        {"Rotate": 270},
        {"CropBox": Array([50, 400, 562, 780])},
        {"UserUnit": 2},
    ],
    ids=["plain", "quarter turn", "three quarters", "cropped", "user unit"],
)
def test_the_words_are_gone_and_the_page_keeps_its_size(
    tmp_path: Path, entries: dict[str, object]
) -> None:
    source = saved(document(**entries), tmp_path / "source.pdf")
    found = bars(source)
    assert len(found) == 1
    assert leaks(source, [SECRET], found)
    target = tmp_path / "target.pdf"
    assert redact(source, found, target) == (1,)
    assert leaks(target, [SECRET], found) == []
    (before, _), (after, text) = (
        [(each.width, each.height) for each in page_texts(source)],
        [(each.width, each.height) for each in page_texts(target)],
    )
    assert after == pytest.approx(before, abs=0.01)
    assert text == (612, 792)
    assert pixels(source, 1) == pixels(target, 1)


def test_the_label_is_white_text_on_black(tmp_path: Path) -> None:
    source = saved(document(), tmp_path / "source.pdf")
    (bar,) = bars(source)
    redact(source, [bar], tmp_path / "target.pdf")
    (page, _) = (each.text for each in page_texts(tmp_path / "target.pdf"))
    assert page.strip() == "Rule 364: MINOR"
    with pdfium.PdfDocument(tmp_path / "target.pdf") as opened:
        shown = opened[0].render(scale=4).to_pil().convert("L")
    left, bottom, right, top = (round(4 * edge) for edge in bar.box)
    tones = shown.crop((left, 3168 - top, right, 3168 - bottom)).histogram()
    assert sum(tones[:40]) > 0.5 * sum(tones)
    assert sum(tones[230:]) > 100


@pytest.mark.parametrize(
    ("width", "height", "text"),
    [(120, 12, "Rule 364: MINOR"), (30, 12, "MINOR"), (8, 12, "M"), (3, 12, "")],
)
def test_a_label_grows_shorter_before_it_grows_illegible(
    width: float, height: float, text: str
) -> None:
    assert fitted_label("Rule 364: MINOR", width, height)[0] == text


def test_bars_that_overlap_become_one() -> None:
    one, two = Bar(1, (0, 0, 50, 10), "a: A"), Bar(1, (40, 0, 60, 10), "b: B")
    apart = Bar(1, (70, 0, 80, 10), "c: C")
    assert merged([two, apart, one]) == [Bar(1, (0, 0, 60, 10), "a: A"), apart]


def incremental(path: Path) -> None:
    """Append a revision in which the first page is empty."""
    old = path.read_bytes()
    reader = pypdf.PdfReader(io.BytesIO(old))
    number = reader.pages[0].raw_get("/Contents").idnum
    begun = len(old)
    made = f"{number} 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n".encode()
    start = int(old.rpartition(b"startxref")[2].split()[0])
    table = f"xref\n{number} 1\n{begun:010} 00000 n \n".encode()
    size = reader.trailer["/Size"]
    root = reader.trailer.raw_get("/Root").idnum
    trailer = f"trailer\n<</Size {size} /Root {root} 0 R /Prev {start}>>\n".encode()
    end = f"startxref\n{begun + len(made)}\n%%EOF\n".encode()
    path.write_bytes(old + made + table + trailer + end)


def zipped(text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:t>{text[:6]}</w:t><w:t>{text[6:]}</w:t>")
    return stream.getvalue()


def tagged(pdf: Pdf, **entries: object) -> None:
    """Hang an element over both pages into a tree, with these entries."""
    element = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.P,
            K=Array([Dictionary(Type=Name.MCR, Pg=page.obj, MCID=0) for page in pdf.pages]),
            **entries,
        )
    )
    tree = Dictionary(Nums=Array([0, Array([element]), 1, Array([element])]))
    root = pdf.make_indirect(
        Dictionary(Type=Name.StructTreeRoot, K=Array([element]), ParentTree=tree)
    )
    element.P = root
    pdf.Root.StructTreeRoot = root
    for number, page in enumerate(pdf.pages):
        page.obj.StructParents = number
        content = b"/P <</MCID 0>> BDC " + page.obj.Contents.read_bytes() + b"EMC"
        page.obj.Contents = pdf.make_stream(content)


def attach(pdf: Pdf, name: str, content: bytes) -> None:
    pdf.attachments[name] = AttachedFileSpec(pdf, content, filename=name)


def bookmark(pdf: Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem(f"Talk with {NAME}", 1))


HIDDEN: dict[str, Callable[[Pdf], object]] = {
    "an alternative text": lambda pdf: tagged(pdf, Alt=String(f"Signed by {NAME}")),
    "a replacement text": lambda pdf: tagged(pdf, ActualText=String(NAME)),
    "the expansion of an abbreviation": lambda pdf: tagged(pdf, E=String(NAME)),
    "a title or bookmark": bookmark,
    "the document information": lambda pdf: setattr(pdf.docinfo, "Author", String(NAME.upper())),
    "the metadata": lambda pdf: setattr(
        pdf.Root,
        "Metadata",
        pdf.make_stream("<x>Zofia Wa&#322;ęska</x>".encode(), Type=Name.Metadata),
    ),
    "an attachment": lambda pdf: attach(pdf, "notes.txt", b"zofia-waleska"),
    "a file in an archive": lambda pdf: attach(pdf, "notes.docx", zipped("Zofia Waleska")),
    "an attachment's name": lambda pdf: attach(pdf, "ZofiaWaleska.txt", b"nothing"),
    "a form value": lambda pdf: setattr(
        pdf.Root,
        "AcroForm",
        Dictionary(Fields=Array([Dictionary(FT=Name.Tx, T=String("who"), V=String(NAME))])),
    ),
    "a name": lambda pdf: setattr(
        pdf.Root, "Dests", Dictionary({"/ZofiaWaleska": Array([pdf.pages[1].obj, Name.Fit])})
    ),
}


@pytest.mark.parametrize("place", HIDDEN)
def test_words_outside_of_pages_are_told_and_taken_out(tmp_path: Path, place: str) -> None:
    pdf = document()
    HIDDEN[place](pdf)
    source = saved(pdf, tmp_path / "source.pdf")
    elsewhere = {leak.place for leak in leaks(source, [SECRET]) if not leak.page}
    assert place in elsewhere or (place == "a file in an archive" and "an attachment" in elsewhere)
    target = tmp_path / "target.pdf"
    redact(source, bars(source), target, hide)
    left = leaks(target, [SECRET], bars(source))
    # The names of places in the file are the engine's to renew.
    assert left == ([Leak("a name", SECRET.rule)] if place == "a name" else [])


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F1 12 Tf 3 Tr 100 500 Td (zofia  waleska) Tj ET",
        b"BT /F1 12 Tf 100 500 Td [(Zof) -20 (ia Wal) 15 (es-) (ka)] TJ ET",
        b"BT /F1 12 Tf 100 500 Td <5a4f464941205741 4c45534b41> Tj ET",
        b"BT /F1 12 Tf 100 500 Td (Zofia) Tj 0 -14 Td (Waleska) Tj ET",
        b"BT /F1 12 Tf 100 500 Td (Wale\\163ka is not it, Zofia W\\141leska is) Tj ET",
    ],
    ids=["invisible", "kerned", "hexadecimal", "two lines", "octal"],
)
def test_words_written_in_another_way_are_told(tmp_path: Path, content: bytes) -> None:
    pdf = document()
    pdf.pages[0].obj.Contents = pdf.make_stream(content)
    found = leaks(saved(pdf, tmp_path / "a.pdf"), [SECRET])
    assert Leak("the text of a page", SECRET.rule, 1) in found


def test_an_earlier_revision_is_told(tmp_path: Path) -> None:
    path = saved(document(), tmp_path / "a.pdf")
    incremental(path)
    assert not any(SECRET.words in page.text for page in page_texts(path))
    assert leaks(path, [SECRET]) == [Leak("the content of a page", SECRET.rule)]


def test_a_box_drawn_over_the_words_is_no_redaction(tmp_path: Path) -> None:
    source = saved(document(), tmp_path / "source.pdf")
    (bar,) = bars(source)
    with Pdf.open(source) as pdf:
        left, bottom, right, top = bar.box
        drawn = f"0 g {left} {bottom} {right - left} {top - bottom} re f"
        pdf.pages[0].contents_add(drawn.encode())
        path = saved(pdf, tmp_path / "drawn.pdf")
    assert Leak("letters under a bar", SECRET.rule, 1) in leaks(path, [], [bar])


def test_a_box_drawn_over_a_scan_is_no_redaction(tmp_path: Path) -> None:
    source = saved(document(), tmp_path / "source.pdf")
    (bar,) = bars(source)
    redact(source, [Bar(1, (300, 300, 310, 310), "x: X")], tmp_path / "scan.pdf")
    found = leaks(tmp_path / "scan.pdf", [], [bar])
    assert {leak.place for leak in found} == {"a picture under a bar", "a bar that is not black"}


def test_a_thumbnail_of_a_burnt_page_is_told(tmp_path: Path) -> None:
    pdf = document()
    picture = pdf.make_stream(b"\x00" * 64)
    picture.stream_dict.update(
        Dictionary(Width=8, Height=8, ColorSpace=Name.DeviceGray, BitsPerComponent=8)
    )
    pdf.pages[0].obj.Thumb = picture
    source = saved(pdf, tmp_path / "source.pdf")
    found = bars(source)
    assert Leak("a thumbnail of the page", SECRET.rule, 1) in leaks(source, [], found)
    redact(source, found, tmp_path / "target.pdf")
    assert leaks(tmp_path / "target.pdf", [SECRET], found) == []


def test_the_name_of_the_file_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "Talk_Zofia-Waleska.txt"
    path.write_text("nothing")
    assert leaks(path, [SECRET]) == [Leak("the file's name", SECRET.rule)]


def test_words_may_stay_where_a_person_let_them(tmp_path: Path) -> None:
    path = saved(document(), tmp_path / "a.pdf")
    assert leaks(path, [Secret(SECRET.words, SECRET.rule, frozenset({1}))]) == []


def test_a_short_word_is_no_part_of_a_longer_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The lighthouse on Li Road")
    assert leaks(path, [Secret("House", "r")]) == []
    assert leaks(path, [Secret("LI", "r")])


@pytest.mark.skipif(not can_recognise(), reason="the extra 'ocr' is not installed")
def test_the_rest_of_the_page_can_be_searched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redaction, "can_recognise", can_recognise)
    source = saved(document(), tmp_path / "source.pdf")
    found = bars(source)
    assert redact(source, found, tmp_path / "target.pdf") == ()
    text = next(iter(page_texts(tmp_path / "target.pdf"))).text
    assert "Statement of" in text
    assert "taken at noon" in text
    assert leaks(tmp_path / "target.pdf", [SECRET], found) == []
