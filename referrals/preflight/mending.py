"""`preflight --fix`: fixes what can be fixed and looks again.

    Preflight ──what the court objects to──► Mends of each file ──► new files ──look──► what is left

In: a submission and what preflight found. Out: new files, every change with its page,
and a second preflight of the final bytes. Never touched: page count and order, printed
numbers, sizes, case numbers, signatures, identifiers, fonts that are not embedded (no
face at hand is certain to draw the same, and a picture of the page would lose its text).
"""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pikepdf

from referrals.errors import BlockedError, UsageError
from referrals.findings import Finding, Severity
from referrals.preflight.filed_file import FiledFile
from referrals.preflight.preflight import Preflight, Submission, look
from referrals.profiles.filing_rules import FilingRules, Ground, Names
from referrals.progress import Progress, silent
from stamping.mending.mends import MendedPart, Mends, SignedFileError, mend
from stamping.preparation.awaited_text import can_recognise
from stamping.preparation.recognition import recognise
from stamping.preparation.sanitise import EmbeddedFile
from stamping.values import Rendition

_SETTLED = frozenset(
    {
        Ground.ACTIVE_CONTENT,
        Ground.ATTACHMENT,
        Ground.MEDIA,
        Ground.FORM_FIELD,
        Ground.ANNOTATION,
        Ground.OUTSIDE_LINK,
    }
)
_RECODED = frozenset({Ground.JPEG_2000, Ground.JBIG2})
_EXTRACTED = "attachments"
UNMENDABLE = (pikepdf.PikepdfError, ValueError, TypeError, LookupError, AttributeError)
"""What a damaged file may do to the library that changes it."""


@dataclass(frozen=True, slots=True)
class FileMend:
    """What was done to one file: its old and new name, the changes, the files taken out."""

    before: str
    after: str
    changes: tuple[MendedPart, ...]
    extracted: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the changes as plain values."""
        return {
            "file": self.before,
            "mended": self.after,
            "changes": [{"page": each.page, "what": each.what} for each in self.changes],
            "extracted": list(self.extracted),
        }


@dataclass(frozen=True, slots=True)
class MendedSet:
    """The mended files, what was done, and what preflight finds in them now."""

    submission: Submission
    files: tuple[FileMend, ...]
    result: Preflight


def mend_set(
    found: Preflight,
    submission: Submission,
    rules: FilingRules,
    target: Path,
    progress: Progress = silent,
) -> MendedSet:
    """Write the files of `submission` into the new folder `target`, mended.

    A file without a fault that can be fixed is copied byte for byte. The folder
    appears whole or not at all.

    Raises:
        UsageError: `target` exists.
        BlockedError: a file that would have to be changed is signed.
        InputError: a file may not be read.
    """
    if target.exists():
        raise UsageError(f"{target} exists already.", remedy="Name a folder that does not exist.")
    target.parent.mkdir(parents=True, exist_ok=True)
    names = _names(found, submission, rules)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as place:
        draft = Path(place) / "set"
        draft.mkdir()
        with progress("Mending", len(found.files), "files") as advance:
            made = []
            for file in found.files:
                made.append(_mended(file, found, rules, names, draft))
                advance(what=file.name)
        draft.replace(target)
    files = tuple(target / names[file.name] for file in found.files)
    envelopes = tuple(tuple(names[name] for name in each) for each in submission.envelopes)
    again = replace(submission, files=files, envelopes=envelopes)
    return MendedSet(again, tuple(made), look(again, rules, progress))


def _mended(
    file: FiledFile, found: Preflight, rules: FilingRules, names: dict[str, str], draft: Path
) -> FileMend:
    made = draft / names[file.name]
    wanted = _wanted(file, found, rules, names)
    changes: tuple[MendedPart, ...] = ()
    extracted: tuple[str, ...] = ()
    if wanted is None:
        shutil.copyfile(file.path, made)
    else:
        try:
            done = mend(file.path, made, wanted)
        except SignedFileError as error:
            signed = Finding(Severity.BLOCKING, "signed", str(error), file.name, error.remedy)
            raise BlockedError(str(error), remedy=error.remedy, findings=[signed]) from error
        except UNMENDABLE as error:
            shutil.copyfile(file.path, made)
            what = f"it could not be mended ({type(error).__name__}) and is as it was"
            changes = (MendedPart(what),)
        else:
            changes, extracted = done.changes, _extracted(done.embedded, made, draft)
    if made.name != file.name:
        changes = (MendedPart(f"it was called {file.name}"), *changes)
    return FileMend(file.name, made.name, (*changes, *_recognised(file, found, made)), extracted)


def _wanted(
    file: FiledFile, found: Preflight, rules: FilingRules, names: dict[str, str]
) -> Mends | None:
    """Return what the court's objections to a file ask for; None where it stays as it is."""
    met = {each.ground for each in found.objections if each.file == file.name}
    moved = {before: after for before, after in names.items() if before != after}
    follows = any(trait.what in moved for trait in file.traits)
    if not file.pages or file.fault:
        return None
    printed = tuple(page.printed for page in file.pages)
    wanted = Mends(
        settle=bool(met & _SETTLED),
        keep_across=rules.links.across,
        renamed=moved if follows else {},
        recode=bool(met & _RECODED),
        letter=Ground.PAGE_SIZE in met and rules.pages.letter,
        opening_view=Ground.OPENING_VIEW in met,
        labels=printed if Ground.LABEL_DIFFERS in met and all(printed) else (),
    )
    asked = replace(wanted, keep_across=False) != Mends() or Ground.ENCRYPTED in met
    return wanted if asked else None


def _extracted(embedded: tuple[EmbeddedFile, ...], made: Path, draft: Path) -> tuple[str, ...]:
    """Write what was embedded beside the file; return where, relative to the set."""
    written = []
    for number, each in enumerate(embedded, 1):
        name = re.sub(r"[^A-Za-z0-9._-]", "_", each.name).lstrip(".") or "attachment"
        place = draft / _EXTRACTED / f"{made.stem}-{number:03}-{name}"
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(each.content)
        written.append(f"{_EXTRACTED}/{place.name}")
    return tuple(written)


def _recognised(file: FiledFile, found: Preflight, made: Path) -> list[MendedPart]:
    """Give text to pages that have none at all, where the extra `ocr` is installed.

    Pages that bear a number already are left: the recogniser passes over pages with text.
    """
    pages = {
        page
        for each in found.of(Ground.NOT_SEARCHABLE)
        if each.file == file.name
        for page in each.pages
    }
    bare = tuple(page.number for page in file.pages if page.number in pages and not page.text)
    if not bare or not can_recognise():
        return []
    with tempfile.TemporaryDirectory(dir=made.parent) as place:
        copy = Path(place) / "pages.pdf"
        shutil.copyfile(made, copy)
        rendition = Rendition(
            file.path, copy, len(file.pages), False, False, pages_without_text=bare
        )
        done = recognise(rendition)
        if done.path is None or done.path == copy:
            return []
        shutil.copyfile(done.path, made)
    read = [page for page in bare if page not in done.pages_without_text]
    return [MendedPart("its text was recognised by a program", page) for page in read]


def _names(found: Preflight, submission: Submission, rules: FilingRules) -> dict[str, str]:
    """Return the new name of each file; its own where the court does not object to it."""
    refused = {each.file for each in found.of(Ground.FILE_NAME)}
    names: dict[str, str] = {}
    for number, file in enumerate(found.files, 1):
        name = file.name
        if file.name in refused:
            values = _values(file, number, len(found.files), submission.case_number)
            name = fitting_name(rules.names, values) or file.name
        names[file.name] = name
    taken = list(names.values())
    return names if len(set(taken)) == len(taken) else {name: name for name in names}


def _values(file: FiledFile, number: int, count: int, case: str) -> dict[str, str]:
    labels = [page.label for page in file.pages]
    return {
        "case": case,
        "packet": case,
        "number": str(number),
        "count": str(count),
        "description": re.sub(r"^\d+[ _-]+", "", file.path.stem),
        "first": labels[0] if labels else "",
        "last": labels[-1] if labels else "",
    }


def fitting_name(names: Names, values: dict[str, str]) -> str:
    """Return a file name that meets the rule, or nothing where a value is missing.

    What is not allowed becomes an underscore; the description is cut to the length.
    """
    held = dict(values)
    while True:
        stem = re.sub(f"[^{names.allowed}]+", "_", names.pattern.format(**held))
        excess = len(stem) + len(".pdf") - names.longest
        if excess <= 0:
            break
        shorter = held["description"][:-excess].rstrip("_ -.")
        if "{description}" not in names.pattern or not shorter:
            return ""
        held["description"] = shorter
    needed = re.findall(r"{(\w+)}", names.pattern)
    return f"{stem}.pdf" if all(held[each] for each in needed) else ""
