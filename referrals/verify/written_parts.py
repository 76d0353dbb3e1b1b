"""What the written pages say, against what is there.

In: the text of the index, the slip sheets, the memo, the hash appendix and the
certificate. Out: findings. Text is compared without any space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from referrals.findings import Finding
from referrals.verify.reporting import wrong
from referrals.verify.stated import Stated, StatedPart, StatedVolume
from referrals.verify.volume import ReadVolume, squeezed

DIGEST = re.compile(r"[0-9a-f]{64}")


def part_texts(stated: Stated, read: Mapping[str, ReadVolume]) -> dict[str, str]:
    """Return the text of every part by key, without any space, as far as it was read."""
    texts = {}
    for volume in stated.volumes:
        pages = read[volume.file].pages if volume.file in read else ()
        for part in volume.parts:
            own = pages[part.first_page - 1 : part.first_page - 1 + part.pages]
            texts[part.key] = "".join(page.text for page in own)
    return texts


def written_findings(stated: Stated, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Check the written parts against the statement and the pages."""
    for volume in stated.volumes:
        for part in volume.parts:
            if part.written:
                yield from _heading(volume, part, texts[part.key])
            if part.kind == "slip_sheet":
                yield from _slip_sheet(stated, part, texts[part.key], volume)
    main = stated.volumes[0].file if stated.volumes else "packet.json"
    yield from _index(stated, texts.get("index", ""), main)
    yield from _contents(stated, texts.get("memo", ""), main)
    yield from _hashes(stated, texts.get("hashes", ""), main)
    yield from _certificate(stated, texts.get("certificate", ""), main)


def _heading(volume: StatedVolume, part: StatedPart, text: str) -> Iterator[Finding]:
    heading = f"{part.section}{part.title}" if part.section else f"Exhibit{part.exhibit}"
    if squeezed(heading) not in text:
        message = f"{part.first} should begin {heading!r}, and does not."
        yield wrong("part-missing", message, f"{volume.file}, {part.key}")


def _slip_sheet(
    stated: Stated, slip: StatedPart, text: str, volume: StatedVolume
) -> Iterator[Finding]:
    exhibit = next(
        (each for each in stated.parts if each.is_exhibit and each.exhibit == slip.exhibit), None
    )
    if exhibit is None or exhibit.source is None:
        message = f"It announces exhibit {slip.exhibit}, which is not there."
        yield wrong("exhibit-missing", message, f"{volume.file}, {slip.first}")
        return
    facts = {
        "the title": exhibit.title,
        "the digest": exhibit.source.sha256,
        "the size": f"{exhibit.source.bytes:,} bytes",
        "the numbers": _numbers(exhibit),
    }
    yield from _lacking("slip-sheet", facts, text, f"{volume.file}, {slip.first}")


def _index(stated: Stated, text: str, file: str) -> Iterator[Finding]:
    exhibits = [
        (part, volume.kind) for volume in stated.volumes for part in volume.parts if part.is_exhibit
    ]
    place = 0
    for part, kind in exhibits:
        sha256 = part.source.sha256 if part.source else ""
        # The main volume keeps the titles of confidential exhibits to itself.
        begins = part.exhibit if kind == "confidential" else part.exhibit + part.title
        row = (
            re.escape(squeezed(begins))
            + r"(?:(?![0-9a-f]{64}).)*?"
            + re.escape(squeezed(f"{_numbers(part)}{part.pages}{sha256}"))
        )
        found = re.compile(row).search(text, place)
        if found is None:
            yield wrong(
                "index-row",
                f"The index has no row that gives exhibit {part.exhibit}, {part.title}, as "
                f"{part.first} to {part.last}, {part.pages} pages, SHA-256 {sha256}.",
                f"{file}, index",
            )
        else:
            place = found.end()
    rows = len(re.findall(r"[0-9a-f]{64,}", text))
    if rows != len(exhibits):
        message = f"The index has {rows} rows; there are {len(exhibits)} exhibits."
        yield wrong("index-row", message, f"{file}, index")


def _numbers(part: StatedPart) -> str:
    """Return how a part's numbers are printed: one where it has one page."""
    return part.first if part.first == part.last else f"{part.first} – {part.last}"


def _contents(stated: Stated, text: str, file: str) -> Iterator[Finding]:
    for part in stated.parts:
        row = squeezed(f"{part.section}{part.title}{part.first}{part.last}")
        if part.section and row not in text:
            yield wrong(
                "memo-row",
                f"The memo does not give {part.title} as {part.first} to {part.last}.",
                f"{file}, memo",
            )


def _hashes(stated: Stated, text: str, file: str) -> Iterator[Finding]:
    for each in stated.footage:
        facts = {
            "the file": squeezed(f"File{each.file}, {each.bytes:,} bytes"),
            "the digest": f"Digest{each.sha256}",
        }
        yield from _lacking("hash-appendix", facts, text, f"{file}, recording {each.key}")
    stated_digests = {each.sha256 for each in stated.footage}
    for printed in re.findall(r"Digest([0-9a-f]{64})", text):
        if printed not in stated_digests:
            message = f"It gives the digest {printed}, which no stated recording has."
            yield wrong("hash-appendix", message, f"{file}, hash appendix")


def _certificate(stated: Stated, text: str, file: str) -> Iterator[Finding]:
    facts = {
        "the packet": f"Packet{stated.packet}",
        "the range": squeezed(f"{stated.first}through{stated.last}"),
        "the identity of the record": stated.identity,
    }
    names = {"main": "This volume", "confidential": "Confidential volume"}
    for volume in stated.volumes:
        name = names.get(volume.kind, volume.kind)
        facts[f"the numbers of {name.lower()}"] = f"{name} {volume.first} – {volume.last}"
    yield from _lacking("certificate", facts, text, f"{file}, certificate")


def _lacking(code: str, facts: Mapping[str, str], text: str, where: str) -> Iterator[Finding]:
    for name, fact in facts.items():
        if squeezed(fact) not in text:
            yield wrong(code, f"It does not print {name} as {fact}.", where)
