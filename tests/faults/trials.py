"""Trials: one fault each, and what came of it.

In: ready homes, a seeded source of chance. Out: a `Trial` with the promises that
were broken. A trial kills a command at a random moment of its work, lets its
disk run full, or gives it a disk that may not be written; then everything that
must hold is looked at, and the command is repeated.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import sample_cases
from referrals.errors import MachineError
from tests.commands import Command
from tests.faults.offices import KEYS, NUMBER, SAMPLE, SIGNED_ON, Ready, digest, opened
from tests.faults.promises import broken_promises, issued

KILLED = -9
LEAST, USUAL = 4_096, 48_000
"""Bytes that a disk which runs full has at least; what a command writes and removes again."""


@dataclass(frozen=True)
class Step:
    """A command under trial: in which home it comes next, and its words."""

    name: str
    home: str
    words: Callable[[Path, Path], list[str]]


@dataclass(frozen=True)
class Trial:
    """What was done to which command, and what was broken by it."""

    what: str
    said: str
    broken: tuple[str, ...] = ()


@dataclass
class Proving:
    """Where trials take place: ready homes, scratch, chance, how long each step takes."""

    ready: Ready
    scratch: Path
    chance: Random
    seconds: dict[str, float] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def place(self) -> Path:
        """Return a new folder."""
        self.count += 1
        folder = self.scratch / f"trial-{self.count}"
        folder.mkdir()
        return folder

    def usual(self, step: Step) -> float:
        """Return the seconds that a step takes when it is left alone."""
        if step.name not in self.seconds:
            here = self.place()
            home = self.ready.home(step.home, here / "home")
            before = _held(here)
            command = Command(self.words(step, home, here), here / "said")
            if command.wait() != 0:
                raise RuntimeError(f"{step.name} fails without a fault: {command.said}")
            self.seconds[step.name] = command.seconds
            self.written[step.name] = _held(here) - before
            shutil.rmtree(here)
        return self.seconds[step.name]

    def space(self, step: Step) -> int:
        """Return a random number of bytes, most often too few for the step."""
        self.usual(step)
        return LEAST + int(self.chance.random() * (self.written[step.name] + USUAL))

    def words(self, step: Step, home: Path, here: Path) -> list[str]:
        """Return the step's words for a home and a folder of deliveries."""
        return [*step.words(self.ready.root, here / "out"), "--home", str(home)]


def _attest(root: Path, out: Path) -> list[str]:
    key = KEYS[0]
    with opened(root / "attest") as office:
        bound = digest(office, NUMBER, key)
    scan = sample_cases.signed_scans(SAMPLE)[key]
    signed = ["--signed", str(scan), "--on", SIGNED_ON.isoformat(), "--digest", bound]
    return ["attest", NUMBER, key, *signed]


STEPS = (
    Step("intake", "intake", lambda root, out: ["intake", str(root / NUMBER)]),
    Step("packet", "packet", lambda root, out: ["packet", NUMBER, "-o", str(out / "packet")]),
    Step("evidence scan", "packet", lambda root, out: ["evidence", "scan"]),
    Step("attest", "attest", _attest),
)


def killed(proving: Proving, step: Step) -> Trial:
    """Kill a command at a random moment, look, repeat, look again."""
    part = proving.chance.random() * 1.05
    after = part * proving.usual(step)
    here = proving.place()
    home = proving.ready.home(step.home, here / "home")
    command = Command(proving.words(step, home, here), here / "said")
    code = command.kill_after(after)
    broken = [] if code in (KILLED, 0) else [f"exit code {code}: {command.said}"]
    broken += broken_promises(home, here / "out")
    broken += _repeated(proving, step, home, here)
    told = "killed" if code == KILLED else "ended before"
    shutil.rmtree(here)
    return Trial(f"{step.name} killed", f"{told}, {after:.2f} s ({part:.0%})", tuple(broken))


def full_disk(proving: Proving, step: Step) -> Trial:
    """Let the disk of the whole office run full, look, make room, repeat, look again."""
    size = proving.space(step)
    here = proving.place()
    with disk(here / "disk", size + _held(proving.ready.root / step.home)) as (folder, grow):
        home = proving.ready.home(step.home, folder / "home")
        largest = 0 if grow else size
        command = Command(proving.words(step, home, folder), here / "said", {}, largest)
        code = command.wait()
        broken = _told(code, command)
        if grow:
            grow()
        broken += broken_promises(home, folder / "out")
        broken += _repeated(proving, step, home, folder)
    shutil.rmtree(here)
    kind = "disk of its own" if grow else "limit of a file's size"
    return Trial(f"{step.name}, full disk", f"exit {code}, {size:,} bytes, {kind}", tuple(broken))


def read_only(proving: Proving, step: Step) -> Trial:
    """Let a packet go to a place that may not be written, look, repeat elsewhere."""
    here = proving.place()
    home = proving.ready.home(step.home, here / "home")
    with disk(here / "disk", 1 << 20, read_only=True) as (folder, grow):
        # Where no disk can be mounted, a file stands where a folder would have to be.
        target = folder if grow else here / "said"
        words = ["packet", NUMBER, "-o", str(target / "packet"), "--home", str(home)]
        command = Command(words, here / "said")
        code = command.wait()
    broken = [] if code == MachineError.exit_code else [f"exit code {code}: {command.said}"]
    broken += broken_promises(home, here / "out")
    broken += _repeated(proving, step, home, here)
    shutil.rmtree(here)
    return Trial("packet to a read-only place", f"exit {code}", tuple(broken))


def _repeated(proving: Proving, step: Step, home: Path, here: Path) -> list[str]:
    """Repeat the step, which must succeed, and look again."""
    before = [packet.name for packet in issued(home)]
    command = Command(proving.words(step, home, here), here / "again")
    code = command.wait()
    broken = []
    if step.name == "packet" and before:
        # It had been issued whole; a second one would be the same.
        if code != 2 or "was issued already" not in command.said:
            broken.append(f"the repeat of an issued packet: exit code {code}: {command.said}")
    elif code != 0:
        broken.append(f"the repeat fails with {code}: {command.said}")
    else:
        # The quickest run tells best how long the work is, whatever else the machine does.
        proving.seconds[step.name] = min(proving.usual(step), command.seconds)
    broken += [f"after the repeat: {line}" for line in broken_promises(home, here / "out")]
    if step.name == "packet" and len(issued(home)) != 1:
        broken.append("the repeat did not leave exactly one packet")
    return broken


def _told(code: int, command: Command) -> list[str]:
    """A command without space says so, or had enough."""
    if code in (0, MachineError.exit_code) and "not made for" not in command.said:
        return []
    return [f"exit code {code}: {command.said}"]


def _held(folder: Path) -> int:
    """Return how much of a disk the files of a folder take, in bytes; folders take none."""
    return sum(
        -(-path.stat().st_size // 4096) * 4096
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )


Grow = Callable[[], object]


@contextmanager
def disk(at: Path, size: int, *, read_only: bool = False) -> Iterator[tuple[Path, Grow | None]]:
    """Yield a small disk of its own and what makes it large.

    Where none may be mounted, yields a plain folder and nothing to grow it by.
    """
    at.mkdir()
    options = f"size={size // 1024 + 1}k" + (",ro" if read_only else "")
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(at)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        yield at, None
        return
    try:
        grown = ["mount", "-o", "remount,size=1g", str(at)]
        yield at, lambda: subprocess.run(grown, check=True)
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)
