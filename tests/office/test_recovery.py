"""A build that failed is taken back whole; what cannot be taken back is issued."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import sample_cases
from referrals import bag
from referrals.intake.case_yaml import read_case_folder
from referrals.office.recovery import recover, undo
from referrals.records import bates_ledger, case_store
from referrals.records.bates_ledger import Reservation, reserve
from referrals.records.database import open_database, session
from referrals.records.packets import announce_packet
from referrals.records.tables import Packet, PacketState
from referrals.settings import Settings
from stamping.bates import BatesSeries

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
SERIES = BatesSeries("LPD", "-", 6)


@dataclass(frozen=True)
class Announced:
    """An office with a packet whose delivery is in place and whose numbers are not committed."""

    engine: Engine
    reservation: Reservation
    delivery: Path

    def state(self) -> tuple[str, str]:
        """Return the states of the packet, if any, and of its numbers."""
        with session(self.engine) as opened:
            packet = opened.exec(select(Packet)).one_or_none()
            [line] = bates_ledger.ranges(opened, SERIES)
        return packet.state if packet else "", line.state


@pytest.fixture
def announced(tmp_path: Path) -> Announced:
    engine = open_database(Settings(tmp_path / "home"))
    record = read_case_folder(sample_cases.folder("felony_referral")).record
    number = record.case.number
    delivery = tmp_path / "out"
    (delivery / "data").mkdir(parents=True)
    (delivery / bag.TAG_MANIFEST).write_text("whole\n")
    with session(engine) as opened:
        case_store.save_case(opened, record, [], [], [])
    reservation = reserve(engine, SERIES, 10, f"{number}-1")
    with session(engine) as opened:
        packet = Packet(
            name=f"{number}-1",
            case_id=case_store.case_row(opened, number).id or 0,
            identity="1" * 64,
            state=PacketState.DELIVERING,
            profile="sample",
            program_version="1",
            as_of=NOW,
            issued_at=NOW,
            issued_by="clerk",
            delivery=str(delivery),
            manifest_sha256=hashlib.sha256(b"whole\n").hexdigest(),
            series_id=0,
            first=1,
            last=10,
            snapshot="{}",
        )
        announce_packet(opened, packet, [], reservation)
    return Announced(engine, reservation, delivery)


def test_a_failed_build_is_taken_back_at_once(
    announced: Announced, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build killed while its delivery was deleted left half of it to be seen."""
    seen: list[bool] = []
    monkeypatch.setattr(
        bag.shutil, "rmtree", lambda *words, **named: seen.append(announced.delivery.exists())
    )
    undo(announced.engine, announced.reservation, "the database was lost")
    assert seen == [False]
    assert announced.state() == ("", "void")


def test_a_delivery_that_cannot_be_taken_back_is_issued_later(
    announced: Announced, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, target: Path) -> None:
        raise PermissionError(13, "may not be renamed")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refused)
        undo(announced.engine, announced.reservation, "the database was lost")
    assert announced.state() == ("delivering", "reserved")
    assert announced.delivery.exists()
    monkeypatch.setattr(bates_ledger, "is_gone", lambda mark: True)
    recover(announced.engine)
    assert announced.state() == ("issued", "committed")
