"""Where an office keeps its records: the home folder and what lies in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation: its home folder and its database.

    `database_url` is an SQLAlchemy URL; empty means the SQLite file in the home
    folder.
    """

    home: Path
    database_url: str = ""

    @property
    def database(self) -> str:
        """The URL of the database in use."""
        return self.database_url or f"sqlite:///{self.home / 'referrals.sqlite'}"

    @property
    def evidence(self) -> Path:
        """The folder of the evidence store."""
        return self.home / "evidence"

    @property
    def renditions(self) -> Path:
        """The folder of prepared exhibits, which may be deleted at any time."""
        return self.home / "renditions"

    @property
    def profiles(self) -> Path:
        """The folder of the office's own profiles, beside those that are shipped."""
        return self.home / "profiles"


def settings(home: Path | None = None) -> Settings:
    """Return the settings for `home`, else for REFERRALS_HOME, else for the user.

    REFERRALS_DATABASE holds the URL of another database, such as PostgreSQL.
    """
    if home is None:
        named = os.environ.get("REFERRALS_HOME")
        if named:
            home = Path(named)
        else:
            from platformdirs import user_data_path

            home = user_data_path("referrals", appauthor=False)
    return Settings(home.expanduser().absolute(), os.environ.get("REFERRALS_DATABASE", ""))
