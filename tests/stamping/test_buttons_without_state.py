"""Buttons that have a value and no /AS are drawn as their value says, or a notice names them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from stamping.preparation.prepare import prepare
from stamping.values import Rendition


def _widget(pdf: Pdf, on: str, x: int, **entries: Any) -> Dictionary:
    """Return a widget with a black square for its state `on`, and nothing for Off."""
    black, empty = pdf.make_stream(b"0 g 0 0 20 20 re f"), pdf.make_stream(b"")
    for look in (black, empty):
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 20, 20])
    states = Dictionary({on: black, "/Off": empty})
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        F=4,
        Rect=[x, 100, x + 20, 120],
        AP=Dictionary(N=states),
        **entries,
    )


def _prepared(
    pdf: Pdf, fields: Sequence[Dictionary], widgets: Sequence[Dictionary], folder: Path
) -> Rendition:
    page = pdf.add_blank_page(page_size=(300, 200))
    page.obj.Annots = pdf.make_indirect(Array(widgets))
    pdf.Root.AcroForm = Dictionary(Fields=Array(fields))
    pdf.save(folder / "form.pdf")
    return prepare(folder / "form.pdf", folder / "out")


def _is_black(rendition: Rendition, x: int) -> bool:
    assert rendition.path is not None
    with pdfium.PdfDocument(rendition.path) as shown:
        picture = shown[0].render(scale=1, draw_annots=False).to_pil().convert("L")
    return bool(picture.getpixel((x + 10, 90)) < 128)


@pytest.mark.parametrize("value", [Name.Yes, String("Yes")])
def test_a_ticked_box_without_a_state_keeps_its_tick(value: object, tmp_path: Path) -> None:
    pdf = Pdf.new()
    box = pdf.make_indirect(_widget(pdf, "/Yes", 50, FT=Name.Btn, T=String("c"), V=value))
    assert _is_black(_prepared(pdf, [box], [box], tmp_path), 50)


def test_the_chosen_one_of_radio_buttons_without_states_keeps_its_mark(tmp_path: Path) -> None:
    pdf = Pdf.new()
    field = pdf.make_indirect(Dictionary(FT=Name.Btn, Ff=1 << 15, T=String("r"), V=Name.B))
    kids = [
        pdf.make_indirect(_widget(pdf, on, x, Parent=field))
        for on, x in (("/A", 50), ("/B", 100), ("/C", 150))
    ]
    field.Kids = Array(kids)
    rendition = _prepared(pdf, [field], kids, tmp_path)
    assert [_is_black(rendition, x) for x in (50, 100, 150)] == [False, True, False]
    assert "form-value-not-drawn" not in [each.code for each in rendition.notices]
