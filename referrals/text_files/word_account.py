"""The account of a Word document: what its parts hold, counted apart from how they are read.

In: a package, and the blocks made of it. Out: an `Account`. The text that is held is taken
from the elements of each part without a look at what holds them; the text that is shown, from
the blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from referrals.text_files.account import Account, tally_of_text
from referrals.text_files.word_found import Found
from referrals.text_files.word_package import MC, W, WordPackage
from referrals.text_files.word_xml import TEXTS
from referrals.text_files.written_form import Block, own_text, printable
from stamping.values import Tally

_CHANGED = (f"{W}ins", f"{W}del", f"{W}moveTo", f"{W}moveFrom")


def word_account(package: WordPackage, blocks: Sequence[Block], found: Found) -> Account:
    """Return what the document holds, and how much of it the blocks show."""
    tallies = [
        tally_of_text(
            part.removeprefix("word/"),
            printable("".join(_held(root))),
            own_text(block for block in blocks if block.part == part),
        )
        for part, root in package.texts.items()
    ]
    changed = sum(
        any(_held(element)) for root in package.texts.values() for element in root.iter(*_CHANGED)
    )
    listed = sum(bool(change.text) for change in found.changes)
    tallies.append(Tally("tracked changes", "", changed, min(listed, changed)))
    comments = sum(
        any(_held(element))
        for root in package.texts.values()
        for element in root.iter(f"{W}comment")
    )
    tallies.append(Tally("comments", "", comments, min(found.comments, comments)))
    pictures = found.pictures, found.pictures - found.unshown_pictures
    tallies.append(Tally("pictures", "", *pictures, why="each is named"))
    tallies.append(Tally("files inside", "", len(found.files), 0, why="in the original, listed"))
    tallies.append(Tally("broken parts", "", len(package.unread), 0, why="each is named"))
    return Account.of(tallies)


def _held(root: etree._Element) -> Iterator[str]:
    """Yield the text that is below an element; a fallback beside a choice repeats it."""
    for element in root.iter(*TEXTS):
        if element.text and element.text.strip() and not _repeats(element):
            yield element.text


def _repeats(element: etree._Element) -> bool:
    for above in element.iterancestors(f"{MC}Fallback"):
        beside = above.getparent()
        if beside is not None and beside.find(f"{MC}Choice") is not None:
            return True
    return False
