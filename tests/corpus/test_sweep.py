"""Whatever a PDF holds, what comes out is whole, true to it, and numbered.

For each file: prepared or refused with a remedy; then assembled, and read back
with other libraries: page count, text, pixels outside the stamp, `qpdf --check`,
the number in its place.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw

from stamping.assembly.engine import assemble
from stamping.bates import BatesSeries
from stamping.notices import Severity
from stamping.pages.stamp_zone import estimated_text_width, stamp_zone
from stamping.pages.viewport import Box
from stamping.values import Document, Order, Part, Rendition, StampStyle

SERIES = BatesSeries("SWEEP")
STYLE = StampStyle()
# Pages of one file that are compared by pixels: its first ones and its last.
COMPARED = 4
# Grey levels that smoothing may differ by where nothing else does.
SMOOTHING = 24
# Of a page's pixels: what flattened annotations may change beyond smoothing, since
# the reader that draws the source supplies looks of its own for them.
ANNOTATED_SHARE = 0.06
REDRAWN = frozenset(
    {
        "annotations-flattened",
        "annotations-not-printed",
        "annotation-without-appearance",
        "form-flattened",
        "links-removed",
    }
)
LONGEST_SIDE = 1200
# Pages made smaller are compared in squares of so many pixels; a square counts as
# another where its grey differs by more, and so large a share of them may.
SQUARE = 8
SCALED_SMOOTHING = 48
SCALED_SHARE = 0.01
# Pixels that rounding may move a glyph's box.
ROUNDING = 3

Record = Callable[[str, object], None]


def test_exhibit(
    exhibit: Path,
    renditions: dict[Path, Rendition],
    tmp_path: Path,
    record_property: Record,
) -> None:
    rendition = renditions[exhibit]
    if not rendition.usable:
        (reason,) = [item for item in rendition.notices if item.severity is Severity.BLOCKING]
        record_property("outcome", f"refused: {reason.code}")
        assert reason.remedy
        if _pages_of(exhibit):
            record_property("remark", f"refused as {reason.code}, but pdfium opens it")
        return
    record_property("outcome", _kind(rendition))
    assert rendition.path is not None
    output = tmp_path / "stamped.pdf"
    part = Part(rendition.path, title=exhibit.stem, pages_to_scale=rendition.pages_to_scale)
    order = Order(series=SERIES, first=1, document=Document(title="Sweep"), style=STYLE)
    assembly = assemble([part], order, output)
    assert assembly.pages == rendition.pages
    _check_syntax(output, record_property)
    _check_count(exhibit, output, rendition, record_property)
    _check_pages(exhibit, output, rendition, record_property)


def _kind(rendition: Rendition) -> str:
    codes = {item.code for item in rendition.notices}
    if "repaired" in codes:
        return "repaired and stamped"
    return "stamped as it is" if rendition.identical else "made safe and stamped"


def _pages_of(path: Path) -> int:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        return 0
    count = len(document)
    document.close()
    return count


def _check_syntax(output: Path, record_property: Record) -> None:
    result = subprocess.run(
        ["qpdf", "--check", str(output)],
        capture_output=True,
        check=False,
    )
    assert result.returncode in (0, 3), result.stderr[:2000].decode("utf-8", "replace")
    if result.returncode == 3:
        record_property("remark", "qpdf --check warns of what the source's streams hold")


def _check_count(
    exhibit: Path, output: Path, rendition: Rendition, record_property: Record
) -> None:
    assert _pages_of(output) == rendition.pages
    assert len(pypdf.PdfReader(output).pages) == rendition.pages
    before = _pages_of(exhibit)
    if not before:
        record_property("remark", "pdfium does not open the source; not compared")
    elif before != rendition.pages:
        record_property("remark", "pdfium counts other pages in the source")
        assert any(item.code == "repaired" for item in rendition.notices)


def _check_pages(
    exhibit: Path, output: Path, rendition: Rendition, record_property: Record
) -> None:
    """Compare text, pixels and numbers of some pages."""
    numbers = sorted({*range(1, min(rendition.pages, COMPARED) + 1), rendition.pages})
    comparable = _pages_of(exhibit) == rendition.pages
    after = pdfium.PdfDocument(output)
    before = pdfium.PdfDocument(exhibit) if comparable else None
    reader = pypdf.PdfReader(output)
    try:
        if before is not None:
            before.init_forms()
        for number in numbers:
            try:
                new = after[number - 1]
            except pdfium.PdfiumError:
                record_property("remark", "a page that pdfium cannot load")
                assert any(item.code == "page-unreadable" for item in rendition.notices)
                continue
            _check_number(new, reader, number, record_property)
            if before is None:
                continue
            old = before[number - 1]
            if not min(old.get_size()):
                record_property("remark", "a page without a size in pdfium's eyes")
                continue
            unit = _unit(reader, number)
            _check_text(old, new, number, scaled=number in rendition.pages_to_scale)
            if number in rendition.pages_to_scale:
                _check_scaled(old, new, unit, rendition, record_property)
            else:
                _check_pixels(old, new, unit, rendition, record_property)
    finally:
        after.close()
        if before is not None:
            before.close()


def _text(page: pdfium.PdfPage) -> str:
    text_page = page.get_textpage()
    text: str = text_page.get_text_range()
    text_page.close()
    return text


def _check_text(old: pdfium.PdfPage, new: pdfium.PdfPage, number: int, *, scaled: bool) -> None:
    """Every character that the source's page held is on the page still.

    pdfium drops what it takes for a shadow of the same character nearby; on a
    scaled page a few more count as such.
    """
    missing = Counter(_letters(_text(old))) - Counter(_letters(_text(new)))
    spared = len(_text(old)) // 100 if scaled else 0
    assert missing.total() <= spared, f"page {number} lost {''.join(missing.elements())[:80]!r}"


def _letters(text: str) -> str:
    return re.sub(r"[\s\x00\ufffe\ufffd\u00ad-]", "", text)


def _check_number(
    page: pdfium.PdfPage, reader: pypdf.PdfReader, number: int, record_property: Record
) -> None:
    """The number can be read, and stands inside the stamp's zone as the reader sees it."""
    label = SERIES.label(number)
    text_page = page.get_textpage()
    found = None
    searcher = text_page.search(label, match_case=True)
    while (match := searcher.get_next()) is not None:
        found = match
    assert found is not None, f"{label} is not on its page"
    start, count = found
    boxes = [text_page.get_charbox(index) for index in range(start, start + count)]
    width, height = page.get_size()
    left, bottom, right, top = _zone(page, _unit(reader, number))
    bitmap = page.render(scale=min(1.0, LONGEST_SIDE / max(width, height)), grayscale=True)
    scale = bitmap.width / width
    converter = bitmap.get_posconv(page)
    for box in boxes:
        for x, y in ((box[0], box[1]), (box[2], box[3])):
            across, down = converter.to_bitmap(x, y)
            assert left * scale - ROUNDING <= across <= right * scale + ROUNDING
            assert (height - top) * scale - ROUNDING <= down <= (height - bottom) * scale + ROUNDING
    bitmap.close()
    text_page.close()
    try:
        assert label in reader.pages[number - 1].extract_text()
    except (pypdf.errors.PyPdfError, ValueError, TypeError, KeyError, AttributeError) as error:
        record_property("remark", f"pypdf cannot read the page's text ({type(error).__name__})")


def _unit(reader: pypdf.PdfReader, number: int) -> float:
    return float(reader.pages[number - 1].get("/UserUnit", 1))


def _zone(page: pdfium.PdfPage, unit: float) -> Box:
    """Return the stamp's zone in the page's own units, of which each is `unit` points."""
    width, height = (side * unit for side in page.get_size())
    zone = stamp_zone(width, height, STYLE, estimated_text_width(STYLE, 24))
    left, bottom, right, top = (edge / unit for edge in zone)
    return left, bottom, right, top


def _check_pixels(
    old: pdfium.PdfPage,
    new: pdfium.PdfPage,
    unit: float,
    rendition: Rendition,
    record_property: Record,
) -> None:
    """Outside the stamp's zone the page looks as the source would in print."""
    first, second = _picture(old, annotations=True), _picture(new, annotations=False)
    if first.size != second.size:
        assert any(item.code == "page-size-replaced" for item in rendition.notices)
        return
    scale = first.width / new.get_width()
    height = new.get_height()
    left, bottom, right, top = _zone(new, unit)
    zone = (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale)
    for picture in (first, second):
        ImageDraw.Draw(picture).rectangle(
            (
                int(zone[0]) - ROUNDING,
                int(zone[1]) - ROUNDING,
                int(zone[2]) + ROUNDING,
                int(zone[3]) + ROUNDING,
            ),
            fill=255,
        )
    histogram = ImageChops.difference(first, second).histogram()
    share = sum(histogram[SMOOTHING:]) / (first.width * first.height)
    if any(item.code in REDRAWN for item in rendition.notices):
        if share:
            record_property("remark", "annotations look otherwise in pdfium's own drawing")
        assert share <= ANNOTATED_SHARE
    else:
        assert share == 0


def _check_scaled(
    old: pdfium.PdfPage,
    new: pdfium.PdfPage,
    unit: float,
    rendition: Rendition,
    record_property: Record,
) -> None:
    """A page that was made smaller looks as the source does at that size.

    Smoothing moves with the scale, so both are compared in squares of some pixels.
    """
    (width, height), (own_width, own_height) = new.get_size(), old.get_size()
    if (width, height) != (own_width, own_height):
        record_property("remark", "put on a larger sheet; its pixels are not compared")
        assert width > own_width - 0.01
        assert height > own_height - 0.01
        return
    first, second = _picture(old, annotations=True), _picture(new, annotations=False)
    scale = first.width / width
    room = _zone(new, unit)[3]
    share = max((height - room) / height, 0.1)
    size = max(1, round(first.width * share)), max(1, round(first.height * share))
    expected = Image.new("L", first.size, 255)
    expected.paste(first.resize(size), ((first.width - size[0]) // 2, 0))
    floor = int((height - room) * scale) - ROUNDING
    for picture in (expected, second):
        ImageDraw.Draw(picture).rectangle((0, floor, first.width, first.height), fill=255)
    squares = [picture.reduce(SQUARE) for picture in (expected, second)]
    histogram = ImageChops.difference(*squares).histogram()
    differing = sum(histogram[SCALED_SMOOTHING:]) / (squares[0].width * squares[0].height)
    redrawn = any(item.code in REDRAWN for item in rendition.notices)
    record_property("remark", "scaled to clear a band and compared")
    assert differing <= (ANNOTATED_SHARE if redrawn else SCALED_SHARE), f"{differing:.3f} differs"


def _picture(page: pdfium.PdfPage, *, annotations: bool) -> Image.Image:
    scale = min(1.0, LONGEST_SIDE / max(page.get_size()))
    bitmap = page.render(
        scale=scale, grayscale=True, draw_annots=annotations, optimize_mode="print"
    )
    picture: Image.Image = bitmap.to_pil().convert("L")
    bitmap.close()
    return picture
