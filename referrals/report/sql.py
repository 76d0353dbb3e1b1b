"""SQL that SQLite and PostgreSQL spell differently, and the grouping of free text.

In: columns. Out: expressions that a query of either database can hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, case, cast, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from referrals.report.content import OTHER


class Seconds(FunctionElement[int]):
    """The seconds since 1970, UTC, of a moment kept as ISO 8601 text."""

    type = Integer()
    inherit_cache = True


class Day(FunctionElement[int]):
    """The number of a date, or of the date that a moment's text bears; a day counts one."""

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
    return f"CAST(julianday(substr({inner}, 1, 10)) + 0.5 AS INTEGER)"


@compiles(Day, "postgresql")
def _day_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    inner = compiler.process(element.clauses, **options)
    return f"(CAST(substr(CAST({inner} AS text), 1, 10) AS date) - DATE '1970-01-01')"


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
