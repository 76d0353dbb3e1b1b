"""A name is its value, whichever of its letters the file writes as `#xx` (ISO 32000-2 § 7.3.5)."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest

from stamping.assembly.engine import assemble
from stamping.values import Part
from tests.stamping.test_stamp import order

_TEXT = b"BT /F#31 24 Tf 20 300 Td (EVIDENCE TEXT) Tj ET"
_OBJECTS = (
    b"<</Type /Catalog /Pages 2 0 R>>",
    b"<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 612 792]>>",
    b"<</Type /Pages /Kids [4 0 R] /Count 1 /Parent 2 0 R>>",
    b"<</Type /Page /Parent 3 0 R /Contents 6 0 R /Resources 5 0 R>>",
    b"<</Font <</F1 7 0 R>> >>",
    b"<</Length %d>>\nstream\n%b\nendstream" % (len(_TEXT), _TEXT),
    b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
)


def _written(path: Path, plain: bytes, escaped: bytes) -> Path:
    """Write a file by hand, with `escaped` wherever it would say `plain`."""
    made, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, text in enumerate(_OBJECTS, start=1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, text.replace(plain, escaped))
    place = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
    made += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    made += b"trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(offsets) + 1,
        place,
    )
    path.write_bytes(made)
    return path


@pytest.mark.parametrize(
    ("plain", "escaped"),
    [
        (b"/Contents", b"/Content#73"),
        (b"/Resources", b"/Res#6furces"),
        (b"/Font", b"/#46ont"),
        (b"/Kids", b"/K#69ds"),
        (b"/Pages", b"/Page#73"),
        (b"/Page /Parent", b"/P#61ge /Parent"),
        (b"/MediaBox", b"/#4D#65diaBox"),
        (b"/F1", b"/#46#31"),
        (b"/Length", b"/L#65ngth"),
        (b"/Helvetica", b"/Helv#65tica"),
    ],
)
def test_a_page_with_an_escaped_name_is_stamped_whole(
    plain: bytes, escaped: bytes, tmp_path: Path
) -> None:
    source = _written(tmp_path / "s.pdf", plain, escaped)
    assemble([Part(source)], order(), tmp_path / "out.pdf")
    with pdfium.PdfDocument(tmp_path / "out.pdf") as shown:
        assert len(shown) == 1
        assert "EVIDENCE TEXT" in shown[0].get_textpage().get_text_range()


@pytest.mark.parametrize("name", [b"/Odd#zz", b"/Odd#00b", b"/Odd#"])
def test_a_page_with_an_escape_that_is_none_is_stamped_whole(name: bytes, tmp_path: Path) -> None:
    source = _written(tmp_path / "s.pdf", b"/Contents", name + b" 1 /Contents")
    assemble([Part(source)], order(), tmp_path / "out.pdf")
    with pdfium.PdfDocument(tmp_path / "out.pdf") as shown:
        assert "EVIDENCE TEXT" in shown[0].get_textpage().get_text_range()
