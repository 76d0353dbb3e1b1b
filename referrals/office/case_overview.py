"""A case at a glance, as tables: its evidence, its attestations, its packets.

In: an office and a case. Out: an `Overview`. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from referrals.duties.case_facts import CaseFacts, case_facts
from referrals.evidence.retention import countdown
from referrals.office.office import Office
from referrals.records.database import session
from referrals.records.packet_history import PacketHistory, ReceiptAnswer
from referrals.records.packets import packets_of
from referrals.records.receipts import histories
from referrals.records.sign_off_answers import answers_of
from referrals.records.tables import Packet, SignOffAnswer
from stamping.bates import BatesSeries

TableOf = tuple[str, tuple[str, ...], tuple[tuple[object, ...], ...]]


@dataclass(frozen=True, slots=True)
class Overview:
    """A case as tables: heading, column names, rows."""

    tables: tuple[tuple[str, tuple[str, ...], tuple[tuple[object, ...], ...]], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the tables as lists of objects by heading."""
        return {
            heading: [dict(zip(columns, row, strict=True)) for row in rows]
            for heading, columns, rows in self.tables
        }


def show(office: Office, case: str, now: datetime) -> Overview:
    """Return what there is of a case.

    Raises:
        UsageError: there is no such case.
    """
    snapshot = office.snapshot(case, now)
    facts = case_facts(snapshot, office.profile(snapshot.record.case.profile))
    with session(office.engine) as opened:
        packets, became = packets_of(opened, case), histories(opened, case)
        answers = answers_of(opened, case)
    return case_overview(facts, packets, became, answers, now)


def case_overview(
    facts: CaseFacts,
    packets: Sequence[Packet],
    became: Sequence[PacketHistory],
    answers: Sequence[SignOffAnswer],
    now: datetime,
) -> Overview:
    """Return what there is of a case at `now`."""
    snapshot, profile = facts.snapshot, facts.profile
    record = snapshot.record
    zone = ZoneInfo(record.incident.time_zone)
    left = {
        footage.key: countdown(footage, profile.retention, now, zone) for footage in record.footage
    }
    series = profile.series(record.case.number)
    return Overview(
        (
            (
                "Case",
                ("Number", "Title", "Profile"),
                ((record.case.number, record.case.title, record.case.profile),),
            ),
            (
                "Exhibits",
                ("Exhibit", "Title", "File", "SHA-256"),
                tuple(
                    (
                        each.designator,
                        each.title,
                        each.file,
                        snapshot.file(each.file).sha256,
                    )
                    for each in record.exhibits
                ),
            ),
            (
                "Footage",
                ("Recording", "Title", "File", "Retention"),
                tuple(
                    (each.key, each.title, each.file, kept.words() if kept else "not ruled")
                    for each in record.footage
                    for kept in [left[each.key]]
                ),
            ),
            (
                "Attestations",
                ("Attestation", "Person", "State", "Signed on"),
                tuple(
                    (
                        status.statement.attestation.key,
                        status.statement.person.name,
                        status.state.value,
                        status.signed_on or "",
                    )
                    for status in facts.attestations
                ),
            ),
            (
                "Sign-off answers",
                ("Attestation", "Supervisor", "Asked", "Answered", "Right", "At"),
                tuple(
                    (
                        each.attestation,
                        each.supervisor,
                        each.asked,
                        each.answered,
                        "yes" if each.is_right else "no",
                        each.at.isoformat(timespec="seconds"),
                    )
                    for each in answers
                ),
            ),
            *_packet_tables(packets, became, series),
        )
    )


def _packet_tables(
    packets: Sequence[Packet], histories: Sequence[PacketHistory], series: BatesSeries
) -> tuple[TableOf, TableOf]:
    """Return a table of the packets with their states, and one of the answers."""
    states = {history.packet: history.standing.value for history in histories}
    return (
        (
            "Packets",
            ("Packet", "State", "First", "Last", "As of", "Delivery"),
            tuple(
                (
                    packet.name,
                    states[packet.name],
                    series.label(packet.first),
                    series.label(packet.last),
                    packet.as_of.isoformat(),
                    packet.delivery,
                )
                for packet in packets
            ),
        ),
        (
            "Receipts",
            ("No.", "Packet", "Answer", "On", "Reasons", "Note", "By", "Recorded", "Recorded by"),
            tuple(
                _row(history.packet, answer) for history in histories for answer in history.answers
            ),
        ),
    )


def _row(packet: str, answer: ReceiptAnswer) -> tuple[object, ...]:
    gone = answer.withdrawn
    return (
        answer.number,
        packet,
        f"{answer.outcome} (withdrawn: {gone.note})" if gone else answer.outcome.value,
        answer.on.isoformat(),
        "; ".join(reason.text for reason in answer.reasons),
        answer.note,
        answer.answered_by,
        answer.recorded_at.isoformat(timespec="seconds"),
        answer.recorded_by,
    )
