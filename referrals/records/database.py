"""Opens the database: SQLite in the home folder, or another by its URL.

In: settings. Out: an engine whose schema is the newest. One `session` is one
transaction; on SQLite it takes the write lock at once, so that two processes
queue instead of failing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, SQLAlchemyError
from sqlmodel import Session

from referrals.errors import MachineError
from referrals.settings import Settings

VERSIONS = Path(__file__).parent / "migrations" / "versions"
"""One file a revision of the schema, named by its number: `0001_first_tables.py`."""

BUSY_SECONDS = 60


def open_database(settings: Settings) -> Engine:
    """Return the engine of the office's database, made or migrated as needed.

    Raises:
        MachineError: the database cannot be made, read or written.
    """
    url = settings.database
    try:
        if url.startswith("sqlite"):
            settings.home.mkdir(parents=True, exist_ok=True)
        engine = _engine(url)
        if not _is_newest(engine):
            # The migration library takes as long to load as most commands to run.
            from referrals.records.migration import migrate

            migrate(engine)
    except ModuleNotFoundError as error:
        raise MachineError(
            f"The database {url.split(':')[0]} needs the Python library {error.name}.",
            remedy="Install it: pip install 'referrals[postgresql]'.",
        ) from error
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise _cannot_open(settings, error) from error
    return engine


@contextmanager
def session(engine: Engine) -> Iterator[Session]:
    """Yield a session that is committed when the block ends well, else undone.

    Raises:
        MachineError: the database is locked, full or damaged.
    """
    try:
        with Session(engine, expire_on_commit=False) as opened, opened.begin():
            yield opened
    except DatabaseError as error:
        if "UNIQUE" in str(error.orig) or "unique" in str(error.orig):
            raise
        raise MachineError(
            f"The database did not take the change: {_cause(error)}.",
            remedy="Nothing was changed. Check the disk's space and rights, then try again.",
        ) from error


def _cause(error: DatabaseError) -> str:
    """Return what the database says; of values that it refuses, the kind of refusal alone.

    SQLite's own words name tables and columns; PostgreSQL's quote the refused values.
    """
    if isinstance(error, (IntegrityError, DataError)) and not isinstance(error.orig, sqlite3.Error):
        return type(error.orig).__name__
    return str(error.orig).splitlines()[0] if str(error.orig) else type(error.orig).__name__


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _is_newest(engine: Engine) -> bool:
    """Whether the schema is that of the newest migration, asked without the migration library."""
    if not inspect(engine).has_table("alembic_version"):
        return False
    newest = max(path.stem.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
    with engine.begin() as connection:
        held = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return held == [newest]


def _cannot_open(settings: Settings, error: Exception) -> MachineError:
    cause = getattr(error, "orig", None) or error
    return MachineError(
        f"The database of {settings.home} cannot be opened: {cause}.",
        remedy="Check that the folder may be written and the file is whole; "
        "restore it from a backup if it is damaged.",
    )
