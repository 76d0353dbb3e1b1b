"""Page by page, by number: how two sets of the same packet differ.

In: two deliveries, however each is divided into files. Out: a line for each number
(the same, other text, another look, in one only) and a line for each file. Pages are
drawn at 72 dots an inch and compared pixel by pixel; the digests of the pages only
spare that work. Front pages bear no numbers and are compared as files. Knows nothing of
why the sets differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageFilter

from referrals.delivered.corrections import PageChange
from referrals.delivered.delivered_numbers import DeliveredNumbers, HeldPage, NumberedFile
from referrals.errors import InputError
from stamping.pages.page_differences import DPI
from stamping.pages.page_digest import page_digests

SAME = "same"

SQUARE = 6
"""Pixels along a side of the squares by which a page with bars is compared."""
CHANGED = 32
"""Levels of grey by which a square's mean must move to count as changed."""
DARK = 150
"""The mean of a square, of 255, below which it is part of a bar with its white label."""
WIDE = 3
"""Dark squares in a row that make a bar."""
BESIDE = 5
"""Squares across what counts as a bar or its edge, which is grey, with a bar in the middle."""


@dataclass(frozen=True, slots=True)
class PageDifference:
    """A number, how its page differs, and where it stands in either set.

    `change` is None where the page is the same. Pages count from one; a set that
    does not hold the number has an empty file and page 0.
    """

    number: str
    change: PageChange | None
    original_file: str
    original_page: int
    corrected_file: str
    corrected_page: int

    @property
    def row(self) -> dict[str, str | int | None]:
        """The line as plain values."""
        return {
            "number": self.number,
            "difference": self.change.value if self.change else SAME,
            "original_file": self.original_file,
            "original_page": self.original_page or None,
            "corrected_file": self.corrected_file,
            "corrected_page": self.corrected_page or None,
        }


@dataclass(frozen=True, slots=True)
class FileDifference:
    """A file of the rejected set, and what became of it."""

    file: str
    numbers: str
    pages: int
    bytes: int
    became: tuple[str, ...]
    became_bytes: tuple[int, ...]
    difference: str

    @property
    def row(self) -> dict[str, object]:
        """The line as plain values."""
        return {
            "file": self.file,
            "numbers": self.numbers,
            "pages": self.pages,
            "bytes": self.bytes,
            "became": list(self.became),
            "became_bytes": list(self.became_bytes),
            "difference": self.difference,
        }


def page_differences(
    original: DeliveredNumbers, corrected: DeliveredNumbers
) -> Iterator[PageDifference]:
    """Yield a line for each number that either set holds, in order.

    Raises:
        InputError: a file is no PDF that can be read, or has fewer pages than stated.
    """
    numbers = {n for each in (original, corrected) for run in each.ranges for n in run}
    with ExitStack() as stack:
        left, right = _Pages(original, stack), _Pages(corrected, stack)
        for number in sorted(numbers):
            one, other = original.page(number), corrected.page(number)
            redacted = corrected.redactions.get(number, ()) != original.redactions.get(number, ())
            yield PageDifference(
                number=original.series.label(number),
                change=_change(left, right, one, other, redacted),
                original_file=one.file.file if one else "",
                original_page=one.page if one else 0,
                corrected_file=other.file.file if other else "",
                corrected_page=other.page if other else 0,
            )


def file_differences(
    original: DeliveredNumbers, corrected: DeliveredNumbers
) -> list[FileDifference]:
    """Return what became of each file of the rejected set."""
    lines = []
    for file in original.files:
        became = [
            other
            for other in corrected.files
            if other.numbers.first <= file.numbers.last and file.numbers.first <= other.numbers.last
        ]
        lines.append(
            FileDifference(
                file=file.file,
                numbers=str(file.numbers),
                pages=file.pages,
                bytes=original.path(file.file).stat().st_size,
                became=tuple(other.file for other in became),
                became_bytes=tuple(corrected.path(other.file).stat().st_size for other in became),
                difference=_file_difference(file, became),
            )
        )
    return lines


def _file_difference(file: NumberedFile, became: list[NumberedFile]) -> str:
    if not became:
        return "left out"
    if len(became) > 1 or became[0].numbers != file.numbers:
        return "divided otherwise"
    renamed = became[0].file != file.file
    if became[0].sha256 == file.sha256:
        return "renamed, the same bytes" if renamed else "the same bytes"
    return "renamed, other bytes" if renamed else "other bytes"


def _change(
    left: _Pages,
    right: _Pages,
    one: HeldPage | None,
    other: HeldPage | None,
    redacted: bool,
) -> PageChange | None:
    if one is None or other is None:
        return PageChange.ADDED if one is None else PageChange.LEFT_OUT
    if left.digest(one) == right.digest(other):
        return None
    before, after = left.picture(one), right.picture(other)
    if before.size != after.size or before.tobytes() != after.tobytes():
        barred = redacted and differ_by_bars(before, after)
        return PageChange.BARS if barred else PageChange.LOOKS
    return None if left.text(one) == right.text(other) else PageChange.TEXT


def differ_by_bars(before: Image.Image, after: Image.Image) -> bool:
    """Whether a page differs in no more than bars, which are dark, and their labels.

    A redacted page is a picture, so that every letter's edge differs a little; squares
    of `SQUARE` pixels are compared by their mean, which a changed word still moves.
    """
    if before.size != after.size:
        return False
    old, new = _squares(before), _squares(after)
    changed = ImageChops.difference(old, new).point(lambda grey: 255 * (grey > CHANGED))
    bars = _wide(new.point(lambda grey: 255 * (grey < DARK))).filter(ImageFilter.MaxFilter(BESIDE))
    return ImageChops.multiply(changed, ImageChops.invert(bars)).getbbox() is None


def _wide(dark: Image.Image) -> Image.Image:
    """Keep the dark squares that lie in a row of at least `WIDE`: letters do not."""
    starts, wide = dark, dark
    for place in range(1, WIDE):
        starts = ImageChops.darker(starts, ImageChops.offset(dark, -place, 0))
    for place in range(WIDE):
        moved = ImageChops.offset(starts, place, 0)
        wide = moved if place == 0 else ImageChops.lighter(wide, moved)
    return wide


def _squares(picture: Image.Image) -> Image.Image:
    grey = picture.convert("L")
    size = max(1, grey.width // SQUARE), max(1, grey.height // SQUARE)
    return grey.resize(size, Image.Resampling.BOX)


class _Pages:
    """The pages of a set's files, each file opened when first asked for."""

    def __init__(self, delivery: DeliveredNumbers, stack: ExitStack) -> None:
        self.delivery, self.stack = delivery, stack
        self.documents: dict[str, pdfium.PdfDocument] = {}
        self.digests: dict[str, tuple[str, ...]] = {}

    def digest(self, held: HeldPage) -> str:
        """Return the digest of what a page holds."""
        name = held.file.file
        if name not in self.digests:
            path = self.delivery.path(name)
            try:
                self.digests[name] = page_digests(path)
            except pikepdf.PdfError as error:
                raise _unreadable(path) from error
        if held.page > len(self.digests[name]):
            raise _unreadable(self.delivery.path(name))
        return self.digests[name][held.page - 1]

    def picture(self, held: HeldPage) -> Image.Image:
        """Return a page as it is drawn."""
        page = self._document(held)[held.page - 1]
        drawn: Image.Image = page.render(scale=DPI / 72).to_pil()
        page.close()
        return drawn

    def text(self, held: HeldPage) -> str:
        """Return the words that can be searched on a page, however they are spaced."""
        page = self._document(held)[held.page - 1]
        words = page.get_textpage()
        text = " ".join(words.get_text_range().split())
        words.close()
        page.close()
        return text

    def _document(self, held: HeldPage) -> pdfium.PdfDocument:
        name = held.file.file
        if name not in self.documents:
            path = self.delivery.path(name)
            try:
                document = self.stack.enter_context(pdfium.PdfDocument(path))
            except pdfium.PdfiumError as error:
                raise _unreadable(path) from error
            self.documents[name] = document
        return self.documents[name]


def _unreadable(path: Path) -> InputError:
    return InputError(
        f"{path} is no PDF with the pages that its set states.",
        remedy="Ask for the set again; `referrals verify` tells what changed.",
    )
