"""A command in a process of its own, to be killed, starved or run beside others.

The processes are forked from a server that has loaded the program, so that a
command starts in milliseconds and is killed in its own work, not in the imports.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

LOADED = ["cli", "referrals.packet.office", "referrals.evidence.scan", "weasyprint", "av"]
TOO_LONG = 240.0
"""Seconds after which a command is held to hang."""

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(LOADED)


def _work(words: list[str], output: Path, environment: dict[str, str], largest: int) -> None:
    os.setsid()
    os.environ.update(environment)
    with output.open("w") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    if largest:
        # The signal would end the process before it could say a word.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    sys.argv = ["referrals", *words]
    import cli

    cli.main()


@dataclass
class Command:
    """A running command; `largest` is the size in bytes that no file of it may pass."""

    words: list[str]
    output: Path
    environment: dict[str, str] = field(default_factory=dict)
    largest: int = 0

    def __post_init__(self) -> None:
        self.process = _FORKS.Process(
            target=_work, args=(self.words, self.output, self.environment, self.largest)
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
