"""A volume as pypdf reads it: its pages with their words in place.

In: a PDF. Out: for each page the number it is labelled with, its words with
their places in points from the lower left corner as a reader sees the page, its
links, and words that nobody can see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from referrals.verify.hidden_text import Watch
from referrals.verify.page_digests import page_digests

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Words:
    """A run of text and where it begins."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its place, the page it opens (from one, None for nowhere), its words."""

    box: Box
    target: int | None
    note: str


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One page; `height` is what a reader sees, in points.

    `marks` are the kinds of annotations besides links; `trouble` says why the
    words could not be read, if so.
    """

    number: int
    label: str
    height: float
    words: tuple[Words, ...]
    links: tuple[Link, ...]
    hidden: tuple[str, ...]
    marks: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def text(self) -> str:
        """The words of the page without any space."""
        return squeezed(" ".join(each.text for each in self.words))

    def words_in(self, box: Box) -> str:
        """Return the words that begin in `box`, two points of slack around it."""
        left, bottom, right, top = box
        return " ".join(
            each.text.strip()
            for each in self.words
            if left - 2 <= each.x <= right + 2 and bottom - 2 <= each.y <= top + 2
        )


@dataclass(frozen=True, slots=True)
class ReadVolume:
    """A volume, read."""

    reader: PdfReader
    page_sha256: tuple[str, ...]
    pages: tuple[ReadPage, ...]
    outline: tuple[tuple[str, int | None], ...]


def squeezed(text: str) -> str:
    """Return `text` without any space, as it survives line breaks and justification."""
    return re.sub(r"\s+", "", text)


def read_volume(path: Path) -> ReadVolume:
    """Return the volume at `path`; whatever pypdf raises on a broken file goes through."""
    reader = PdfReader(path)
    numbers = {
        page.indirect_reference.idnum: number
        for number, page in enumerate(reader.pages, start=1)
        if page.indirect_reference is not None
    }
    # Before any text is taken: pypdf changes the objects that it takes text from.
    digests = tuple(page_digests(reader))
    labels = reader.page_labels
    pages = tuple(
        _page(page, number, labels[number - 1], numbers)
        for number, page in enumerate(reader.pages, start=1)
    )
    return ReadVolume(reader, digests, pages, tuple(_outline(reader, reader.outline, numbers)))


def _page(page: PageObject, number: int, label: str, numbers: dict[int, int]) -> ReadPage:
    place = _Upright(page)
    watch = Watch(place.inside, _clear_states(page))
    words = []

    def hear(text: str, cm: Any, tm: Any, *font: Any) -> None:
        if text.strip():
            x, y = place.seen(*_times(tm[4], tm[5], cm))
            words.append(Words(text, x, y))

    trouble = ""
    try:
        page.extract_text(visitor_text=hear, visitor_operand_before=watch.operand)
    except Exception as error:  # noqa: BLE001 – pypdf raises whatever a broken page makes it raise
        trouble = f"{type(error).__name__}: {error}"
    return ReadPage(
        number,
        label,
        place.height,
        tuple(words),
        tuple(_links(page, place, numbers)),
        watch.hidden(),
        tuple(_marks(page)),
        trouble,
    )


def _clear_states(page: PageObject) -> set[str]:
    """Return the graphics states of a page that do not cover what lies beneath."""
    resources = page.get("/Resources")
    states = resources.get("/ExtGState") if isinstance(resources, DictionaryObject) else None
    if not isinstance(states, DictionaryObject):
        return set()
    found = set()
    for name, held in states.items():
        state = held.get_object()
        if isinstance(state, DictionaryObject) and (
            state.get("/ca", 1) != 1
            or state.get("/BM", "/Normal") not in ("/Normal", "/Compatible")
        ):
            found.add(str(name))
    return found


class _Upright:
    """From user space to the page as its reader sees it (ISO 32000-2 § 8.3.2.3)."""

    def __init__(self, page: PageObject) -> None:
        box = page.cropbox
        self.left, self.bottom = float(box.left), float(box.bottom)
        self.wide, self.high = float(box.width), float(box.height)
        self.turn = page.rotation % 360
        self.unit = float(page.get("/UserUnit", 1))
        self.height = (self.wide if self.turn in (90, 270) else self.high) * self.unit

    def seen(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.left, y - self.bottom
        match self.turn:
            case 90:
                x, y = y, self.wide - x
            case 180:
                x, y = self.wide - x, self.high - y
            case 270:
                x, y = self.high - y, x
        return x * self.unit, y * self.unit

    def inside(self, x: float, y: float) -> bool:
        return -1 <= x - self.left <= self.wide + 1 and -1 <= y - self.bottom <= self.high + 1


def _times(x: float, y: float, matrix: Any) -> tuple[float, float]:
    a, b, c, d, e, f = (float(each) for each in matrix)
    return a * float(x) + c * float(y) + e, b * float(x) + d * float(y) + f


def _marks(page: PageObject) -> Iterator[str]:
    for held in page.annotations or ():
        annotation = held.get_object()
        if isinstance(annotation, DictionaryObject) and annotation.get("/Subtype") != "/Link":
            yield str(annotation.get("/Subtype", "unknown")).lstrip("/")


def _links(page: PageObject, place: _Upright, numbers: dict[int, int]) -> Iterator[Link]:
    for held in page.annotations or ():
        annotation = held.get_object()
        if not isinstance(annotation, DictionaryObject) or annotation.get("/Subtype") != "/Link":
            continue
        box = annotation.get("/Rect")
        if not isinstance(box, ArrayObject) or len(box) != 4:
            continue
        edges = [float(each) for each in box]
        corners = place.seen(*edges[:2]), place.seen(*edges[2:])
        xs, ys = zip(*corners, strict=True)
        destination = annotation.get("/Dest")
        action = annotation.get("/A")
        if destination is None and isinstance(action, DictionaryObject):
            destination = action.get("/D")
        yield Link(
            (min(xs), min(ys), max(xs), max(ys)),
            _target(destination, numbers),
            str(annotation.get("/Contents", "")),
        )


def _target(destination: Any, numbers: dict[int, int]) -> int | None:
    if isinstance(destination, ArrayObject) and destination:
        first = list.__getitem__(destination, 0)
        if isinstance(first, IndirectObject):
            return numbers.get(first.idnum)
    return None


def _outline(
    reader: PdfReader, entries: Any, numbers: dict[int, int]
) -> Iterator[tuple[str, int | None]]:
    for entry in entries:
        if isinstance(entry, list):
            yield from _outline(reader, entry, numbers)
        else:
            page = entry.page
            target = numbers.get(page.idnum) if isinstance(page, IndirectObject) else None
            yield str(entry.title), target
