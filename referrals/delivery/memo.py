"""The transmittal memo as an editable Word document.

In: the request and the layout. Out: the bytes of a `.docx` that says what the
memo of the packet says, for an office that sends its memo on its own paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from referrals.packet.layout import Layout
from referrals.packet.plan import CONFIDENTIAL_TITLE, VolumeKind
from referrals.packet.request import PacketRequest
from referrals.typesetting.word_file import word_bytes
from referrals.typesetting.word_page import facts, letter, lines_to_sign, listing


def memo_word(request: PacketRequest, layout: Layout) -> bytes:
    """Return the memo as a Word file; the same request gives the same bytes."""
    record, profile = request.snapshot.record, request.profile
    zone = ZoneInfo(record.incident.time_zone)
    notices = []
    if record.case.fictional:
        notices.append("FICTIONAL: sample data. No person or event in it is real.")
    if request.draft:
        notices.append("DRAFT: not issued.")
    document = letter(profile.agency, "Transmittal memo", notices)
    facts(document, _heading(request, layout, zone))
    document.add_heading("What is referred", level=2)
    document.add_paragraph(record.case.title)
    for allegation in record.allegations:
        document.add_paragraph(
            f"{allegation.title}, {allegation.statute} ({allegation.offense_class.value})",
            style="List Bullet",
        )
    document.add_heading("What is enclosed", level=2)
    listing(document, ("Part", "First", "Last"), _enclosed(layout), (3.9, 1.3, 1.3))
    document.add_heading("Receipt", level=2)
    document.add_paragraph(profile.receipt.text)
    lines_to_sign(document, ("Received by", "Date and time", "Signature"))
    return word_bytes(
        document,
        title=f"Transmittal memo {request.packet}",
        author=profile.agency.name,
        made=request.snapshot.as_of,
    )


def _enclosed(layout: Layout) -> Iterator[tuple[str, str, str]]:
    for laid in layout.parts:
        if laid.part.number:
            yield f"{laid.part.number}  {laid.part.title}", *laid.range.labels
        elif laid.part.key.startswith("exhibit-"):
            hidden = laid.volume is VolumeKind.CONFIDENTIAL
            title = CONFIDENTIAL_TITLE if hidden else laid.part.title
            yield f"Exhibit {laid.part.exhibit}  {title}", *laid.range.labels


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
