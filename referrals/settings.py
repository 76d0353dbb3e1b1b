"""Where an office keeps its records: the home folder and what lies in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation: its home folder and its database.

    `database_url` is an SQLAlchemy URL; empty means the SQLite file in the home
    folder. `evidence_url` is a folder or a URL such as `s3://bucket/evidence`;
    empty means a folder in the home folder. `footage_url` is where recordings
    lie that a case registers in place; empty means the case folder.
    `authorities` is a PEM file, or a folder of such, that signers' certificates must
    lead to; None means that they are not checked against any.
    """

    home: Path
    database_url: str = ""
    evidence_url: str = ""
    footage_url: str = ""
    authorities: Path | None = None

    @property
    def database(self) -> str:
        """The URL of the database in use."""
        return self.database_url or f"sqlite:///{self.home / 'referrals.sqlite'}"

    @property
    def has_database(self) -> bool:
        """Whether there is a database; one that a URL names is taken to be there."""
        return bool(self.database_url) or (self.home / "referrals.sqlite").is_file()

    @property
    def evidence(self) -> str:
        """The place of the evidence store: a folder or a URL."""
        return self.evidence_url or str(self.home / "evidence")

    @property
    def fetched(self) -> Path:
        """The folder of copies of what lies away, which may be deleted at any time."""
        return self.home / "fetched"

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

    REFERRALS_DATABASE holds the URL of another database, such as PostgreSQL;
    REFERRALS_EVIDENCE the place of the evidence store, REFERRALS_FOOTAGE that of
    recordings that are registered in place, each a folder or a URL;
    REFERRALS_AUTHORITIES the certificates of who may vouch for signers.
    """
    if home is None:
        named = os.environ.get("REFERRALS_HOME")
        if named:
            home = Path(named)
        else:
            from platformdirs import user_data_path

            home = user_data_path("referrals", appauthor=False)
    return Settings(
        home.expanduser().absolute(),
        os.environ.get("REFERRALS_DATABASE", ""),
        os.environ.get("REFERRALS_EVIDENCE", ""),
        os.environ.get("REFERRALS_FOOTAGE", ""),
        Path(authorities) if (authorities := os.environ.get("REFERRALS_AUTHORITIES")) else None,
    )
