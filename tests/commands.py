"""A command in a process of its own, to be watched, killed, starved or run beside others.

The processes are forked from a server that has loaded the program, so that a
command starts in milliseconds and is killed in its own work, not in the imports.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

LOADED = [
    *("cli", "alembic.command", "av", "pyhanko.sign", "rich.console", "rich.table", "weasyprint"),
    *("referrals.attest.electronic", "referrals.evidence.scan", "referrals.verify.delivery"),
    *("referrals.office.attestations", "referrals.office.samples"),
]
TOO_LONG = 300.0
"""Seconds after which a command is held to hang."""

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(LOADED)
"""Where processes come from that have the program loaded."""


@dataclass
class Command:
    """A running command.

    What it says goes to `output`, its errors too unless they have a file of their own.
    `typed` is what it is answered, `environment` is added to that of the tests, and
    `largest` is the size in bytes that no file of it may pass.
    """

    words: list[str]
    output: Path
    environment: dict[str, str] = field(default_factory=dict)
    largest: int = 0
    errors: Path | None = None
    here: Path = Path()
    typed: str = ""

    def __post_init__(self) -> None:
        streams = (self.output, self.errors or self.output)
        environment = {**os.environ, **self.environment}
        self.process = FORKS.Process(
            target=_work,
            args=(self.words, self.here.absolute(), streams, environment, self.largest, self.typed),
        )
        self.began = time.monotonic()
        self.process.start()

    def kill_after(self, seconds: float) -> int:
        """Kill it and its workers once so much time has passed; return its exit code."""
        self.process.join(max(self.began + seconds - time.monotonic(), 0.0))
        return self._end(signal.SIGKILL)

    def wait(self) -> int:
        """Return its exit code once it has ended."""
        self.process.join(TOO_LONG)
        return self._end(signal.SIGKILL)

    def _end(self, number: int) -> int:
        assert self.process.pid is not None
        if self.process.is_alive():
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:  # it has no session of its own yet
                self.process.kill()
        self.process.join()
        self.seconds = time.monotonic() - self.began
        assert self.process.exitcode is not None
        return self.process.exitcode

    @property
    def said(self) -> str:
        """What it has printed."""
        return self.output.read_text(errors="replace") if self.output.exists() else ""


def _work(
    words: list[str],
    here: Path,
    streams: tuple[Path, Path],
    environment: dict[str, str],
    largest: int,
    typed: str,
) -> None:
    os.setsid()
    os.chdir(here)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in enumerate(streams, start=1):
        with path.open("a") as stream:
            os.dup2(stream.fileno(), number)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as answers:
        answers.write(typed)
        answers.seek(0)
        os.dup2(answers.fileno(), 0)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 – open to the end
    if largest:
        # The signal would end the process before it could say a word.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    sys.argv = ["referrals", *words]
    import cli

    try:
        cli.main()
    finally:
        # Python before 3.14 leaves out what such a process does at its end.
        atexit._run_exitfuncs()
