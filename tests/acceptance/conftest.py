"""The installed command, driven as a clerk drives it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

COMMAND = Path(sys.executable).parent / "referrals"


@dataclass(frozen=True)
class Clerk:
    """Someone at a terminal: a home folder, a working folder, an environment."""

    home: Path
    here: Path

    def run(
        self,
        *words: object,
        before: Callable[[], None] | None = None,
        typed: str = "",
        **environment: str,
    ) -> subprocess.CompletedProcess[str]:
        """Run the command, after `before` in its process; return its words and exit code.

        `typed` is what the clerk answers to prompts.
        """
        return subprocess.run(
            [str(COMMAND), *map(str, words)],
            cwd=self.here,
            env={**os.environ, "REFERRALS_HOME": str(self.home), **environment},
            input=typed,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            preexec_fn=before,
        )

    def json(self, *words: object) -> Any:
        """Run the command with --json and return its value."""
        done = self.run(*words, "--json")
        assert done.returncode in (0, 1), done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def clerk(tmp_path: Path) -> Clerk:
    """A clerk in a new office."""
    here = tmp_path / "work here"
    here.mkdir()
    return Clerk(tmp_path / "home", here)


@dataclass(frozen=True)
class Built:
    """The samples, built once for all tests that only read."""

    clerk: Clerk
    packets: Path

    def folder(self, packet: str) -> Path:
        """Return the delivery of a packet."""
        return self.packets / packet

    def main(self, packet: str) -> Path:
        """Return the main volume of a packet."""
        return self.folder(packet) / "data" / f"{packet}_Packet.pdf"

    def values(self, packet: str) -> Any:
        """Return what packet.json says."""
        return json.loads((self.folder(packet) / "data" / "packet.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """All samples taken in, signed and built by one command."""
    root = tmp_path_factory.mktemp("samples")
    clerk = Clerk(root / "home", root)
    done = clerk.run("sample", "--build", "--into", "out")
    assert done.returncode == 0, done.stdout + done.stderr
    yield Built(clerk, root / "out" / "packets")
    shutil.rmtree(root, ignore_errors=True)
