"""The motion after a rejected filing, as a Word draft for an attorney.

In: a rejection, its court days, how many pages differ. Out: the bytes of a `.docx`
that states what the records show and leaves a blank for everything else: parties,
the court's case number, the good cause, the signature. It argues nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from referrals.filing.court_days import Deadline
from referrals.filing.word_file import word_bytes
from referrals.packet.delivered_numbers import DeliveredNumbers
from referrals.packet.set_differences import SAME

if TYPE_CHECKING:
    from docx.document import Document

    from referrals.packet.rejected_kit import Rejection

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
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Inches, Pt

    document = docx.Document()
    body = document.styles["Normal"]
    body.font.name, body.font.size = "Times New Roman", Pt(12)
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Inches(1))
    section.header.paragraphs[0].text = DRAFT
    section.header.paragraphs[0].runs[0].italic = True
    for line in rejection.court.caption.court:
        heading = document.add_paragraph(line.upper())
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        heading.paragraph_format.space_after = Pt(0)
    _parties(document, rejection)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run(rejection.rules.motion.upper()).bold = True
    document.add_paragraph(f"Movant, {BLANK}, by {BLANK}, states:")
    statements = _statements(rejection, counted, counts, explained=explained)
    for number, text in enumerate(statements, start=1):
        paragraph = document.add_paragraph(f"{number}.  {text}")
        paragraph.paragraph_format.left_indent = Inches(0.4)
        paragraph.paragraph_format.first_line_indent = Inches(-0.4)
    document.add_paragraph(
        "Movant asks that the documents in Schedule "
        f"{'B' if rejection.corrected else 'A'} be treated as filed on "
        f"{_day(rejection.attempted)}, and for such other relief as the court finds just."
    )
    document.add_paragraph("Respectfully submitted,")
    for line in ("Signature", "Name", "Attorney no.", "Address", "Telephone, e-mail", "Date"):
        document.add_paragraph(f"{line}: {BLANK}{BLANK}").paragraph_format.space_after = Pt(2)
    _schedule(document, "Schedule A: the documents of the rejected attempt", rejection.original)
    if rejection.corrected is not None:
        _schedule(document, "Schedule B: the corrected documents", rejection.corrected)
    return word_bytes(
        document,
        title=f"Draft: {rejection.rules.motion}",
        author="",
        made=datetime.combine(rejection.rejected, time(), UTC),
    )


def _parties(document: Document, rejection: Rejection) -> None:
    table = document.add_table(rows=1, cols=3)
    left, middle, right = table.rows[0].cells
    left.text = f"\n{BLANK},\n\n            v.\n\n{BLANK}."
    middle.text = "\n".join(")" for _ in range(7))
    right.text = f"\n\nNo. {BLANK}\n\n(police record no. {rejection.original.case})"


def _statements(
    rejection: Rejection,
    counted: Deadline,
    counts: Mapping[str, int] | None,
    *,
    explained: bool,
) -> Iterator[str]:
    rules, original = rejection.rules, rejection.original
    yield (
        f"On {_day(rejection.attempted)} movant submitted for electronic filing the "
        f"{_files(original)} listed in Schedule A, {_numbers(original)}."
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
            f"The {_files(rejection.corrected)} in Schedule B are those of Schedule A {only}. "
            f"{_compared(counts)} The comparison page by page is in differences.csv."
        )
    yield f"Good cause for the relief is shown by the following: {BLANK}{BLANK}{BLANK}"
    yield f"No party is prejudiced, because: {BLANK}{BLANK}{BLANK}"


def _compared(counts: Mapping[str, int]) -> str:
    """Say what the comparison found, and nothing more."""
    total, same = sum(counts.values()), counts.get(SAME, 0)
    told = f"Of {total:,} numbered pages, {same:,} are the same"
    others = [f"{count:,} {change}" for change, count in sorted(counts.items()) if change != SAME]
    return f"{told}; {', '.join(others)}." if others else f"{told}."


def _schedule(document: Document, title: str, delivery: DeliveredNumbers) -> None:
    document.add_heading(title, level=2)
    table = document.add_table(rows=1, cols=4, style="Table Grid")
    for cell, text in zip(table.rows[0].cells, ("File", "Numbers", "Pages", "Bytes"), strict=True):
        cell.text = text
    for file in delivery.files:
        size = delivery.path(file.file).stat().st_size
        texts = (file.file, str(file.numbers), f"{file.pages:,}", f"{size:,}")
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text


def _files(delivery: DeliveredNumbers) -> str:
    count = len(delivery.files)
    return f"{count} document{'s' * (count != 1)}"


def _numbers(delivery: DeliveredNumbers) -> str:
    return "bearing the numbers " + ", ".join(str(numbers) for numbers in delivery.ranges)


def _day(day: date | None) -> str:
    return f"{day:%B} {day.day}, {day.year}" if day else BLANK
