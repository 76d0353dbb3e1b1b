"""One run of a contender: what it costs, and whether its output is right."""

from __future__ import annotations

import os
import re
import select
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdf

INTERVAL = 5
"""Milliseconds between looks at a contender's memory."""
BYTECODE = Path("build/bench/bytecode")
"""Where Python keeps what it has compiled: an installed program is compiled already."""
_WORD = re.compile(
    r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)<'
)
# The corner of a letter page in which the number is to stand, in points from its top left.
_CORNER = (450.0, 730.0)


@dataclass(frozen=True, slots=True)
class Measure:
    """What one contender took: seconds, seconds, bytes, bytes."""

    wall: float
    cpu: float
    peak: int
    size: int


def measure(command: list[str], output: Path) -> Measure:
    """Run `command` once, until its output is on the disk.

    Raises:
        RuntimeError: it ended with an error.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(BYTECODE.resolve())}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    # What runs before have left for the disk is not this one's work.
    os.sync()
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
    )
    peak = _peak_until_end(process.pid)
    _, status, usage = os.wait4(process.pid, 0)
    # What a contender leaves in the kernel's memory is its work too: in time and in CPU.
    flushed = _flush(output)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.stderr is not None
    said = process.stderr.read().decode(errors="replace").strip().splitlines()
    process.stderr.close()
    if process.returncode:
        raise RuntimeError(f"it ended with {process.returncode}: {(said or ['no word'])[-1]}")
    cpu = usage.ru_utime + usage.ru_stime + flushed
    return Measure(wall, cpu, peak, output.stat().st_size)


def fault(output: Path, pages: int, files: int, lacks: frozenset[str]) -> str:
    """Return what is wrong with an output, or nothing; what it `lacks` is not asked for."""
    checked = subprocess.run(["qpdf", "--check", output], capture_output=True, check=False)
    if checked.returncode:
        return "qpdf --check finds errors"
    reader = pypdf.PdfReader(output)
    if len(reader.pages) != pages:
        return f"{len(reader.pages)} pages instead of {pages}"
    if "labels" not in lacks:
        expected = [f"BENCH-{number:06}" for number in range(1, pages + 1)]
        if reader.page_labels != expected:
            return "the page labels are wrong"
    # What stands below a file's entry is a list.
    entries = [each for each in reader.outline if not isinstance(each, list)]
    if "outline" not in lacks and len(entries) != files:
        return f"{len(entries)} outline entries instead of {files}"
    root: Any = reader.trailer["/Root"]
    if "tags" not in lacks and "/StructTreeRoot" not in root:
        return "there are no tags"
    if "numbers" in lacks:
        return ""
    for number in sorted({1, pages // 2 + 1, pages}):
        if not _stands(output, number):
            return f"page {number} lacks its number in the corner"
    return ""


def _stands(output: Path, number: int) -> bool:
    """Return whether poppler reads the page's number in the bottom right corner."""
    page = str(number)
    ran = subprocess.run(
        ["pdftotext", "-bbox", "-cropbox", "-f", page, "-l", page, output, "-"],
        capture_output=True,
        text=True,
        check=False,
    )
    return any(
        word[5] == f"BENCH-{number:06}"
        and float(word[1]) >= _CORNER[0]
        and float(word[2]) >= _CORNER[1]
        for word in _WORD.finditer(ran.stdout)
    )


def _flush(output: Path) -> float:
    """Bring what has been written to the disk; return the CPU seconds that it took."""
    if not output.exists():
        return 0.0
    begun = time.process_time()
    with output.open("rb") as written:
        os.fsync(written.fileno())
    return time.process_time() - begun


def _peak_until_end(pid: int) -> int:
    """Return the most memory that a process holds; return at the moment when it ends."""
    # The kernel's own maximum counts this process's memory from before the exec.
    peak = 0
    descriptor = os.pidfd_open(pid)
    try:
        end = select.poll()
        end.register(descriptor, select.POLLIN)
        while not end.poll(INTERVAL):
            peak = max(peak, _peak(pid))
    finally:
        os.close(descriptor)
    return peak


def _peak(pid: int) -> int:
    """Return the most memory that a process has held since its exec, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0
