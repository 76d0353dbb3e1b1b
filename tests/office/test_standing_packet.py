"""A set is made of the very pages that were issued, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from referrals.errors import BlockedError
from referrals.office import standing_packet as as_issued
from referrals.office.standing_packet import stop_if_laid_out_otherwise
from referrals.packet.draw import DrawnPacket
from referrals.packet.layout import LaidPart, Layout
from referrals.packet.plan import PartKind, PlannedPart, VolumeKind
from referrals.records.database import open_database, session
from referrals.records.tables import Packet, PacketPart
from referrals.settings import Settings
from stamping.bates import BatesRange, BatesSeries

SERIES = BatesSeries("REF")
NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)


def part(key: str, first: int, last: int) -> LaidPart:
    planned = PlannedPart(key, PartKind.SECTION, key.title())
    return LaidPart(planned, VolumeKind.MAIN, first, BatesRange(SERIES, first, last))


def drawn(*parts: LaidPart, packet: str = "JX-1-1") -> DrawnPacket:
    """Return what is asked of a drawn packet: its name, its case, its layout."""
    case = SimpleNamespace(number="JX-1")
    snapshot = SimpleNamespace(record=SimpleNamespace(case=case))
    layout = Layout(parts, BatesRange(SERIES, 1, parts[-1].range.last))
    made: Any = SimpleNamespace(
        request=SimpleNamespace(packet=packet, snapshot=snapshot), layout=layout
    )
    return cast(DrawnPacket, made)


@pytest.fixture
def issued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The records of a packet with a memo on pages 1 and 2 and an index on page 3."""
    engine = open_database(Settings(tmp_path))
    packet = Packet(
        id=1,
        name="JX-1-1",
        case_id=1,
        identity="",
        state="issued",
        profile="sample",
        program_version="0.0.9",
        as_of=NOW,
        issued_at=NOW,
        issued_by="clerk",
        delivery="",
        manifest_sha256="",
        series_id=1,
        first=1,
        last=3,
        snapshot="",
    )
    rows = [
        PacketPart(
            packet_id=1,
            position=n,
            volume="main",
            file="",
            key=key,
            kind="section",
            title=key,
            first=first,
            last=last,
        )
        for n, (key, first, last) in enumerate((("memo", 1, 2), ("index", 3, 3)))
    ]
    monkeypatch.setattr(as_issued, "packets_of", lambda opened, case: [packet])
    monkeypatch.setattr(as_issued, "parts_of", lambda opened, packet: rows)
    with session(engine):
        return engine


def test_the_same_pages_pass(issued: Any) -> None:
    stop_if_laid_out_otherwise(issued, drawn(part("memo", 1, 2), part("index", 3, 3)))


def test_other_pages_are_refused_with_both_versions(issued: Any) -> None:
    other = drawn(part("memo", 1, 1), part("index", 2, 3))
    with pytest.raises(BlockedError, match=r"'Memo' would stand on REF-000001 .program 0\.0\.9"):
        stop_if_laid_out_otherwise(issued, other)


def test_a_part_that_was_not_issued_is_refused(issued: Any) -> None:
    with pytest.raises(BlockedError, match="'Annex'"):
        stop_if_laid_out_otherwise(issued, drawn(part("annex", 1, 1)))


def test_a_draft_may_have_any_pages(issued: Any) -> None:
    shown = drawn(part("memo", 1, 1), packet="JX-1-2-DRAFT")
    stop_if_laid_out_otherwise(issued, shown)
