"""The report as a Word file, for a press office to quote from.

In: an edition. Out: the bytes of a `.docx`: the same words and numbers as the
page, without the charts. Heading rows are marked, so that a screen reader and a
page break repeat them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from referrals.report import pages, view, wording
from referrals.report.edition import Edition
from referrals.typesetting.word_file import word_bytes

if TYPE_CHECKING:
    from docx.document import Document

SECTIONS = (
    ("What police documented", ("agencies_by_source",), ""),
    ("What was alleged", ("violations", "agencies_by_category"), ""),
    ("Force, injury and medical aid", ("persons_by_harm", "persons_by_detention"), "ems"),
    ("Federal supervisor", (), ""),
    ("Footage", (), ""),
    ("Referrals to the prosecutor", ("agencies_by_outcome",), "referred"),
)
"""The groups of counts, each with the tables that follow it and the median that it tells."""

PLACES = ("areas_twelve_months", "areas_by_agency", "areas_by_class", "areas_by_harm")
TREND = ("incidents", "allegations", "force", "injury", "referrals")
"""What is told month by month: the numbers of the page's charts."""

BODY, SMALL, TINY = 10.5, 8.5, 6.5
"""Sizes of type, in points: tables are set small, the headings of many columns tiny."""

MANY = 6
"""Columns beyond which their headings are set tiny, so that no word is broken."""

HOUSE = (0x12, 0x35, 0x5B)
"""The colour of headings."""

PAGE, FIRST, DEFINITION, NUMBER = 6.5, 1.6, 2.1, 0.7
"""Widths in inches: between the margins, and of the columns of a table of counts."""


def word(edition: Edition) -> bytes:
    """Return the Word file; the same edition gives the same bytes."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Inches, Pt, RGBColor

    document = docx.Document()
    body = document.styles["Normal"]
    body.font.name, body.font.size = "Georgia", Pt(BODY)
    for level in (1, 2, 3):
        heading = document.styles[f"Heading {level}"]
        heading.font.color.rgb = RGBColor(*HOUSE)
        fonts = heading.element.rPr.rFonts
        fonts.attrib.clear()
        for script in ("w:ascii", "w:hAnsi"):
            fonts.set(qn(script), "Georgia")
    for section in document.sections:
        section.left_margin = section.right_margin = Inches(1)
    _heading(document, edition)
    _glance(document, edition)
    tables = {table.key: view.printed(table) for table in edition.tables}
    for title, below, median in SECTIONS:
        document.add_heading(title, level=2)
        if title == "Referrals to the prosecutor":
            document.add_paragraph(wording.REFERRALS)
        _measures(document, edition, title)
        if median:
            document.add_paragraph(wording.medians(edition)[median])
        for key in below:
            _printed(document, tables[key])
    document.add_heading("By community area", level=2)
    for key in PLACES:
        _printed(document, tables[key])
    _corrections(document, edition)
    document.add_heading("How counts are protected", level=2)
    for paragraph in wording.protection(edition):
        document.add_paragraph(paragraph)
    document.add_heading("Methods and limits", level=2)
    for line in wording.methods(edition):
        document.add_paragraph(line, style="List Bullet")
    document.add_heading("Files and contact", level=2)
    document.add_paragraph(wording.files(edition))
    return word_bytes(
        document, title=pages.title(edition), author=edition.agency, made=edition.as_of
    )


def _heading(document: Document, edition: Edition) -> None:
    document.add_paragraph(edition.agency).runs[0].bold = True
    document.add_heading(edition.title, level=1)
    document.add_paragraph(
        f"Monthly public report, {edition.at.title}. Edition {edition.number}, from the records "
        f"as of {view.local_time(edition, edition.as_of)}."
    )
    if edition.reason:
        document.add_paragraph(f"Why there is a new edition: {edition.reason}")
    if edition.draft:
        document.add_paragraph("DRAFT: not published.")
    if edition.fictional:
        document.add_paragraph(f"FICTIONAL: {wording.FICTIONAL}")


def _glance(document: Document, edition: Edition) -> None:
    document.add_heading("At a glance", level=2)
    document.add_paragraph(wording.summary(edition))
    document.add_paragraph(wording.FAIRNESS)
    for figure in view.figures(edition):
        document.add_paragraph(
            f"{figure.title}: {figure.count} ({figure.month_before} from "
            f"{edition.at.plus(-1).title}; {figure.year_before} from {edition.at.plus(-12).title})",
            style="List Bullet",
        )
    trend = view.trend(edition, *TREND)
    document.add_heading("Twelve months", level=3)
    _lead_in(document, f"Unit of count: {trend.unit}. {trend.definition}")
    months = zip(trend.columns, *(row.cells for row in trend.rows), strict=True)
    _table(document, ("Month", *(row.title for row in trend.rows)), months)


def _measures(document: Document, edition: Edition, title: str) -> None:
    group = view.groups(edition)[title]
    _lead_in(document, f"Unit of count and definition in each row. {group.basis}")
    _table(
        document,
        ("Count", *view.compared_titles(edition), "Unit and definition"),
        (
            (
                row.measure.title,
                *row.numbers,
                f"{row.measure.unit.plural.capitalize()}. {row.measure.definition}",
            )
            for row in group.rows
        ),
        (FIRST, *(NUMBER,) * 4, DEFINITION),
    )


def _printed(document: Document, table: view.Printed) -> None:
    document.add_heading(table.title, level=3)
    _lead_in(document, f"Unit of count: {table.unit}. {table.definition}")
    many = len(table.columns) > MANY
    first = 1.2 if many else FIRST
    wide = (PAGE - first) / len(table.columns)
    _table(
        document,
        (table.row_heading, *table.columns),
        ((row.title, *row.cells) for row in table.rows),
        (first, *(wide,) * len(table.columns)),
        [row.level != "inner" for row in table.rows],
        heading=TINY if many else SMALL,
    )
    if table.empty:
        document.add_paragraph(f"Nothing was counted for: {', '.join(table.empty)}.")
    if table.hidden:
        document.add_paragraph(
            f"{view.NOT_SHOWN}: not shown, to protect people "
            f"({table.hidden} of the numbers of this table)."
        )


def _corrections(document: Document, edition: Edition) -> None:
    document.add_heading("Corrections of earlier months", level=2)
    rows = view.correction_rows(edition)
    if not rows:
        document.add_paragraph(wording.NO_CORRECTIONS)
        return
    document.add_paragraph(wording.CORRECTIONS)
    _table(
        document,
        ("Month", "Count", "Unit", "Published", "Now"),
        ((row.month, row.place, row.unit, row.old, row.new) for row in rows),
        (0.8, 3.0, 1.1, 0.8, 0.8),
    )


def _lead_in(document: Document, text: str) -> None:
    """Write the sentence above a table, and keep it on the table's page."""
    document.add_paragraph(text).paragraph_format.keep_with_next = True


def _table(
    document: Document,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[float] = (),
    bold: Sequence[bool] = (),
    heading: float = SMALL,
) -> None:
    """Write a table; `widths` are inches a column, `bold` says which rows are sums."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Inches

    table: Any = document.add_table(rows=1, cols=len(headings), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, headings, strict=True):
        _write(cell, text, bold=True, size=heading)
    for place, row in enumerate(rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _write(cell, text, bold=place < len(bold) and bold[place])
    for place, row in enumerate(table.rows):
        for cell, width in zip(row.cells, widths, strict=False):
            cell.width = Inches(width)
        properties = row._tr.get_or_add_trPr()
        for name in ("w:cantSplit", "w:tblHeader")[: 2 if place == 0 else 1]:
            mark = OxmlElement(name)
            mark.set(qn("w:val"), "true")
            properties.append(mark)
    for width, column in zip(widths, table.columns, strict=False):
        column.width = Inches(width)
    document.add_paragraph()


def _write(cell: Any, text: str, *, bold: bool = False, size: float = SMALL) -> None:
    """Write a cell in small type; numbers stand at the right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    cell.text = text
    (paragraph,) = cell.paragraphs
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    for run in paragraph.runs:
        run.font.size, run.bold = Pt(size), bold
    if text == view.NOT_SHOWN or text.replace(",", "").isdigit():
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
