"""Walks over the XML of a Word document that no depth and no number stops.

In: elements. Out: the elements or the text below them, in the order of the document. All
walks keep their own stack: how deep a document is nested is its author's choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from referrals.text_files.word_package import MC, A, M, W

TEXTS = frozenset({f"{W}t", f"{M}t", f"{A}t", f"{W}delText"})
"""The elements that hold text which a reader of the document sees, or saw once."""

_WIDEST = 100


def top_level(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs, tables and foreign parts below `root` that stand in no other."""
    stack = list(reversed(root))
    while stack:
        element = stack.pop()
        if element.tag in (f"{W}p", f"{A}p", f"{W}tbl", f"{W}altChunk", f"{W}subDoc"):
            yield element
        elif element.tag == f"{MC}AlternateContent":
            stack.extend(reversed(alternatives(element)))
        elif isinstance(element.tag, str):
            stack.extend(reversed(element))


def nearest(root: etree._Element, tag: str, other: str) -> Iterator[etree._Element]:
    """Yield the elements of a tag below `root`, not those within an `other` between."""
    stack = list(reversed(root))
    while stack:
        element = stack.pop()
        if element.tag == tag:
            yield element
        elif isinstance(element.tag, str) and element.tag != other:
            stack.extend(reversed(element))


def columns(span: etree._Element | None) -> int:
    """Return how many columns a cell spans, within reason."""
    value = span.get(f"{W}val", "1") if span is not None else "1"
    if not value.isdecimal():
        return 1
    # Digits beyond reason are not even counted.
    return max(1, min(int(value[:9]), _WIDEST))


def is_content(name: str) -> bool:
    """Whether a file of a package belongs to what its author wrote, not to how it is kept."""
    folders = PurePosixPath(name).parts[:-1]
    if "docprops" in folders or "_xmlsignatures" in folders or "fonts" in folders:
        return False
    return name != "[content_types].xml" and "printersettings" not in name


def alternatives(element: etree._Element) -> list[etree._Element]:
    """Return the choices that say something of their own; a fallback mostly repeats one."""
    texts: set[str] = set()
    kept: list[etree._Element] = []
    for child in element:
        text = "".join("".join(each.text or "" for each in child.iter(*TEXTS)).split())
        if not kept or text not in texts:
            kept.append(child)
            texts.add(text)
    return kept


def all_text(root: etree._Element) -> str:
    """Return all text below an element, deleted text too; a fallback that repeats it once."""
    pieces: list[str] = []
    stack = [root]
    while stack:
        element = stack.pop()
        if element.tag == f"{MC}AlternateContent":
            stack.extend(reversed(alternatives(element)))
            continue
        if element.tag in TEXTS:
            pieces.append(element.text or "")
        elif element.tag in (f"{W}p", f"{A}p"):
            pieces.append("\n")
        if isinstance(element.tag, str):
            stack.extend(reversed(element))
    return "".join(pieces)
