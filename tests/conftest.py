"""Options of the whole test suite, what is made once for a run, and a local S3 server."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from moto.server import ThreadedMotoServer

# How long an example takes says something of the machine, not of the program.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that keeps pages as they are now as the reference."""
    parser.addoption("--approve", action="store_true", help="Keep the pages as reference pictures.")


LONGEST = (
    *("court_sets/test_court_set.py", "faults/test_faults.py", "verify/test_tampering.py"),
    *("court_sets/test_redacted_set.py", "report/test_publishing.py"),
    *("acceptance/test_packet.py", "acceptance/test_evidence_away.py", "verify/test_command.py"),
    *("acceptance/test_stopped_builds.py", "verify/test_rebuild.py", "report/test_counts.py"),
    *("records/test_postgresql.py", "verify/test_signed_delivery.py", "attest/test_sign_off.py"),
    *("attest/test_signing.py", "acceptance/test_receipts.py", "conformance/test_claims_hold.py"),
    *("report/test_renderings.py", "conformance/test_judge.py"),
    *("delivered/test_delivered_cites.py", "acceptance/test_commands.py"),
)
"""The files that take longest, the longest first, in `tests/`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files: begun at the end, one would keep one processor waiting."""
    here = Path(__file__).parent
    turns = {here / file: turn for turn, file in enumerate(LONGEST)}
    items.sort(key=lambda item: turns.get(item.path, len(LONGEST)))


Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """What makes a folder for all processes of a run: the first one makes it, the others wait."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder, whole = shared / name, shared / f"{name}.made"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not whole.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                whole.touch()
        return folder

    return made


@pytest.fixture
def s3_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadedMotoServer]:
    """A local S3 server, and an environment in which it is found."""
    import s3fs
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "fictional",
        "AWS_SECRET_ACCESS_KEY": "fictional",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    # A file system is kept by its address, which is the same for each server.
    s3fs.S3FileSystem.clear_instance_cache()
    yield server
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


@pytest.fixture
def bucket(s3_server: ThreadedMotoServer) -> str:
    """The URL of a new bucket."""
    import s3fs

    name = f"evidence-{uuid.uuid4().hex}"
    s3fs.S3FileSystem(use_listings_cache=False).mkdir(name)
    return f"s3://{name}"
