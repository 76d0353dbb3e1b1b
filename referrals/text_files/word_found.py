"""What is met on the way through a Word document, beside its text, and what is told of it.

In: the reader's finds. Out: counts for the account, and the notices for whoever relies on
the pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from referrals.text_files.written_form import printable
from stamping.notices import Notice, Severity


@dataclass
class Change:
    """A tracked change: what was done, by whom, at what time, and to which text."""

    verb: str
    who: str
    when: str
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text that was changed."""
        return printable("".join(self.pieces)).strip()


@dataclass
class Found:
    """What was met on the way, to be listed behind the pages and counted."""

    changes: list[Change] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    placed: set[str] = field(default_factory=set)
    pictures: int = 0
    unshown_pictures: int = 0
    hidden: int = 0
    comments: int = 0
    others: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def word_notices(found: Found, unread: Sequence[str]) -> Iterator[Notice]:
    """Yield what a reader of the pages must know; `unread` are the parts that are broken."""
    if changes := [each for each in found.changes if each.text]:
        people = ", ".join(sorted({each.who for each in changes if each.who})) or "not stated"
        gone = sum(each.verb in ("deleted", "moved away") for each in changes)
        yield Notice(
            Severity.WARNING,
            "tracked-changes",
            f"The document holds tracked changes by {printable(people)}. Insertions, underlined: "
            f"{len(changes) - gone}. Deletions, struck out below the paragraph that they stood "
            f"in: {gone}. All are listed behind the text.",
            remedy="Ask its author which version was meant.",
        )
    if found.hidden:
        yield Notice(
            Severity.WARNING,
            "hidden-text",
            f"{found.hidden} runs of text are hidden in the document; they are shown.",
        )
    if found.others:
        yield Notice(
            Severity.WARNING,
            "drawing-not-shown",
            "Only the text is shown of: "
            f"{', '.join(part.removeprefix('word/') for part in found.others)}.",
            remedy="Look at it in the original.",
        )
    if found.unshown_pictures:
        yield Notice(
            Severity.WARNING,
            "picture-not-shown",
            f"{found.unshown_pictures} of {found.pictures} pictures cannot be shown; each is "
            "named.",
            remedy="Look at them in the original.",
        )
    if found.files:
        yield Notice(
            Severity.WARNING,
            "embedded-files",
            f"The document holds files that no page shows: {printable(', '.join(found.files))}.",
            remedy="Look at them in the original; add what matters as an exhibit of its own.",
        )
    if unread:
        yield Notice(
            Severity.WARNING,
            "part-unreadable",
            f"Parts of the document are broken and not shown: {printable(', '.join(unread))}.",
            remedy="Open it in Word and save it again, or ask for it as PDF.",
        )
