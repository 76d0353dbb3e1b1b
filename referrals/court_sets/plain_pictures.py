"""A packet's exhibits without what was written into their pictures, colour profiles and fonts.

In: a drawn packet. Out: the same packet, its pages and pixels unchanged, for sets that go to
others than the prosecutor. The originals and the packet itself stay as they are.
"""

from __future__ import annotations

from dataclasses import replace

from referrals.packet.draw import DrawnPacket
from referrals.packet.plan import PartKind
from referrals.progress import Progress, silent
from stamping.redaction.carried_metadata import take_out_metadata


def plain_pictures(drawn: DrawnPacket, progress: Progress = silent) -> DrawnPacket:
    """Return the packet whose pictures, profiles and fonts hold what they show alone."""
    exhibits = dict(drawn.exhibits)
    parts = [laid for laid in drawn.parts if laid.part.kind is PartKind.EXHIBIT]
    with progress("Taking metadata out of pictures and fonts", len(parts)) as advance:
        for laid in parts:
            held = exhibits[laid.part.exhibit]
            path, _ = drawn.source(laid)
            target = drawn.folder / f"plain-{laid.first_page}.pdf"
            if take_out_metadata(path, target):
                rendition = replace(held.rendition, path=target, identical=False)
                exhibits[laid.part.exhibit] = replace(held, rendition=rendition)
            advance()
    return replace(drawn, exhibits=exhibits)
