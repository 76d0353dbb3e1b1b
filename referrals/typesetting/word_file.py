"""A Word document as bytes that depend on its contents alone.

python-docx writes the clock into the package; here every entry of the package
bears the same date and the core properties are the caller's.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a ZIP entry can bear."""


def word_bytes(document: Document, *, title: str, author: str, made: datetime) -> bytes:
    """Return `document` as a .docx whose bytes are the same on every run.

    `made` must carry a zone; the package stores it in UTC.
    """
    moment = made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.created = properties.modified = moment
    properties.comments = ""
    properties.revision = 1
    written = io.BytesIO()
    document.save(written)
    plain = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(plain, "w") as target:
        for name in sorted(source.namelist(), key=_package_order):
            entry = zipfile.ZipInfo(name, ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return plain.getvalue()


def _package_order(name: str) -> tuple[bool, str]:
    """The content types stand first, as readers of the package expect."""
    return name != "[Content_Types].xml", name
