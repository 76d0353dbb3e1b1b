"""The installed command, driven as a clerk drives it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Command
from tests.conftest import Once

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

        `typed` is what the clerk answers to prompts. Where what Python reads as it
        starts is given, or `before`, the installed command starts from nothing.
        """
        environment["REFERRALS_HOME"] = str(self.home)
        said = list(map(str, words))
        if before is None and all(name.startswith("REFERRALS_") for name in environment):
            return self._run_loaded(said, typed, environment)
        return subprocess.run(
            [COMMAND, *said],
            cwd=self.here,
            env={**os.environ, **environment},
            input=typed,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            preexec_fn=before,
        )

    def _run_loaded(
        self, words: list[str], typed: str, environment: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryDirectory() as folder:
            out, errors = Path(folder, "out"), Path(folder, "errors")
            command = Command(words, out, environment, errors=errors, here=self.here, typed=typed)
            code = command.wait()
            return subprocess.CompletedProcess(
                words, code, out.read_text("utf-8"), errors.read_text("utf-8")
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
def built(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """All samples taken in, signed and built by one command."""
    return samples(once, tmp_path_factory.mktemp("samples"))


def samples(once: Once, here: Path) -> Built:
    """Return the samples, built once for a run, with a copy of their office in `here`.

    Where the environment names the folder that `./run demo` built them in, they are those.
    """
    if demo := os.environ.get("REFERRALS_DEMO"):
        return _copied(Path(demo, "home"), Path(demo, "packets"), here)

    def build(folder: Path) -> None:
        done = Clerk(folder / "home", folder).run("sample", "--build", "--into", "out")
        assert done.returncode == 0, done.stdout + done.stderr

    made = once("samples", build)
    return _copied(made / "home", made / "out" / "packets", here)


def _copied(home: Path, packets: Path, here: Path) -> Built:
    shutil.copytree(home, here / "home")
    return Built(Clerk(here / "home", here), packets)
