"""Issued packets and the answers to them as tables for a person.

In: packets, what became of each, their series. Out: tables: heading, columns, rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from referrals.records.packet_history import Answer, PacketHistory
from referrals.records.tables import Packet
from stamping.bates import BatesSeries

TableOf = tuple[str, tuple[str, ...], tuple[tuple[object, ...], ...]]


def packet_tables(
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


def _row(packet: str, answer: Answer) -> tuple[object, ...]:
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
