"""The archive variant against the main volume: its pages, its originals, its statement.

In: the PDF and what is stated of it. Out: findings.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from referrals.findings import Finding
from referrals.verify.page_digests import page_digests
from referrals.verify.reporting import wrong
from referrals.verify.stated import Stated

STATEMENT = "packet.json"

# Findings may speak of what is confidential; the rest cannot be known from inside.
_NOT_INSIDE = ("archive", "files", "findings")


def archive_findings(
    stated: Stated, payload: Path, digests: Mapping[str, str]
) -> Iterator[Finding]:
    """Check the archive variant; `digests` maps paths below `data/` to SHA-256.

    Whatever pypdf raises on a broken file goes through.
    """
    if stated.archive is None or not stated.volumes:
        return
    name = stated.archive.file
    if name not in digests:
        yield wrong("file-missing", "packet.json lists it.", name)
        return
    reader = PdfReader(payload / name)
    if tuple(page_digests(reader)) != stated.volumes[0].page_sha256:
        message = f"Its pages are not those of {stated.volumes[0].file}."
        yield wrong("archive-differs", message, name)
    inside = dict(reader.attachments)
    said = inside.pop(stated.archive.values, [])
    contents = [content for versions in inside.values() for content in versions]
    expected = sorted(digests.get(path, "") for path in stated.archive.holds)
    if sorted(hashlib.sha256(content).hexdigest() for content in contents) != expected:
        yield wrong("archive-differs", "The files inside are not the originals.", name)
    outside = json.loads((payload / STATEMENT).read_text("utf-8"))
    if len(said) != 1 or not _agrees(said[0], outside, stated.archive.holds):
        message = f"What {stated.archive.values} inside it says is not what {STATEMENT} says."
        yield wrong("archive-differs", message, name)


def _agrees(said: bytes, outside: dict[str, Any], holds: tuple[str, ...]) -> bool:
    """Whether the file inside says of the main volume what `packet.json` says of it."""
    expected = {key: value for key, value in outside.items() if key not in _NOT_INSIDE}
    expected["volumes"] = outside["volumes"][:1]
    expected["natives"] = [each for each in outside["natives"] if each["path"] in holds]
    try:
        return bool(json.loads(said) == expected)
    except (ValueError, RecursionError):
        return False
