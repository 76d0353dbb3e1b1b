"""Whether a page's stamp zone is clear of ink, judged on pixels.

In: a pdfium page as the reader sees it and the zone. Out: yes or no. Renders
only the zone, in grey, at a low resolution.
"""

from __future__ import annotations

import math

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from stamping.pages.stamp_zone import Rectangle

# Pixels a point: 1.5 (108 dpi) still shows a hairline and the dot of an i.
SCALE = 1.5
# Grey levels from here on are paper: scans carry a little noise, and so does
# the smoothing of edges that stand outside the zone.
PAPER = 245
# The whole page, for a yes or no, needs no more than this many pixels a side.
_WHOLE_PAGE_PIXELS = 300


def zone_has_ink(page: pdfium.PdfPage, zone: Rectangle, unit: float = 1.0) -> bool:
    """Return whether anything but near-white shows inside `zone`.

    `zone` is (left, bottom, right, top) in points of 1/72 inch, upright; `unit`
    is the page's /UserUnit, which pdfium does not apply.
    """
    height = page.get_height()
    left, bottom, right, top = (value / unit for value in zone)
    scale = SCALE * unit if unit < 1 else SCALE
    return _shows_ink(
        page,
        math.floor(left * scale),
        math.floor((height - top) * scale),
        math.ceil(right * scale),
        math.ceil((height - bottom) * scale),
        scale,
    )


def page_has_ink(page: pdfium.PdfPage) -> bool:
    """Return whether the page shows anything but near-white."""
    width, height = page.get_size()
    scale = min(1.0, _WHOLE_PAGE_PIXELS / max(width, height, 1.0))
    return _shows_ink(page, 0, 0, math.ceil(width * scale), math.ceil(height * scale), scale)


def _shows_ink(
    page: pdfium.PdfPage, left: int, top: int, right: int, bottom: int, scale: float
) -> bool:
    """Render the pixel rectangle (from the page's top left) and look for ink."""
    width, height = max(1, right - left), max(1, bottom - top)
    bitmap = pdfium.PdfBitmap.new_native(width, height, pdfium_c.FPDFBitmap_Gray)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        pdfium_c.FPDF_RenderPageBitmap(
            bitmap,
            page,
            -left,
            -top,
            math.ceil(page.get_width() * scale),
            math.ceil(page.get_height() * scale),
            0,
            pdfium_c.FPDF_GRAYSCALE | pdfium_c.FPDF_RENDER_LIMITEDIMAGECACHE,
        )
        stride = bitmap.stride
        pixels = bytes(bitmap.buffer)
        return any(
            min(pixels[row * stride : row * stride + width]) < PAPER for row in range(height)
        )
    finally:
        bitmap.close()
