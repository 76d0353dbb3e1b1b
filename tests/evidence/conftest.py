"""A store in each kind of place: a folder, memory, a bucket of a local S3 server."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from referrals.evidence.store import EvidenceStore

MakeStore = Callable[[], EvidenceStore]


@pytest.fixture(params=["folder", "file-url", "memory", "s3"])
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> MakeStore:
    """A store in each kind of place; made twice, it is the same store in a new process."""
    roots: dict[str, Callable[[], Path | str]] = {
        "folder": lambda: tmp_path / "store",
        "file-url": lambda: f"file://{tmp_path}/store",
        "memory": lambda: f"memory://{uuid.uuid4().hex}/evidence",
        "s3": lambda: f"{request.getfixturevalue('bucket')}/evidence",
    }
    root = roots[request.param]()
    return lambda: EvidenceStore(root, tmp_path / "fetched")
