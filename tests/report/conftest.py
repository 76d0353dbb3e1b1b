"""Small tables and small months, made by hand for the tests of the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from referrals.office.reports import ReportOffice
from referrals.profiles.profile_files import load
from referrals.records import case_store
from referrals.records.case_record import CaseRecord
from referrals.records.database import open_database, session
from referrals.report.edition import Attacked, Edition, Published, Version
from referrals.report.month import Month
from referrals.report.table import TOTAL, CountUnit, Dimension, Line, Place, Table, TableForm
from referrals.settings import Settings
from sample_cases.history import history
from tests.conftest import Once

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
MARCH = Month(2026, 3)


def dimension(keys: Iterable[str], parents: Mapping[str, str] | None = None) -> Dimension:
    """Return lines of those keys, each below its parent, and the total."""
    lines = [
        Line(key=key, title=key.upper(), parent=(parents or {}).get(key, TOTAL)) for key in keys
    ]
    return Dimension(title="Lines", lines=(*lines, Line(key=TOTAL, title="Total", parent="")))


def form(
    key: str,
    rows: Dimension,
    columns: Dimension,
    *,
    margin: str = "",
    months: int = 1,
    open_columns: tuple[str, ...] = (),
) -> TableForm:
    """Return a protected table's form."""
    return TableForm(
        key=key,
        title=key,
        unit=CountUnit.INCIDENT,
        definition="Made for a test.",
        rows=rows,
        columns=columns,
        protected=True,
        margin=margin,
        months=months,
        open_columns=open_columns,
    )


def published(
    tables: Sequence[Table],
    month: Month = MARCH,
    *,
    number: int = 1,
    totals: Mapping[str, int] | None = None,
    versions: Mapping[str, Version] | None = None,
) -> Published:
    """Return an edition that holds the given tables and nothing else."""
    months = [str(each) for each in month.window(13)]
    edition = Edition(
        month=str(month),
        number=number,
        profile="sample",
        title="Test",
        agency="Test",
        contact="",
        time_zone="UTC",
        as_of=NOW,
        fictional=True,
        program_version="0",
        threshold=3,
        protection=3,
        threshold_source="",
        trend={each: {"incidents": (totals or {}).get(each, 0)} for each in months},
        medians={},
        tables=tuple(tables),
        attacked=Attacked(hidden=0, limited=0, narrowest=0, editions=0),
    )
    states = {each: (versions or {}).get(each, Version(1)) for each in months}
    return Published(edition, states)


def filled(made: TableForm, rows: Sequence[Sequence[int]]) -> dict[Place, int]:
    """Return the inner cells of a form, row by row."""
    return {
        (row, column): count
        for row, counts in zip(made.rows.innermost, rows, strict=True)
        for column, count in zip(made.columns.innermost or (TOTAL,), counts, strict=True)
    }


@pytest.fixture(scope="session")
def months() -> list[CaseRecord]:
    """The fictional history."""
    return list(history())


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory: pytest.TempPathFactory, months: list[CaseRecord]) -> Path:
    """A home folder with the fictional history; not to be changed."""
    home = tmp_path_factory.mktemp("history")
    save(open_database(Settings(home)), months)
    return home


@pytest.fixture(scope="session")
def draft(filled_home: Path, once: Once) -> Path:
    """A draft of March in all its renderings, which leaves the home folder as it was."""

    def write(folder: Path) -> None:
        ReportOffice(Settings(filled_home)).report(
            MARCH, folder / "2026-03", profile=None, draft=True, correct="", who="editor", now=NOW
        )

    return once("report-draft", write) / "2026-03"


@pytest.fixture
def home(filled_home: Path, tmp_path: Path) -> Path:
    """A copy of the history's home folder."""
    import shutil

    return Path(shutil.copytree(filled_home, tmp_path / "home"))


def save(engine: Engine, records: Iterable[CaseRecord]) -> None:
    """Save cases without files."""
    with session(engine) as opened:
        for record in records:
            case_store.save_case(opened, record, (), (), ())


@pytest.fixture(scope="session")
def sample_profile():  # type: ignore[no-untyped-def]
    """The profile of the fictional history."""
    return load("sample")


Changed = Callable[[CaseRecord], CaseRecord]
