"""The motion after a rejected filing, as a Word draft for an attorney.

In: a rejection, its court days, how many pages differ. Out: the bytes of a `.docx`
that states what the records show and leaves a blank for everything else: parties,
the court's case number, the good cause, the signature. It argues nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from referrals.delivered.court_days import Deadline
from referrals.delivered.delivered_numbers import DeliveredNumbers
from referrals.delivered.rejection import Rejection
from referrals.delivered.set_differences import SAME
from referrals.typesetting.word_file import word_bytes

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table

MARGIN = 1.0
"""Inches on every side."""
BLANK = "____________________"
DRAFT = (
    "DRAFT for review by an attorney. Prepared from the records of the filing; it is no "
    "legal advice. Fill in each blank and check each date before use."
)


def motion(
    rejection: Rejection,
    counted: Deadline,
    counts: Mapping[str, int] | None,
    *,
    explained: bool,
) -> bytes:
    """Return the draft; the same rejection gives the same bytes.

    `counts` says how many pages of the corrected set differ in which way; `explained`,
    whether the grounds of the rejection call for all of it.
    """
    document = _blank(rejection)
    _caption(document, rejection)
    document.add_paragraph(f"Movant, {BLANK}, by {BLANK}, states:")
    statements = _statements(rejection, counted, counts, explained=explained)
    for number, text in enumerate(statements, start=1):
        _numbered(document, number, text)
    document.add_paragraph(
        "Movant asks that the documents in Schedule "
        f"{'B' if rejection.corrected else 'A'} be treated as filed on "
        f"{_day(rejection.attempted)}, and for such other relief as the court finds just."
    )
    _signature(document)
    _schedule(document, "Schedule A: the documents of the rejected attempt", rejection.original)
    if rejection.corrected is not None:
        _schedule(document, "Schedule B: the corrected documents", rejection.corrected)
    return word_bytes(
        document,
        title=f"Draft: {rejection.rules.motion}",
        author="",
        made=datetime.combine(rejection.rejected, time(), UTC),
    )


def _blank(rejection: Rejection) -> Document:
    """Return a letter page; what the court wants empty at its top is left so."""
    import docx
    from docx.shared import Inches, Pt

    document = docx.Document()
    body = document.styles["Normal"]
    body.font.name, body.font.size = "Times New Roman", Pt(12)
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Inches(1))
    section.footer.paragraphs[0].text = DRAFT
    section.footer.paragraphs[0].runs[0].italic = True
    section.footer.paragraphs[0].runs[0].font.size = Pt(9)
    clear = max(0.0, rejection.court.filing.pages.clear_top - MARGIN)
    first = document.add_paragraph()
    first.paragraph_format.space_before = Inches(clear)
    first.paragraph_format.space_after = Pt(0)
    first.paragraph_format.line_spacing = Pt(1)
    return document


def _caption(document: Document, rejection: Rejection) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Inches, Pt

    for line in rejection.court.caption.court:
        heading = document.add_paragraph(line.upper())
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        heading.paragraph_format.space_after = Pt(0)
    table = document.add_table(rows=1, cols=3)
    left, middle, right = table.rows[0].cells
    left.text = f"\n{BLANK},\n\n            v.\n\n{BLANK}."
    middle.text = "\n".join(")" for _ in range(7))
    right.text = f"\n\nNo. {BLANK}\n\n(police record {rejection.original.case})"
    _set_widths(table, (2.9, 0.5, 3.1))
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before = Inches(0.15)
    title.add_run(rejection.rules.motion.upper()).bold = True


def _numbered(document: Document, number: int, text: str) -> None:
    from docx.shared import Inches

    paragraph = document.add_paragraph(f"{number}.\t{text}")
    paragraph.paragraph_format.left_indent = Inches(0.4)
    paragraph.paragraph_format.first_line_indent = Inches(-0.4)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Inches(0.4))


def _signature(document: Document) -> None:
    """Leave the lines for who signs, all on one page."""
    from docx.shared import Pt

    document.add_paragraph("Respectfully submitted,").paragraph_format.keep_with_next = True
    labels = ("Signature", "Name", "Attorney no.", "Address", "Telephone, e-mail", "Date")
    for label in labels:
        line = document.add_paragraph(f"{label}: {BLANK}{BLANK}")
        line.paragraph_format.space_after = Pt(2)
        line.paragraph_format.keep_with_next = label != labels[-1]


def _statements(
    rejection: Rejection,
    counted: Deadline,
    counts: Mapping[str, int] | None,
    *,
    explained: bool,
) -> Iterator[str]:
    rules, original = rejection.rules, rejection.original
    yield (
        f"On {_day(rejection.attempted)} movant submitted for electronic filing what is "
        f"listed in Schedule A: {_files(original)} {_numbers(original)}."
    )
    known = [rejection.court.filing.rejection(ground) for ground in rejection.grounds]
    grounds = " ".join(each.words for each in known if each is not None) or BLANK
    yield (
        f"On {_day(rejection.rejected)} the submission was rejected. The ground reported is: "
        f"{grounds}"
    )
    if rejection.words:
        yield f"The notice of rejection reads: “{rejection.words}”"
    days = "; ".join(f"{day:%B} {day.day}" for day in counted.days)
    count = f"{rules.court_days} court day{'s' * (rules.court_days != 1)}"
    yield (
        f"This motion is brought within {count} after the day of the rejection, the last of "
        f"them being {_day(counted.last)}"
        + (f" (counted: {days})" if days else "")
        + f". Authority to be confirmed by counsel: {rules.source}."
    )
    if rejection.corrected is not None and counts is not None:
        only = "with only corrections" if explained else f"with corrections and these: {BLANK}"
        yield (
            f"Schedule B lists what takes its place: {_files(rejection.corrected)}, the same "
            f"{only}. {_compared(counts)} The comparison page by page is in differences.csv."
        )
    yield f"Good cause for the relief is shown by the following: {BLANK}{BLANK}{BLANK}"
    yield f"No party is prejudiced, because: {BLANK}{BLANK}{BLANK}"


def _compared(counts: Mapping[str, int]) -> str:
    """Say what the comparison found, and nothing more."""
    total, same = sum(counts.values()), counts.get(SAME, 0)
    if same == total:
        return f"All {total:,} numbered pages are the same."
    told = f"Of {total:,} numbered pages, {same:,} are the same"
    others = [f"{count:,} {change}" for change, count in sorted(counts.items()) if change != SAME]
    return f"{told}; {', '.join(others)}." if others else f"{told}."


def _schedule(document: Document, title: str, delivery: DeliveredNumbers) -> None:
    from docx.shared import Pt

    heading = document.add_paragraph()
    heading.add_run(title).bold = True
    heading.paragraph_format.space_before = Pt(14)
    heading.paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=4, style="Table Grid")
    for cell, text in zip(table.rows[0].cells, ("File", "Numbers", "Pages", "Bytes"), strict=True):
        cell.text = text
    for file in delivery.files:
        size = delivery.path(file.file).stat().st_size
        numbers = "\n".join(file.numbers.labels)
        texts = (file.file, numbers, f"{file.pages:,}", f"{size:,}")
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    _set_widths(table, (3.6, 1.2, 0.6, 1.1))


def _set_widths(table: Table, inches: Sequence[float]) -> None:
    from docx.shared import Inches

    table.autofit = False
    for column, width in zip(table.columns, inches, strict=True):
        column.width = Inches(width)
        for cell in column.cells:
            cell.width = Inches(width)


def _files(delivery: DeliveredNumbers) -> str:
    count = len(delivery.files)
    return f"{count} document{'s' * (count != 1)}"


def _numbers(delivery: DeliveredNumbers) -> str:
    return "bearing the numbers " + ", ".join(str(numbers) for numbers in delivery.ranges)


def _day(day: date | None) -> str:
    return f"{day:%B} {day.day}, {day.year}" if day else BLANK
