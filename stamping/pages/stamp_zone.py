"""The rectangle of a page that belongs to the stamp.

In: the size of the page as the reader sees it, the stamp's style, the width of
its text. Out: a rectangle in points, upright, origin at the visible page's
bottom left. Knows no PDF: the check for ink and the drawing of the stamp both
ask here, so that what was found clear is what is written upon.
"""

from __future__ import annotations

from stamping.values import Position, StampStyle

# Of the type size: room above the baseline for capitals, below it for descenders.
ASCENT = 0.80
DESCENT = 0.25
# Of the type size: white kept on every side, so that the stamp does not seem
# to be part of a line of text that stands next to it.
CLEARANCE = 0.25
# Of the type size: how wide one character is taken to be before its text is known.
# A tabular figure is 0.556 in Helvetica; capitals of a prefix are wider.
CHARACTER_WIDTH = 0.62

_TOP = (Position.TOP_LEFT, Position.TOP_CENTRE, Position.TOP_RIGHT)
_LEFT = (Position.TOP_LEFT, Position.BOTTOM_LEFT)
_CENTRE = (Position.TOP_CENTRE, Position.BOTTOM_CENTRE)

Rectangle = tuple[float, float, float, float]


def stamp_zone(width: float, height: float, style: StampStyle, text_width: float) -> Rectangle:
    """Return (left, bottom, right, top) of the stamp's zone, in points.

    `width` and `height` are the visible page's, upright; `text_width` is what
    the number and the legend take. The text itself begins `clearance(style)`
    right of `left`, its baseline stands `baseline(style)` above `bottom`. On a
    page too small for the style's margin the zone stays inside the page; a
    page smaller than the zone itself is given whole.
    """
    space = clearance(style)
    zone_width = min(width, text_width + 2 * space)
    zone_height = min(height, (ASCENT + DESCENT) * style.size + 2 * space)
    if style.position in _CENTRE:
        left = (width - zone_width) / 2
    elif style.position in _LEFT:
        left = style.margin - space
    else:
        left = width - style.margin + space - zone_width
    if style.position in _TOP:
        bottom = height - style.margin + space - zone_height
    else:
        bottom = style.margin - space
    left = min(max(left, 0.0), width - zone_width)
    bottom = min(max(bottom, 0.0), height - zone_height)
    return (left, bottom, left + zone_width, bottom + zone_height)


def clearance(style: StampStyle) -> float:
    """Return the white kept around the stamp's text, in points."""
    return CLEARANCE * style.size


def baseline(style: StampStyle) -> float:
    """Return how far above the zone's bottom the text's baseline stands, in points."""
    return clearance(style) + DESCENT * style.size


def estimated_text_width(style: StampStyle, characters: int) -> float:
    """Return the width to keep free for `characters` of text not yet known, in points."""
    return characters * CHARACTER_WIDTH * style.size
