"""Numbers that are known only after layout, written into the laid-out pages.

A page may say where another page stands before anyone knows: its template
writes a late value, `<span class="late" data-late="first:exhibit-B">`, around a
placeholder of the final width. Figures are tabular and the width of a Bates
number is fixed, so the real value takes exactly the placeholder's place: the
pages are laid out once and drawn once, and no page can change its length.

Keys, with KEY the key of a part or `*` (this volume), `@main`, `@confidential`:

    first:KEY  last:KEY   the first and last Bates number
    page:KEY:N            the Bates number of the N-th page of the part
    pages:KEY             the number of pages
    earlier:B:N           the N-th page of exhibit B in an earlier packet
"""

from __future__ import annotations

from typing import Any

from referrals.findings import Finding, Severity
from referrals.packet.layout import Layout
from referrals.packet.plan import VolumeKind
from referrals.records.snapshot import IssuedExhibit
from referrals.rendering import section_pages
from stamping.bates import BatesRange

FIGURE_SPACE = "\u2007"


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
    if kind == "pages":
        return str(len(numbers))
    raise UnresolvedReferenceError(key)


def fill(
    document: Any, layout: Layout, volume: VolumeKind, earlier: dict[str, IssuedExhibit]
) -> list[Finding]:
    """Write every late value into the boxes of a laid-out WeasyPrint document.

    Returns a blocking finding for each value that names nothing; its
    placeholder stays.
    """
    findings = []
    parts = {
        number: key
        for key, (first, last) in section_pages(document).items()
        for number in range(first, last + 1)
    }
    for number, page in enumerate(document.pages, start=1):
        for box in page._page_box.descendants():
            key = _late_key(box)
            if key is None:
                continue
            try:
                text = value(key, layout, volume, earlier)
            except UnresolvedReferenceError:
                findings.append(_unresolved(key, parts.get(number, "first page")))
                continue
            _replace(box, text)
    return findings


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


def _late_key(box: Any) -> str | None:
    if not hasattr(box, "pango_layout") or box.element is None:
        return None
    key = box.element.get("data-late")
    return str(key) if key else None


def _replace(box: Any, text: str) -> None:
    width = len(box.text)
    if len(text) > width:
        raise AssertionError(f"{text!r} does not fit the {width} characters laid out for it")
    text = text.rjust(width, FIGURE_SPACE)
    box.text = text
    box.pango_layout.reactivate(box.style)
    box.pango_layout.set_text(text)
    box.pango_layout.deactivate()


def _unresolved(key: str, part: str) -> Finding:
    kind, _, rest = key.partition(":")
    name, _, number = rest.partition(":")
    what = f"page {number} of {name}" if kind in ("page", "earlier") else name
    return Finding(
        Severity.BLOCKING,
        "cite-unresolved",
        f"A reference to {what} resolves to no page of this packet.",
        where=f"part {part}",
        remedy="Correct the pin-cite in the record, or add the exhibit it names.",
    )
