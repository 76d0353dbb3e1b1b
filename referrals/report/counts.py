"""The records counted, month by month, by the database.

In: a connection to the records, a profile and months. Out: for each month the
measures, the innermost cells of every table, and two medians. Rows are joined,
grouped and counted in SQL; what comes back is as many rows as there are cells.

The facts of each incident are gathered once into tables of this connection
alone, so that every count rests on the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlmodel import SQLModel

from referrals.profiles.profile import Profile, Report
from referrals.records import tables
from referrals.records.fields import CredentialOutcome, HowLearned, OffenseClass, Role
from referrals.report import sql
from referrals.report.content import key
from referrals.report.measures import DAYS, MEASURES, MINUTES
from referrals.report.month import Month
from referrals.report.table import TOTAL, Place

NO_MONTH = -1


@dataclass(slots=True)
class MonthCounts:
    """What was counted for a month: measures, innermost cells by table, medians."""

    measures: dict[str, int] = field(default_factory=lambda: {each.key: 0 for each in MEASURES})
    cells: dict[str, dict[Place, int]] = field(default_factory=dict)
    medians: dict[str, float] = field(default_factory=dict)


def count(
    connection: Connection, profile: Profile, rules: Report, months: Sequence[Month]
) -> dict[Month, MonthCounts]:
    """Return the counts of each of `months`, which follow one another in order."""
    facts = _Facts(profile, rules, months)
    found = {month: MonthCounts() for month in months}
    facts.scratch.create_all(connection)
    try:
        facts.gather(connection)
        for table, query in facts.cells():
            for index, row, column, amount in connection.execute(query):
                found[months[index]].cells.setdefault(table, {})[row, column] = amount
        for query in facts.measures():
            for index, measure, amount in connection.execute(query):
                found[months[index]].measures[measure] = amount
        for name, query in facts.medians():
            for index, value in connection.execute(query):
                found[months[index]].medians[name] = float(value)
    finally:
        facts.scratch.drop_all(connection)
    return found


class _Facts:
    """The queries over one set of months; `scratch` holds the tables of facts."""

    def __init__(self, profile: Profile, rules: Report, months: Sequence[Month]) -> None:
        self.profile, self.rules, self.months = profile, rules, months
        self.scratch = MetaData()
        self.incident = self._table(
            "report_incident", "seconds", "began_on", "level", "force", "injury"
        )
        self.person = self._table("report_person", "minor", "force", "injury", "detained")
        self.month = Table(
            "report_month",
            self.scratch,
            Column("case_id", Integer, primary_key=True),
            Column("month", Integer),
            prefixes=["TEMPORARY"],
        )

    def _table(self, name: str, *numbers: str) -> Table:
        texts = ("area", "agency", "how") if name == "report_incident" else ("key",)
        return Table(
            name,
            self.scratch,
            Column("case_id", Integer, primary_key=True, autoincrement=False),
            *(Column(each, String, primary_key=name == "report_person") for each in texts),
            *(Column(each, Integer) for each in numbers),
            prefixes=["TEMPORARY"],
        )

    def gather(self, connection: Connection) -> None:
        """Fill the tables of facts."""
        for target, query in (
            (self.incident, self._incidents()),
            (self.month, self._months()),
            (self.person, self._persons()),
        ):
            connection.execute(insert(target).from_select(list(target.columns), query))
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"ANALYZE {target.name}")

    def _incidents(self) -> Select[Any]:
        incident, cases = _of(tables.Incident), _of(tables.Case)
        allegation, force = _of(tables.Allegation), _of(tables.Force)
        injury = _of(tables.Injury)
        levels = (
            select(allegation.c.case_id, func.min(_level(allegation.c.offense_class)).label("best"))
            .group_by(allegation.c.case_id)
            .subquery()
        )
        forced = select(force.c.case_id).distinct().subquery()
        injured = select(injury.c.case_id).distinct().subquery()
        areas = [
            (key(area), (area, f"{area} (fictional)"))
            for region in self.rules.regions
            for area in region.areas
        ]
        agencies = [
            (key(each.title), (*each.names, *(f"{name} (fictional)" for name in each.names)))
            for each in self.rules.agencies
        ]
        return (
            select(
                incident.c.case_id,
                sql.named(incident.c.community_area, areas),
                sql.named(incident.c.federal_agency, agencies),
                sql.text(incident.c.how_learned),
                sql.Seconds(sql.text(incident.c.began)),
                sql.local_day(
                    sql.Seconds(sql.text(incident.c.began)),
                    self.rules.time_zone,
                    self.months[-1].plus(1).begins(self.rules.time_zone),
                ),
                func.coalesce(levels.c.best, len(OffenseClass)),
                _one(or_(incident.c.force_used, forced.c.case_id.is_not(None))),
                _one(or_(incident.c.injury_reported, injured.c.case_id.is_not(None))),
            )
            .join(cases, cases.c.id == incident.c.case_id)
            .outerjoin(levels, levels.c.case_id == incident.c.case_id)
            .outerjoin(forced, forced.c.case_id == incident.c.case_id)
            .outerjoin(injured, injured.c.case_id == incident.c.case_id)
            .where(cases.c.profile == self.profile.key)
        )

    def _months(self) -> Select[Any]:
        """Place each incident in a month of the profile's zone, by the instant it began."""
        zone = self.rules.time_zone
        starts = [int(month.begins(zone).timestamp()) for month in self.months]
        end = int(self.months[-1].plus(1).begins(zone).timestamp())
        seconds = self.incident.c.seconds
        index = case(
            (seconds >= end, NO_MONTH),
            *((seconds >= starts[place], place) for place in reversed(range(len(starts)))),
            else_=NO_MONTH,
        )
        placed = select(self.incident.c.case_id, index.label("month")).subquery()
        return select(placed.c.case_id, placed.c.month).where(placed.c.month != NO_MONTH)

    def _persons(self) -> Select[Any]:
        person = _of(tables.Person)
        force, injury, detention = (
            select(table.c.case_id, named.label("key")).distinct().subquery()
            for table, named in (
                (_of(tables.Force), _of(tables.Force).c.on),
                (_of(tables.Injury), _of(tables.Injury).c.person),
                (_of(tables.Detention), _of(tables.Detention).c.person),
            )
        )
        query = select(
            person.c.case_id,
            person.c.key,
            _one(person.c.minor),
            *(_one(each.c.key.is_not(None)) for each in (force, injury, detention)),
        ).join(self.month, self.month.c.case_id == person.c.case_id)
        for each in (force, injury, detention):
            query = query.outerjoin(
                each, and_(each.c.case_id == person.c.case_id, each.c.key == person.c.key)
            )
        return query.where(
            or_(
                sql.text(person.c.role) == Role.ALLEGED_VICTIM.value,
                *(each.c.key.is_not(None) for each in (force, injury, detention)),
            )
        )

    def cells(self) -> Iterator[tuple[str, Select[Any]]]:
        """Yield each table's key with a query of month, row, column, count."""
        incident, person, month = self.incident.c, self.person.c, self.month.c
        allegation = _of(tables.Allegation).c
        categories = [(key(each.title), each.statutes) for each in self.rules.categories]
        category = sql.beginning(allegation.statute, categories)
        alleged = self._dated(_of(tables.Allegation))
        offense = sql.text(allegation.offense_class)
        levels = {place: level.value for place, level in enumerate(OffenseClass)}
        level = case(levels, value=incident.level, else_=literal("none"))
        yield "violations", _counted(alleged, month.month, category, offense)
        yield (
            "agencies_by_category",
            _counted(self._with_incident(alleged), month.month, incident.agency, category),
        )
        dated = self._dated(self.incident)
        yield "agencies_by_source", _counted(dated, month.month, incident.agency, incident.how)
        yield "areas_by_agency", _counted(dated, month.month, incident.area, incident.agency)
        yield "areas_by_class", _counted(dated, month.month, incident.area, level)
        harm = _harm(incident.force, incident.injury)
        yield "areas_by_harm", _counted(dated, month.month, incident.area, harm)
        yield "areas_twelve_months", _counted(dated, month.month, incident.area, literal(TOTAL))
        persons = self._dated(self.person)
        age = case((person.minor == 1, literal("minor")), else_=literal("adult"))
        harm = _harm(person.force, person.injury)
        yield "persons_by_harm", _counted(persons, month.month, age, harm)
        detained = case((person.detained == 1, literal("yes")), else_=literal("no"))
        yield "persons_by_detention", _counted(persons, month.month, age, detained)
        referral = _of(tables.Referral)
        decided = self._referred(referral.c.outcome_on).add_columns(
            incident.agency.label("row"), sql.text(referral.c.outcome).label("column")
        )
        decided = decided.where(referral.c.outcome.is_not(None))
        inner = decided.subquery()
        yield (
            "agencies_by_outcome",
            select(inner.c.month, inner.c.row, inner.c.column, func.count())
            .where(inner.c.month != NO_MONTH)
            .group_by(inner.c.month, inner.c.row, inner.c.column),
        )

    def measures(self) -> Iterator[Select[Any]]:
        """Yield queries of month, measure, count."""
        incident, person, month = self.incident.c, self.person.c, self.month.c
        dated, persons = self._dated(self.incident), self._dated(self.person)
        unit, check = _of(tables.Unit).c, _of(tables.CredentialCheck).c
        with_units = select(unit.case_id).distinct().subquery()
        footage = _of(tables.Footage).c
        originals = self._dated(_of(tables.Footage)).where(footage.derived_from == "")
        alleged = self._dated(_of(tables.Allegation))
        offense = sql.text(_of(tables.Allegation).c.offense_class)
        for name, query in (
            ("incidents", dated),
            ("force", dated.where(incident.force == 1)),
            ("injury", dated.where(incident.injury == 1)),
            (
                "responded",
                dated.join(with_units, with_units.c.case_id == incident.case_id).where(
                    incident.how == HowLearned.DISPATCHED.value
                ),
            ),
            ("allegations", alleged),
            ("persons-force", persons.where(person.force == 1)),
            ("persons-injury", persons.where(person.injury == 1)),
            ("persons-detained", persons.where(person.detained == 1)),
            ("recordings", originals),
            ("flagged", originals.where(footage.flagged)),
        ):
            yield _counted(query, month.month, literal(name))
        yield _counted(dated, month.month, literal("learned-") + incident.how)
        yield _counted(alleged, month.month, literal("class-") + offense)
        kept = originals.with_only_columns(month.month, month.case_id).distinct().subquery()
        yield select(kept.c.month, literal("footage"), func.count()).group_by(kept.c.month)
        furthest = (
            select(check.case_id, func.min(_outcome(check.outcome)).label("best"))
            .group_by(check.case_id)
            .subquery()
        )
        results = {place: each.value for place, each in enumerate(CredentialOutcome)}
        result = case(results, value=furthest.c.best, else_=literal("none"))
        yield _counted(
            dated.outerjoin(furthest, furthest.c.case_id == incident.case_id),
            month.month,
            literal("supervisor-") + result,
        )
        aid = _of(tables.MedicalAid).c
        called = self._called()
        yield _counted(called, month.month, literal("ems"))
        band = case(
            (aid.ems_arrived.is_(None), literal("unknown")), else_=sql.banded(_minutes(), MINUTES)
        )
        yield _counted(called, month.month, literal("ems-") + band)
        yield from self._referrals()

    def medians(self) -> Iterator[tuple[str, Select[Any]]]:
        """Yield each median's key with a query of month, value."""
        aid = _of(tables.MedicalAid).c
        arrived = self._called().where(aid.ems_arrived.is_not(None))
        yield (
            "ems",
            _median(arrived.with_only_columns(self.month.c.month, _waited().label("value"))),
        )
        referral = _of(tables.Referral).c
        days = (sql.Day(sql.text(referral.referred_on)) - self.incident.c.began_on).label("value")
        yield "referred", _median(self._referred(referral.referred_on).add_columns(days))

    def _called(self) -> Select[Any]:
        aid = _of(tables.MedicalAid)
        return self._dated(aid).where(aid.c.ems_called.is_not(None))

    def _referrals(self) -> Iterator[Select[Any]]:
        referral, incident = _of(tables.Referral).c, self.incident.c
        days = sql.Day(sql.text(referral.referred_on)) - incident.began_on
        for day, name in (
            (referral.referred_on, literal("referrals")),
            (referral.referred_on, literal("referred-") + sql.banded(days, DAYS)),
            (referral.outcome_on, literal("outcome-") + sql.text(referral.outcome)),
        ):
            inner = self._referred(day).add_columns(name.label("measure")).subquery()
            yield (
                select(inner.c.month, inner.c.measure, func.count())
                .where(inner.c.month != NO_MONTH, inner.c.measure.is_not(None))
                .group_by(inner.c.month, inner.c.measure)
            )

    def _referred(self, day: ColumnElement[Any]) -> Select[Any]:
        """Select the referrals by the month of `day`, with their incident."""
        referral = _of(tables.Referral)
        index = case(
            *(
                (day < month.plus(1).first_day, place if place >= 0 else NO_MONTH)
                for place, month in enumerate(
                    (self.months[0].plus(-1), *self.months), start=NO_MONTH
                )
            ),
            else_=NO_MONTH,
        )
        return (
            select(index.label("month"))
            .select_from(referral)
            .join(self.incident, self.incident.c.case_id == referral.c.case_id)
            .where(day.is_not(None), referral.c.referred_on.is_not(None))
        )

    def _dated(self, table: Any) -> Select[Any]:
        """Select what belongs to an incident of one of the months."""
        query = select(literal(1)).select_from(self.month)
        return query.join(table, table.c.case_id == self.month.c.case_id)

    def _with_incident(self, query: Select[Any]) -> Select[Any]:
        return query.join(self.incident, self.incident.c.case_id == self.month.c.case_id)


def _of(model: type[SQLModel]) -> Any:
    return SQLModel.metadata.tables[str(model.__tablename__)]


def _counted(query: Select[Any], *by: ColumnElement[Any]) -> Select[Any]:
    named = [each.label(f"by_{place}") for place, each in enumerate(by)]
    inner = query.with_only_columns(*named).subquery()
    return select(*inner.c, func.count()).group_by(*inner.c)


def _median(query: Select[Any]) -> Select[Any]:
    """Return a query of month and median for one of month and `value`."""
    values = query.subquery()
    ranked = (
        select(
            values.c.month,
            values.c.value,
            func.row_number()
            .over(partition_by=values.c.month, order_by=values.c.value)
            .label("place"),
            func.count().over(partition_by=values.c.month).label("amount"),
        )
        .where(values.c.month != NO_MONTH)
        .subquery()
    )
    middle = or_(
        ranked.c.place == (ranked.c.amount + 1) // 2, ranked.c.place == (ranked.c.amount + 2) // 2
    )
    return select(ranked.c.month, func.avg(ranked.c.value)).where(middle).group_by(ranked.c.month)


def _one(condition: Any) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _rank(column: Any, values: Sequence[str]) -> ColumnElement[int]:
    return case(
        {value: place for place, value in enumerate(values)},
        value=sql.text(column),
        else_=len(values),
    )


def _level(column: Any) -> ColumnElement[int]:
    return _rank(column, [each.value for each in OffenseClass])


def _outcome(column: Any) -> ColumnElement[int]:
    return _rank(column, [each.value for each in CredentialOutcome])


def _harm(force: Any, injury: Any) -> ColumnElement[str]:
    return case(
        (and_(force == 1, injury == 1), literal("both")),
        (force == 1, literal("force")),
        (injury == 1, literal("injury")),
        else_=literal("neither"),
    )


def _waited() -> ColumnElement[int]:
    aid = _of(tables.MedicalAid).c
    return sql.Seconds(sql.text(aid.ems_arrived)) - sql.Seconds(sql.text(aid.ems_called))


def _minutes() -> ColumnElement[int]:
    """Minutes begun between the call and the arrival."""
    return (_waited() + 59) // 60
