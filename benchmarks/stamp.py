"""The engine beside its peers: merge text files, number every page.

    python -m benchmarks.stamp [--files N] [--pages N] [--runs N]

Each contender runs in a process of its own, in turn, and counts only where its
output is right. Peers are handed the numbers as ready pages to lay over, which
the engine draws itself. Prints medians and ratios; writes build/bench/stamp.json.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import pypdf
import pypdf.constants
from pikepdf import Dictionary, Name, Pdf

from stamping.bates import BatesSeries
from stamping.engine import assemble
from stamping.values import Document, Order, Part

SERIES = BatesSeries("BENCH")
RESULTS = Path("build/bench/stamp.json")
LINES = 45
INTERVAL = 0.005
"""Seconds between looks at a contender's memory."""

Command = Callable[[list[Path], Path, Path], list[str]]


@dataclass(frozen=True, slots=True)
class Measure:
    """Medians of one contender: seconds, seconds, bytes, bytes."""

    wall: float
    cpu: float
    peak: int
    size: int


def write_text(path: Path, pages: int, seed: int) -> Path:
    """Write a file of text pages; `seed` makes its words its own."""
    with Pdf.new() as pdf:
        font = pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        )
        for number in range(pages):
            page = pdf.add_blank_page(page_size=(612, 792))
            page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
            text = "".join(
                f"q BT /F1 10 Tf 72 {740 - 14 * line} Td (Reported item {seed}.{number}.{line}) Tj"
                " ET Q\n"
                for line in range(LINES)
            )
            page.obj.Contents = pdf.make_stream(text.encode())
        pdf.save(path)
    return path


def write_numbers(path: Path, pages: int) -> Path:
    """Write blank pages that bear the numbers, for peers to lay over."""
    blank = path.with_suffix(".blank.pdf")
    with Pdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(612, 792))
        pdf.save(blank)
    stamp_with_engine([blank], path)
    return path


def stamp_with_engine(files: list[Path], output: Path) -> None:
    """Do the engine's work: merge, number, outline, labels."""
    parts = [Part(file, title=file.stem) for file in files]
    assemble(parts, Order(SERIES, 1, Document("Benchmark", identity="00")), output)


def stamp_with_pypdf(files: list[Path], numbers: Path, output: Path) -> None:
    """Do the same with pypdf."""
    writer = pypdf.PdfWriter()
    for file in files:
        writer.append(file, outline_item=file.stem)
    for page, number in zip(writer.pages, pypdf.PdfReader(numbers).pages, strict=True):
        page.merge_page(number)
    writer.set_page_label(
        0, len(writer.pages) - 1, style=pypdf.constants.PageLabelStyle.DECIMAL, prefix="BENCH-"
    )
    writer.write(output)


def _python(contender: str) -> Command:
    return lambda files, numbers, output: [
        *(sys.executable, "-m", "benchmarks.stamp", "--contender", contender),
        *(str(numbers), str(output), str(files[0].parent)),
    ]


def _qpdf(files: list[Path], numbers: Path, output: Path) -> list[str]:
    merge = ["qpdf", "--empty", "--pages", *map(str, files), "--"]
    return [*merge, "--overlay", str(numbers), "--", str(output)]


CONTENDERS: dict[str, tuple[str, Command]] = {
    "engine": ("", _python("engine")),
    "pypdf": ("", _python("pypdf")),
    "qpdf overlay": ("no outline, no labels", _qpdf),
}
PROGRAMS = {"qpdf overlay": "qpdf"}


def measure(command: list[str], output: Path) -> Measure:
    """Run `command` once.

    Raises:
        RuntimeError: it ended with an error.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = 0
    while True:
        # The kernel's own maximum counts this process's memory from before the exec.
        peak = max(peak, _peak(process.pid))
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        time.sleep(INTERVAL)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    return Measure(wall, cpu, peak, output.stat().st_size)


def _peak(pid: int) -> int:
    """Return the most memory that a process has held since its exec, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


def fault(output: Path, pages: int) -> str:
    """Return what is wrong with an output, or nothing."""
    checked = subprocess.run(["qpdf", "--check", output], capture_output=True, check=False)
    if checked.returncode:
        return "qpdf --check finds errors"
    reader = pypdf.PdfReader(output)
    if len(reader.pages) != pages:
        return f"{len(reader.pages)} pages instead of {pages}"
    for place in (0, pages // 2, pages - 1):
        if SERIES.label(place + 1) not in reader.pages[place].extract_text():
            return f"page {place + 1} lacks its number"
    return ""


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def run(file_count: int, pages: int, runs: int) -> dict[str, Measure]:
    """Measure every contender that is here; print the table."""
    results: dict[str, list[Measure]] = {}
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        (folder / "in").mkdir()
        files = [
            write_text(folder / "in" / f"{seed:05}.pdf", pages, seed) for seed in range(file_count)
        ]
        numbers = write_numbers(folder / "numbers.pdf", file_count * pages)
        for name, (_, command) in list(CONTENDERS.items()) * runs:
            if name in PROGRAMS and shutil.which(PROGRAMS[name]) is None:
                continue
            output = folder / f"{name}.pdf"
            found = measure(command(files, numbers, output), output)
            if name not in results and (wrong := fault(output, file_count * pages)):
                _say(f"{name}: not counted, {wrong}")
                continue
            results.setdefault(name, []).append(found)
    middle = {
        name: Measure(
            median(each.wall for each in found),
            median(each.cpu for each in found),
            int(median(each.peak for each in found)),
            found[0].size,
        )
        for name, found in results.items()
    }
    _say(f"{file_count} files of {pages} pages, medians of {runs}")
    for name, (lacks, _) in CONTENDERS.items():
        if name not in middle:
            _say(f"{name:14} skipped: missing or wrong")
            continue
        found = middle[name]
        ratio = middle["engine"].wall / found.wall if "engine" in middle else float("nan")
        _say(
            f"{name:14} {found.wall:7.2f} s  cpu {found.cpu:7.2f} s"
            f"  peak {found.peak / 1e6:5.0f} MB  {found.size / 1e6:6.2f} MB"
            f"  engine/this {ratio:.2f}  {lacks}"
        )
    return middle


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=50)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--contender", nargs=4, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.contender:
        name, numbers, output, folder = chosen.contender
        files = sorted(Path(folder).glob("*.pdf"))
        if name == "engine":
            stamp_with_engine(files, Path(output))
        else:
            stamp_with_pypdf(files, Path(numbers), Path(output))
        return
    results = run(chosen.files, chosen.pages, chosen.runs)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({name: asdict(each) for name, each in results.items()}, indent=1))


if __name__ == "__main__":
    main()
