"""Numbers that are known only after layout, written into drawn pages.

A page may say where another page stands before anyone knows: its template
writes a late value (`late_text`) around a placeholder of the final width. Figures
are tabular and the width of a Bates number is fixed, so the real value takes
exactly the placeholder's place: pages are laid out once and drawn once, and no
page can change its length.

Keys, with KEY the key of a part or `*` (this volume), `@main`, `@confidential`:

    first:KEY  last:KEY   the first and last Bates number
    page:KEY:N            the Bates number of the N-th page of the part
    earlier:B:N           the N-th page of exhibit B in an earlier packet
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from pikepdf import Pdf

from referrals.packet.layout import Layout
from referrals.packet.plan import VolumeKind
from referrals.records.snapshot import IssuedExhibit
from referrals.typesetting.placeholders import LateText
from stamping.bates import BatesRange


class UnresolvedReferenceError(LookupError):
    """A late value names a part or a page that the packet does not have."""


def value(key: str, layout: Layout, volume: VolumeKind, earlier: dict[str, IssuedExhibit]) -> str:
    """Return what the late value `key` prints on a page of `volume`.

    Raises:
        UnresolvedReferenceError: the packet has no such part or page.
    """
    kind, _, rest = key.partition(":")
    series = layout.range.series
    if kind == "earlier":
        designator, _, page = rest.partition(":")
        issued = earlier.get(designator)
        if issued is None:
            raise UnresolvedReferenceError(key)
        return _page(BatesRange(series, issued.first, issued.last), page or "1", key)
    if kind == "page":
        name, _, page = rest.rpartition(":")
        return _page(_range(name, layout, volume, key), page, key)
    numbers = _range(rest, layout, volume, key)
    if kind == "first":
        return series.label(numbers.first)
    if kind == "last":
        return series.label(numbers.last)
    raise UnresolvedReferenceError(key)


def fill(drawn: Path, target: Path, numbers: Sequence[tuple[LateText, str]]) -> None:
    """Write the pages of `drawn` to `target`, each late value with its number.

    `numbers` are in the order of the pages.
    """
    with Pdf.open(drawn) as pdf:
        for page, own in groupby(numbers, key=lambda each: each[0].page):
            contents = pdf.pages[page - 1].obj.Contents
            content = contents.read_bytes()
            for late, number in own:
                placeholder = late.content("0" * late.width)
                if placeholder not in content:
                    raise AssertionError(f"{late.key} is not on page {page} of {drawn.name}")
                content = content.replace(placeholder, late.content(number[-late.width :]))
            contents.write(content)
        pdf.save(target, deterministic_id=True)


def _range(name: str, layout: Layout, volume: VolumeKind, key: str) -> BatesRange:
    if name == "*":
        return layout.volume_range(volume)
    if name.startswith("@"):
        return layout.volume_range(VolumeKind(name[1:]))
    laid = layout.part(name)
    if laid is None:
        raise UnresolvedReferenceError(key)
    return laid.range


def _page(numbers: BatesRange, page: str, key: str) -> str:
    number = numbers.first + int(page) - 1
    if number not in numbers:
        raise UnresolvedReferenceError(key)
    return numbers.series.label(number)
