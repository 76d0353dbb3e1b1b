"""The files of a delivery against the lists that it brings along (RFC 8493).

In: the folder. Out: the digest of every file in it, and findings. The lists are
read strictly: a line that is not exactly a digest, two spaces and a path is a
finding, so that no byte of them can change unseen.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from referrals.findings import Finding, Severity

PAYLOAD = "data/"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")

HARMLESS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What file managers leave in a folder that they show; `verify.html` names the same."""

Found = tuple[dict[str, str], list[Finding]]


def check_files(folder: Path, heard: Callable[[int], None]) -> Found:
    """Return the SHA-256 of every file by its path, and what is wrong with the lists.

    `heard` is told the size in bytes of each file as it is done.
    """
    names, findings = _walk(folder)
    left = [name for name in names if name.rpartition("/")[2] in HARMLESS]
    findings += [_left(name) for name in left]
    names = [name for name in names if name not in left]

    def one(name: str) -> str:
        with (folder / name).open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            heard(os.fstat(stream.fileno()).st_size)
        return digest

    with ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1)) as pool:
        digests = dict(zip(names, pool.map(one, names), strict=True))
    for manifest, covers in ((MANIFEST, _is_payload), (TAG_MANIFEST, _is_tag)):
        findings += _compare(folder, manifest, digests, [name for name in names if covers(name)])
    if "bagit.txt" in digests and (folder / "bagit.txt").read_bytes() != DECLARATION:
        findings.append(_finding("bag-declaration", "It does not declare a bag.", "bagit.txt"))
    findings += _information(folder, names)
    return digests, findings


def total_bytes(*folders: Path) -> int:
    """Return how many bytes lie in `folders`."""
    return sum(
        path.stat().st_size
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )


def information(folder: Path) -> dict[str, str]:
    """Return what `bag-info.txt` says, by label; empty where it cannot be read."""
    try:
        text = (folder / "bag-info.txt").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    pairs = (line.partition(": ") for line in text.splitlines())
    return {label: value for label, _, value in pairs}


def _walk(folder: Path) -> tuple[list[str], list[Finding]]:
    names, findings = [], []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            findings.append(
                _finding("file-strange", "It is neither a file nor a folder but a link.", name)
            )
        elif path.is_file():
            names.append(name)
    return names, findings


def _is_payload(name: str) -> bool:
    return name.startswith(PAYLOAD)


def _is_tag(name: str) -> bool:
    return not name.startswith(PAYLOAD) and name != TAG_MANIFEST


def _compare(
    folder: Path, manifest: str, digests: dict[str, str], present: list[str]
) -> Iterator[Finding]:
    if manifest not in digests:
        yield _finding("file-missing", "The list of files is missing.", manifest)
        return
    listed: dict[str, str] = {}
    text = (folder / manifest).read_bytes().decode("utf-8", "replace")
    if not text.endswith("\n"):
        yield _finding("list-malformed", "Its last line does not end.", manifest)
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        entry = LINE.fullmatch(line)
        if entry is None or entry[2] in listed:
            yield _finding("list-malformed", "This is not an entry.", f"{manifest}, line {number}")
            continue
        listed[entry[2]] = entry[1]
    for name, sha256 in listed.items():
        if name not in digests or name not in present:
            yield _finding("file-missing", f"{manifest} lists it, and it is not there.", name)
        elif digests[name] != sha256:
            yield _finding(
                "file-changed",
                f"Its SHA-256 is {digests[name]}; {manifest} says {sha256}.",
                name,
            )
    for name in present:
        if name not in listed:
            yield _finding("file-added", f"It is there, and {manifest} does not list it.", name)


def _information(folder: Path, names: list[str]) -> Iterator[Finding]:
    payload = [name for name in names if _is_payload(name)]
    total = sum((folder / name).stat().st_size for name in payload)
    stated = information(folder).get("Payload-Oxum", "")
    if stated != f"{total}.{len(payload)}":
        yield _finding(
            "bag-size",
            f"It states {stated or 'no'} bytes and files; there are {total}.{len(payload)}.",
            "bag-info.txt",
        )


def _left(name: str) -> Finding:
    return Finding(
        Severity.NOTE,
        "file-left-by-computer",
        "A file manager left it in the folder that it showed; it is not part of the delivery.",
        name,
    )


def _finding(code: str, message: str, where: str) -> Finding:
    return Finding(
        Severity.BLOCKING,
        code,
        message,
        where,
        "Ask the sender for the delivery again, and compare the delivery's digest.",
    )
