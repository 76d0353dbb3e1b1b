"""What a file could do rather than show.

In: a PDF or a Word file of the delivery that the sender's program wrote. Out: a
finding for each script, action, embedded file or link that leaves the file, and
for bytes that stand before or after the document.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from referrals.findings import Finding
from referrals.verify.reporting import wrong
from referrals.verify.signatures import sealed_ranges

ACTIONS = {
    "/JavaScript": "a script",
    "/Launch": "a command that starts a program",
    "/SubmitForm": "a form that sends data",
    "/ImportData": "a form that fetches data",
    "/URI": "a link that leaves the file",
    "/GoToR": "a link to another file",
    "/GoToE": "a link to an embedded file",
    "/Rendition": "a command that plays media",
    "/Movie": "a command that plays media",
    "/Sound": "a command that plays media",
    "/RichMediaExecute": "a command that runs media",
    "/Trans": "a command that shows a transition",
    "/Hide": "a command that hides marks",
    "/SetOCGState": "a command that hides layers",
    "/ResetForm": "a command that empties a form",
    "/Named": "a named command",
}
KEYS = {
    "/JS": "a script",
    "/AA": "actions that run by themselves",
    "/EmbeddedFiles": "embedded files",
    "/EF": "an embedded file",
    "/XFA": "an XFA form",
    "/JavaScript": "scripts by name",
    "/OCProperties": "layers that may be hidden",
}


def pdf_findings(reader: PdfReader, path: Path) -> Iterator[Finding]:
    """Look through every object of a PDF, also those that no page uses."""
    found = set()
    for value in _objects(reader):
        for dictionary in _dictionaries(value):
            action = dictionary.get("/S")
            if isinstance(action, str) and action in ACTIONS and _is_action(dictionary):
                found.add(ACTIONS[action])
            found |= {words for key, words in KEYS.items() if key in dictionary}
    for words in sorted(found):
        yield wrong("active-content", f"The file holds {words}.", path.name)
    data = path.read_bytes()
    if not data.startswith(b"%PDF-"):
        yield wrong("file-wrapped", "Something stands before the document.", path.name)
    if not data.rstrip().endswith(b"%%EOF"):
        yield wrong("file-wrapped", "Something stands after the document.", path.name)
    rounds = data.count(b"startxref")
    # Each signature is a round of writing of its own.
    if not 1 <= rounds <= 1 + len(sealed_ranges(path)):
        yield wrong(
            "file-appended",
            f"The file was written in {rounds} rounds; a later one may replace an earlier page.",
            path.name,
        )


def word_findings(path: Path) -> Iterator[Finding]:
    """Look for macros and for parts that are fetched from elsewhere."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            outside = any(
                b'TargetMode="External"' in archive.read(name)
                for name in names
                if name.endswith(".rels")
            )
    except (zipfile.BadZipFile, OSError, RuntimeError):
        yield wrong("file-unreadable", "It is no Word file.", path.name)
        return
    if any("vbaProject" in name or "activeX" in name for name in names):
        yield wrong("active-content", "The file holds a macro.", path.name)
    if outside:
        yield wrong("active-content", "The file fetches something from elsewhere.", path.name)


def _objects(reader: PdfReader) -> Iterator[Any]:
    numbers = {(number, 0) for number in reader.xref_objStm}
    for generation, entries in reader.xref.items():
        numbers |= {(number, generation) for number in entries}
    yield reader.trailer
    for number, generation in sorted(numbers):
        yield IndirectObject(number, generation, reader).get_object()


def _dictionaries(value: Any) -> Iterator[DictionaryObject]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, DictionaryObject):
            yield each
            waiting += [each.raw_get(key) for key in dict.keys(each)]
        elif isinstance(each, ArrayObject):
            waiting += list.__iter__(each)


def _is_action(dictionary: DictionaryObject) -> bool:
    """Tell an action from a structure element or a border style, which have /S too."""
    if isinstance(dictionary, StreamObject) or "/K" in dictionary or "/P" in dictionary:
        return False
    return bool(dictionary.get("/Type", "/Action") == "/Action")
