"""Forms and annotations are part of the page afterwards, as print would show them."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest
from hazards import HAZARDS
from PIL import Image

from stamping.preparation.prepare import prepare
from stamping.values import Rendition


def prepared(name: str, folder: Path) -> Rendition:
    return prepare(HAZARDS[name](folder), folder / "out")


def text_of(rendition: Rendition) -> str:
    assert rendition.path is not None
    return pypdf.PdfReader(rendition.path).pages[0].extract_text()


def page_picture(rendition: Rendition) -> Image.Image:
    """Return the first page, a pixel a point, without annotations."""
    assert rendition.path is not None
    document = pdfium.PdfDocument(rendition.path)
    picture = document[0].render(scale=1, draw_annots=False).to_pil().convert("RGB")
    document.close()
    return picture


def colour_at(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """Return the colour at a point of the page, origin bottom left."""
    return picture.getpixel((round(x), round(picture.height - y)))


def codes(rendition: Rendition) -> list[str]:
    return [item.code for item in rendition.notices]


def test_values_are_visible_where_the_file_leaves_them_to_the_reader(tmp_path: Path) -> None:
    text = text_of(prepared("form_without_appearances", tmp_path))
    for value in ("Ada Sample", "First line of the account", "second line", "Beat Seven"):
        assert value in text
    assert "b7" not in text


def test_a_comb_spreads_its_characters(tmp_path: Path) -> None:
    rendition = prepared("form_without_appearances", tmp_path)
    assert rendition.path is not None
    document = pdfium.PdfDocument(rendition.path)
    page = document[0].get_textpage()
    found = [
        page.get_charbox(index)[0]
        for index in range(page.count_chars())
        if page.get_text_range(index, 1).isdigit() and page.get_charbox(index)[1] > 550
    ]
    page.close()
    document.close()
    # Six cells of 20 points from x = 100.
    assert [int((x - 100) // 20) for x in found] == [0, 1, 2, 3, 4, 5]


def test_a_tick_without_a_picture_is_drawn(tmp_path: Path) -> None:
    picture = page_picture(prepared("form_without_appearances", tmp_path))
    assert min(colour_at(picture, 106, 496)) < 128


def test_the_colour_of_the_default_appearance_is_kept(tmp_path: Path) -> None:
    picture = page_picture(prepared("form_without_appearances", tmp_path))
    box = picture.crop((100, 792 - 720, 300, 792 - 700))
    colours = box.getcolors(10_000)
    assert colours is not None
    darkest = min((colour for _, colour in colours), key=sum)
    assert darkest[2] > darkest[0] + 100


def test_no_field_and_no_form_is_left(tmp_path: Path) -> None:
    rendition = prepared("form_without_appearances", tmp_path)
    assert rendition.path is not None
    reader = pypdf.PdfReader(rendition.path)
    assert "/Annots" not in reader.pages[0]
    assert reader.get_fields() is None
    assert "form-flattened" in codes(rendition)


def test_a_value_that_cannot_be_drawn_is_reported_by_name(tmp_path: Path) -> None:
    rendition = prepared("form_value_beyond_the_font", tmp_path)
    (found,) = [item for item in rendition.notices if item.code == "form-value-not-drawn"]
    assert "witness on page 1" in found.message


def test_the_form_beside_xfa_is_kept(tmp_path: Path) -> None:
    rendition = prepared("xfa_beside_form", tmp_path)
    assert "Written by hand" in text_of(rendition)
    assert "xfa-removed" in codes(rendition)


def test_flags_decide_as_in_print(tmp_path: Path) -> None:
    rendition = prepared("annotations_of_every_flag", tmp_path)
    picture = page_picture(rendition)
    red, white = (255, 0, 0), (255, 255, 255)
    shown = [colour_at(picture, left + 25, 625) for left in (50, 150, 250, 350)]
    assert shown == [red, white, white, red]
    (left_out,) = [item for item in rendition.notices if item.code == "annotations-not-printed"]
    assert "2 times" in left_out.message


def test_an_unbalanced_page_does_not_move_what_is_drawn(tmp_path: Path) -> None:
    picture = page_picture(prepared("annotation_on_unbalanced_page", tmp_path))
    assert colour_at(picture, 325, 625) == (0, 0, 0)
    assert colour_at(picture, 295, 625) == (255, 255, 255)


@pytest.mark.parametrize(
    ("x", "y"),
    [(99, 625), (150.5, 625), (275, 625), (363, 625), (475, 602.5)],
    ids=["square", "circle", "line", "ink", "polygon"],
)
def test_markup_is_drawn_from_its_geometry(x: float, y: float, tmp_path: Path) -> None:
    picture = page_picture(prepared("markup_without_appearances", tmp_path))
    near = [
        colour_at(picture, x + across, y + down) for across in (-1, 0, 1) for down in (-1, 0, 1)
    ]
    assert any(red > 200 and green < 160 for red, green, _ in near)


def test_a_highlight_leaves_its_text_readable(tmp_path: Path) -> None:
    picture = page_picture(prepared("markup_without_appearances", tmp_path))
    box = picture.crop((100, 792 - 412, 180, 792 - 398))
    colours = box.getcolors(10_000)
    assert colours is not None
    assert max(colours)[1] == (255, 0, 0)
    assert min(red for _, (red, _, _) in colours) < 60


def test_a_note_is_set_as_text(tmp_path: Path) -> None:
    assert "Note by the reviewer" in text_of(prepared("markup_without_appearances", tmp_path))


def test_a_still_picture_of_a_film_stays(tmp_path: Path) -> None:
    picture = page_picture(prepared("multimedia", tmp_path))
    assert colour_at(picture, 150, 520) == (51, 51, 51)


def test_tags_follow_what_was_flattened(tmp_path: Path) -> None:
    rendition = prepared("tagged_form_and_link", tmp_path)
    assert rendition.tagged
    assert rendition.path is not None
    reader = pypdf.PdfReader(rendition.path)
    tree = reader.trailer["/Root"]["/StructTreeRoot"]
    paragraph, field, anchor = (kid.get_object() for kid in tree["/K"]["/K"])
    assert paragraph["/K"] == 0
    mark = field["/K"][0]
    assert (field["/S"], mark["/Type"], mark["/MCID"]) == ("/Form", "/MCR", 1)
    assert field["/A"]["/Role"] == "/tv"
    assert (anchor["/S"], list(anchor["/K"])) == ("/Span", [])
    numbers = tree["/ParentTree"]["/Nums"]
    assert list(numbers[::2]) == [0]
    assert [owner.get_object()["/S"] for owner in numbers[1]] == ["/P", "/Form"]
    content = reader.pages[0].get_contents()
    assert content is not None
    assert b"/MCID 1" in content.get_data()
