"""What commands that only read cost, beside loading SQLModel alone.

    python -m benchmarks.start [--runs N]

The samples are taken in and built in an office of its own. Each command is then run in a
new process, in turn, and its processor time taken, of user and system. Prints medians and
their ratios to `python -c "import sqlmodel"`; writes build/bench/start.json.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

RESULTS = Path("build/bench/start.json")
COMMAND = Path(sys.executable).parent / "referrals"
PEER = "import sqlmodel"
COMMANDS = (
    *("--help", "cases", "show JX-400112", "check JX-400112", "find LPD-000001", "stats"),
    *("retention", "audit verify"),
)


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    chosen = parser.parse_args()
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="start-", dir=RESULTS.parent) as held:
        home = Path(held) / "home"
        _run([COMMAND, "sample", "--build", "--into", held], home)
        seconds = _measure(home, chosen.runs)
    middle = {name: median(found) for name, found in seconds.items()}
    for name, value in middle.items():
        sys.stdout.write(f"{name:<20}{value:>7.3f} s{value / middle[PEER]:>7.2f}\n")
    RESULTS.write_text(json.dumps({"seconds": seconds}, indent=1) + "\n")


def _measure(home: Path, runs: int) -> dict[str, list[float]]:
    contenders = {PEER: [sys.executable, "-c", PEER]}
    contenders |= {words: [str(COMMAND), *words.split()] for words in COMMANDS}
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for run in range(runs + 1):
        for name, words in contenders.items():
            begun = _children()
            _run(words, home)
            # The first round fills the caches of files.
            if run:
                seconds[name].append(_children() - begun)
    return seconds


def _run(words: Sequence[str | Path], home: Path) -> None:
    environment = {**os.environ, "REFERRALS_HOME": str(home)}
    subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)


def _children() -> float:
    """Return the processor time of the processes that have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
