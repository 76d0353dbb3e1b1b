"""A text exhibit as its template prints it: header lines, blocks, and what was told of it.

In: what the readers of text, mail and Word found. Out: plain values. Each text knows whether
the source holds it, so that what is shown can be counted against what is held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from referrals.text_files.account import Account
from stamping.notices import Notice, Severity

_LONGEST_WORD = 500
LONGEST_LINE = 1_500
"""Characters of a line that are laid out together: layout takes the square of that."""


class Mark(StrEnum):
    """How a run is printed: as it is, underlined, or struck out."""

    NONE = ""
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one kind. `own` is false for what the source does not hold, or not once more."""

    text: str
    mark: Mark = Mark.NONE
    own: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; one that was merged spans columns. `runs` are its text with marks."""

    text: str
    columns: int = 1
    runs: tuple[Run, ...] = ()

    @classmethod
    def of_runs(cls, runs: tuple[Run, ...], columns: int) -> Cell:
        """Return the cell that holds these runs."""
        return cls(printable("".join(run.text for run in runs)), columns, runs)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text: heading, paragraph, preformatted, redline, table or picture.

    A redline shows a paragraph with what was deleted of it. A picture is shown by its address,
    which holds its own bytes; its text describes it. `part` names the part of the source that
    it shows; `own` is false for what the source does not hold, as `Run.own` is.
    """

    kind: str
    text: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()
    address: str = ""
    runs: tuple[Run, ...] = ()
    part: str = ""
    own: bool = True

    @classmethod
    def of_runs(cls, kind: str, runs: Iterable[Run], part: str) -> Block:
        """Return the block that these runs make, without blank lines around it."""
        clean = [replace(run, text=printable(run.text)) for run in runs]
        text = "".join(run.text for run in clean).strip("\n")
        return cls(kind, text, runs=_trimmed(clean), part=part)

    @property
    def is_blank(self) -> bool:
        """Whether it shows nothing."""
        return not (self.text.strip() or self.rows or self.address)


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """A text as its template prints it: what it is, its header lines, its blocks."""

    kind: str
    header: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    notices: tuple[Notice, ...] = ()
    account: Account = field(default_factory=Account)

    @property
    def text(self) -> str:
        """All that it says, without its order."""
        cells = [cell.text for block in self.blocks for row in block.rows for cell in row]
        words = [block.text for block in self.blocks]
        return "\n".join((*(text for _, text in self.header), *words, *cells))


def own_text(blocks: Iterable[Block]) -> str:
    """Return what blocks show of their source, each letter as often as the source holds it."""
    return "\n".join(run.text for block in blocks for run in _own_runs(block) if run.own)


def _own_runs(block: Block) -> Iterator[Run]:
    if not block.own:
        return
    if not block.rows:
        yield from block.runs or (Run(block.text),)
    for row in block.rows:
        for cell in row:
            yield from cell.runs or (Run(cell.text),)


def _trimmed(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return runs without the line breaks at their ends."""
    kept = [run for run in runs if run.text]
    while kept and not (first := kept[0].text.lstrip("\n")):
        del kept[0]
    while kept and not (last := kept[-1].text.rstrip("\n")):
        del kept[-1]
    if kept:
        kept[0] = replace(kept[0], text=first)
        last = kept[-1].text.rstrip("\n")
        kept[-1] = replace(kept[-1], text=last)
    return tuple(kept)


def broken_where_too_long(block: Block) -> tuple[Block, ...]:
    """Return a paragraph as it is; one with a word that no line holds, in pieces of a line each.

    Layout breaks such a word at no place that can be relied on.
    """
    if max(map(len, block.text.split()), default=0) <= _LONGEST_WORD:
        return (block,)
    pieces: list[list[Run]] = [[]]
    left = LONGEST_LINE
    for run in block.runs:
        text = run.text
        while text:
            pieces[-1].append(replace(run, text=text[:left]))
            text, left = text[left:], left - len(text[:left])
            if not left:
                pieces.append([])
                left = LONGEST_LINE
    return tuple(
        replace(block, kind="preformatted", text="".join(run.text for run in piece), runs=(*piece,))
        for piece in pieces
        if piece
    )


def preformatted(text: str, part: str = "", *, own: bool = True) -> tuple[Block, ...]:
    """Return lines as they are, in blocks that are each laid out in a moment.

    `part` and `own` are those of the blocks. A line that is longer than a page holds is broken
    where it would not break by itself.
    """
    blocks: list[str] = []
    for line in text.split("\n"):
        pieces = [line[at : at + LONGEST_LINE] for at in range(0, len(line), LONGEST_LINE)] or [""]
        for piece in pieces:
            if blocks and len(blocks[-1]) + len(piece) < LONGEST_LINE:
                blocks[-1] += f"\n{piece}"
            else:
                blocks.append(piece)
    return tuple(Block("preformatted", block, part=part, own=own) for block in blocks)


def printable(text: str) -> str:
    """Return a text with line ends as they are here, and control characters by their numbers."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\v", "\n")
    return "".join(
        each
        if each in "\n\t" or not (each < " " or "\x7f" <= each <= "\x9f")
        else f"\\x{ord(each):02x}"
        for each in text
    )


def guessed(encoding: str, where: str = "") -> Notice:
    """Return the warning that nobody said in which encoding a text is written."""
    place = f" of {where}" if where else ""
    return Notice(
        Severity.WARNING,
        "encoding-guessed",
        f"The file does not say how the letters{place} are encoded; {encoding} was taken.",
        remedy="Compare names and figures with the original, or ask for it in UTF-8.",
    )
