"""A text exhibit as its template prints it: header lines, blocks, and what was told of it.

In: what the readers of text, mail and Word found. Out: plain values. An `Account` counts
what the file holds while it is taken apart, and what of it is shown: what is not shown is
named, or the difference is told as unexplained.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from stamping.notices import Notice, Severity

LONGEST_LINE = 1_500
"""Characters of a line that are laid out together: layout takes the square of that."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; one that was merged spans columns."""

    text: str
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A run of the text: `kind` is heading, paragraph, preformatted, table or picture.

    A picture is shown by its address, which holds its own bytes; its text describes it.
    """

    kind: str
    text: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """How many characters a file holds, how many are shown, and what is named instead.

    `named` are the characters of what is not shown and said so. Blanks do not count.
    """

    held: int
    shown: int
    named: int = 0

    @property
    def unexplained(self) -> int:
        """Characters that are neither shown nor named."""
        return self.held - self.shown - self.named


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """A text as its template prints it: what it is, its header lines, its blocks."""

    kind: str
    header: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    notices: tuple[Notice, ...] = ()
    account: Account = field(default=Account(0, 0))

    @property
    def text(self) -> str:
        """All that it says, without its order."""
        cells = [cell.text for block in self.blocks for row in block.rows for cell in row]
        words = [block.text for block in self.blocks]
        return "\n".join((*(text for _, text in self.header), *words, *cells))


def ink(text: str) -> int:
    """Return how many characters of a text are not blank."""
    return len("".join(text.split()))


def preformatted(text: str) -> tuple[Block, ...]:
    """Return lines as they are, in blocks that are each laid out in a moment.

    A line that is longer than a page holds is broken where it would not break by itself.
    """
    blocks: list[str] = []
    for line in text.split("\n"):
        pieces = [line[at : at + LONGEST_LINE] for at in range(0, len(line), LONGEST_LINE)] or [""]
        for piece in pieces:
            if blocks and len(blocks[-1]) + len(piece) < LONGEST_LINE:
                blocks[-1] += f"\n{piece}"
            else:
                blocks.append(piece)
    return tuple(Block("preformatted", block) for block in blocks)


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
