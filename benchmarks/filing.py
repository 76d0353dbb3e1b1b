"""A large case's set for a court: divided into files beside one file.

Measured in turn in one run, nothing else prepared: the drawn packet put together as
one file; the same divided into files of a tenth of its size, with covers and both
indices, each measured on its final bytes.

    python -m benchmarks filing --runs 3
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.packet import EXHIBITS, PAGES, in_turn
from referrals.commands.console import Console
from referrals.court_sets.court_files import divided
from referrals.court_sets.redacted_volume import RedactedVolume, full_volume
from referrals.office.intake import take_in
from referrals.office.office import Office
from referrals.office.requests import standing_request
from referrals.office.standing_packet import standing_packet
from referrals.profiles.court import Court
from referrals.profiles.profile_files import load_court
from referrals.settings import Settings
from sample_cases.big import write_big_case

FILES = 10
"""Into about how many files the set is divided."""

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)


def main() -> None:
    """Print the ratio and write it as JSON into build/bench."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks filing")
    parser.add_argument("--runs", type=int, default=3, help="Runs of each, in turn.")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="referrals-bench-") as scratch:
        figures = _measure(Path(scratch), runs)
    for name, value in figures.items():
        sys.stdout.write(f"{name:<52}{value:>14,.2f}\n")
    folder = Path("build/bench")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "filing.json").write_text(json.dumps(figures, indent=1) + "\n")


def _measure(scratch: Path, runs: int) -> dict[str, float]:
    case = write_big_case(scratch / "big", EXHIBITS, PAGES)
    office = Office(Settings(scratch / "home"), Console().progress)
    taken = take_in(office, case, who="bench", now=NOW)
    numbered = standing_request(office, taken.number, "", NOW)
    sizes: list[int] = []
    files: list[int] = []

    def build(court: Court | None) -> RedactedVolume:
        with standing_packet(office, numbered) as drawn:
            made = full_volume(drawn, letter=True)
            sizes.append(made.full.bytes)
            if court is not None:
                files.append(len(divided(made, court)))
            return made

    build(None)
    court = _court(sizes[0] // FILES)
    times = in_turn({"one file": lambda: build(None), "divided": lambda: build(court)}, runs)
    ratio = times["divided"] / times["one file"]
    return {
        "pages": float(PAGES),
        "files": float(files[-1]),
        "bytes in one file": float(sizes[0]),
        **{f"{name}, seconds": value.wall for name, value in times.items()},
        **{f"{name}, CPU seconds": value.cpu for name, value in times.items()},
        "divided / one file (goal 1.3)": ratio.wall,
        "CPU: divided / one file": ratio.cpu,
    }


def _court(limit: int) -> Court:
    """Return the trial court with another limit."""
    court = load_court("efileil-trial")
    sizes = court.filing.sizes.model_copy(update={"document_bytes": limit})
    return court.model_copy(update={"filing": court.filing.model_copy(update={"sizes": sizes})})
