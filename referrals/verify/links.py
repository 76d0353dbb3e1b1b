"""Links, bookmarks and cites: each leads where its words say.

In: a volume as read. Out: findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from referrals.findings import Finding
from referrals.verify.reporting import wrong
from referrals.verify.stated import Stated, StatedVolume
from referrals.verify.volume import Link, ReadPage, ReadVolume, squeezed


def link_findings(stated: Stated, volume: StatedVolume, read: ReadVolume) -> Iterator[Finding]:
    """Check every link and bookmark of a volume, and every cite of an exhibit."""
    labels = {page.number: page.label for page in read.pages}
    for page in read.pages:
        part = volume.part_of(page.number)
        if part is None or not part.written:
            continue
        where = f"{volume.file}, page {page.number}"
        for link in page.links:
            yield from _link(stated, volume, page, link, labels, where)
        yield from _cites(stated, page, where)
    for title, target in read.outline:
        named = stated.series.pattern.findall(title)
        if named and stated.series.label(int(named[-1])) != labels.get(target or 0):
            yield wrong(
                "bookmark-astray",
                f"The bookmark {title!r} leads to {labels.get(target or 0, 'no page')}.",
                volume.file,
            )


def _link(
    stated: Stated,
    volume: StatedVolume,
    page: ReadPage,
    link: Link,
    labels: dict[int, str],
    where: str,
) -> Iterator[Finding]:
    words = page.words_in(link.box)
    opens = labels.get(link.target or 0, "no page")
    named = [stated.series.label(int(each)) for each in stated.series.pattern.findall(words)]
    claims = {named[0]} if named else _part_named(volume, words)
    claims |= {stated.series.label(int(n)) for n in stated.series.pattern.findall(link.note)}
    if link.target is None or claims - {opens}:
        yield wrong(
            "link-astray",
            f"The link {words[:60]!r} leads to {opens}, and says {', '.join(sorted(claims))}."
            if claims
            else f"The link {words[:60]!r} leads nowhere.",
            where,
        )


def _part_named(volume: StatedVolume, words: str) -> set[str]:
    """Return the first number of the part whose title, or exhibit, a link is."""
    text = squeezed(words)
    for part in volume.parts:
        numbered = squeezed(f"{part.section}{part.title}")
        if part.section and text == numbered:
            return {part.first}
        if part.is_exhibit and text in (part.exhibit, squeezed(part.title)):
            same = [each for each in volume.parts if each.is_exhibit and each.title == part.title]
            return {part.first} if text == part.exhibit or len(same) == 1 else set()
    return set()


def _cites(stated: Stated, page: ReadPage, where: str) -> Iterator[Finding]:
    pattern = stated.series.pattern.pattern
    for part in stated.parts:
        if not part.is_exhibit:
            continue
        first, last = stated.series.number(part.first), stated.series.number(part.last)
        for cited in re.findall(rf"Ex\.{re.escape(part.exhibit)},{pattern}", page.text):
            if first is None or last is None or not first <= int(cited) <= last:
                yield wrong(
                    "cite-astray",
                    f"It cites exhibit {part.exhibit} at {stated.series.label(int(cited))}; "
                    f"the exhibit runs from {part.first} to {part.last}.",
                    where,
                )
