"""Hashing files beside hashlib in memory and `openssl dgst -sha256`.

    python -m benchmarks.hashing [--megabytes N] [--runs N]

Two files that lie in the page cache, measured in turn in one run: hashlib over
bytes in memory, which no reader of files can pass; one file, whose next bytes
are read while the last are hashed; both files on one core; both on all cores;
and openssl over one file. Prints medians and ratios; writes
build/bench/hashing.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from referrals.evidence.digests import digest_file, digest_files

RESULTS = Path("build/bench/hashing.json")
MEMORY = "hashlib in memory, one core"
ONE = "one file, read ahead"
ONE_CORE = "two files, one core"
ALL = "two files, two cores"
PEER = "openssl dgst -sha256, one file"
BOUND = "hashlib in memory, two cores"


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=512)
    parser.add_argument("--runs", type=int, default=7)
    chosen = parser.parse_args()
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hashing-", dir=RESULTS.parent) as held:
        rates = _measure(Path(held), chosen.megabytes << 20, chosen.runs)
    middle = {name: median(found) for name, found in rates.items()}
    for name, found in rates.items():
        sys.stdout.write(
            f"{name:<34}{middle[name]:>6.2f} GB/s  ({min(found):.2f} to {max(found):.2f})\n"
        )
    ratios = {
        "one file / hashlib in memory": middle[ONE] / middle[MEMORY],
        "two cores / one core": middle[ALL] / middle[ONE_CORE],
        "two cores / one file": middle[ALL] / middle[ONE],
        "two cores / hashlib on two cores": middle[ALL] / middle[BOUND],
    }
    if PEER in middle:
        ratios["one file / openssl"] = middle[ONE] / middle[PEER]
    for name, ratio in ratios.items():
        sys.stdout.write(f"{name:<34}{ratio:>6.2f}\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{'peak memory, with the bytes in memory':<38}{peak} MB\n")
    RESULTS.write_text(json.dumps({"GB/s": rates, "ratios": ratios}, indent=1) + "\n")


def _measure(folder: Path, size: int, runs: int) -> dict[str, list[float]]:
    content = os.urandom(1 << 20) * min(size >> 20, 256)
    files = [folder / "one", folder / "two"]
    for file in files:
        with file.open("wb") as stream:
            for _ in range(size // len(content)):
                stream.write(content)
    size = files[0].stat().st_size

    def in_memory() -> None:
        taken = hashlib.sha256()
        for _ in range(size // len(content)):
            taken.update(content)

    def in_memory_twice() -> None:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(2) as threads:
            for each in [threads.submit(in_memory) for _ in files]:
                each.result()

    contenders: dict[str, tuple[int, Callable[[], object]]] = {
        MEMORY: (1, in_memory),
        ONE: (1, lambda: digest_file(files[0])),
        ONE_CORE: (2, lambda: _on_one_core(lambda: digest_files(files, workers=1))),
        ALL: (2, lambda: digest_files(files)),
        BOUND: (2, in_memory_twice),
    }
    if shutil.which("openssl"):
        command = ["openssl", "dgst", "-sha256", str(files[0])]
        contenders[PEER] = (
            1,
            lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL),
        )
    else:
        sys.stdout.write("openssl: skipped, not installed\n")
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    for run in range(runs + 1):
        for name, (count, work) in contenders.items():
            begun = time.perf_counter()
            work()
            if run:
                rates[name].append(count * size / (time.perf_counter() - begun) / 1e9)
    return rates


def _on_one_core(work: Callable[[], object]) -> None:
    """Do the work on a single core, whatever the machine has."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        work()
    finally:
        os.sched_setaffinity(0, cores)


if __name__ == "__main__":
    main()
