"""Load files: the delivery for a review platform, as Concordance DAT and Opticon OPT.

In: what `packet.json` says. Out: the text of both files. They follow the
conventions that review platforms read by default: fields parted by U+0014 and
fenced by U+00FE, line breaks within a field as U+00AE, UTF-8 with a byte order
mark, CRLF; and for OPT one line a page, seven fields parted by commas. Paths
lead from the folder that holds the load file, with backslashes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

SEPARATOR = "\x14"
QUALIFIER = "\xfe"
LINE_BREAK = "\xae"
BYTE_ORDER_MARK = "\ufeff"
END_OF_LINE = "\r\n"
FIELDS = (
    "DOCID",
    "BEGDOC",
    "ENDDOC",
    "BEGATTACH",
    "ENDATTACH",
    "PGCOUNT",
    "VOLUME",
    "PARTTYPE",
    "EXHIBIT",
    "TITLE",
    "CONFIDENTIAL",
    "FILENAME",
    "FILESIZE",
    "SHA256",
    "PDFPATH",
    "PDFPAGE",
    "NATIVEPATH",
    "NATIVESHA256",
)
"""One row a part, then one for each original that no part's row names.

`FILENAME`, `FILESIZE` and `SHA256` are those of the file that a part was made
of; `PDFPAGE` is the first page within `PDFPATH`, counted from one.
"""


def dat(values: Mapping[str, Any]) -> bytes:
    """Return the Concordance load file of a packet."""
    header = {name: name for name in FIELDS}
    rows = [header, *_part_rows(values), *_original_rows(values)]
    lines = (
        SEPARATOR.join(f"{QUALIFIER}{_plain(row[name])}{QUALIFIER}" for name in FIELDS)
        for row in rows
    )
    return (BYTE_ORDER_MARK + "".join(line + END_OF_LINE for line in lines)).encode()


def opt(values: Mapping[str, Any], labels: Mapping[str, list[str]]) -> bytes:
    """Return the Opticon load file; `labels` maps a volume's file to its page numbers.

    The fields are: page number, volume, path, `Y` where a part begins, folder
    and box (unused), and the part's number of pages. The n-th line that names
    a file is its n-th page.
    """
    lines = []
    for volume in values["volumes"]:
        begins = {part["first_page"]: part["pages"] for part in volume["parts"]}
        for page, label in enumerate(labels[volume["file"]], start=1):
            count = begins.get(page)
            lines.append(
                f"{label},{values['packet']},{volume['file']},"
                f"{'' if count is None else 'Y'},,,{'' if count is None else count}"
            )
    return "".join(line + END_OF_LINE for line in lines).encode()


def _part_rows(values: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    originals = {native["belongs_to"]: native for native in _own_natives(values)}
    for volume in values["volumes"]:
        families = _families(volume["parts"])
        for part in volume["parts"]:
            row = dict.fromkeys(FIELDS, "")
            row["DOCID"] = row["BEGDOC"] = part["first"]
            row["ENDDOC"] = part["last"]
            row["PGCOUNT"] = str(part["pages"])
            row["VOLUME"] = volume["kind"]
            row["PARTTYPE"] = part["kind"]
            row["TITLE"] = part["title"]
            row["CONFIDENTIAL"] = "Y" if volume["kind"] == "confidential" else "N"
            row["PDFPATH"] = volume["file"]
            row["PDFPAGE"] = str(part["first_page"])
            if "exhibit" in part:
                row["EXHIBIT"] = part["exhibit"]
                row["BEGATTACH"], row["ENDATTACH"] = families[part["exhibit"]]
            if part["key"].startswith("exhibit-"):
                row |= _file(part["source"])
                native = originals.get(f"ex:{part['exhibit']}")
                if native is not None:
                    row |= _native(native)
            yield row


def _original_rows(values: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    named = {native["path"] for native in _own_natives(values)}
    families = {
        f"ex:{designator}": family
        for volume in values["volumes"]
        for designator, family in _families(volume["parts"]).items()
    }
    others = [native for native in values["natives"] if native["path"] not in named]
    for number, native in enumerate(others, start=1):
        row = dict.fromkeys(FIELDS, "")
        kind, _, key = native["belongs_to"].partition(":")
        row["DOCID"] = f"{values['packet']}-N{number:04d}"
        row["BEGATTACH"], row["ENDATTACH"] = families.get(native["belongs_to"], ("", ""))
        row["PARTTYPE"] = {"ex": "attachment"}.get(kind, kind)
        row["EXHIBIT"] = key if kind == "ex" else ""
        row["TITLE"] = f"{kind} {key}" if kind != "ex" else native["source"]
        row["CONFIDENTIAL"] = "Y" if "confidential" in native["path"].partition("/")[0] else "N"
        yield row | _file(native | {"file": native["source"]}) | _native(native)


def _own_natives(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the originals that are the very file an exhibit was made of."""
    sources = {
        f"ex:{part['exhibit']}": part["source"]
        for volume in values["volumes"]
        for part in volume["parts"]
        if part["key"].startswith("exhibit-")
    }
    return [
        native
        for native in values["natives"]
        if native["source"] == sources.get(native["belongs_to"], {}).get("file")
    ]


def _families(parts: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Return by exhibit the first number of its slip sheet and its own last number."""
    families: dict[str, tuple[str, str]] = {}
    for part in parts:
        if "exhibit" in part:
            first, _ = families.get(part["exhibit"], (part["first"], ""))
            families[part["exhibit"]] = (first, part["last"])
    return families


def _file(source: Mapping[str, Any]) -> dict[str, str]:
    return {
        "FILENAME": source["file"].rpartition("/")[2],
        "FILESIZE": str(source["bytes"]),
        "SHA256": source["sha256"],
    }


def _native(native: Mapping[str, Any]) -> dict[str, str]:
    return {
        "NATIVEPATH": native["path"].replace("/", "\\"),
        "NATIVESHA256": native["sha256"],
    }


def _plain(text: str) -> str:
    """Return a value without the characters that part and fence the fields."""
    for mark, words in ((SEPARATOR, " "), (QUALIFIER, "th"), (LINE_BREAK, "(R)")):
        text = text.replace(mark, words)
    return LINE_BREAK.join(text.splitlines())
