"""Every page is the one that the delivery says stands there.

In: a volume as read and as stated. Out: findings: numbers with a gap, a stamp
that is not the label's, a page whose digest is another, written pages that are
not in their own order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from referrals.findings import Finding
from referrals.verify.reporting import doubtful, wrong
from referrals.verify.stated import Series, Stated, StatedPart, StatedVolume
from referrals.verify.volume import ReadPage, ReadVolume

EDGE = 72.0
"""Points from the upper or lower edge within which a page's own number stands."""

MOST_NAMED = 12
"""Pages that one finding names."""

PAGE_OF_PART = re.compile(r"·page(\d+)")


def plan_findings(stated: Stated) -> Iterator[Finding]:
    """Check that the stated parts fill the volumes and the numbers without a gap."""
    series = stated.series
    expected = series.number(stated.first)
    for volume in stated.volumes:
        first, place = expected, 1
        for part in volume.parts:
            numbers = series.number(part.first), series.number(part.last)
            if (
                expected is None
                or numbers != (expected, expected + part.pages - 1)
                or part.first_page != place
            ):
                yield wrong(
                    "numbers-gap",
                    f"{part.title} is stated as {part.first} to {part.last}, "
                    f"{part.pages} pages from page {part.first_page}; that does not follow "
                    "the part before it.",
                    f"{volume.file}, {part.key}",
                )
                return
            expected, place = expected + part.pages, place + part.pages
        ends = series.number(volume.first), series.number(volume.last)
        if volume.pages != place - 1 or expected is None or ends != (first, expected - 1):
            yield wrong("numbers-gap", "Its parts do not fill its numbers.", volume.file)
            return
    if expected is None or series.number(stated.last) != expected - 1:
        yield wrong("numbers-gap", f"The parts do not end with {stated.last}.", "packet.json")
    main = stated.volumes[0] if stated.volumes else None
    if main is None or not main.parts or main.parts[-1].key != "certificate":
        where = main.file if main else "packet.json"
        yield wrong("certificate-not-last", "The certificate is not the last part.", where)


def page_findings(stated: Stated, volume: StatedVolume, read: ReadVolume) -> Iterator[Finding]:
    """Check every page of a volume: label, printed number, order, digest."""
    if len(read.pages) != volume.pages:
        yield wrong(
            "page-count",
            f"It has {len(read.pages)} pages; {volume.pages} are stated.",
            volume.file,
        )
    start = stated.series.number(volume.first) or 1
    for page in read.pages:
        where = f"{volume.file}, page {page.number}"
        expected = stated.series.label(start + page.number - 1)
        if page.label != expected:
            message = f"Its label is {page.label}; it should be {expected}."
            yield wrong("page-label", message, where)
        part = volume.part_of(page.number)
        written = part is None or part.written
        if page.trouble and not written:
            message = f"Its words cannot be read ({page.trouble}); its number was not checked."
            yield doubtful("page-unreadable", message, where)
            continue
        printed = stamped(page, stated.series)
        if expected not in printed or (written and len(printed) > 1):
            seen = " and ".join(printed) or "no number"
            message = f"{seen} is printed on its edge; it should be {expected}."
            yield wrong("page-number", message, where)
        elif len(printed) > 1:
            message = f"Besides its number, {' and '.join(set(printed) - {expected})} is printed."
            remedy = "An exhibit may bear a number from an earlier production."
            yield doubtful("page-number-twice", message, where, remedy)
        yield from _order_findings(part, page, where)
    yield from _digest_findings(volume, read)


def stamped(page: ReadPage, series: Series) -> list[str]:
    """Return the numbers that are printed alone at the upper or lower edge of a page.

    A legend, such as DRAFT, may stand before the number.
    """
    found = []
    for words in page.words:
        at_edge = words.y <= EDGE or words.y >= page.height - EDGE
        last = words.text.split()[-1]
        if at_edge and series.number(last) is not None and len(words.text.split()) <= 2:
            found.append(last)
    return found


def _order_findings(part: StatedPart | None, page: ReadPage, where: str) -> Iterator[Finding]:
    if part is None or not part.written:
        return
    counted = PAGE_OF_PART.findall(page.text)
    expected = str(page.number - part.first_page + 1)
    if expected not in counted:
        yield wrong(
            "page-order",
            f"It should be page {expected} of {part.title}, and its head does not say so.",
            where,
        )


def _digest_findings(volume: StatedVolume, read: ReadVolume) -> Iterator[Finding]:
    digests, stated = read.page_sha256, volume.page_sha256
    changed, moved = [], []
    for number, (found, expected) in enumerate(zip(digests, stated, strict=False), start=1):
        if found == expected:
            continue
        if found in stated:
            moved.append(f"page {number} is the one that belongs on {stated.index(found) + 1}")
        else:
            changed.append(str(number))
    if moved:
        message = f"Pages stand in another place: {_some(moved)}."
        yield wrong("page-moved", message, volume.file)
    if changed:
        also = ", or lead to pages that stand elsewhere" if moved else ""
        message = f"Pages are not those that were delivered{also}: {_some(changed)}."
        yield wrong("page-changed", message, volume.file)
    if len(stated) != volume.pages:
        yield wrong("page-count", f"{len(stated)} page digests are stated.", volume.file)
    for digest in sorted(set(digests)):
        if digests.count(digest) > max(1, stated.count(digest)):
            places = [str(n) for n, each in enumerate(digests, start=1) if each == digest]
            yield wrong("page-duplicated", f"Pages {_some(places)} are the same.", volume.file)


def _some(words: Sequence[str]) -> str:
    more = f" and {len(words) - MOST_NAMED} more" if len(words) > MOST_NAMED else ""
    return ", ".join(words[:MOST_NAMED]) + more


def hidden_findings(volume: StatedVolume, read: ReadVolume) -> Iterator[Finding]:
    """Report text that no reader sees, and notes put over a written page."""
    from_exhibits: dict[tuple[str, str], list[str]] = {}
    for page in read.pages:
        part = volume.part_of(page.number)
        where = f"{volume.file}, page {page.number}"
        if part is not None and not part.written:
            for way in page.hidden:
                from_exhibits.setdefault((part.exhibit, way), []).append(page.label)
            continue
        if page.marks:
            kinds = ", ".join(sorted(set(page.marks)))
            yield wrong("page-marked", f"Something was put over the page: {kinds}.", where)
        for way in page.hidden:
            yield wrong("hidden-text", f"The page holds text {way}.", where)
    for (exhibit, way), labels in from_exhibits.items():
        yield doubtful(
            "hidden-text",
            f"There is text {way}: {_some(labels)}.",
            f"Ex. {exhibit}",
            "Compare with the exhibit's original: it may come from there.",
        )
