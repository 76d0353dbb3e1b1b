"""Pages written from a pattern are those that the long way writes, byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf

from stamping.assembly.engine import assemble
from stamping.assembly.page_patterns import PagePatterns
from stamping.values import Part, Position, StampStyle
from tests.stamping.page_variants import INK, VARIANTS, write_variant
from tests.stamping.test_assemble import plain, tagged
from tests.stamping.test_stamp import order

FORMS = {"table": ObjectStreamMode.disable, "object streams": ObjectStreamMode.generate}


def both_ways(
    sources: Sequence[Path], folder: Path, monkeypatch: pytest.MonkeyPatch, **options: Any
) -> int:
    """Assemble with and without patterns, compare the bytes; return how many pages took one."""
    copy, taken = PagePatterns.copy, []

    def counted(*arguments: Any) -> Any:
        view = copy(*arguments)
        taken.append(view is not None)
        return view

    parts = [Part(source, title=source.stem) for source in sources]
    made = [folder / "like.pdf", folder / "one-by-one.pdf"]
    for path, instead in zip(made, (counted, lambda *_: None), strict=True):
        with monkeypatch.context() as patched:
            patched.setattr(PagePatterns, "copy", instead)
            assemble(parts, order(**options), path)
    assert made[0].read_bytes() == made[1].read_bytes()
    return sum(taken)


def alike(
    path: Path,
    pages: int,
    *,
    mode: ObjectStreamMode = ObjectStreamMode.disable,
    change: Callable[[Pdf, Any, int], None] = lambda pdf, page, number: None,
    compress: bool = True,
) -> Path:
    """Write pages with content of their own and a font in common."""
    with Pdf.new() as pdf:
        font = pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        )
        for number in range(pages):
            page = pdf.add_blank_page(page_size=(400, 500)).obj
            page.Resources = Dictionary(Font=Dictionary(F1=font))
            text = b"q BT /F1 12 Tf 50 400 Td (request %d) Tj ET Q\n" % number
            page.Contents = pdf.make_stream(text * 3)
            change(pdf, page, number)
        pdf.save(path, object_stream_mode=mode, compress_streams=compress, deterministic_id=True)
    return path


@pytest.mark.parametrize("mode", FORMS)
def test_pages_that_differ_in_their_content_alone_take_the_pattern(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [alike(tmp_path / f"{name}.pdf", 12, mode=FORMS[mode]) for name in "ab"]
    assert both_ways(sources, tmp_path, monkeypatch) == 24


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("mode", FORMS)
def test_any_page_is_written_as_without_patterns(
    mode: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = write_variant(name, tmp_path / "one.pdf")
    with Pdf.open(one) as pdf:
        pdf.save(tmp_path / "two.pdf", object_stream_mode=FORMS[mode])
    both_ways([tmp_path / "two.pdf", one, one], tmp_path, monkeypatch)


def _shared(pdf: Pdf, page: Any, number: int) -> None:
    """Name the resources by reference, three kinds in turn."""
    if number < 3:
        page.Resources = pdf.make_indirect(page.Resources)
    else:
        page.Resources = pdf.pages[number % 3].obj.Resources


def _inherited(pdf: Pdf, page: Any, number: int) -> None:
    """Let pages have all but their content from above; the resources are a reference there."""
    if number == 0:
        pdf.Root.Pages.Resources = pdf.make_indirect(page.Resources)
        pdf.Root.Pages.MediaBox = page.MediaBox
        pdf.Root.Pages.Rotate = 90
    del page.Resources, page.MediaBox


def _inherited_directly(pdf: Pdf, page: Any, number: int) -> None:
    """As before; the resources stand in the node above and name the font by reference."""
    if number == 0:
        pdf.Root.Pages.Resources = page.Resources
    del page.Resources


def _fonts_apart(pdf: Pdf, page: Any, number: int) -> None:
    """Name the dictionary of fonts by reference, a new one on each page."""
    page.Resources.Font = pdf.make_indirect(Dictionary(F1=page.Resources.Font.F1))


def _stamped_before(pdf: Pdf, page: Any, number: int) -> None:
    """Take the name of the stamp's font, and draw a picture."""
    page.Resources.Font.BatesFont = page.Resources.Font.F1
    page.Resources.XObject = Dictionary(
        Im=pdf.make_stream(INK, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    )


def _boxes_apart(pdf: Pdf, page: Any, number: int) -> None:
    page.MediaBox = pdf.make_indirect(Array([0, 0, 400 + number, 500]))


def _sizes(pdf: Pdf, page: Any, number: int) -> None:
    """Give every page another size, and some pages a text with a reference in it."""
    page.MediaBox = Array([0, 0, 300 + 9 * number, 500])
    page.Note = f"see 3 0 R (page {number})" if number % 2 else Name("/A#20B")


def _notes(pdf: Pdf, page: Any, number: int) -> None:
    """Put a link on every other page."""
    if number % 2:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[9, 9, 50, 50])
        link.Dest = Array([pdf.pages[0].obj, Name.Fit])
        page.Annots = Array([pdf.make_indirect(link)])


def _in_pieces(pdf: Pdf, page: Any, number: int) -> None:
    page.Contents = Array([page.Contents, pdf.make_stream(INK)])


def _on_letter(pdf: Pdf, page: Any, number: int) -> None:
    """Make most pages US Letter, one seen from its side and one in a smaller frame."""
    page.MediaBox = Array([0, 0, 612, 792])
    if number == 3:
        page.Rotate = 90
    if number == 5:
        page.CropBox = Array([9, 9, 400, 500])


def _uneven(pdf: Pdf, page: Any, number: int) -> None:
    if number % 2:
        page.Contents = pdf.make_stream(b"q 2 0 0 2 0 0 cm " + INK)


def _grouped(pdf: Pdf, page: Any, number: int) -> None:
    """Give pages entries that refer to objects, an object for each and one for all."""
    space = pdf.make_indirect(Array([Name.CalGray, Dictionary(WhitePoint=Array([1, 1, 1]))]))
    page.Group = Dictionary(S=Name.Transparency, CS=space)
    page.Metadata = pdf.make_stream(b"<x/>", Type=Name.Metadata, Subtype=Name.XML)
    page.StructParents, page.PieceInfo = number, Dictionary(Own=space)


HAZARDS = [
    *(_shared, _inherited, _inherited_directly, _fonts_apart, _stamped_before, _boxes_apart),
    *(_sizes, _notes, _in_pieces, _uneven, _grouped),
]


@pytest.mark.parametrize("change", HAZARDS)
@pytest.mark.parametrize("mode", FORMS)
@pytest.mark.parametrize("compress", [True, False])
def test_any_file_is_written_as_without_patterns(
    mode: str,
    change: Callable[[Pdf, Any, int], None],
    compress: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sources = [
        alike(tmp_path / f"{name}.pdf", 9, mode=FORMS[mode], change=change, compress=compress)
        for name in "ab"
    ]
    taken = both_ways(sources, tmp_path, monkeypatch)
    if change in (_shared, _inherited, _inherited_directly, _stamped_before, _grouped):
        assert taken >= 12, "the pattern should have served"


@pytest.mark.parametrize(
    "options",
    [
        {"letter": True},
        {"front_pages": 4},
        {"style": StampStyle(Position.TOP_CENTRE, size=12, legend="DRAFT (1 & 2)")},
        {"style": StampStyle(size=60)},
    ],
    ids=["letter", "front pages", "legend", "wider than the page"],
)
def test_any_stamp_is_written_as_without_patterns(
    options: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [alike(tmp_path / "a.pdf", 12), plain(tmp_path / "p.pdf", 3), tmp_path / "t.pdf"]
    tagged(sources[2], "One", "Two")
    both_ways(sources, tmp_path, monkeypatch, **options)


@pytest.mark.parametrize("mode", FORMS)
def test_a_page_that_is_letter_already_stays_as_it_is(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = alike(tmp_path / "a.pdf", 12, mode=FORMS[mode], change=_on_letter)
    assert both_ways([source], tmp_path, monkeypatch, letter=True) == 10
    with Pdf.open(tmp_path / "like.pdf") as pdf:
        begins = [bytes(page.Contents[0].read_bytes()) for page in pdf.pages]
        boxes = {tuple(map(int, page.MediaBox)) for page in pdf.pages}
    moved = [place for place, begin in enumerate(begins) if b" cm" in begin]
    assert moved == [3, 5]
    assert boxes == {(0, 0, 612, 792), (0, 0, 792, 612)}
