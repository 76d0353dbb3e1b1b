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

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlmodel import Session

from referrals.errors import MachineError
from referrals.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
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
        _migrate(engine)
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
            f"The database did not take the change: {error.orig}.",
            remedy="Nothing was changed. Check the disk's space and rights, then try again.",
        ) from error


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


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.begin() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _cannot_open(settings: Settings, error: Exception) -> MachineError:
    cause = getattr(error, "orig", None) or error
    return MachineError(
        f"The database of {settings.home} cannot be opened: {cause}.",
        remedy="Check that the folder may be written and the file is whole; "
        "restore it from a backup if it is damaged.",
    )
