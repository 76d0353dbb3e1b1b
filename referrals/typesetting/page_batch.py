"""A share of a volume's written pages, laid out and drawn: the work of one process.

In: the HTML of some parts, and where their PDF goes. Out: the PDF, with placeholders
where numbers are late, and a `DrawnBatch` that says which part, which anchor and which
late value is where. Nothing of it stays in memory.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from referrals.typesetting.placeholders import Foreseen, LateText, foreseen, located, write_known
from referrals.typesetting.rendering import draw, lay_out, section_pages

if TYPE_CHECKING:  # a process that covers nothing need not hold what they need
    from stamping.redaction.burnt_page import Bar
    from stamping.redaction.redaction_proof import Secret


@dataclass(frozen=True, slots=True)
class Covering:
    """What the pages of a redacted set hide: what lies beneath bars, and words of `secrets`.

    The pages of bars count from the share's first. A bar may cover part of a number:
    `values` are the numbers by the keys of late values, for pages that have bars.
    """

    bars: tuple[Bar, ...]
    secrets: tuple[Secret, ...]
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class PageBatch:
    """Some parts as one HTML document, to be drawn into `target`."""

    html: str
    target: Path
    covering: Covering | None = None


@dataclass(frozen=True, slots=True)
class DrawnBatch:
    """First and last page of each part, the page of each anchor, and the late values."""

    file: Path
    sections: dict[str, tuple[int, int]]
    anchors: dict[str, int]
    late: tuple[LateText, ...] = field(default=(), repr=False)


def draw_share(share: PageBatch) -> DrawnBatch:
    """Lay a share out and draw it.

    Raises:
        MachineError: a system library is missing.
        OSError: the file cannot be written.
    """
    document = lay_out(share.html)
    anchors = {
        name: number
        for number, page in reversed(list(enumerate(document.pages, start=1)))
        for name in page.anchors
    }
    sections = section_pages(document)
    waiting = foreseen(document)
    late = _draw(document, waiting, share.target)
    if share.covering is not None:
        # Fonts keep the widths that letters had where they were first met. As the whole is
        # drawn before, that is where it was in the full set.
        barred = _cover(document, share.covering)
        open_yet = [each for each in waiting if each.page not in barred]
        late = _draw(document, open_yet, share.target)
    del document
    # Boxes name each other: without this they would stay until the next share is laid out.
    gc.collect()
    return DrawnBatch(share.target, sections, anchors, tuple(late))


def _draw(document: Any, waiting: list[Foreseen], target: Path) -> list[LateText]:
    found: list[LateText] = []
    target.write_bytes(draw(document, lambda pdf: found.extend(located(waiting, pdf))))
    return found


def _cover(document: Any, covering: Covering) -> set[int]:
    """Cover what is beneath bars; return the pages that have any."""
    from referrals.identifiers.hidden_words import hider
    from referrals.typesetting.covered_text import cover

    barred = {bar.page for bar in covering.bars}
    write_known(document, barred, covering.values)
    cover(document, covering.bars, hider(covering.secrets))
    return barred
