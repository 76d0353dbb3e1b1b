"""The look of the office's Word documents: letterhead, headings, quiet tables, lines to sign.

In: words. Out: a python-docx document that looks as the printed pages do, in fonts
that every office has, for an office that edits it or prints it on its own paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from referrals.profiles.profile import Agency

if TYPE_CHECKING:
    from docx.document import Document

TEXT_INCHES = 6.5
_LABEL_INCHES = 1.6
_TEXT, _SMALL = 10.5, 9.5
_HEADINGS = {1: 18, 2: 11.5}
_RULE = "999999"


def letter(agency: Agency, title: str, notices: Iterable[str]) -> Document:
    """Return a document on US Letter with letterhead, title and `notices` below it.

    Type in points: text 10.5, title 18.
    """
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Inches, Pt, RGBColor

    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Inches(8.5), Inches(11)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Inches(1)
    body: Any = document.styles["Normal"]
    body.font.name, body.font.size = "Georgia", Pt(_TEXT)
    body.paragraph_format.space_after = Pt(6)
    for level, size in _HEADINGS.items():
        heading: Any = document.styles[f"Heading {level}"]
        heading.font.size, heading.font.color.rgb = Pt(size), RGBColor(0, 0, 0)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(16), Pt(6)
        fonts = heading.element.rPr.rFonts
        fonts.attrib.clear()
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), "Arial")
    name: Any = document.add_paragraph(agency.name)
    name.runs[0].bold = True
    name.runs[0].font.size = Pt(12)
    name.paragraph_format.space_after = Pt(0)
    address: Any = document.add_paragraph(" · ".join((agency.unit, *agency.address)))
    address.runs[0].font.size = Pt(_SMALL)
    document.add_heading(title, level=1)
    for notice in notices:
        document.add_paragraph().add_run(notice).italic = True
    return document


def facts(document: Document, rows: Iterable[tuple[str, str]]) -> None:
    """Add labels with what they name, a rule below each."""
    _table(document, None, rows, (_LABEL_INCHES, TEXT_INCHES - _LABEL_INCHES), labelled=True)


def listing(
    document: Document,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    inches: Sequence[float],
) -> None:
    """Add a table whose headings stand on each page again; `inches` are its columns."""
    _table(document, headings, rows, inches, labelled=False)


def lines_to_sign(document: Document, labels: Iterable[str]) -> None:
    """Add a line to write on for each of `labels`, high enough for a pen.

    They stay on the page of the paragraph before them.
    """
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.shared import Inches

    document.paragraphs[-1].paragraph_format.keep_with_next = True
    rows = [(label, "") for label in labels]
    table = _table(document, None, rows, (_LABEL_INCHES, 3.4), labelled=True, ruled=1)
    lines = list(table.rows)
    for number, line in enumerate(lines, start=1):
        line.height = Inches(0.42)
        for cell in line.cells:
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
            cell.paragraphs[0].paragraph_format.keep_with_next = number < len(lines)


def _table(
    document: Document,
    headings: Sequence[str] | None,
    rows: Iterable[Sequence[str]],
    inches: Sequence[float],
    *,
    labelled: bool,
    ruled: int = 0,
) -> Any:
    """Add a table; `labelled` makes its first column small, `ruled` is the first ruled one."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Inches, Pt

    table: Any = document.add_table(rows=0, cols=len(inches))
    table.autofit = False
    for place, texts in enumerate([headings, *rows] if headings else rows):
        row = table.add_row()
        is_heading = headings is not None and place == 0
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Inches(inches[column])
            (paragraph,) = cell.paragraphs
            paragraph.paragraph_format.space_before = Pt(2)
            paragraph.paragraph_format.space_after = Pt(2)
            run = paragraph.add_run(text)
            small = is_heading or (labelled and column == 0)
            run.font.size, run.bold = Pt(_SMALL if small else _TEXT), small
            if column >= ruled:
                _rule_below(cell, heavy=is_heading)
        properties = row._tr.get_or_add_trPr()
        for name in ("w:cantSplit", "w:tblHeader")[: 2 if is_heading else 1]:
            mark = OxmlElement(name)
            mark.set(qn("w:val"), "true")
            properties.append(mark)
    for column, width in zip(table.columns, inches, strict=True):
        column.width = Inches(width)
    return table


def _rule_below(cell: Any, *, heavy: bool) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    borders, bottom = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
    entries = {"val": "single", "sz": "8" if heavy else "4", "color": _RULE, "space": "0"}
    for key, value in entries.items():
        bottom.set(qn(f"w:{key}"), value)
    borders.append(bottom)
    cell._tc.get_or_add_tcPr().append(borders)
