"""SQL that SQLite and PostgreSQL spell differently, and the grouping of free text.

In: columns. Out: expressions that a query of either database can hold.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, String, case, cast, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from referrals.report.content import OTHER


class Seconds(FunctionElement[int]):
    """The seconds since 1970, UTC, of a moment kept as ISO 8601 text."""

    type = Integer()
    inherit_cache = True


class Day(FunctionElement[int]):
    """The days from 1970-01-01 to a date kept as ISO 8601 text."""

    type = Integer()
    inherit_cache = True


@compiles(Seconds, "sqlite")
def _seconds_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER)"


@compiles(Seconds, "postgresql")
def _seconds_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    inner = compiler.process(element.clauses, **options)
    return f"CAST(EXTRACT(EPOCH FROM CAST({inner} AS timestamptz)) AS BIGINT)"


@compiles(Day, "sqlite")
def _day_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    inner = compiler.process(element.clauses, **options)
    return f"CAST(julianday(substr({inner}, 1, 10)) - 2440587.5 AS INTEGER)"


@compiles(Day, "postgresql")
def _day_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    inner = compiler.process(element.clauses, **options)
    return f"(CAST(substr(CAST({inner} AS text), 1, 10) AS date) - DATE '1970-01-01')"


def local_day(seconds: ColumnElement[int], zone: str, end: datetime) -> ColumnElement[int]:
    """Return the number of the day in `zone` on which a moment falls; a day counts one.

    `seconds` is the moment, in seconds since 1970, UTC. Changes of the clocks are
    followed from 1970 to `end`.
    """
    changes = _offsets(zone, int(end.timestamp()))
    offset = case(
        *((seconds >= start, literal(amount)) for start, amount in reversed(changes)),
        else_=literal(changes[0][1]),
    )
    return func.floor((seconds + offset) / 86400.0).cast(Integer)


@functools.cache
def _offsets(zone: str, end: int) -> tuple[tuple[int, int], ...]:
    """Return the instants at which the offset of `zone` from UTC changes, with the new offset."""
    place = ZoneInfo(zone)

    def offset(instant: int) -> int:
        moved = datetime.fromtimestamp(instant, UTC).astimezone(place).utcoffset()
        assert moved is not None, "a moment with a zone has an offset"
        return int(moved.total_seconds())

    found = [(0, offset(0))]
    for day in range(0, end, 86400):
        if offset(day + 86400) == found[-1][1]:
            continue
        low, high = day, day + 86400
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == found[-1][1] else (low, middle)
        found.append((high, offset(high)))
    return tuple(found)


def text(column: Any) -> ColumnElement[str]:
    """Return a column's stored text, whatever type the record gives it."""
    return cast(column, String)


def named(column: Any, groups: Iterable[tuple[str, Sequence[str]]]) -> ColumnElement[str]:
    """Return the key of the group that names the column's text, whatever its case; else other."""
    lowered = func.lower(func.trim(column))
    whens = {name.lower(): key for key, names in groups for name in names}
    return case(whens, value=lowered, else_=literal(OTHER))


def beginning(column: Any, groups: Iterable[tuple[str, Sequence[str]]]) -> ColumnElement[str]:
    """Return the key of the first group one of whose texts the column begins with; else other."""
    lowered = func.lower(func.trim(column))
    whens = [
        (func.substr(lowered, 1, len(start)) == start.lower(), literal(key))
        for key, starts in groups
        for start in starts
    ]
    return case(*whens, else_=literal(OTHER))


def banded(value: ColumnElement[int], bands: Sequence[tuple[int, int, str]]) -> ColumnElement[str]:
    """Return the last number of the band that holds `value`, as text; above them, `later`."""
    return case(
        *((value <= last, literal(str(last))) for _, last, _ in bands), else_=literal("later")
    )
