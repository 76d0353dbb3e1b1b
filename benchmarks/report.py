"""The monthly report over many records, on SQLite and on PostgreSQL.

    python -m benchmarks.report [--cases N] [--runs N]

The fictional history is multiplied inside the database, then a draft of one month
is made in a process of its own: counted, protected, attacked and rendered. Prints
seconds, processor seconds and peak memory; writes build/bench/report.json. PostgreSQL
is a server of our own on a free port, and left out, with a word, where it is not
installed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from referrals.office.reports import ReportOffice
from referrals.records import case_store
from referrals.records.database import open_database, session
from referrals.report.month import Month
from referrals.settings import Settings
from sample_cases.history import history

RESULTS = Path("build/bench/report.json")
OFFSET = 100_000
"""More than the cases of the history: the identities of each copy begin anew there."""

COUNTED = (
    *("case", "incident", "referral", "person", "credential_check", "unit", "force", "injury"),
    *("detention", "medical_aid", "allegation", "footage"),
)
"""The tables that the report reads."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Medians of one database: seconds to count, seconds in all, peak bytes, rows read.

    `processor` is the report's own processor time, which other work on the machine
    does not lengthen; PostgreSQL's server counts in a process of its own.
    """

    database: str
    cases: int
    rows: int
    counting: float
    wall: float
    processor: float
    peak: int


def main() -> None:
    """Measure, print, and write the numbers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=250_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--once", nargs=3, metavar=("HOME", "URL", "OUT"))
    options = parser.parse_args()
    if options.once:
        _once(*options.once)
        return
    measures = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        measures.append(_measure("SQLite", home / "sqlite", "", options))
        with _postgresql(home) as url:
            if url:
                measures.append(_measure("PostgreSQL", home / "postgresql", url, options))
            else:
                sys.stdout.write("PostgreSQL's server is not installed: left out.\n")
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(each) for each in measures], indent=2))
    sys.stdout.write(
        f"{'database':<12}{'cases':>9}{'rows':>11}{'count s':>9}{'all s':>8}{'cpu s':>8}{'MB':>6}\n"
    )
    for each in measures:
        sys.stdout.write(
            f"{each.database:<12}{each.cases:>9,}{each.rows:>11,}{each.counting:>9.1f}"
            f"{each.wall:>8.1f}{each.processor:>8.1f}{each.peak / 1e6:>6.0f}\n"
        )


def _measure(name: str, home: Path, url: str, options: argparse.Namespace) -> Measure:
    engine = open_database(Settings(home, url))
    rows = multiply(engine, options.cases)
    engine.dispose()
    found = []
    for run in range(options.runs):
        out = home / f"out-{run}"
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.report", "--once", home, url, out],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "REFERRALS_DATABASE": url},
        )
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return Measure(
        name,
        options.cases,
        rows,
        median(each["counting"] for each in found),
        median(each["wall"] for each in found),
        median(each["processor"] for each in found),
        max(each["peak"] for each in found),
    )


def multiply(engine: Engine, cases: int) -> int:
    """Save the history and copies of it until there are `cases`; return the rows."""
    records = list(history())
    with session(engine) as opened:
        for record in records:
            case_store.save_case(opened, record, (), (), ())
    rows = 0
    with engine.begin() as connection:
        for name in COUNTED:
            table = SQLModel.metadata.tables[name]
            quoted = engine.dialect.identifier_preparer.quote
            columns = [column.name for column in table.columns]
            values = [_copied(name, column, quoted(column)) for column in columns]
            identity = quoted("id" if name == "case" else "case_id")
            connection.execute(
                text(
                    f"INSERT INTO {quoted(name)} ({', '.join(map(quoted, columns))}) "
                    "WITH RECURSIVE copies(k) AS "
                    "(SELECT 1 UNION ALL SELECT k + 1 FROM copies WHERE k < :last) "
                    f"SELECT {', '.join(values)} FROM {quoted(name)}, copies "
                    f"WHERE {identity} <= {len(records)} "
                    f"AND {identity} + k * {len(records)} <= :cases"
                ),
                {"last": cases // len(records) + 1, "cases": cases},
            )
            rows += connection.execute(text(f"SELECT count(*) FROM {quoted(name)}")).scalar_one()
        if engine.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))
    return rows


def _copied(table: str, column: str, quoted: str) -> str:
    if column in ("id", "case_id"):
        return f"{quoted} + k * {OFFSET}"
    if table == "case" and column == "number":
        return f"{quoted} || '-' || k"
    return quoted


def _once(home: str, url: str, out: str) -> None:
    month, now = Month(2026, 3), datetime(2026, 4, 2, 15, tzinfo=UTC)
    press = ReportOffice(Settings(Path(home), url))
    counting = _counting(press, month, now)
    began, processor = time.perf_counter(), time.process_time()
    press.report(month, Path(out), profile="sample", draft=True, correct="", who="bench", now=now)
    wall, processor = time.perf_counter() - began, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    told = {"counting": counting, "wall": wall, "processor": processor, "peak": peak}
    sys.stdout.write(json.dumps(told) + "\n")


def _counting(press: ReportOffice, month: Month, now: datetime) -> float:
    from referrals.profiles.profile_files import load
    from referrals.report.compile import freeze_counts

    began = time.perf_counter()
    with press.engine.connect() as connection:
        freeze_counts(connection, load("sample"), month, (), now)
    return time.perf_counter() - began


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    """Yield the URL of a server of our own; empty where none is installed."""
    import socket

    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    as_user = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    if not found:
        yield ""
        return
    with tempfile.TemporaryDirectory() as own, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        if as_user:
            subprocess.run(["chown", "nobody", own], check=True)
        where, data = found[-1].parent, f"{own}/data"

        def run(*words: object) -> None:
            command = [*as_user, *map(str, words)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

        run(where / "initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--no-sync")
        asked = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        run(where / "pg_ctl", "-D", data, "-o", asked, "-l", f"{own}/log", "-w", "start")
        try:
            yield f"postgresql+psycopg://bench@127.0.0.1:{port}/postgres"
        finally:
            run(where / "pg_ctl", "-D", data, "-m", "immediate", "stop")


if __name__ == "__main__":
    main()
