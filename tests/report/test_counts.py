"""What the database counts is what plain SQL, written apart, counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, create_engine

from referrals.profiles.profile_files import load
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
MONTH = "substr(i.began, 1, 7) = ?"
IN_MONTH = f'FROM "case" c JOIN incident i ON i.case_id = c.id WHERE {MONTH}'
ALLEGED = f"FROM allegation a, incident i WHERE a.case_id = i.case_id AND {MONTH}"
CALLED = f"FROM medical_aid m, incident i WHERE m.case_id = i.case_id AND {MONTH} AND ems_called"
WAITED = "round((julianday(ems_arrived) - julianday(ems_called)) * 86400)"
FILMED = f"FROM footage f, incident i WHERE f.case_id = i.case_id AND {MONTH} AND derived_from = ''"
REFERRED = "FROM referral r, incident i WHERE r.case_id = i.case_id AND r.referred_on LIKE ? || '%'"
DAYS = "julianday(r.referred_on) - julianday(substr(i.began, 1, 10))"
DECIDED = "FROM referral WHERE substr(outcome_on, 1, 7) = ?"
FORCE = "(i.force_used OR i.case_id IN (SELECT case_id FROM force))"
INJURY = "(i.injury_reported OR i.case_id IN (SELECT case_id FROM injury))"


def _persons(table: str, column: str) -> str:
    return (
        f"count(DISTINCT t.case_id || ' ' || t.{column}) FROM {table} t, incident i "
        f"WHERE t.case_id = i.case_id AND {MONTH}"
    )


PLAIN = {
    "incidents": f"count(*) {IN_MONTH}",
    "responded": f"count(*) {IN_MONTH} AND i.how_learned = 'dispatched' "
    "AND EXISTS (SELECT 1 FROM unit u WHERE u.case_id = c.id)",
    **{
        f"learned-{how}": f"count(*) {IN_MONTH} AND i.how_learned = '{how}'"
        for how in ("observed", "dispatched", "reported")
    },
    "allegations": f"count(*) {ALLEGED}",
    **{
        f"class-{level}": f"count(*) {ALLEGED} AND a.offense_class = '{level}'"
        for level in ("felony", "misdemeanor", "ordinance")
    },
    "force": f"count(*) {IN_MONTH} AND {FORCE}",
    "injury": f"count(*) {IN_MONTH} AND {INJURY}",
    "persons-force": _persons("force", '"on"'),
    "persons-injury": _persons("injury", "person"),
    "persons-detained": _persons("detention", "person"),
    "ems": f"count(*) {CALLED} IS NOT NULL",
    "ems-5": f"count(*) {CALLED} IS NOT NULL AND {WAITED} BETWEEN 0 AND 300",
    "ems-10": f"count(*) {CALLED} IS NOT NULL AND {WAITED} BETWEEN 301 AND 600",
    "ems-20": f"count(*) {CALLED} IS NOT NULL AND {WAITED} BETWEEN 601 AND 1200",
    "ems-later": f"count(*) {CALLED} IS NOT NULL AND {WAITED} > 1200",
    "ems-unknown": f"count(*) {CALLED} IS NOT NULL AND m.ems_arrived IS NULL",
    **{
        f"supervisor-{outcome}": f"count(*) {IN_MONTH} "
        f"AND c.id IN (SELECT case_id FROM credential_check WHERE outcome = '{outcome}')"
        for outcome in (
            "verified",
            "shown_not_verified",
            "refused",
            "not_located",
            "not_attempted",
        )
    },
    "supervisor-none": f"count(*) {IN_MONTH} "
    "AND c.id NOT IN (SELECT case_id FROM credential_check)",
    "footage": f"count(DISTINCT f.case_id) {FILMED}",
    "recordings": f"count(*) {FILMED}",
    "flagged": f"count(*) {FILMED} AND f.flagged",
    "referrals": f"count(*) {REFERRED}",
    "referred-7": f"count(*) {REFERRED} AND {DAYS} BETWEEN 0 AND 7",
    "referred-30": f"count(*) {REFERRED} AND {DAYS} BETWEEN 8 AND 30",
    "referred-90": f"count(*) {REFERRED} AND {DAYS} BETWEEN 31 AND 90",
    "referred-later": f"count(*) {REFERRED} AND {DAYS} > 90",
    **{
        f"outcome-{outcome}": f"count(*) {DECIDED} AND outcome = '{outcome}'"
        for outcome in ("charges_filed", "further_investigation", "returned", "declined")
    },
}
"""Every measure once more, in SQL that shares nothing with the report's."""

GRAVEST = " ".join(
    f"WHEN i.case_id IN (SELECT case_id FROM allegation WHERE offense_class = '{level}') "
    f"THEN '{level}'"
    for level in ("felony", "misdemeanor", "ordinance")
)
CATEGORY = " ".join(
    f"WHEN a.statute LIKE '{beginning}%' THEN '{category}'"
    for beginning, category in (
        ("720 ILCS 5/12-", "Battery and assault"),
        ("720 ILCS 5/10-", "Unlawful restraint and kidnapping"),
        ("720 ILCS 5/24-", "Firearms"),
        ("720 ILCS 5/19-", "Property and trespass"),
        ("720 ILCS 5/21-", "Property and trespass"),
        ("720 ILCS 5/33-", "Official misconduct and obstruction"),
        ("MCC ", "Local ordinances"),
    )
)


def _harm(force: str, injury: str) -> str:
    return (
        f"CASE WHEN {force} AND {injury} THEN 'both' WHEN {force} THEN 'force' "
        f"WHEN {injury} THEN 'injury' ELSE 'neither' END"
    )


INCIDENT = "incident i"
ALLEGATION = "allegation a JOIN incident i ON i.case_id = a.case_id"
HURT = "p.key IN (SELECT person FROM injury x WHERE x.case_id = p.case_id)"
FORCED = 'p.key IN (SELECT "on" FROM force x WHERE x.case_id = p.case_id)'
HELD = "p.key IN (SELECT person FROM detention x WHERE x.case_id = p.case_id)"
PERSON = (
    "(SELECT * FROM person p WHERE role = 'alleged_victim' "
    f"OR {HURT} OR {FORCED} OR {HELD}) p JOIN incident i ON i.case_id = p.case_id"
)
AGE = "CASE p.minor WHEN 1 THEN 'minor' ELSE 'adult' END"
DECISION = "referral r JOIN incident i ON i.case_id = r.case_id AND r.outcome IS NOT NULL"
AREA, AGENCY, BEGAN = "i.community_area", "i.federal_agency", "i.began"

TABLES = {
    "violations": (BEGAN, f"CASE {CATEGORY} END", "a.offense_class", ALLEGATION),
    "agencies_by_source": (BEGAN, AGENCY, "i.how_learned", INCIDENT),
    "agencies_by_category": (BEGAN, AGENCY, f"CASE {CATEGORY} END", ALLEGATION),
    "areas_by_agency": (BEGAN, AREA, AGENCY, INCIDENT),
    "areas_by_class": (BEGAN, AREA, f"CASE {GRAVEST} ELSE 'none' END", INCIDENT),
    "areas_by_harm": (BEGAN, AREA, _harm(FORCE, INJURY), INCIDENT),
    "areas_twelve_months": (BEGAN, AREA, "'total'", INCIDENT),
    "persons_by_harm": (BEGAN, AGE, _harm(FORCED, HURT), PERSON),
    "persons_by_detention": (BEGAN, AGE, f"CASE WHEN {HELD} THEN 'yes' ELSE 'no' END", PERSON),
    "agencies_by_outcome": ("r.outcome_on", AGENCY, "r.outcome", DECISION),
}
"""Every table once more: what dates it, its rows, its columns, and from where."""


def _key(words: str) -> str:
    """Return the key of a title as the records bear it."""
    plain = words.removesuffix(" (fictional)")
    if plain == "An agency that was not named":
        return "other"
    return plain if "_" in plain else plain.lower().replace(" ", "-").replace("'", "-")


@pytest.fixture(scope="module")
def counted(filled_home: Path) -> dict[Month, MonthCounts]:
    with open_database(Settings(filled_home)).connect() as connection:
        return count(connection, PROFILE, PROFILE.report, WINDOW)


@pytest.fixture(scope="module")
def plain(filled_home: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(filled_home / "referrals.sqlite")
    yield connection
    connection.close()


NEVER = {"referred-later"}
"""What the history holds none of."""


def test_no_measure_and_no_table_is_left_unchecked() -> None:
    assert set(PLAIN) == {measure.key for measure in MEASURES}
    assert set(TABLES) == {form.key for form in forms(PROFILE.report)}


@pytest.mark.parametrize("measure", PLAIN)
def test_a_measure_is_what_plain_sql_counts(
    measure: str, counted: dict[Month, MonthCounts], plain: sqlite3.Connection
) -> None:
    query = f"SELECT {PLAIN[measure]}"
    expected = [plain.execute(query, (str(month),)).fetchone()[0] for month in WINDOW]
    assert [counted[month].measures[measure] for month in WINDOW] == expected
    assert (sum(expected) > 0) == (measure not in NEVER), "what is always zero proves nothing"


@pytest.mark.parametrize("table", TABLES)
def test_every_cell_is_what_plain_sql_counts(
    table: str, counted: dict[Month, MonthCounts], plain: sqlite3.Connection
) -> None:
    dated, row, column, source = TABLES[table]
    expected: dict[str, dict[tuple[str, str], int]] = {str(month): {} for month in WINDOW}
    for month, own_row, own_column, amount in plain.execute(
        f"SELECT substr({dated}, 1, 7), {row}, {column}, count(*) FROM {source} GROUP BY 1, 2, 3"
    ):
        if month in expected:
            expected[month][_key(own_row), _key(own_column)] = amount
    found = {str(month): counted[month].cells.get(table, {}) for month in WINDOW}
    assert found == expected
    assert sum(len(cells) for cells in found.values()) > 14


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


@pytest.mark.parametrize(
    ("began", "referred", "band"),
    [
        # 23:59 on the last day of March in Chicago is April in UTC.
        (datetime(2026, 4, 1, 4, 59, tzinfo=UTC), date(2026, 4, 8), "referred-30"),
        (datetime(2026, 4, 1, 5, 0, tzinfo=UTC), date(2026, 4, 8), "referred-7"),
        # The clocks change on 8 March: midnight is 06:00 UTC before and 05:00 after.
        (datetime(2026, 3, 8, 5, 59, tzinfo=UTC), date(2026, 3, 15), "referred-30"),
        (datetime(2026, 3, 8, 6, 0, tzinfo=UTC), date(2026, 3, 15), "referred-7"),
        (datetime(2026, 3, 9, 4, 59, tzinfo=UTC), date(2026, 3, 15), "referred-7"),
        (datetime(2026, 3, 9, 5, 0, tzinfo=UTC), date(2026, 3, 17), "referred-30"),
    ],
)
def test_days_to_referral_begin_with_the_local_day(
    tmp_path: Path, months: list[CaseRecord], began: datetime, referred: date, band: str
) -> None:
    record = next(each for each in months if each.referral and each.referral.referred_on)
    record = record.model_copy(deep=True)
    record.incident.began = began
    record.referral.referred_on = referred
    record.referral.outcome = record.referral.outcome_on = None
    engine = open_database(Settings(tmp_path))
    save(engine, [record])
    with engine.connect() as connection:
        found = count(connection, PROFILE, PROFILE.report, [Month(referred.year, referred.month)])
    (own,) = found.values()
    bands = {key: n for key, n in own.measures.items() if key.startswith("referred-") and n}
    assert bands == {band: 1}
