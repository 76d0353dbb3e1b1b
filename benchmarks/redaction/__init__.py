"""How much `propose` finds of what is planted, how often it is wrong, how fast, and what leaks.

    ./run bench redaction [--positives N] [--look-alikes N] [--scan-pages N] [--photo-pages N]

Born-digital pages; the first of the same pages as 300 dpi scans and as photographs of
paper, where the extra `ocr` is installed. Every candidate is then burnt in, and the
result searched for what was redacted. Prints what it measured; writes
build/bench/redaction.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.redaction.pages import (
    LINES,
    page_of,
    photographed,
    plant_elsewhere,
    scanned,
    write_pages,
)
from benchmarks.redaction.planted import PERSONS, Planted, planted
from referrals.identifiers.candidates import Candidate, Search, propose
from referrals.identifiers.hidden_words import hider
from referrals.profiles.redaction_list import redaction_list
from stamping.pages.text_folding import folded
from stamping.preparation.awaited_text import can_recognise
from stamping.redaction.burnt_page import Bar
from stamping.redaction.redaction import redact
from stamping.redaction.redaction_proof import Leak, Secret, leaks

RESULTS = Path("build/bench/redaction.json")
SEARCH = Search(redaction_list("public"), PERSONS)


@dataclass(frozen=True, slots=True)
class Score:
    """How many planted identifiers were found, and how many candidates were right."""

    planted: int
    found: int
    candidates: int
    right: int

    @property
    def recall(self) -> float:
        """The share of what was planted that was found."""
        return self.found / self.planted

    @property
    def precision(self) -> float:
        """The share of the candidates that were planted identifiers."""
        return self.right / self.candidates if self.candidates else 1.0


def score(candidates: Sequence[Candidate], items: Sequence[Planted]) -> Score:
    """Compare the candidates with what was planted, page by page.

    An identifier counts as found where one candidate covers the whole of it: else
    some of it would stay on the page.
    """
    found, right = 0, set()
    positives = [(page_of(index), item) for index, item in enumerate(items) if item.kind]
    for page, item in positives:
        hits = [
            number
            for number, each in enumerate(candidates)
            if each.page == page and folded(item.text) in folded(each.text)
        ]
        found += bool(hits)
        right.update(hits)
    return Score(len(positives), found, len(candidates), len(right))


def left_after_burning(source: Path, candidates: Sequence[Candidate]) -> list[Leak]:
    """Accept every candidate, burn it in, and return what can still be had of any."""
    secrets = [Secret(each.text, each.rule.label) for each in candidates]
    bars = [Bar(each.page, box, each.rule.label) for each in candidates for box in each.boxes]
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / "burnt.pdf"
        # Reading digital pages again would take hours and tell nothing of leaks.
        redact(source, bars, target, hider(secrets), read_again="-text" in source.stem)
        return leaks(target, secrets, bars)


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Planted identifiers, found, missed, leaked.")
    parser.add_argument("--positives", type=int, default=480)
    parser.add_argument("--look-alikes", type=int, default=480)
    parser.add_argument("--scan-pages", type=int, default=4)
    parser.add_argument("--photo-pages", type=int, default=2)
    options = parser.parse_args(words)
    items = planted(2026, options.positives, options.look_alikes)
    results: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        source = write_pages(place / "planted.pdf", items)
        propose(source, SEARCH)
        began = time.process_time()
        pages = propose(source, SEARCH).pages
        rate = results["pages_a_second"] = pages / (time.process_time() - began)
        sys.stdout.write(f"pages a second on one core  {rate:.0f}\n")
        plant_elsewhere(source, [item.text for item in items if item.kind])
        _measure("born digital", source, items, results)
        for title, count, make in (
            ("300 dpi scans", options.scan_pages, scanned),
            ("photographs", options.photo_pages, photographed),
        ):
            if not can_recognise():
                sys.stdout.write(f"{title:<15}not measured: the extra 'ocr' is not installed\n")
            elif count:
                read = make(source, min(count, pages), place)
                _measure(title, read, items[: count * LINES], results)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def _measure(title: str, path: Path, items: Sequence[Planted], results: dict[str, object]) -> None:
    candidates = propose(path, SEARCH).candidates
    result = score(candidates, items)
    left = left_after_burning(path, candidates)
    results[title] = asdict(result) | {"leaks": len(left)}
    sys.stdout.write(
        f"{title:<15}recall {result.recall:.3f} ({result.found} of {result.planted}), "
        f"precision {result.precision:.3f} ({result.right} of {result.candidates}), "
        f"leaks {len(left)}\n"
    )


if __name__ == "__main__":
    main()
