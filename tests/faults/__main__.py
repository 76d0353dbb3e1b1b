"""`python -m tests.faults [--trials N] [--seed S]`: do harm, and see that nothing is lost.

Kills `intake`, `packet`, `evidence scan` and `attest` at random moments that the
seed fixes, lets disks run full or be read-only, and builds eight packets at
once on SQLite and, where it is installed, on PostgreSQL. Exits with 1 if any
promise is broken, and prints which.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.faults.crowds import different_cases, same_case
from tests.faults.offices import ready
from tests.faults.trials import STEPS, Proving, Trial, full_disk, killed, read_only
from tests.postgresql_server import MISSING, may_run, server

FULL, REFUSED = 0.15, 0.05
"""Parts of the trials that are no kills: full disks, places that may not be written."""


def main() -> int:
    """Run as the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="./run faults", description=__doc__)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-crowds", action="store_true", help="Leave out the builds at once.")
    chosen = parser.parse_args()
    began, broken, count = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory(prefix="referrals-faults-") as held:
        for trial in _all(Path(held), chosen.trials, chosen.seed, crowds=not chosen.no_crowds):
            count += 1
            broken += bool(trial.broken)
            mark = "BROKEN" if trial.broken else "held"
            _say(f"{count:4}  {mark:6}  {trial.what:<28} {trial.said}")
            for line in trial.broken:
                _say(f"              {line}")
    minutes = (time.monotonic() - began) / 60
    _say(f"{count} trials, seed {chosen.seed}, {broken} broken, {minutes:.1f} minutes")
    return 1 if broken else 0


def _all(held: Path, trials: int, seed: int, *, crowds: bool) -> Iterator[Trial]:
    yield from run(held, trials, seed)
    if not crowds:
        return
    for name, crowd in (("different", different_cases), ("same", same_case)):
        here = held / f"sqlite-{name}"
        here.mkdir()
        yield crowd(here)
        if not may_run():
            _say(f"      skipped: {MISSING}")
            continue
        here = held / f"postgresql-{name}"
        here.mkdir()
        with server() as url:
            yield crowd(here, url)


def run(held: Path, trials: int, seed: int) -> Iterator[Trial]:
    """Yield the trials that the seed fixes, in `held`."""
    chance = Random(seed)
    for folder in ("ready", "scratch"):
        (held / folder).mkdir()
    proving = Proving(ready(held / "ready"), held / "scratch", chance)
    packet = next(step for step in STEPS if step.name == "packet")
    for number in range(trials):
        step = STEPS[number % len(STEPS)]
        fate = chance.random()
        if fate < FULL:
            yield full_disk(proving, step)
        elif fate < FULL + REFUSED:
            yield read_only(proving, packet)
        else:
            yield killed(proving, step)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
