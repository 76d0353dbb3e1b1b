"""What the database counts is what plain SQL, written apart, counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, create_engine

from referrals.filing.profile_files import load
from referrals.records import fields
from referrals.records.case_record import CaseRecord
from referrals.records.database import open_database
from referrals.report.content import forms
from referrals.report.counts import MonthCounts, count
from referrals.report.measures import MEASURES
from referrals.report.month import Month
from referrals.settings import Settings
from sample_cases.history import history
from tests.postgresql_server import MISSING, may_run, server
from tests.report.conftest import MARCH, save

PROFILE = load("sample")
WINDOW = MARCH.window(14)

# The history writes local times, so that the month is the first seven letters.
IN_MONTH = 'FROM "case" c JOIN incident i ON i.case_id = c.id WHERE substr(i.began, 1, 7) = ?'
PLAIN = {
    "incidents": f"SELECT count(*) {IN_MONTH}",
    "learned-observed": f"SELECT count(*) {IN_MONTH} AND i.how_learned = 'observed'",
    "learned-reported": f"SELECT count(*) {IN_MONTH} AND i.how_learned = 'reported'",
    "responded": f"SELECT count(*) {IN_MONTH} AND i.how_learned = 'dispatched' "
    "AND EXISTS (SELECT 1 FROM unit u WHERE u.case_id = c.id)",
    "force": f"SELECT count(*) {IN_MONTH} "
    "AND (i.force_used OR c.id IN (SELECT case_id FROM force))",
    "injury": f"SELECT count(*) {IN_MONTH} "
    "AND (i.injury_reported OR c.id IN (SELECT case_id FROM injury))",
    "allegations": "SELECT count(*) FROM allegation a, incident i "
    "WHERE a.case_id = i.case_id AND substr(i.began, 1, 7) = ?",
    "class-felony": "SELECT count(*) FROM allegation a, incident i WHERE a.case_id = i.case_id "
    "AND substr(i.began, 1, 7) = ? AND a.offense_class = 'felony'",
    "persons-force": "SELECT count(DISTINCT f.case_id || ' ' || f.\"on\") FROM force f, incident i "
    "WHERE f.case_id = i.case_id AND substr(i.began, 1, 7) = ?",
    "persons-detained": "SELECT count(DISTINCT d.case_id || ' ' || d.person) "
    "FROM detention d, incident i WHERE d.case_id = i.case_id AND substr(i.began, 1, 7) = ?",
    "ems": "SELECT count(*) FROM medical_aid m, incident i WHERE m.case_id = i.case_id "
    "AND substr(i.began, 1, 7) = ? AND m.ems_called IS NOT NULL",
    "ems-10": "SELECT count(*) FROM medical_aid m, incident i WHERE m.case_id = i.case_id "
    "AND substr(i.began, 1, 7) = ? AND round((julianday(ems_arrived) - julianday(ems_called)) "
    "* 86400) BETWEEN 301 AND 600",
    "ems-unknown": "SELECT count(*) FROM medical_aid m, incident i WHERE m.case_id = i.case_id "
    "AND substr(i.began, 1, 7) = ? AND m.ems_called IS NOT NULL AND m.ems_arrived IS NULL",
    "supervisor-refused": f"SELECT count(*) {IN_MONTH} "
    "AND c.id IN (SELECT case_id FROM credential_check WHERE outcome = 'refused')",
    "supervisor-none": f"SELECT count(*) {IN_MONTH} "
    "AND c.id NOT IN (SELECT case_id FROM credential_check)",
    "footage": f"SELECT count(*) {IN_MONTH} "
    "AND c.id IN (SELECT case_id FROM footage WHERE derived_from = '')",
    "recordings": "SELECT count(*) FROM footage f, incident i WHERE f.case_id = i.case_id "
    "AND substr(i.began, 1, 7) = ? AND f.derived_from = ''",
    "flagged": "SELECT count(*) FROM footage f, incident i WHERE f.case_id = i.case_id "
    "AND substr(i.began, 1, 7) = ? AND f.flagged",
    "referrals": "SELECT count(*) FROM referral WHERE substr(referred_on, 1, 7) = ?",
    "referred-30": "SELECT count(*) FROM referral r, incident i WHERE r.case_id = i.case_id "
    "AND substr(r.referred_on, 1, 7) = ? "
    "AND julianday(r.referred_on) - julianday(substr(i.began, 1, 10)) BETWEEN 8 AND 30",
    "outcome-declined": "SELECT count(*) FROM referral "
    "WHERE outcome = 'declined' AND substr(outcome_on, 1, 7) = ?",
}
AREAS = {
    "areas_by_harm": (
        "both",
        f"SELECT count(*) {IN_MONTH} AND i.community_area = 'Mill Basin (fictional)' "
        "AND (i.force_used OR c.id IN (SELECT case_id FROM force)) "
        "AND (i.injury_reported OR c.id IN (SELECT case_id FROM injury))",
    ),
    "areas_by_class": (
        "misdemeanor",
        f"SELECT count(*) {IN_MONTH} AND i.community_area = 'Mill Basin (fictional)' "
        "AND c.id IN (SELECT case_id FROM allegation WHERE offense_class = 'misdemeanor') "
        "AND c.id NOT IN (SELECT case_id FROM allegation WHERE offense_class = 'felony')",
    ),
    "areas_by_agency": (
        "federal-interior-patrol",
        f"SELECT count(*) {IN_MONTH} AND i.community_area = 'Mill Basin (fictional)' "
        "AND i.federal_agency = 'Federal Interior Patrol (fictional)'",
    ),
}


@pytest.fixture(scope="module")
def counted(filled_home: Path) -> dict[Month, MonthCounts]:
    with open_database(Settings(filled_home)).connect() as connection:
        return count(connection, PROFILE, PROFILE.report, WINDOW)


@pytest.fixture(scope="module")
def plain(filled_home: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(filled_home / "referrals.sqlite")
    yield connection
    connection.close()


@pytest.mark.parametrize("measure", PLAIN)
def test_a_measure_is_what_plain_sql_counts(
    measure: str, counted: dict[Month, MonthCounts], plain: sqlite3.Connection
) -> None:
    expected = [plain.execute(PLAIN[measure], (str(month),)).fetchone()[0] for month in WINDOW]
    assert [counted[month].measures[measure] for month in WINDOW] == expected
    assert sum(expected) > 0, "a count that is always zero proves nothing"


@pytest.mark.parametrize("table", AREAS)
def test_a_cell_is_what_plain_sql_counts(
    table: str, counted: dict[Month, MonthCounts], plain: sqlite3.Connection
) -> None:
    column, query = AREAS[table]
    expected = [plain.execute(query, (str(month),)).fetchone()[0] for month in WINDOW]
    found = [counted[month].cells[table].get(("mill-basin", column), 0) for month in WINDOW]
    assert found == expected
    assert sum(expected) > 0


def test_every_table_adds_up_to_its_measure(counted: dict[Month, MonthCounts]) -> None:
    for month in WINDOW:
        own = counted[month]
        sums = {key: sum(cells.values()) for key, cells in own.cells.items()}
        for table in ("areas_by_agency", "areas_by_class", "areas_by_harm", "agencies_by_source"):
            assert sums[table] == own.measures["incidents"]
        assert sums["violations"] == sums["agencies_by_category"] == own.measures["allegations"]
        assert sums.get("persons_by_harm") == sums.get("persons_by_detention")
        decided = sum(value for key, value in own.measures.items() if key.startswith("outcome-"))
        assert sums.get("agencies_by_outcome", 0) == decided


def test_a_median_is_the_middle_of_plain_values(
    counted: dict[Month, MonthCounts], plain: sqlite3.Connection
) -> None:
    from statistics import median

    rows = plain.execute(
        "SELECT julianday(r.referred_on) - julianday(substr(i.began, 1, 10)) FROM referral r, "
        "incident i WHERE r.case_id = i.case_id AND substr(r.referred_on, 1, 7) = '2026-03'"
    )
    assert counted[MARCH].medians["referred"] == median(value for (value,) in rows)


def test_only_known_keys_are_counted(counted: dict[Month, MonthCounts]) -> None:
    known = {measure.key for measure in MEASURES}
    by_key = {form.key: form for form in forms(PROFILE.report)}
    for own in counted.values():
        assert set(own.measures) == known
        for key, cells in own.cells.items():
            form = by_key[key]
            assert {row for row, _ in cells} <= set(form.rows.innermost)
            assert {column for _, column in cells} <= set(form.columns.innermost or ("total",))


@pytest.mark.parametrize(
    ("began", "month"),
    [
        ("2026-03-31T23:59:59-05:00", "2026-03"),
        ("2026-04-01T04:59:59+00:00", "2026-03"),
        ("2026-04-01T05:00:00+00:00", "2026-04"),
        ("2026-03-01T00:00:00-06:00", "2026-03"),
        ("2026-03-01T05:59:59+00:00", "2026-02"),
    ],
)
def test_a_month_ends_at_local_midnight_whatever_the_offset_written(
    tmp_path: Path, months: list[CaseRecord], began: str, month: str
) -> None:
    moment = datetime.fromisoformat(began)
    record = months[0].model_copy(deep=True)
    record.incident.began = moment
    engine = open_database(Settings(tmp_path))
    save(engine, [record])
    with engine.connect() as connection:
        found = count(connection, PROFILE, PROFILE.report, Month(2026, 4).window(3))
    assert {str(each): own.measures["incidents"] for each, own in found.items()} == {
        **dict.fromkeys(("2026-02", "2026-03", "2026-04"), 0),
        month: 1,
    }


def test_the_furthest_attempt_to_identify_counts_once(
    tmp_path: Path, months: list[CaseRecord]
) -> None:
    record = next(each for each in months if each.credential_checks).model_copy(deep=True)
    record.incident.began = datetime(2026, 3, 5, 12, tzinfo=ZoneInfo("America/Chicago"))
    check = record.credential_checks[0]
    record.credential_checks = [
        check.model_copy(update={"outcome": outcome})
        for outcome in (
            fields.CredentialOutcome.REFUSED,
            fields.CredentialOutcome.VERIFIED,
            fields.CredentialOutcome.NOT_LOCATED,
        )
    ]
    engine = open_database(Settings(tmp_path))
    save(engine, [record])
    with engine.connect() as connection:
        own = count(connection, PROFILE, PROFILE.report, [MARCH])[MARCH]
    found = {key: n for key, n in own.measures.items() if key.startswith("supervisor") and n}
    assert found == {"supervisor-verified": 1}


@pytest.mark.skipif(not may_run(), reason=MISSING)
def test_postgresql_counts_the_same(counted: dict[Month, MonthCounts], tmp_path: Path) -> None:
    with server() as url:
        engine: Engine = open_database(Settings(tmp_path / "home", url))
        save(engine, history())
        with engine.connect() as connection:
            found = count(connection, PROFILE, PROFILE.report, WINDOW)
        engine.dispose()
    assert found == counted


def test_counting_leaves_nothing_behind(filled_home: Path) -> None:
    engine = create_engine(f"sqlite:///{filled_home / 'referrals.sqlite'}")
    with engine.connect() as connection:
        first = count(connection, PROFILE, PROFILE.report, [MARCH])
        assert count(connection, PROFILE, PROFILE.report, [MARCH]) == first
        names = connection.exec_driver_sql("SELECT name FROM sqlite_temp_master").all()
    assert names == []
