"""The load files against the packet: every row and every line.

In: the DAT and the OPT. Out: findings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from referrals.findings import Finding
from referrals.verify.reporting import wrong
from referrals.verify.stated import Stated


def load_file_findings(
    stated: Stated, payload: Path, digests: Mapping[str, str]
) -> Iterator[Finding]:
    """Check the DAT and the OPT; `digests` maps paths below `data/` to SHA-256."""
    names = sorted(digests)
    for ending in (".dat", ".opt"):
        found = [name for name in names if name.endswith(ending) and "/" not in name]
        if len(found) != 1:
            yield wrong("load-file", f"There are {len(found)} {ending} files, not one.", "data")
        elif ending == ".dat":
            yield from _dat(stated, payload / found[0], digests)
        else:
            yield from _opt(stated, payload / found[0])


def _dat(stated: Stated, path: Path, digests: Mapping[str, str]) -> Iterator[Finding]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        yield wrong("load-file", "It is not UTF-8.", path.name)
        return
    lines = [
        [field.removeprefix("\xfe").removesuffix("\xfe") for field in line.split("\x14")]
        for line in text.split("\r\n")
    ]
    head, rows = lines[0], [dict(zip(lines[0], line, strict=False)) for line in lines[1:-1]]
    by_number = {row.get("DOCID", ""): row for row in rows}
    if lines[-1] != [""] or any(len(line) != len(head) for line in lines[:-1]):
        yield wrong("load-file", "A row has not as many fields as the header.", path.name)
    for volume in stated.volumes:
        for part in volume.parts:
            row = by_number.pop(part.first, None)
            wanted = {
                "BEGDOC": part.first,
                "ENDDOC": part.last,
                "PGCOUNT": str(part.pages),
                "TITLE": part.title.replace("\xfe", "th"),
                "EXHIBIT": part.exhibit,
                "PDFPATH": volume.file,
                "PDFPAGE": str(part.first_page),
                "SHA256": part.source.sha256 if part.source and part.is_exhibit else "",
            }
            if row is None:
                yield wrong("load-file", f"It has no row for {part.first}.", path.name)
                continue
            for name, value in wanted.items():
                if row.get(name) != value:
                    message = f"{name} of {part.first} is {row.get(name)!r}, not {value!r}."
                    yield wrong("load-file", message, path.name)
    for row in rows:
        native = row.get("NATIVEPATH", "").replace("\\", "/")
        if native and digests.get(native) != row.get("NATIVESHA256"):
            message = f"{native} is not the file that its row describes."
            yield wrong("load-file", message, path.name)
    listed = {row.get("NATIVEPATH", "").replace("\\", "/") for row in rows} - {""}
    for each in {native.path for native in stated.natives} ^ listed:
        yield wrong("load-file", f"{each} stands in one of packet.json and the DAT.", path.name)
    for number, row in by_number.items():
        if row.get("BEGDOC"):
            yield wrong("load-file", f"Its row {number} is not part of the packet.", path.name)


def _opt(stated: Stated, path: Path) -> Iterator[Finding]:
    lines = path.read_bytes().decode("utf-8", "replace").split("\r\n")
    expected = []
    number = stated.series.number(stated.first) or 1
    for volume in stated.volumes:
        begins = {part.first_page: str(part.pages) for part in volume.parts}
        for page in range(1, volume.pages + 1):
            pages = begins.get(page, "")
            mark = "Y" if pages else ""
            label = stated.series.label(number)
            expected.append(f"{label},{stated.packet},{volume.file},{mark},,,{pages}")
            number += 1
    for place, (found, wanted) in enumerate(
        zip(lines + [""] * len(expected), [*expected, ""], strict=False), start=1
    ):
        if found != wanted:
            message = f"Its line {place} is {found!r}, not {wanted!r}."
            yield wrong("load-file", message, path.name)
            return
    if len(lines) != len(expected) + 1:
        yield wrong("load-file", "It has lines for pages that are not there.", path.name)
