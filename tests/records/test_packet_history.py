"""Where a packet stands, and how many were accepted at first look, worked out of what happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.findings import Finding, Severity
from referrals.records.acceptance import FEW, acceptance
from referrals.records.packet_history import (
    Outcome,
    PacketHistory,
    ReceiptAnswer,
    Standing,
    StatedReason,
    Withdrawal,
    case_standing,
)

ZONE = ZoneInfo("America/Chicago")
ISSUED = datetime(2026, 4, 2, 22, 30, tzinfo=ZONE)
"""Late in the evening: in UTC it is the next day already."""
MISSING = StatedReason("exhibit-missing", "An exhibit is missing")
UNSIGNED = StatedReason("statement-unsigned", "A statement is not signed")


def answer(
    outcome: Outcome,
    day: int,
    number: int = 1,
    *,
    recorded: datetime | None = None,
    reasons: tuple[StatedReason, ...] = (),
    withdrawn: bool = False,
) -> ReceiptAnswer:
    """An answer of a day of April, recorded at noon of that day unless told otherwise."""
    at = recorded or datetime(2026, 4, day, 12, tzinfo=ZONE)
    gone = Withdrawal("a mistake", "clerk", at) if withdrawn else None
    on = date(2026, 4, day)
    return ReceiptAnswer(number, outcome, on, reasons, "", "", "clerk", at, gone)


def history(
    *answers: ReceiptAnswer, later: datetime | None = None, place: int = 1
) -> PacketHistory:
    return PacketHistory(f"JX-1-{place}", "JX-1", place, ISSUED, later, answers)


def test_a_case_is_a_draft_while_anything_blocks() -> None:
    warning = Finding(Severity.WARNING, "w", "")
    assert case_standing([warning]) is Standing.READY
    assert case_standing([warning, Finding(Severity.BLOCKING, "b", "")]) is Standing.DRAFT


SUPPLEMENT = datetime(2026, 4, 10, 12, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("found", "standing"),
    [
        (history(), Standing.ISSUED),
        (history(later=SUPPLEMENT), Standing.SUPPLEMENTED),
        (history(answer(Outcome.ACCEPTED, 9)), Standing.ACCEPTED),
        (history(answer(Outcome.DECLINED, 9)), Standing.DECLINED),
        (history(answer(Outcome.RETURNED, 9)), Standing.RETURNED),
        # The newest answer counts: the one of the later day, then the one recorded later.
        (history(answer(Outcome.ACCEPTED, 9), answer(Outcome.RETURNED, 8, 2)), Standing.ACCEPTED),
        (history(answer(Outcome.RETURNED, 9), answer(Outcome.ACCEPTED, 9, 2)), Standing.ACCEPTED),
        # A supplement answers what was said before it, whenever the clerk wrote it down.
        (history(answer(Outcome.RETURNED, 9), later=SUPPLEMENT), Standing.SUPPLEMENTED),
        (
            history(
                answer(Outcome.RETURNED, 9, recorded=SUPPLEMENT + timedelta(days=3)),
                later=SUPPLEMENT,
            ),
            Standing.SUPPLEMENTED,
        ),
        (history(answer(Outcome.ACCEPTED, 11), later=SUPPLEMENT), Standing.ACCEPTED),
        # On the day itself, the order in which they were recorded decides.
        (
            history(
                answer(Outcome.ACCEPTED, 10, recorded=SUPPLEMENT + timedelta(hours=1)),
                later=SUPPLEMENT,
            ),
            Standing.ACCEPTED,
        ),
        (
            history(
                answer(Outcome.RETURNED, 10, recorded=SUPPLEMENT - timedelta(hours=1)),
                later=SUPPLEMENT,
            ),
            Standing.SUPPLEMENTED,
        ),
        (history(answer(Outcome.RETURNED, 9, withdrawn=True)), Standing.ISSUED),
        (
            history(answer(Outcome.ACCEPTED, 8), answer(Outcome.RETURNED, 9, 2, withdrawn=True)),
            Standing.ACCEPTED,
        ),
    ],
)
def test_the_newest_that_happened_says_where_a_packet_stands(
    found: PacketHistory, standing: Standing
) -> None:
    assert found.standing is standing


def test_nothing_issued_and_nothing_answered_are_told_as_such() -> None:
    assert acceptance([]).words == "No first packet was issued."
    waiting = acceptance([history(), history()])
    assert waiting.words == "No packet was answered yet."
    assert (waiting.share, waiting.median_days, waiting.unanswered) == (None, None, 2)


def test_the_first_answer_to_the_first_packet_is_what_counts() -> None:
    found = acceptance(
        [
            # Returned, mended, accepted: not at first look.
            history(
                answer(Outcome.RETURNED, 7, reasons=(MISSING, UNSIGNED)),
                answer(Outcome.ACCEPTED, 20, 2),
            ),
            history(answer(Outcome.ACCEPTED, 4)),
            history(answer(Outcome.DECLINED, 12)),
            history(),
            # A supplement is not a first look, but why it came back counts.
            history(answer(Outcome.RETURNED, 9, reasons=(MISSING,)), place=2),
            # What was recorded by mistake counts nowhere.
            history(
                answer(Outcome.RETURNED, 3, reasons=(UNSIGNED,), withdrawn=True),
                answer(Outcome.ACCEPTED, 30, 2),
            ),
        ]
    )
    assert (found.first_packets, found.answered, found.unanswered) == (5, 4, 1)
    assert (found.accepted, found.returned, found.declined) == (2, 1, 1)
    assert found.share == 0.5
    # 5, 2, 10 and 28 days from the second of April, where the case happened.
    assert found.median_days == 7.5
    assert [(each.key, each.count) for each in found.return_reasons] == [
        ("exhibit-missing", 2),
        ("statement-unsigned", 1),
    ]


@given(
    outcomes=st.lists(st.sampled_from([*Outcome, None]), max_size=40),
)
def test_a_share_is_told_only_of_enough_answers(outcomes: list[Outcome | None]) -> None:
    found = acceptance(history(*([answer(outcome, 5)] if outcome else [])) for outcome in outcomes)
    answered = [outcome for outcome in outcomes if outcome]
    assert (found.answered, found.unanswered) == (len(answered), outcomes.count(None))
    assert found.accepted == answered.count(Outcome.ACCEPTED)
    assert ("%" in found.words) == (len(answered) >= FEW)
    assert (found.share is None) == (not answered)
