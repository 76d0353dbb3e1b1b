"""A PostgreSQL server of the tests' own, where Debian's is installed."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
OWNER = "postgres"
MISSING = "no PostgreSQL server here: apt-get install postgresql"


def may_run() -> bool:
    """Whether a server is installed and may be run: it refuses to run as root."""
    if not SERVERS:
        return False
    if os.geteuid() != 0:
        return True
    names = [entry.pw_name for entry in pwd.getpwall()]
    return OWNER in names and shutil.which("runuser") is not None


@contextmanager
def server() -> Iterator[str]:
    """Yield the URL of an empty database on a server that is gone afterwards."""
    # Not below pytest's own folders, which another user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="referrals-postgresql-"))
    data, binaries = folder / "data", SERVERS[-1].parent
    as_owner: tuple[str, ...] = ()
    if os.geteuid() == 0:
        as_owner = ("runuser", "-u", OWNER, "--")
        shutil.chown(folder, OWNER)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    control = (*as_owner, binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log")
    options = f"-p {port} -h 127.0.0.1 -k '' -c fsync=off"
    making = (*as_owner, binaries / "initdb", "-D", data, "-U", "office", "-A", "trust")
    subprocess.run(making, check=True, capture_output=True)
    subprocess.run((*control, "-o", options, "start"), check=True, stdout=subprocess.DEVNULL)
    try:
        yield f"postgresql+psycopg://office@127.0.0.1:{port}/postgres"
    finally:
        stop = (*control, "-m", "immediate", "stop")
        subprocess.run(stop, check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder)
