"""The whole packet of a large case beside its three unavoidable parts.

Measured in turn in one run: `packet` as the command does it, with nothing
prepared; one WeasyPrint render of the written pages; SHA-256 of the evidence;
one plain pikepdf merge of the exhibits. Then the index with its late numbers
beside one render of it, and the hash appendix beside a plain table. Each ratio is
told of wall time and of CPU time, as neighbours disturb the latter less.

    python -m benchmarks packet --runs 5
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pikepdf import Pdf

from referrals.commands.console import Console
from referrals.office.intake import take_in
from referrals.office.office import Office
from referrals.packet.contents import contents_of
from referrals.packet.facts import PacketFacts, facts_of
from referrals.packet.layout import number
from referrals.packet.pages import compose, document
from referrals.packet.plan import VolumeKind
from referrals.packet.request import BuildPlaces, PacketRequest
from referrals.packet.written_pages import Numbers, WrittenPages
from referrals.settings import Settings
from referrals.typesetting.page_batch import PageBatch, draw_share
from referrals.typesetting.rendering import draw, lay_out
from sample_cases.big import write_big_case

EXHIBITS, PAGES = 300, 3000
ROWS = 2000
"""Rows of the hash table."""


@dataclass(frozen=True, slots=True)
class Took:
    """What something took, in seconds; or the ratio of two such."""

    wall: float
    cpu: float

    def __add__(self, other: Took) -> Took:
        """Return both together."""
        return Took(self.wall + other.wall, self.cpu + other.cpu)

    def __truediv__(self, other: Took) -> Took:
        """Return this one's ratio to another."""
        return Took(self.wall / other.wall, self.cpu / other.cpu)


PEAK = """
import resource, subprocess, sys, time
from pathlib import Path

def family(process):
    for told in Path(f"/proc/{process}/task").glob("*/children"):
        for child in told.read_text().split():
            yield from family(child)
    yield process

def held(process):
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0

together = 0
running = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
while running.poll() is None:
    try:
        together = max(together, sum(map(held, family(running.pid))))
    except OSError:
        pass  # one of them has just ended
    time.sleep(0.3)
assert running.returncode == 0
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, together)
"""
"""Tells the most memory, in MB, that one process of a command has held, and all at once."""


def main() -> None:
    """Print the table and write it as JSON into build/bench."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks packet")
    parser.add_argument("--runs", type=int, default=3, help="Runs of each, in turn.")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="referrals-bench-") as scratch:
        figures = _measure(Path(scratch), runs)
    for name, value in figures.items():
        sys.stdout.write(f"{name:<52}{value:>10.2f}\n")
    folder = Path("build/bench")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "packet.json").write_text(json.dumps(figures, indent=1) + "\n")


def _measure(scratch: Path, runs: int) -> dict[str, float]:
    from datetime import UTC, datetime

    case = write_big_case(scratch / "big", EXHIBITS, PAGES)
    office = Office(Settings(scratch / "home"), Console().progress)
    now = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
    taken = take_in(office, case, who="bench", now=now)
    snapshot = office.snapshot(taken.number, now)
    profile = office.profile(snapshot.record.case.profile)
    request = PacketRequest("bench", snapshot, profile, draft=True)
    places = BuildPlaces(office.store, scratch / "prepared")
    facts = facts_of(request, places)
    contents = contents_of(facts, office.store)
    main_volume = contents[VolumeKind.MAIN]
    html = document(request.packet, list(compose(main_volume).values()))

    def render() -> None:
        draw(lay_out(html))

    def hash_evidence() -> None:
        for entry in snapshot.evidence:
            with office.store.path(entry.sha256).open("rb") as stream:
                hashlib.file_digest(stream, "sha256")

    def merge() -> None:
        with Pdf.new() as pdf:
            held = [
                Pdf.open(each.rendition.path) for each in facts.exhibits.values() if each.has_pages
            ]
            for source in held:
                pdf.pages.extend(source.pages)
            pdf.save(scratch / "merged.pdf")

    def command() -> list[str]:
        target = scratch / f"packet-{time.monotonic_ns()}"
        return [
            *(sys.executable, "-m", "cli", "packet", taken.number, "--draft"),
            *("--home", str(scratch / "home"), "-o", str(target)),
        ]

    def packet() -> None:
        subprocess.run(command(), check=True, stdout=subprocess.DEVNULL)

    cold = _took(packet)
    parts = {"packet": packet, "render": render, "sha256": hash_evidence, "merge": merge}
    times = in_turn(parts, runs)
    unavoidable = times["render"] + times["sha256"] + times["merge"]
    # A process begins with the peak of the one that starts it: here, a small one.
    told = subprocess.run(
        [sys.executable, "-c", PEAK, *command()], check=True, capture_output=True, text=True
    )
    largest, together = map(float, told.stdout.split())
    late = _late(main_volume, facts, runs, scratch)
    ratios = {
        "packet / unavoidable parts (goal 1.5)": times["packet"] / unavoidable,
        "packet, nothing prepared / unavoidable parts": cold / unavoidable,
        "index with late numbers / one render (goal 1.3)": late,
        "hash appendix / plain table (goal 0.5)": _appendix(),
    }
    return {
        **{f"{name}, seconds": value.wall for name, value in times.items()},
        **{f"{name}, CPU seconds": value.cpu for name, value in times.items()},
        "peak of the packet's largest process, MB": largest,
        "peak of all its processes together, MB (goal 600)": together,
        **{name: value.wall for name, value in ratios.items()},
        **{f"CPU: {name}": value.cpu for name, value in ratios.items()},
    }


def _late(contents: Any, facts: PacketFacts, runs: int, scratch: Path) -> Took:
    """Return the written pages with their numbers beside one render of them."""
    html = document(contents.packet, list(compose(contents).values()))
    folder = Path(tempfile.mkdtemp(dir=scratch))

    def plain() -> None:
        (folder / "plain.pdf").write_bytes(draw(lay_out(html)))

    def numbered() -> None:
        share = PageBatch(html, folder / "late.pdf")
        written = WrittenPages([share], [draw_share(share)])
        pages = {key: each.rendition.pages or 1 for key, each in facts.exhibits.items()}
        counts = {
            part.key: pages.get(part.exhibit, 1) for part in facts.plan.parts
        } | written.counts
        layout = number(facts.plan, counts, contents.profile.series("bench"), 1)
        written.number(Numbers(layout, VolumeKind.MAIN, {}), folder)

    times = in_turn({"once": plain, "numbered": numbered}, runs)
    return times["numbered"] / times["once"]


def _appendix() -> Took:
    """Return our way of printing digests beside a plain table of the same rows."""
    from referrals.packet.pages import digest

    rows = [(f"Label {n % 16}", hashlib.sha256(str(n).encode()).hexdigest()) for n in range(ROWS)]
    style = '<link rel="stylesheet" href="packet/packet.css">'
    plain = "<style>table{width:100%}td{word-break:break-all}</style><table>" + "".join(
        f"<tr><td>{n}</td><td>{label}</td><td>{text}</td></tr>"
        for n, (label, text) in enumerate(rows)
    )
    groups = [rows[start : start + 16] for start in range(0, len(rows), 16)]
    ours = (
        style
        + '<section class="part">'
        + "".join(
            '<table class="facts">'
            + "".join(
                f'<tr><th scope="row">{label}</th><td>{digest(text)}</td></tr>'
                for label, text in group
            )
            + "</table>"
            for group in groups
        )
    )
    return _took(lambda: draw(lay_out(ours))) / _took(lambda: draw(lay_out(plain + "</table>")))


def in_turn(parts: Mapping[str, Callable[[], None]], runs: int) -> dict[str, Took]:
    """Return the median of each, run in turn."""
    samples: dict[str, list[Took]] = {name: [] for name in parts}
    for _ in range(runs):
        for name, run in parts.items():
            samples[name].append(_took(run))
    return {
        name: Took(
            statistics.median(each.wall for each in taken),
            statistics.median(each.cpu for each in taken),
        )
        for name, taken in samples.items()
    }


def _took(run: Callable[[], object]) -> Took:
    gc.collect()
    began, used = time.perf_counter(), _cpu()
    run()
    return Took(time.perf_counter() - began, _cpu() - used)


def _cpu() -> float:
    """Return the CPU seconds of this process and of those it has waited for."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(kind)[:2]) for kind in kinds)


if __name__ == "__main__":
    main()
