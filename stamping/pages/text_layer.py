"""Whether a page holds text that a reader can search.

In: a pdfium page. Out: yes or no. Looks for text objects, also inside forms;
invisible text (a recognised scan) counts.
"""

from __future__ import annotations

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

# Forms within forms; deeper ones are decided by the text page.
_FORM_DEPTH = 4


def has_text(page: pdfium.PdfPage) -> bool:
    """Return whether the page shows or hides any character but blanks."""
    if not any(
        item.type == pdfium_c.FPDF_PAGEOBJ_TEXT for item in page.get_objects(max_depth=_FORM_DEPTH)
    ):
        return False
    text_page = page.get_textpage()
    try:
        return bool(text_page.get_text_range().strip("\x00 \t\r\n\ufffe\ufffd"))
    finally:
        text_page.close()
