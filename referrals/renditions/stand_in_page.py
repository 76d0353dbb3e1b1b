"""A page that stands for a file which has none: its name, its size, its digest, the cause.

In: a file, and the rendition that says why it has no pages. Out: a rendition of one page.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from pikepdf import Pdf

from referrals.typesetting.rendering import draw, lay_out, page_environment
from stamping.notices import Notice, Severity
from stamping.preparation.archival import archival_faults
from stamping.values import Rendition

_TOLD = Notice(
    Severity.WARNING,
    "page-stands-for-file",
    "A page that names the file stands for it.",
    remedy="Hand over the file itself beside the stamped pages.",
)


def stand_in_page(name: str, rendition: Rendition, folder: Path) -> Rendition:
    """Return the page for a file that its owner calls `name`, written into `folder`.

    Raises:
        OSError: the file cannot be read, or `folder` not be written.
    """
    with rendition.source.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    html = (
        page_environment()
        .get_template("written/stand_in.html")
        .render(
            name=name,
            size=rendition.source.stat().st_size,
            sha256=sha256,
            notices=rendition.notices,
        )
    )
    document = lay_out(html)
    page = folder / f"stand-in-{hashlib.sha256(html.encode()).hexdigest()}.pdf"
    page.write_bytes(draw(document))
    with Pdf.open(page) as pdf:
        faults = archival_faults(pdf)
    return replace(
        rendition,
        path=page,
        pages=len(document.pages),
        tagged=True,
        notices=(*rendition.notices, _TOLD),
        archival_faults=faults,
    )
