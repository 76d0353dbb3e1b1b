"""A PostgreSQL server of our own, for as long as a test runs; skipped where there is none."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def binaries() -> Path | None:
    """Return the newest installed server's folder."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).parent if named else None


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Yield the URL of an empty database; the server is stopped at the end."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    where = binaries()
    if where is None:
        pytest.skip("PostgreSQL's server is not installed")
    folder.mkdir(parents=True)
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        if not shutil.which("runuser"):
            pytest.skip("PostgreSQL refuses to run as root, and runuser is not installed")
        folder = _open_to_nobody(folder)
        as_user = ["runuser", "-u", "nobody", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"

    def run(*words: object) -> None:
        subprocess.run(
            [*as_user, *map(str, words)], check=True, capture_output=True, cwd="/", timeout=120
        )

    run(where / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    run(where / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    try:
        yield f"postgresql+psycopg://tester@127.0.0.1:{port}/postgres"
    finally:
        run(where / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        if as_user:
            shutil.rmtree(folder, ignore_errors=True)


def _open_to_nobody(folder: Path) -> Path:
    """Return a folder beside the system's other temporary ones that `nobody` owns."""
    import tempfile

    own = Path(tempfile.mkdtemp(prefix=f"{folder.name}-"))
    shutil.chown(own, "nobody")
    return own
