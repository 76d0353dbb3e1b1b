"""The archive variant against the main volume: the same pages, the originals inside.

In: the PDF and what is stated of it. Out: findings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pypdf import PdfReader

from referrals.findings import Finding
from referrals.verify.page_digests import page_digests
from referrals.verify.reporting import wrong
from referrals.verify.stated import Stated


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
    inside = sorted(
        hashlib.sha256(content).hexdigest()
        for contents in reader.attachments.values()
        for content in contents
    )
    expected = sorted(digests.get(path, "") for path in stated.archive.holds)
    if inside != expected:
        yield wrong("archive-differs", "The files inside are not the originals.", name)
