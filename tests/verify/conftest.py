"""Real sample deliveries, built once, and copies of them to tamper with."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from referrals.verify import delivery
from referrals.verify.volume import ReadVolume, read_volume
from tests.acceptance.conftest import Built, samples
from tests.conftest import Once
from tests.verify.forgery import Forgery

FELONY = "JX-400112-1"
SUPPLEMENT = "JX-400230-2"


@pytest.fixture(scope="session")
def delivered(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The samples, one with a supplement, taken in, signed and built."""
    return samples(once, tmp_path_factory.mktemp("delivered"))


@pytest.fixture(scope="session")
def genuine(delivered: Built) -> Path:
    """The delivery of the felony sample, not to be changed."""
    return delivered.folder(FELONY)


@pytest.fixture(scope="session")
def read_once() -> Callable[[Path], ReadVolume]:
    """Read a volume of the same bytes once only: most changes leave one as it was."""
    known: dict[str, ReadVolume] = {}

    def read(path: Path) -> ReadVolume:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest not in known:
            known[digest] = read_volume(path)
        return known[digest]

    return read


@pytest.fixture
def forgery(
    genuine: Path,
    tmp_path: Path,
    read_once: Callable[[Path], ReadVolume],
    monkeypatch: pytest.MonkeyPatch,
) -> Forgery:
    """A copy of the felony sample's delivery."""
    monkeypatch.setattr(delivery, "read_volume", read_once)
    folder = tmp_path / FELONY
    shutil.copytree(genuine, folder)
    return Forgery(folder, FELONY)
