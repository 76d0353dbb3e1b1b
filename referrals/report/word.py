"""The report as a Word file, for a press office to quote from.

In: an edition. Out: the bytes of a `.docx`: the same words and numbers as the
page, without the charts. Heading rows are marked, so that a screen reader and a
page break repeat them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from referrals.filing.word_file import word_bytes
from referrals.report import pages, view
from referrals.report.edition import Edition

if TYPE_CHECKING:
    from docx.document import Document

SECTIONS = (
    ("What police documented", ("agencies_by_source",)),
    ("What was alleged", ("violations", "agencies_by_category")),
    ("Force, injury and medical aid", ("persons_by_harm", "persons_by_detention")),
    ("Federal supervisor", ()),
    ("Footage", ()),
    ("Referrals to the prosecutor", ("agencies_by_outcome",)),
)
"""The groups of counts, each with the tables that follow it."""

PLACES = ("areas_twelve_months", "areas_by_agency", "areas_by_class", "areas_by_harm")


def word(edition: Edition) -> bytes:
    """Return the Word file; the same edition gives the same bytes."""
    import docx
    from docx.shared import Pt

    document = docx.Document()
    body = document.styles["Normal"]
    body.font.name, body.font.size = "Georgia", Pt(10.5)
    _heading(document, edition)
    document.add_heading("At a glance", level=2)
    for figure in view.figures(edition):
        document.add_paragraph(
            f"{figure.count} {figure.title[0].lower()}{figure.title[1:]} "
            f"({figure.month_before} from the month before, "
            f"{figure.year_before} from the same month a year before)",
            style="List Bullet",
        )
    groups = view.groups(edition)
    tables = {table.key: view.printed(table) for table in edition.tables}
    for group, below in SECTIONS:
        document.add_heading(group, level=2)
        _table(
            document,
            ("Count", "Unit", *view.compared_titles(edition)),
            ((row.measure.title, row.measure.unit.value, *row.numbers) for row in groups[group]),
        )
        _printed(document, [tables[key] for key in below])
    document.add_heading("By community area", level=2)
    _printed(document, [tables[key] for key in PLACES])
    _corrections(document, edition)
    _protection(document, edition)
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
        document.add_paragraph(
            "FICTIONAL: sample data. No person, place or event in this report is real."
        )
    document.add_paragraph(
        "Everything counted here is alleged or reported; nothing in this report is a finding "
        "that a law was broken."
    )


def _printed(document: Document, tables: Sequence[view.Printed]) -> None:
    for table in tables:
        document.add_heading(table.title, level=3)
        document.add_paragraph(f"Unit of count: {table.unit}. {table.definition}")
        _table(
            document,
            (table.row_heading, *table.columns),
            ((row.title, *row.cells) for row in table.rows),
        )
        if table.empty:
            document.add_paragraph(f"Nothing was counted for: {', '.join(table.empty)}.")
        if table.hidden:
            document.add_paragraph(f"{view.NOT_SHOWN}: not shown, to protect people.")


def _corrections(document: Document, edition: Edition) -> None:
    document.add_heading("Corrections of earlier months", level=2)
    rows = view.correction_rows(edition)
    if not rows:
        document.add_paragraph("None.")
        return
    _table(
        document,
        ("Month", "Count", "Unit", "Published", "Now"),
        ((row.month, row.place, row.unit, row.old, row.new) for row in rows),
    )


def _protection(document: Document, edition: Edition) -> None:
    document.add_heading("How counts are protected", level=2)
    document.add_paragraph(
        f"City-wide counts of conduct are always shown. In tables about people and places, "
        f"{edition.hidden} of {edition.protected_cells} numbers are not shown: counts from 1 to "
        f"{edition.threshold - 1}, and those from which they could be worked out."
    )
    document.add_paragraph(edition.contact)


def _table(document: Document, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    table: Any = document.add_table(rows=1, cols=len(headings), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, headings, strict=True):
        cell.text = text
        cell.paragraphs[0].runs[0].bold = True
    properties = table.rows[0]._tr.get_or_add_trPr()
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    properties.append(mark)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph()
