"""Legal but unusual, and damaged, sources: what other readers see stays to be seen."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from pypdf import PdfReader

from stamping.assembly.engine import assemble
from stamping.bates import BatesSeries
from stamping.objects.content_grammar import is_well_formed
from stamping.objects.pdf_syntax import UnusualFormError, parse
from stamping.preparation.prepare import prepare
from stamping.values import Document, Order, Part, Rendition
from tests.stamping.written_pdf import PAGE, write_pdf


def stamped(source: Path, folder: Path) -> tuple[Rendition, Path]:
    made = prepare(source, folder / "prepared")
    assert made.path is not None
    order = Order(BatesSeries("X"), 1, Document("Exhibits"))
    output = folder / "stamped.pdf"
    assemble([Part(made.path, pages_to_scale=made.pages_to_scale)], order, output)
    return made, output


def by_poppler(path: Path) -> str:
    told = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    return " ".join(told.stdout.split())


def by_pdfium(path: Path) -> str:
    document = pdfium.PdfDocument(path)
    return " ".join(document[0].get_textpage().get_text_range().split())


@pytest.mark.parametrize("seed", range(12))
def test_names_are_the_same_however_they_are_escaped(seed: int, tmp_path: Path) -> None:
    names = (b"Contents", b"Resources", b"Font", b"F1", b"Type", b"Page", b"MediaBox", b"Parent")

    def escaped(text: bytes) -> bytes:
        for place, name in enumerate(names):
            if (seed + place) % 3 == 0:
                letter = (seed * 7 + place) % len(name)
                odd = b"#%02x" if seed % 2 else b"#%02X"
                text = text.replace(
                    b"/" + name + b" ",
                    b"/" + name[:letter] + odd % name[letter] + name[letter + 1 :] + b" ",
                )
        return text

    source = write_pdf(
        tmp_path / "source.pdf",
        page=escaped(PAGE),
        resources=escaped(b"<< /Font << /F1 5 0 R >> >>"),
    )
    _, output = stamped(source, tmp_path)
    assert by_poppler(output) == by_pdfium(output) == "EVIDENCE TEXT X-000001"


@pytest.mark.parametrize("name", [b"/Content#73", b"/#46ont", b"/A#2d", b"/a#00"])
def test_a_name_in_disguise_is_left_to_the_library(name: bytes) -> None:
    with pytest.raises(UnusualFormError):
        parse(name + b" ")


@pytest.mark.parametrize(
    "name", [b"/Arial#20Bold", b"/a#23b", b"/a#28", b"/a#2F", b"/a#e9", b"/a#7f"]
)
def test_a_name_that_needs_its_escape_is_read(name: bytes) -> None:
    assert parse(name + b" ")[0] == name[1:].decode()


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F1 24 Tf 72 700 Td (Hello) Tj Tj ET",
        b"BT /F1 24 Tf 72 700 Td (Hello) Tj ETq 1 0 0 1 0 0 cm Q",
        b"1e2 0 m S BT /F1 24 Tf 72 700 Td (Hello) Tj ET",
        b"0 m BT /F1 24 Tf 72 700 Td (Hello) Tj ET foo",
        b"qBT /F1 24 Tf 72 700 Td (Hello) Tj ET Q",
        b"BT /F1 24 Tf 72 700 Td (Hello) TjET",
    ],
)
def test_the_number_is_seen_behind_content_that_readers_stumble_over(
    content: bytes, tmp_path: Path
) -> None:
    _, output = stamped(write_pdf(tmp_path / "source.pdf", content), tmp_path)
    assert "X-000001" in by_poppler(output)
    assert "X-000001" in by_pdfium(output)
    assert "X-000001" in PdfReader(output).pages[0].extract_text()


@pytest.mark.parametrize(
    ("content", "well_formed"),
    [
        (b"", True),
        (b"/P <</MCID 0>>BDC BT/F1 12 Tf(a)Tj ET EMC", True),
        (b"/CS0 cs 0.5 .5 1 scn /P0 scn", True),
        (b"% a comment\nq Q", True),
        (b"BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q", True),
        (b"[3 2]0 d (a(b)c\\))Tj", True),
        (b"/Span<</ActualText(\xfe\xff)/L[1[2]]>>BDC EMC", True),
        (b"0 m", False),
        (b"(a) TjET", False),
        (b"/F1 Tf", False),
        (b"[(a) Tj", False),
        (b"q foo Q", False),
    ],
)
def test_content_is_well_formed_where_each_operator_has_its_operands(
    content: bytes, well_formed: bool
) -> None:
    assert is_well_formed(content) is well_formed


def test_a_damaged_end_of_a_stream_loses_no_text_in_silence(tmp_path: Path) -> None:
    source = write_pdf(tmp_path / "source.pdf", end=b"\nenxstream")
    made, output = stamped(source, tmp_path)
    assert "EVIDENCE TEXT" in by_pdfium(output)
    assert "repaired" in {item.code for item in made.notices}


def test_a_page_that_lost_text_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def emptied(pdf: pikepdf.Pdf, removals: object) -> bool:
        pdf.pages[0].Contents = pikepdf.Stream(pdf, b"")
        return True

    monkeypatch.setattr("stamping.preparation.prepare.mend_pages", emptied)
    made = prepare(write_pdf(tmp_path / "source.pdf"), tmp_path / "prepared")
    [told] = [item for item in made.notices if item.code == "content-differs"]
    assert told.page == 1


def _button(kind: bytes) -> tuple[bytes, ...]:
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 20 20] /Length %d >>\nstream\n%s\nendstream"
    )
    dark, off = form % (14, b"0 0 20 20 re f"), form % (0, b"")
    return (
        b"<< /Type /Annot /Subtype /Widget /FT /Btn /F 4 /T (c) /Rect [72 600 92 620] %s "
        b"/AP << /N << /Off 9 0 R /Yes 8 0 R >> >> >>" % kind,
        dark,
        off,
    )


@pytest.mark.parametrize(
    ("value", "dark", "told"),
    [
        (b"/V /Yes", True, False),
        (b"/V /Yes /AS /Off", False, False),
        (b"/V /On", True, False),
        (b"/V /Off", False, False),
        (b"", False, False),
        (b"/V /Yes /AS /Yes", True, False),
        (b"/V /Yes /AS /Nowhere", False, True),
    ],
)
def test_a_button_shows_its_value_or_that_it_is_not_drawn(
    value: bytes, dark: bool, told: bool, tmp_path: Path
) -> None:
    source = write_pdf(
        tmp_path / "source.pdf",
        page=PAGE.replace(b">>", b"/Annots [7 0 R] >>"),
        catalog=b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [7 0 R] >> >>",
        more=_button(value),
    )
    made = prepare(source, tmp_path / "prepared")
    assert ("form-value-not-drawn" in {item.code for item in made.notices}) is told
    assert made.path is not None
    page = pdfium.PdfDocument(made.path)[0].render(scale=1, grayscale=True).to_pil()
    assert (page.getpixel((82, 792 - 610)) < 100) is dark
