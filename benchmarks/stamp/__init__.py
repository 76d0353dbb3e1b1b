"""The engine beside its peers: merge files, number every page.

    ./run bench stamp [--full] [--runs N] [--only KIND] [--against PEER …] [--peers]

Every contender runs in a process of its own, in turn, and counts only where its
output is right. Then the engine alone: its cost a page from few pages to many,
and 3,000 files where no more than 256 may be open. Prints medians and ratios;
writes build/bench/stamp.json.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from pikepdf import Pdf

from benchmarks.stamp.contenders import CONTENDERS, Contender, Work, install_peers
from benchmarks.stamp.inputs import scans, tagged_files, text_files
from benchmarks.stamp.measuring import Measure, fault, measure

RESULTS = Path("build/bench/stamp.json")
OPEN_FILES = 256
SLOW_FACTOR = 8.0
"""A peer that takes this many times the engine's time in its first run is not run again."""

Make = Callable[[Path], list[Path]]

# Kind → how to make it, quickly and in full size: (files, pages a file).
KINDS: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "text files": ((50, 10), (500, 10)),
    "one long file": ((1, 1_000), (1, 10_000)),
    "scans": ((100, 1), (2_000, 1)),
    "tagged documents": ((20, 3), (100, 3)),
}
CURVES: dict[str, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {
    "pages of one file": (
        [(1, 500), (1, 1_000), (1, 2_000)],
        [(1, 1_000), (1, 5_000), (1, 10_000), (1, 20_000)],
    ),
    "files of ten pages": (
        [(25, 10), (50, 10), (100, 10)],
        [(100, 10), (500, 10), (1_000, 10), (2_000, 10)],
    ),
}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _make(kind: str, folder: Path, files: int, pages: int) -> list[Path]:
    if kind == "scans":
        return scans(folder, files)
    if kind == "tagged documents":
        return tagged_files(folder, files, pages)
    return text_files(folder, files, pages)


def _numbers(folder: Path, pages: int) -> Path:
    """Write blank pages that bear the numbers, for peers to lay over."""
    blank, path = folder / "blank.pdf", folder / "numbers.pdf"
    with Pdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(612, 792))
        pdf.save(blank)
    subprocess.run(CONTENDERS["engine"].command(Work((blank,), blank), path), check=True)
    return path


def _middle(found: list[Measure]) -> Measure:
    return Measure(
        median(each.wall for each in found),
        median(each.cpu for each in found),
        int(median(each.peak for each in found)),
        found[-1].size,
    )


def _spread(found: list[Measure]) -> float:
    walls = [each.wall for each in found]
    return (max(walls) - min(walls)) / median(walls)


def compare(kind: str, files: int, pages: int, runs: int, against: Sequence[str]) -> dict[str, Any]:
    """Measure the contenders on one kind of input, all but the engine if among `against`."""
    _say(f"\n{kind}: {files:,} × {pages:,} pages, medians of {runs} in turn")
    results: dict[str, list[Measure]] = {}
    left_out: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        work = Work(tuple(_make(kind, folder / "in", files, pages)), folder)
        total = files * pages
        work = Work(work.files, _numbers(folder, total))
        for turn in range(runs + 1):
            for name, contender in CONTENDERS.items():
                if name in left_out or name not in ("engine", *against):
                    continue
                if contender.one_file and files > 1:
                    left_out[name] = "for one file only"
                    continue
                if not contender.here():
                    left_out[name] = "not installed"
                    continue
                try:
                    found = _once(name, contender, work, folder, total, check=turn == 0)
                except RuntimeError as error:
                    left_out[name] = str(error)
                    results.pop(name, None)
                    continue
                if turn or name not in results:
                    # The first run warms up, and counts only where there is no second.
                    results[name] = [*results.get(name, []), found][-runs:]
                engine_took = results["engine"][-1].wall if "engine" in results else math.inf
                if found.wall > SLOW_FACTOR * engine_took:
                    left_out.setdefault(name, "one run only, being slow")
    if "engine" not in results:
        raise SystemExit(f"the engine's own output is wrong: {left_out['engine']}")
    rows: dict[str, Any] = {}
    engine = _middle(results["engine"])
    for name, each in results.items():
        middle = _middle(each)
        rows[name] = asdict(middle) | {
            "runs": len(each),
            "engine_to_this": engine.wall / middle.wall,
            "engine_to_this_cpu": engine.cpu / middle.cpu,
            "spread": _spread(each),
        }
        lacks = ", ".join(sorted(CONTENDERS[name].lacks)) or "nothing"
        _say(
            f"{name:16} {middle.wall:7.2f} s ±{_spread(each) / 2:4.0%}  cpu {middle.cpu:7.2f} s"
            f"  peak {middle.peak / 1e6:5.0f} MB  {middle.size / 1e6:7.2f} MB"
            f"  engine/this {engine.wall / middle.wall:5.2f}"
            f" (cpu {engine.cpu / middle.cpu:5.2f})  lacks {lacks}"
        )
    for name, why in left_out.items():
        _say(f"{name:16} {why}")
    _say(f"engine: {total / engine.wall:,.0f} pages/s")
    return {"files": files, "pages": pages, "results": rows, "left_out": left_out}


def _once(
    name: str, contender: Contender, work: Work, folder: Path, total: int, *, check: bool
) -> Measure:
    output = folder / f"{name}.pdf"
    found = measure(contender.command(work, output), output)
    if check and (wrong := fault(output, total, len(work.files), contender.lacks)):
        raise RuntimeError(f"not counted, {wrong}")
    output.unlink()
    return found


def curve(name: str, sizes: list[tuple[int, int]], runs: int) -> dict[str, Any]:
    """Measure how the engine's time and memory grow; print the exponent."""
    _say(f"\n{name}: how the engine's cost grows, medians of {runs} in turn")
    found: dict[tuple[int, int], list[Measure]] = {size: [] for size in sizes}
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        works = {
            (files, pages): Work(
                tuple(text_files(folder / f"{files}-{pages}", files, pages)), folder
            )
            for files, pages in sizes
        }
        for _ in range(runs):
            for size, work in works.items():
                output = folder / "out.pdf"
                command = CONTENDERS["engine"].command(work, output)
                found[size].append(measure(command, output))
    points = []
    for (files, pages), each in found.items():
        middle, total = _middle(each), files * pages
        points.append((total, middle))
        _say(
            f"{files:6,} × {pages:6,}  {middle.wall:6.2f} s  cpu {middle.cpu:6.2f} s"
            f"  {middle.cpu / total * 1e6:5.0f} µs CPU a page  peak {middle.peak / 1e6:4.0f} MB"
        )
    exponent = _exponent([(total, middle.cpu) for total, middle in points])
    _say(f"exponent of CPU time: {exponent:.2f}")
    return {
        "points": [{"pages": total, **asdict(middle)} for total, middle in points],
        "exponent": exponent,
    }


def _exponent(points: list[tuple[int, float]]) -> float:
    """Return the slope of log(cost) over log(size), by least squares."""
    xs = [math.log(size) for size, _ in points]
    ys = [math.log(cost) for _, cost in points]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum(
        (a - x) ** 2 for a in xs
    )


def few_open_files(files: int) -> dict[str, Any]:
    """Merge `files` files where 256 may be open."""
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        work = Work(tuple(text_files(folder / "in", files, 1)), folder)
        output = folder / "out.pdf"
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))
        try:
            found = measure(CONTENDERS["engine"].command(work, output), output)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        wrong = fault(output, files, files, frozenset())
    _say(
        f"\n{files:,} files with {OPEN_FILES} open at most: {wrong or 'right'},"
        f" {found.wall:.2f} s, peak {found.peak / 1e6:.0f} MB"
    )
    return {"files": files, "fault": wrong, **asdict(found)}


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="the sizes of docs/benchmarks.md")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=[*KINDS, *CURVES, "open files"])
    parser.add_argument(
        "--against", nargs="+", choices=[*CONTENDERS], default=[*CONTENDERS], help="these peers"
    )
    parser.add_argument("--peers", action="store_true", help="install peers into build/ first")
    chosen = parser.parse_args()
    if chosen.peers:
        _say("installed into build/bench/peers: " + ", ".join(install_peers()))
    results: dict[str, Any] = {}
    for kind, sizes in KINDS.items():
        if chosen.only in (None, kind):
            results[kind] = compare(kind, *sizes[chosen.full], chosen.runs, chosen.against)
    for name, ways in CURVES.items():
        if chosen.only in (None, name):
            results[name] = curve(name, ways[chosen.full], chosen.runs)
    if chosen.only in (None, "open files"):
        results["open files"] = few_open_files(3_000 if chosen.full else 300)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    held = json.loads(RESULTS.read_text()) if chosen.only and RESULTS.exists() else {}
    RESULTS.write_text(json.dumps({**held, **results}, indent=1) + "\n")
