"""Take the pages of a file from another reader, where the first cannot open it.

In: a path. Out: a new document of the pages that pdfium finds, or None. Pages
keep their content, fonts and annotations; bookmarks, form fields, attachments
and tags are not carried over.
"""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Name, Pdf


def pages_by_second_reader(source: Path) -> Pdf | None:
    """Return the pages that pdfium can read of `source`; None where it reads none."""
    stream = io.BytesIO()
    try:
        document = pdfium.PdfDocument(source)
        try:
            if len(document) == 0:
                return None
            copy = pdfium.PdfDocument.new()
            copy.import_pages(document)
            copy.save(stream)
            copy.close()
        finally:
            document.close()
        pdf = Pdf.open(stream)
    except (pdfium.PdfiumError, pikepdf.PikepdfError):
        return None
    # Both hold the time of copying: the same source must give the same bytes.
    for key in (Name.Info, Name.ID):
        if key in pdf.trailer:
            del pdf.trailer[key]
    return pdf
