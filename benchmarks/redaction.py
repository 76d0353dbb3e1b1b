"""How much `propose` finds of what is planted, how much it cries wolf, how fast.

    python -m benchmarks.redaction [--positives N] [--look-alikes N] [--scan-pages N]

Born-digital pages (prose, and rows of tables), some of the same pages as 300 dpi
scans where the extra `ocr` is installed, and pages a second on one core. Prints
what it measured; writes build/bench/redaction.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

import pypdfium2 as pdfium

from benchmarks.planted import PERSONS, Planted, planted
from referrals.filing.redaction_candidates import Candidate, Search, propose
from referrals.filing.redaction_list import redaction_list
from referrals.rendering import draw, lay_out
from stamping.prepare import prepare
from stamping.recognition import can_recognise, recognise

RESULTS = Path("build/bench/redaction.json")
LINES = 30
"""Sentences on a page."""


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


def write_pages(path: Path, items: Sequence[Planted]) -> Path:
    """Write the sentences, `LINES` to a page: prose, and every third as a table's row."""
    pages = [items[start : start + LINES] for start in range(0, len(items), LINES)]
    body = "".join(
        f'<section style="break-after: page">{"".join(map(_line, page, range(LINES)))}</section>'
        for page in pages
    )
    style = "@page { size: letter; margin: 36pt } body { font-size: 11pt } p { margin: 2pt }"
    html = f'<html lang="en"><title>Planted</title><style>{style}</style>{body}</html>'
    path.write_bytes(draw(lay_out(html)))
    return path


def _line(item: Planted, index: int) -> str:
    label, _, rest = item.sentence.partition(item.text)
    if index % 3:
        return f"<p>{escape(item.sentence)}.</p>"
    cells = f"<td>{escape(label)}</td><td>{escape(item.text)}{escape(rest)}</td>"
    return f"<table><tr>{cells}</tr></table>"


def scan(source: Path, pages: int, folder: Path) -> Path:
    """Return the first pages as a 300 dpi scan with a recognised text layer."""
    document = pdfium.PdfDocument(source)
    pictures = [document[number].render(scale=300 / 72).to_pil() for number in range(pages)]
    document.close()
    path = folder / "scan.tif"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], dpi=(300, 300))
    rendition = recognise(prepare(path, folder / "prepared"))
    assert rendition.path is not None
    return rendition.path


def score(candidates: Sequence[Candidate], items: Sequence[Planted]) -> Score:
    """Compare the candidates with what was planted, page by page."""
    found, right = 0, set()
    positives = [(index // LINES + 1, item) for index, item in enumerate(items) if item.kind]
    for page, item in positives:
        hits = [
            number
            for number, each in enumerate(candidates)
            if each.page == page and _same(item.text, each.text)
        ]
        found += bool(hits)
        right.update(hits)
    return Score(len(positives), found, len(candidates), len(right))


def _same(planted_text: str, candidate: str) -> bool:
    # The whole identifier must be covered, else some of it would stay on the page.
    return "".join(planted_text.split()) in "".join(candidate.split())


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Planted identifiers, found and missed.")
    parser.add_argument("--positives", type=int, default=480)
    parser.add_argument("--look-alikes", type=int, default=480)
    parser.add_argument("--scan-pages", type=int, default=6)
    options = parser.parse_args(words)
    search = Search(redaction_list("public"), PERSONS)
    items = planted(2026, options.positives, options.look_alikes)
    results: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as place:
        source = write_pages(Path(place) / "planted.pdf", items)
        propose(source, search)
        began = time.process_time()
        proposal = propose(source, search)
        rate = proposal.pages / (time.process_time() - began)
        _tell("born-digital", score(proposal.candidates, items), results)
        sys.stdout.write(f"pages a second on one core  {rate:.0f}\n")
        results["pages_a_second"] = rate
        if can_recognise() and options.scan_pages:
            count = min(options.scan_pages, proposal.pages)
            read = propose(scan(source, count, Path(place)), search)
            _tell("300 dpi scans", score(read.candidates, items[: count * LINES]), results)
        else:
            sys.stdout.write("300 dpi scans               not measured (extra 'ocr')\n")
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def _tell(name: str, result: Score, results: dict[str, object]) -> None:
    results[name] = asdict(result)
    sys.stdout.write(
        f"{name:<28}recall {result.recall:.3f} ({result.found} of {result.planted}), "
        f"precision {result.precision:.3f} ({result.right} of {result.candidates})\n"
    )


if __name__ == "__main__":
    main()
