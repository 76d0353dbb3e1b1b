"""What one file of a filing is, page by page, read once from its final bytes.

    path ──pikepdf──► traits, encryption   ─┐
         ──pypdf────► a second page count   ├─► FiledFile
         ──pdfium───► text, ink, pictures  ─┘

In: a path and what is wanted. Out: plain values that need the file no more. A file
that cannot be read is an answer, not an error. Judges nothing: `rejection_checks`
says what a court makes of it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, Pdf

from referrals.identifiers.candidates import Candidate, Search, candidates_on
from referrals.progress import Advance
from stamping.errors import StampingError
from stamping.pages.file_traits import Trait, file_traits
from stamping.pages.page_look import glance, has_ink, is_crossed, linked_pages, pictures, share
from stamping.pages.page_text import LEAST_LETTERS, PageText, page_text, viewports
from stamping.pages.viewport import Box, Viewport
from stamping.preparation.inspection import RefusedInputError, check_streams
from stamping.values import Limits

# They tell of oddities on their own, file by file; what matters becomes a fault.
for _reader in ("pypdf", "pypdfium2"):
    logging.getLogger(_reader).setLevel(logging.CRITICAL)

SCANNED = 0.5
"""The share of a page from which on its pictures make it a scan."""

_PART_OF_SCAN = 0.05
_LIGHT = 0.5
"""The share of light pixels from which on a page looks like paper and not a photograph."""

_SPECKS = 8
"""Inked pixels, of a page 300 pixels high, that a scanner's dust may leave on a blank sheet."""

_MARGIN = 72.0
"""Points from the page's upper and lower edge in which its number is looked for."""

_SAMPLE = 24
_NUMBER = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]*(?:[ _-][A-Z0-9]+)*[ _-]?\d{5,}(?![\w-])")
_HARMLESS = re.compile(r"reported number of objects|Resources is missing|handled correctly")


@dataclass(frozen=True, slots=True)
class WantedTraits:
    """What is looked for on pages beyond their text; each costs time.

    `clear_top` is in inches; `crossings` asks for ink under the number, `tilts` for
    text that does not stand upright, `links` for the targets of links.
    """

    search: Search | None = None
    clear_top: float = 0.0
    crossings: bool = False
    tilts: bool = False
    links: bool = False


@dataclass(frozen=True, slots=True)
class FiledPage:
    """One page: sizes in points, upright; resolutions in dots an inch.

    `letters` counts those besides the line of the page's number. `inked` says
    whether anything shows besides that number; it is looked at only on pages with
    few letters. `photograph` is a page that shows more tones than paper. `scan` is the
    lowest and highest resolution of pictures that cover the page; None without such.
    `printed` is what stands as its number near the edge.
    """

    number: int
    label: str
    width: float
    height: float
    text: str = ""
    letters: int = 0
    inked: bool = True
    photograph: bool = False
    scan: tuple[float, float] | None = None
    printed: str = ""
    over_text: str = ""
    top_inked: bool = False
    tilted: bool = False
    links: frozenset[int] = frozenset()
    candidates: tuple[Candidate, ...] = ()

    @property
    def reads(self) -> bool:
        """Whether a search finds words of the page, not only its number."""
        if self.scan is not None:
            return self.letters >= LEAST_LETTERS
        return self.letters > 0


@dataclass(frozen=True, slots=True)
class FiledFile:
    """One file: `fault` says why it cannot be read, `closed` how it is encrypted.

    `bookmarks` are titles with their page, counted from one, 0 for one that leads
    nowhere. `opens_at` is the zoom of its opening view, None where it has none.
    """

    path: Path
    bytes: int
    pages: tuple[FiledPage, ...] = ()
    fault: str = ""
    closed: str = ""
    traits: tuple[Trait, ...] = ()
    bookmarks: tuple[tuple[str, int], ...] = ()
    opens_at: float | None = None
    unread_pages: tuple[int, ...] = field(default=())

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name


def page_count(path: Path) -> int:
    """Return how many pages the file at `path` has, 0 where that cannot be told."""
    try:
        with Pdf.open(path) as pdf:
            return len(pdf.pages)
    except (pikepdf.PikepdfError, OSError):
        return 0


def read_file(path: Path, wanted: WantedTraits, advance: Advance) -> FiledFile:
    """Return what the file at `path` is; `advance` hears of each page.

    Raises:
        OSError: there is no such file, or it may not be read.
    """
    size = path.stat().st_size
    try:
        with Pdf.open(path) as pdf:
            closed = "it opens without a password but is encrypted" if pdf.is_encrypted else ""
            check_streams(pdf, path, Limits())
            fault = _fault(pdf, path)
            traits = tuple(file_traits(pdf))
            opens_at = _opening_zoom(pdf)
    except pikepdf.PasswordError:
        return FiledFile(path, size, closed="it opens only with a password")
    except RefusedInputError as error:
        return FiledFile(path, size, fault=str(error).rstrip("."))
    except (pikepdf.PikepdfError, ValueError, TypeError, LookupError, AttributeError) as error:
        return FiledFile(path, size, fault=f"it cannot be opened ({type(error).__name__})")
    unread: list[int] = []
    try:
        with pdfium.PdfDocument(path) as document:
            if document.get_formtype():
                document.init_forms()  # so that the fields' values are drawn
            bookmarks = tuple(_bookmarks(document))
            views = viewports(path)
            pages = tuple(_pages(document, views, wanted, advance, unread))
    except (pdfium.PdfiumError, StampingError) as error:
        return FiledFile(path, size, fault=f"its pages cannot be read ({error})", closed=closed)
    return FiledFile(
        path, size, pages, fault, closed, traits, bookmarks, opens_at, unread_pages=tuple(unread)
    )


def _fault(pdf: Pdf, path: Path) -> str:
    """Return what readers would not agree on, or nothing."""
    count = len(pdf.pages)
    if count == 0:
        return "it has no page"
    if any(not _HARMLESS.search(str(each)) for each in pdf.get_warnings()):
        return "it is damaged and had to be repaired to be read"
    if pdf.is_encrypted:
        return ""
    try:
        # What the file states, read by another: walking its tree again would double the cost.
        root: Any = pypdf.PdfReader(path).trailer["/Root"]
        other = int(root["/Pages"]["/Count"])
    except Exception:  # noqa: BLE001  what a damaged file does to this reader is not foreseeable
        return "a second reader cannot open it"
    return "" if other == count else f"it has {count:,} pages and states {other:,}"


def _opening_zoom(pdf: Pdf) -> float | None:
    """Return the zoom at which the file opens (ISO 32000-2 § 12.3.2.2), 1 for 100 %."""
    opening = pdf.Root.get(Name.OpenAction)
    if isinstance(opening, Dictionary) and opening.get(Name.S) == Name.GoTo:
        opening = opening.get(Name.D)
    if not isinstance(opening, Array) or len(opening) < 5 or opening[1] != Name.XYZ:
        return None
    zoom: object = opening[4]
    return float(zoom) if isinstance(zoom, (int, float)) else _decimal(zoom)


def _decimal(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def _bookmarks(document: pdfium.PdfDocument) -> Iterator[tuple[str, int]]:
    for each in document.get_toc():
        target = each.get_dest()
        index = target.get_index() if target is not None else None
        yield each.get_title(), 0 if index is None else index + 1


def _pages(
    document: pdfium.PdfDocument,
    views: list[Viewport],
    wanted: WantedTraits,
    advance: Advance,
    unread: list[int],
) -> Iterator[FiledPage]:
    for number, view in enumerate(views, 1):
        label = document.get_page_label(number - 1)
        page = _drawable(document, number)
        if page is None:
            unread.append(number)
            yield FiledPage(number, label, view.width, view.height)
        else:
            try:
                with page_text(page, number, view) as text:
                    yield _page(page, text, view, label, wanted)
            finally:
                page.close()
        advance()


def _drawable(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage | None:
    """Return a page that has an area to draw, or None."""
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        return None
    if min(page.get_size()) > 0:
        return page
    page.close()
    return None


def _page(
    page: pdfium.PdfPage, text: PageText, view: Viewport, label: str, wanted: WantedTraits
) -> FiledPage:
    number = _page_number(text, label)
    letters = _letters(text.text) - (number.line_letters if number else 0)
    pieces = [each for each in pictures(page, view) if share(each, view) >= _PART_OF_SCAN]
    scanned = sum(share(each, view) for each in pieces) >= SCANNED
    resolutions = [each for piece in pieces for each in (piece.across, piece.down)]
    inked, photograph = True, False
    if scanned or letters < LEAST_LETTERS:
        seen = glance(page, view, number.boxes if number else ())
        inked = seen.inked > (_SPECKS if pieces else 0)
        photograph = inked and seen.light < _LIGHT
    height = wanted.clear_top * 72
    top = (0.0, view.height - height, view.width, view.height)
    found = wanted.search is not None and text.text.strip()
    return FiledPage(
        number=text.number,
        label=label,
        width=view.width,
        height=view.height,
        text=text.text,
        letters=letters,
        inked=inked,
        photograph=photograph,
        scan=(min(resolutions), max(resolutions)) if scanned else None,
        printed=number.text if number else _plain_number(text, label),
        over_text=_crossing(page, text, view, number) if wanted.crossings and number else "",
        top_inked=height > 0 and text.number == 1 and has_ink(page, view, top),
        tilted=wanted.tilts and _is_tilted(text),
        links=linked_pages(page) if wanted.links else frozenset(),
        candidates=tuple(candidates_on(text, wanted.search)) if wanted.search and found else (),
    )


@dataclass(frozen=True, slots=True)
class _Number:
    """A page's printed number: where it stands, and its line's letters and boxes."""

    text: str
    box: Box
    boxes: tuple[Box, ...]
    line_letters: int

    @property
    def line(self) -> Box:
        """The box of the number's whole line."""
        sides = zip(*self.boxes, strict=True)
        left, bottom, right, top = sides
        return min(left), min(bottom), max(right), max(top)


def _page_number(text: PageText, label: str) -> _Number | None:
    """Return the number that stands nearest to the page's upper or lower edge.

    It is the page's label, or else what is written like a Bates number.
    """
    words = text.text
    nearest: tuple[float, int, int, Box] | None = None
    own = re.compile(rf"(?<!\w){re.escape(label)}(?!\w)")
    for form in (own, _NUMBER) if label else (_NUMBER,):
        for start, end in (each.span() for each in form.finditer(words)):
            for box in text.boxes(start, end)[:1]:
                distance = min(box[1], text.height - box[3])
                if distance <= _MARGIN and (nearest is None or distance < nearest[0]):
                    nearest = (distance, start, end, box)
        if nearest is not None:
            break
    else:
        return None
    _, start, end, box = nearest
    first = max(words.rfind("\n", 0, start), words.rfind("\r", 0, start)) + 1
    ends = [place for sign in "\r\n" if (place := words.find(sign, end)) >= 0]
    last = min(ends, default=len(words))
    return _Number(words[start:end], box, text.boxes(first, last), _letters(words[first:last]))


def _plain_number(text: PageText, label: str) -> str:
    """Return the page's place in the file, where it has no label and prints that place."""
    edges = (
        (0.0, 0.0, text.width, _MARGIN),
        (0.0, text.height - _MARGIN, text.width, text.height),
    )
    place = str(text.number)
    if label or not any(re.search(rf"\b{place}\b", text.within(each)) for each in edges):
        return ""
    return place


def _crossing(page: pdfium.PdfPage, text: PageText, view: Viewport, number: _Number) -> str:
    """Return what stands under the page's number, or nothing."""
    left, bottom, right, top = number.box
    inset = 0.15 * (top - bottom)
    inside = text.within((left + inset, bottom + inset, right - inset, top - inset))
    for sign in number.text:
        inside = inside.replace(sign, "", 1)
    if _letters(inside):
        return "text"
    return "ink" if is_crossed(page, view, number.line) else ""


def _is_tilted(text: PageText) -> bool:
    """Whether most signs of the page stand on their side or on their head."""
    places = [place for place, sign in enumerate(text.text) if sign.isalnum()]
    sample = places[:: max(1, len(places) // _SAMPLE)]
    turned = sum(45 < text.turn(place) < 315 for place in sample)
    return bool(sample) and turned > len(sample) / 2


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
