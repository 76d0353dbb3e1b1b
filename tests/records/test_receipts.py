"""Answers to packets are recorded once and never changed; nor is what was issued."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect
from sqlmodel import Session, text

import sample_cases
from referrals.errors import MachineError, UsageError
from referrals.intake.case_yaml import read_case_folder
from referrals.records import audit, case_store
from referrals.records.bates_ledger import reserve
from referrals.records.database import open_database, session
from referrals.records.migration import MIGRATIONS
from referrals.records.packet_history import Outcome, ReceiptAnswer, Standing, StatedReason
from referrals.records.packets import announce_packet, finish_packet
from referrals.records.receipts import histories, record_answer, withdraw_answer
from referrals.records.tables import Packet, PacketPart, PacketState
from referrals.settings import Settings
from stamping.bates import BatesSeries

CASE = "JX-400112"
ISSUED = datetime(2026, 4, 3, 3, 30, tzinfo=UTC)
"""The second of April still, where the case happened."""
NOW = datetime(2026, 4, 20, 15, tzinfo=UTC)
REASON = StatedReason("exhibit-missing", "An exhibit is missing or cannot be read")


@pytest.fixture
def engine(database: Settings) -> Iterator[Engine]:
    """A database of each kind with a case and its first packet, issued."""
    made = _filled(open_database(database))
    yield made
    made.dispose()


def _filled(engine: Engine) -> Engine:
    record = read_case_folder(sample_cases.folder("felony_referral")).record
    with session(engine) as opened:
        case_store.save_case(opened, record, [], [], [])
    issue(engine, 1, ISSUED)
    return engine


def issue(engine: Engine, place: int, at: datetime, *, finished: bool = True) -> None:
    """Put a packet of ten pages on record as a build does."""
    name = f"{CASE}-{place}"
    reservation = reserve(engine, BatesSeries("LPD", "-", 6), 10, name)
    with session(engine) as opened:
        packet = Packet(
            name=name,
            case_id=case_store.case_row(opened, CASE).id or 0,
            identity="1" * 64,
            state=PacketState.DELIVERING,
            profile="sample",
            program_version="1",
            as_of=at,
            issued_at=at,
            issued_by="clerk",
            delivery=f"/{name}",
            manifest_sha256=f"{place:064x}",
            series_id=0,
            first=reservation.range.first,
            last=reservation.range.last,
            snapshot="{}",
        )
        part = PacketPart(
            packet_id=0,
            position=0,
            volume="main",
            file="a.pdf",
            key="memo",
            kind="section",
            title="Memo",
            first=reservation.range.first,
            last=reservation.range.last,
        )
        announce_packet(opened, packet, [part], reservation)
    if finished:
        with session(engine) as opened:
            finish_packet(opened, reservation)


def record(
    opened: Session, outcome: Outcome, day: int | None = None, packet: str = f"{CASE}-1"
) -> ReceiptAnswer:
    return record_answer(
        opened,
        packet,
        outcome,
        on=date(2026, 4, day) if day else None,
        reasons=(REASON,) if outcome is Outcome.RETURNED else (),
        note="Ex. C, page 2 — ÄÖ",
        answered_by="Z. Example (fictional)",
        who="clerk",
        at=NOW,
    )


def test_an_answer_comes_back_as_it_was_recorded_and_the_log_tells_of_it(engine: Engine) -> None:
    with session(engine) as opened:
        given = record(opened, Outcome.RETURNED, 9)
    with session(engine) as opened:
        [history] = histories(opened, CASE)
        entry = audit.entries(opened)[-1]
        assert audit.verify(opened) == []
    assert history.answers == (given,)
    assert history.standing is Standing.RETURNED
    assert (given.on, given.reasons) == (date(2026, 4, 9), (REASON,))
    assert (entry.what, entry.subject, entry.who) == ("packet returned", f"{CASE}-1", "clerk")
    assert entry.before == f"{1:064x}"
    assert "Ex. C" not in entry.model_dump_json()


def test_a_return_is_answered_by_a_supplement_and_stays_on_record(engine: Engine) -> None:
    with session(engine) as opened:
        given = record(opened, Outcome.RETURNED, 9)
    issue(engine, 2, datetime(2026, 4, 12, 15, tzinfo=UTC))
    with session(engine) as opened:
        first, second = histories(opened, CASE)
    assert (first.standing, second.standing) == (Standing.SUPPLEMENTED, Standing.ISSUED)
    assert first.answers == (given,)
    # What comes back of the first once more is answered by the third.
    with session(engine) as opened:
        record(opened, Outcome.RETURNED, 14)
        assert histories(opened, CASE)[0].standing is Standing.RETURNED
    issue(engine, 3, datetime(2026, 4, 16, 15, tzinfo=UTC))
    with session(engine) as opened:
        assert histories(opened, CASE)[0].standing is Standing.SUPPLEMENTED


def test_the_same_answer_is_recorded_once(engine: Engine) -> None:
    with session(engine) as opened:
        first, again = record(opened, Outcome.ACCEPTED, 9), record(opened, Outcome.ACCEPTED, 9)
        assert first == again
        assert record(opened, Outcome.ACCEPTED, 10) != first
        assert len(histories(opened)[0].answers) == 2


def test_a_mistake_is_withdrawn_and_stays_readable(engine: Engine) -> None:
    with session(engine) as opened:
        given = record(opened, Outcome.ACCEPTED, 9)
        withdraw_answer(
            opened, f"{CASE}-1", given.number, note="the other case", who="clerk", at=NOW
        )
    with session(engine) as opened:
        [history] = histories(opened)
        assert history.standing is Standing.ISSUED
        [kept] = history.answers
        assert kept.outcome is Outcome.ACCEPTED
        assert kept.withdrawn is not None
        assert kept.withdrawn.note == "the other case"
        assert audit.entries(opened)[-1].what == "answer withdrawn"
        with pytest.raises(UsageError, match="no answer"):
            withdraw_answer(opened, f"{CASE}-1", given.number, note="x", who="clerk", at=NOW)


@pytest.mark.parametrize("day", [1, 21])
def test_an_answer_before_the_issue_or_in_the_future_is_refused(engine: Engine, day: int) -> None:
    with pytest.raises(UsageError, match="cannot have been answered"), session(engine) as opened:
        record(opened, Outcome.ACCEPTED, day)


def test_the_days_are_those_where_the_case_happened(engine: Engine) -> None:
    with session(engine) as opened:
        # The packet was issued on the third by the clock of Greenwich, the second there.
        assert record(opened, Outcome.ACCEPTED, 2).on == date(2026, 4, 2)
        assert record(opened, Outcome.ACCEPTED).on == date(2026, 4, 20)


def test_a_packet_that_is_not_issued_has_no_answers(engine: Engine) -> None:
    issue(engine, 2, NOW, finished=False)
    for name in (f"{CASE}-2", CASE, "JX-0-1"):
        with pytest.raises(UsageError, match="was issued") as refused, session(engine) as opened:
            record(opened, Outcome.ACCEPTED, packet=name)
        assert (f"Issued: {CASE}-1." in refused.value.remedy) == (name != "JX-0-1")
    with session(engine) as opened:
        assert [history.packet for history in histories(opened)] == [f"{CASE}-1"]


CHANGES = (
    "UPDATE receipt SET outcome = 'accepted'",
    "DELETE FROM receipt",
    "UPDATE receipt_withdrawal SET note = ''",
    "DELETE FROM receipt_withdrawal",
    "UPDATE packet SET state = 'delivering'",
    "UPDATE packet SET manifest_sha256 = ''",
    "DELETE FROM packet",
    "UPDATE packet_part SET title = ''",
    "DELETE FROM packet_part",
    "UPDATE bates_range SET state = 'void' WHERE state = 'committed'",
    "DELETE FROM bates_range WHERE state = 'committed'",
)


def test_nobody_changes_or_removes_what_was_issued_or_answered(engine: Engine) -> None:
    _answered_and_withdrawn(engine)
    before = _rows(engine)
    for statement in CHANGES:
        with pytest.raises(MachineError, match="append-only"), session(engine) as opened:
            opened.connection().execute(text(statement))
    assert _rows(engine) == before


def test_the_migration_goes_down_and_up(engine: Engine) -> None:
    _go(engine, "0005")
    assert not {"receipt", "receipt_withdrawal"} & set(inspect(engine).get_table_names())
    with session(engine) as opened:
        opened.connection().execute(text("UPDATE packet SET override = ''"))
    _go(engine, "head")
    test_nobody_changes_or_removes_what_was_issued_or_answered(engine)


def _answered_and_withdrawn(engine: Engine) -> None:
    with session(engine) as opened:
        given = record(opened, Outcome.RETURNED, 9)
        withdraw_answer(opened, f"{CASE}-1", given.number, note="no", who="clerk", at=NOW)


def _rows(engine: Engine) -> list[list[object]]:
    tables = ("receipt", "receipt_withdrawal", "packet", "packet_part", "bates_range")
    with engine.connect() as connection:
        return [
            [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY id"))]
            for name in tables
        ]


def _go(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        move = command.upgrade if revision == "head" else command.downgrade
        move(config, revision)
