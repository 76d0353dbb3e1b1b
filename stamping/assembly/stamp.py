"""The stamp: a Bates number on a page, upright as its reader sees it.

In: a page's viewport, the balance of its content, a text. Out: the content to
put before and after the page's own: a fence round it, and the number drawn as a
pagination artifact (ISO 32000-2 § 14.8.2.2) in the page's initial graphics
state, whatever state the page's own content leaves behind.
"""

from __future__ import annotations

from functools import lru_cache

from stamping.assembly.stamp_font import StampFont, encoded
from stamping.objects.balance import Balance
from stamping.objects.matrix import Matrix
from stamping.pages.stamp_zone import baseline, clearance, stamp_zone
from stamping.pages.viewport import Viewport
from stamping.values import StampStyle

GAP = "   "
"""What stands between the legend and the number."""
SMALLEST_SIZE = 5.0
"""Points: a number is drawn smaller on a narrow page, but never smaller than this."""


def stamp_text(style: StampStyle, number: str) -> str:
    """Return what the stamp says: the legend, if there is one, and the number."""
    return f"{style.legend}{GAP}{number}" if style.legend else number


def fitted_size(view: Viewport, style: StampStyle, text_width: float) -> float:
    """Return the type size at which the text stays on the page, at least `SMALLEST_SIZE`.

    `text_width` is what it takes at the style's own size. All in points.
    """
    room = view.width - 2 * clearance(style)
    if text_width <= room:
        return style.size
    return min(style.size, max(SMALLEST_SIZE, style.size * room / text_width))


def sheet_needed(
    view: Viewport, style: StampStyle, text_width: float
) -> tuple[float, float] | None:
    """Return the size of a sheet that holds the text where the page does not, in points."""
    zone = stamp_zone(view.width, view.height, style, text_width)
    smallest = min(SMALLEST_SIZE, style.size)
    width = text_width * smallest / style.size + 2 * clearance(style)
    # A low page keeps at least as much height for itself as the stamp takes.
    height = 2 * max(zone[3] - zone[1], 1.5 * style.size)
    if width <= view.width and height <= view.height:
        return None
    return max(width, view.width), max(height, view.height)


def fence(held: Balance, before: bytes = b"", after: bytes = b"") -> tuple[bytes, bytes]:
    """Return the content to put before and after a page's own, to keep its state apart."""
    opening = b"q " * (1 + held.surplus) + before + b"\n"
    closing = b"\n" + b"ET " * held.open_text + b"EMC " * held.open_marks
    closing += after + b" Q" * (1 + held.open_states) + b"\n"
    return opening, closing


def drawing(view: Viewport, font: StampFont, style: StampStyle, text: str, font_name: str) -> bytes:
    """Return the content that draws `text` upright in its zone."""
    before, after = surroundings(view, style, font.width(text, style.size), font_name)
    return f"{before}{encoded(text).hex()}{after}".encode("latin-1")


def surroundings(
    view: Viewport, style: StampStyle, text_width: float, font_name: str
) -> tuple[str, str]:
    """Return what stands before and after the text's own bytes in hexadecimal."""
    size = fitted_size(view, style, text_width)
    zone = stamp_zone(view.width, view.height, style, text_width * size / style.size)
    x, y = zone[0] + clearance(style), zone[1] + baseline(style)
    part = "Header" if style.position.value.startswith("top") else "Footer"
    before = (
        f"q {_operands(view.to_user_space)} cm "
        f"/Artifact <</Type /Pagination /Subtype /{part}>> BDC BT 0 g "
        f"/{font_name} {size:g} Tf {x:.3f} {y:.3f} Td <"
    )
    return before, "> Tj ET EMC Q\n"


@lru_cache(maxsize=256)
def _operands(matrix: Matrix) -> str:
    return " ".join(f"{value:.6f}".rstrip("0").rstrip(".") for value in matrix)
