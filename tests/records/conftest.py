"""An empty database of each kind, on one PostgreSQL server for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from referrals.settings import Settings
from tests.postgresql_server import MISSING, may_run, server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a database on a server of our own."""
    if not may_run():
        pytest.skip(MISSING)
    with server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """The settings of an empty database of each kind."""
    if request.param == "sqlite":
        yield Settings(tmp_path)
        return
    url = request.getfixturevalue("postgresql")
    yield Settings(tmp_path, database_url=url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
