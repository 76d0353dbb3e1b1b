"""Exhibits whose pictures are made smaller, on request: derivatives, and listed as such.

In: a drawn packet and a resolution. Out: the same packet with those exhibits' pages
made anew, and a row for each. The originals and the packet itself stay as they are.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from referrals.packet.draw import DrawnPacket
from referrals.packet.plan import PartKind
from referrals.progress import Progress, silent
from stamping.mending.recompression import RecompressedPicture, recompress

QUALITY = 80
"""Of JPEG, 1 to 95: print shows no difference to the eye at a reading distance."""


@dataclass(frozen=True, slots=True)
class Derivative:
    """What became of one exhibit's pages; `parent_sha256` is the file as taken in.

    `sha256` is the file that the pages were taken from; `dpi` is the most that its
    pictures have, in dots an inch.
    """

    exhibit: str
    parent: str
    parent_sha256: str
    sha256: str
    dpi: int
    quality: int
    bytes_before: int
    bytes_after: int
    pictures: tuple[RecompressedPicture, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values; the pictures' pages are those of the exhibit."""
        return asdict(self)


def recompressed(
    drawn: DrawnPacket, dpi: int, progress: Progress = silent
) -> tuple[DrawnPacket, tuple[Derivative, ...]]:
    """Return the packet with the pictures of its exhibits at about `dpi` dots an inch at most."""
    exhibits = dict(drawn.exhibits)
    derivatives = []
    parts = [laid for laid in drawn.parts if laid.part.kind is PartKind.EXHIBIT]
    with progress("Making pictures smaller", len(parts)) as advance:
        for laid in parts:
            designator = laid.part.exhibit
            held = exhibits[designator]
            path, _ = drawn.source(laid)
            target = drawn.folder / f"recompressed-{laid.first_page}.pdf"
            made = recompress(path, target, dpi=dpi, quality=QUALITY)
            if made.pictures:
                rendition = replace(held.rendition, path=target, identical=False)
                exhibits[designator] = replace(held, rendition=rendition)
                derivatives.append(
                    Derivative(
                        exhibit=designator,
                        parent=held.exhibit.file,
                        parent_sha256=held.file.sha256,
                        sha256=_digest(target),
                        dpi=dpi,
                        quality=QUALITY,
                        bytes_before=made.bytes_before,
                        bytes_after=made.bytes_after,
                        pictures=made.pictures,
                    )
                )
            advance()
    return replace(drawn, exhibits=exhibits), tuple(derivatives)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
