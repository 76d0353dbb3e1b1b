"""The files of a case folder against those that the record names.

In: a record and a folder. Out: where each named file really is, and findings:
a file that is missing, empty, outside the folder or written in a way that could
lead outside; and, as warnings, files in the folder that the record does not
name. Names are compared in Unicode normal form C.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from sqlmodel import SQLModel

from referrals.evidence.evidence_bucket import is_away, is_there
from referrals.findings import Finding, Severity
from referrals.records.case_record import CaseRecord
from referrals.records.fields import FootageFields
from referrals.refusals import Path as Way
from referrals.refusals import nearest, shown

PLACES = ("exhibits", "footage", "statements")
"""The folders of a case folder that hold its files."""

_NOT_EVIDENCE = frozenset({"Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a folder by their names relative to it; `twins` share one name."""

    folder: Path
    files: dict[str, Path]
    twins: tuple[str, ...]


def listing(folder: Path) -> Listing:
    """Return the files below `folder`; linked folders are not entered."""
    files: dict[str, Path] = {}
    twins = []
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(top) / name
            key = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
            if key in files:
                twins.append(key)
            files.setdefault(key, path)
    return Listing(folder, files, tuple(twins))


def file_findings(
    record: CaseRecord, inside: Listing, where: Callable[[Way], str], footage: str = ""
) -> tuple[dict[str, Path | str], list[Finding]]:
    """Return the named files with where they are, and what is wrong with the others.

    A recording that is registered in place and is not in the folder is looked for
    at `footage`, a folder or a URL.

    Raises:
        MachineError: the URL cannot be reached.
    """
    named: dict[str, Path | str] = {}
    found: list[Finding] = []
    for section in ("exhibits", "footage", "narratives"):
        for index, entry in enumerate(getattr(record, section)):
            place = where((section, index, "file"))
            path, finding = _resolved(entry.file, inside, place)
            if finding is not None and finding.code == "file-missing":
                elsewhere = _elsewhere(entry, footage)
                if elsewhere:
                    named.setdefault(entry.file, elsewhere)
                    continue
            if path is not None:
                named.setdefault(entry.file, path.resolve() if _in_place(entry) else path)
            if finding is not None:
                found.append(finding)
    wanted = {file for section in (record.exhibits, record.footage, record.narratives)
              for file in (entry.file for entry in section)}  # fmt: skip
    found += [_unnamed(file) for file in inside.files if file not in wanted and _is_evidence(file)]
    return named, found


def _in_place(entry: SQLModel) -> bool:
    return isinstance(entry, FootageFields) and entry.in_place


def _elsewhere(entry: SQLModel, footage: str) -> str:
    """Return where a recording lies that is registered in place; empty where it does not."""
    if not footage or not isinstance(entry, FootageFields) or not entry.in_place:
        return ""
    if is_away(footage):
        url = f"{footage.rstrip('/')}/{entry.file}"
        return url if is_there(url) else ""
    root = Path(footage.removeprefix("file://")).resolve()
    path = (root / entry.file).resolve()
    return str(path) if path.is_file() and path.is_relative_to(root) else ""


def _is_evidence(file: str) -> bool:
    parts = file.split("/")
    hidden = parts[-1].startswith((".", "~$")) or parts[-1] in _NOT_EVIDENCE
    return not hidden and len(parts) > 1 and parts[0] in PLACES


def _unnamed(file: str) -> Finding:
    return Finding(
        Severity.WARNING,
        "file-not-named",
        f"{shown(file)} lies in the folder but the record does not name it",
        file,
        "Name it under 'exhibits', 'footage' or 'narratives', or move it out of the folder.",
    )


def _resolved(file: str, inside: Listing, place: str) -> tuple[Path | None, Finding | None]:
    def refused(code: str, message: str, remedy: str) -> tuple[None, Finding]:
        return None, Finding(Severity.BLOCKING, code, message, place, remedy)

    if "\\" in file or PurePosixPath(file).is_absolute() or PureWindowsPath(file).drive:
        return refused(
            "path-refused",
            f"{shown(file)} is not a path inside the case folder",
            "Write it from the case folder on, with forward slashes: exhibits/report.pdf.",
        )
    if ".." in file.split("/"):
        return refused(
            "path-refused",
            f"{shown(file)} leads out of the folder with '..'",
            "Copy the file into the case folder and write its path from there.",
        )
    if file != PurePosixPath(file).as_posix():
        return refused(
            "path-refused",
            f"{shown(file)} is not the plain form of a path",
            f"Write {shown(PurePosixPath(file).as_posix())}.",
        )
    if file in inside.twins:
        return refused(
            "file-ambiguous",
            f"two files in the folder are called {shown(file)}, in different spellings of Unicode",
            "Rename one of them.",
        )
    path = inside.files.get(file, inside.folder / file)
    if not os.path.lexists(path):
        guess = nearest(file, inside.files)
        hint = f"Did you mean '{guess}'? Names are compared letter by letter. " if guess else ""
        return refused(
            "file-missing",
            f"{shown(file)} is not in the folder",
            f"{hint}Put the file there, or correct its name.",
        )
    real = path.resolve()
    if not real.is_relative_to(inside.folder.resolve()):
        return refused(
            "path-refused",
            f"{shown(file)} is a link that leaves the case folder",
            "Copy the file itself into the case folder in place of the link.",
        )
    if not real.is_file():
        return refused(
            "file-missing",
            f"{shown(file)} is not a file, or is a link to nothing",
            "Put the file itself there.",
        )
    if real.stat().st_size == 0:
        return refused(
            "file-empty",
            f"{shown(file)} is empty (0 bytes)",
            "Copy it again from where it came from; if the original is empty, list it under "
            "'outstanding'.",
        )
    return path, None
