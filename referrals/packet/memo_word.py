"""The transmittal memo as an editable Word document.

In: the request and the layout. Out: the bytes of a `.docx` that says what the
memo of the packet says, for an office that sends its memo on its own paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from referrals.filing.word_file import word_bytes
from referrals.packet.layout import Layout
from referrals.packet.plan import CONFIDENTIAL_TITLE, VolumeKind

if TYPE_CHECKING:
    from referrals.packet.build import PacketRequest


def memo_word(request: PacketRequest, layout: Layout) -> bytes:
    """Return the memo as a Word file; the same request gives the same bytes."""
    import docx
    from docx.shared import Pt

    record, profile = request.snapshot.record, request.profile
    zone = ZoneInfo(record.incident.time_zone)
    document = docx.Document()
    body = document.styles["Normal"]
    body.font.name, body.font.size = "Georgia", Pt(11)
    document.add_paragraph(profile.agency.name).runs[0].bold = True
    document.add_paragraph("\n".join((profile.agency.unit, *profile.agency.address)))
    document.add_heading("Transmittal memo", level=1)
    if record.case.fictional:
        document.add_paragraph("FICTIONAL: sample data. No person or event in it is real.")
    if request.draft:
        document.add_paragraph("DRAFT: not issued.")
    heading = document.add_table(rows=0, cols=2)
    for label, text in _heading(request, layout, zone):
        cells = heading.add_row().cells
        cells[0].text, cells[1].text = label, text
        cells[0].paragraphs[0].runs[0].bold = True
    document.add_heading("What is referred", level=2)
    document.add_paragraph(record.case.title)
    for allegation in record.allegations:
        document.add_paragraph(
            f"{allegation.title}, {allegation.statute} ({allegation.offense_class.value})",
            style="List Bullet",
        )
    document.add_heading("What is enclosed", level=2)
    listed = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, text in zip(listed.rows[0].cells, ("Part", "First", "Last"), strict=True):
        cell.text = text
    for laid in layout.parts:
        if laid.part.number:
            label = f"{laid.part.number}  {laid.part.title}"
        elif laid.part.key.startswith("exhibit-"):
            hidden = laid.volume is VolumeKind.CONFIDENTIAL
            title = CONFIDENTIAL_TITLE if hidden else laid.part.title
            label = f"Exhibit {laid.part.exhibit}  {title}"
        else:
            continue
        cells = listed.add_row().cells
        for cell, text in zip(cells, (label, *laid.range.labels), strict=True):
            cell.text = text
    document.add_heading("Receipt", level=2)
    document.add_paragraph(profile.receipt.text)
    for line in ("Received by", "Date and time", "Signature"):
        document.add_paragraph(f"{line}: ______________________________")
    return word_bytes(
        document,
        title=f"Transmittal memo {request.packet}",
        author=profile.agency.name,
        made=request.snapshot.as_of,
    )


def _heading(request: PacketRequest, layout: Layout, zone: ZoneInfo) -> list[tuple[str, str]]:
    record, profile = request.snapshot.record, request.profile
    recipient = profile.recipient(record.referral.recipient)
    to = record.referral.recipient
    if recipient is not None:
        to = ", ".join(part for part in (recipient.name, recipient.unit) if part)
    made = request.snapshot.as_of.astimezone(zone)
    return [
        ("To", to),
        ("From", f"{profile.agency.name}, {profile.agency.unit}"),
        ("Prepared by", record.case.prepared_by),
        ("Date", f"{made:%B} {made.day}, {made.year}"),
        ("Case", f"RD {record.case.number}, event {record.case.event_number}"),
        ("Packet", request.packet),
        ("Numbers", str(layout.volume_range(VolumeKind.MAIN))),
        ("Confidential volume", str(layout.volume_range(VolumeKind.CONFIDENTIAL))),
    ]
