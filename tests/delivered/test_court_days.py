"""Court days: what lies between a rejection and the last day, on known and on any calendars."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.delivered.court_days import deadline, is_court_day
from referrals.findings import Severity
from referrals.profiles.filing_rules import AfterRejection
from referrals.profiles.profile_files import load_court

ILLINOIS = ("efileil-trial", "efileil-reviewing")


def calendar(key: str) -> AfterRejection:
    rules = load_court(key).filing.after_rejection
    assert rules is not None
    return rules


KNOWN = [
    # An ordinary week: from Monday to the Monday after.
    ("efileil-trial", date(2026, 4, 6), date(2026, 4, 13)),
    # Thanksgiving and the Friday after it, which state courts keep and federal ones do not.
    ("efileil-trial", date(2026, 11, 23), date(2026, 12, 2)),
    ("ndil", date(2026, 11, 23), date(2026, 12, 1)),
    # Rejected on Thanksgiving Day itself.
    ("efileil-trial", date(2026, 11, 26), date(2026, 12, 4)),
    # Christmas on a Friday, New Year's Day on a Friday.
    ("efileil-trial", date(2026, 12, 24), date(2027, 1, 4)),
    ("efileil-trial", date(2026, 12, 28), date(2027, 1, 5)),
    # Rejected on a Saturday.
    ("efileil-trial", date(2026, 5, 23), date(2026, 6, 1)),
    # Juneteenth 2027 is a Saturday: the Friday before is a federal holiday and no state one.
    ("efileil-trial", date(2027, 6, 14), date(2027, 6, 21)),
    ("ndil", date(2027, 6, 14), date(2027, 6, 22)),
    # The last that the calendar reaches.
    ("efileil-trial", date(2027, 12, 23), date(2027, 12, 31)),
]


@pytest.mark.parametrize(("key", "rejected", "last"), KNOWN)
def test_the_last_day_is_the_one_that_a_clerk_counts(key: str, rejected: date, last: date) -> None:
    assert deadline(rejected, calendar(key)).last == last


@pytest.mark.parametrize("rejected", [date(2027, 12, 28), date(2031, 1, 2), date(2025, 6, 2)])
def test_a_day_that_the_calendar_does_not_reach_is_never_guessed(rejected: date) -> None:
    found = deadline(rejected, calendar("efileil-trial"))
    assert found.last is None
    (finding,) = found.findings
    assert (finding.severity, finding.code) == (Severity.BLOCKING, "court-calendar-ends")
    assert "2027-12-31" in finding.message
    assert "known_until" in finding.remedy


def test_an_unconfirmed_calendar_says_so() -> None:
    found = deadline(date(2026, 4, 6), calendar("efileil-trial"))
    assert [each.code for each in found.findings] == ["court-calendar-unconfirmed"]
    sure = calendar("efileil-trial").model_copy(update={"confirmed": True})
    assert deadline(date(2026, 4, 6), sure).findings == ()


def any_calendar() -> st.SearchStrategy[AfterRejection]:
    holidays = st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=60)
    return st.builds(
        lambda days, count: AfterRejection(
            court_days=count,
            time_zone="America/Chicago",
            motion="Motion",
            holidays=tuple(sorted({date(2026, 1, 1), *days})),
            holidays_source="fictional",
            known_until=date(2027, 12, 31),
            source="fictional",
        ),
        holidays,
        st.integers(1, 20),
    )


DAYS = st.dates(date(2026, 1, 1), date(2027, 7, 31))


@given(DAYS, any_calendar())
def test_exactly_so_many_court_days_lie_after_the_rejection(
    rejected: date, rules: AfterRejection
) -> None:
    last = deadline(rejected, rules).last
    assert last is not None
    assert is_court_day(last, rules)
    between = [rejected + timedelta(days=n) for n in range(1, (last - rejected).days + 1)]
    counted = [day for day in between if day.weekday() < 5 and day not in rules.holidays]
    assert len(counted) == rules.court_days
    assert counted[-1] == last


@given(DAYS, DAYS, any_calendar())
def test_a_later_rejection_never_ends_earlier(
    one: date, other: date, rules: AfterRejection
) -> None:
    first, second = deadline(min(one, other), rules).last, deadline(max(one, other), rules).last
    assert first is not None
    assert second is not None
    assert first <= second


@given(DAYS, any_calendar())
def test_another_holiday_never_makes_the_last_day_earlier(
    rejected: date, rules: AfterRejection
) -> None:
    last = deadline(rejected, rules).last
    assert last is not None
    kept = rules.model_copy(update={"holidays": (*rules.holidays, last)})
    later = deadline(rejected, kept).last
    assert later is not None
    assert later > last


def nth(year: int, month: int, weekday: int, n: int) -> date:
    """Return the n-th such weekday of a month; the last one for n = -1."""
    days = [date(year, month, 1) + timedelta(days=d) for d in range(31)]
    own = [day for day in days if day.month == month and day.weekday() == weekday]
    return own[n - 1] if n > 0 else own[-1]


def kept(day: date) -> date:
    """Return when a holiday is kept (5 U.S.C. § 6103(b)): not on a weekend."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def federal(year: int) -> set[date]:
    """The legal holidays of 5 U.S.C. § 6103(a) in a year, by their rules."""
    fixed = [date(year, *day) for day in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))]
    moving = [(1, 0, 3), (2, 0, 3), (5, 0, -1), (9, 0, 1), (10, 0, 2), (11, 3, 4)]
    days = {kept(day) for day in fixed} | {nth(year, *rule) for rule in moving}
    following = kept(date(year + 1, 1, 1))
    return {day for day in days | {following} if day.year == year}


def test_the_federal_holidays_are_those_that_the_statute_comes_to() -> None:
    assert set(calendar("ndil").holidays) == federal(2026) | federal(2027)


@pytest.mark.parametrize("key", ILLINOIS)
def test_the_state_holidays_are_the_federal_ones_and_the_states_own(key: str) -> None:
    expected = federal(2026) | federal(2027)
    for year in (2026, 2027):
        expected |= {kept(date(year, 2, 12)), nth(year, 11, 3, 4) + timedelta(days=1)}
    # 5 ILCS 490/63: not moved from a weekend. New Year's Day: see the profile.
    expected -= {date(2027, 6, 18), date(2027, 12, 31)}
    assert set(calendar(key).holidays) == expected
    assert calendar(key).confirmed is False
