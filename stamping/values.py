"""The values that the engine takes and returns.

    files ──prepare──► Rendition ──(as a Part)──► assemble ──► Assembly

A `Rendition` is a PDF made safe: nothing in it runs, its forms and annotations
are part of the page, and its pages can be stamped. All values are frozen and
can be written as JSON with `dataclasses.asdict`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from stamping.bates import BatesRange, BatesSeries, front_label
from stamping.notices import Notice


class Position(StrEnum):
    """Where the stamp stands on the page, as the reader sees it."""

    TOP_LEFT = "top-left"
    TOP_CENTRE = "top-centre"
    TOP_RIGHT = "top-right"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM_CENTRE = "bottom-centre"
    BOTTOM_RIGHT = "bottom-right"


@dataclass(frozen=True, slots=True)
class StampStyle:
    """How the stamp looks; lengths in points.

    `legend` stands beside the number on every page (`DRAFT`, `CONFIDENTIAL`).
    `margin` is the distance of the stamp from the visible page's edges.
    """

    position: Position = Position.BOTTOM_RIGHT
    size: float = 9.0
    margin: float = 18.0
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one input may cost before it is refused."""

    memory_bytes: int = 2 * 1024**3
    seconds: float = 120.0
    pages: int = 20_000
    pixels: int = 500_000_000
    depth: int = 200


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was embedded in a source and has been written beside it."""

    name: str
    path: Path
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Signature:
    """What a source's digital signature says of itself; nothing is validated."""

    signer: str
    signed_at: str
    field_name: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of one thing a source holds, and how much of it its pages show.

    `what` is what was counted, in the plural; `where` is the part of the source, empty for the
    whole; `why` says what became of the rest, empty where nobody knows.
    """

    what: str
    where: str
    held: int
    shown: int
    why: str = ""

    @property
    def unexplained(self) -> int:
        """How much is neither shown nor accounted for."""
        return 0 if self.why else self.held - self.shown


@dataclass(frozen=True, slots=True)
class Rendition:
    """A PDF that is safe to merge, made from one source file.

    `path` is None where no page could be made of the source: the notices say
    why. `identical` is true where the bytes are the source's own. Page numbers
    count from one. `archival_faults` says in plain words why a file that holds
    these pages may not claim PDF/A-2a and PDF/UA-1; empty where it may. `account` counts
    what the source holds, where it was taken apart, and what the pages show of it.
    """

    source: Path
    path: Path | None
    pages: int
    identical: bool
    tagged: bool
    notices: tuple[Notice, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    signatures: tuple[Signature, ...] = ()
    pages_without_text: tuple[int, ...] = ()
    pages_to_scale: tuple[int, ...] = ()
    xmp: str = ""
    archival_faults: tuple[str, ...] = ()
    account: tuple[Tally, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether there are pages to merge."""
        return self.path is not None and self.pages > 0

    @property
    def unexplained(self) -> int:
        """How much of what the source holds is neither shown nor accounted for."""
        return sum(tally.unexplained for tally in self.account)


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One bookmark inside a part: its page counts from one within the part."""

    title: str
    page: int
    level: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A run of pages of one PDF, in the place where it is to stand.

    `pages` counts from one, both ends included; None takes the whole file.
    `title` becomes an outline entry at `level` (0 is the top); empty for none.
    `outline` holds further entries below it; the source's own bookmarks are
    nested beneath them where `keep_outline` is set. `alternative_text`
    describes the pages where the source has no tags. `pages_to_scale` are those
    whose stamp zone is not clear.
    """

    source: Path
    pages: tuple[int, int] | None = None
    title: str = ""
    level: int = 0
    outline: tuple[OutlineEntry, ...] = ()
    keep_outline: bool = True
    alternative_text: str = ""
    pages_to_scale: tuple[int, ...] = ()


class Conformance(StrEnum):
    """What the output's metadata may claim; only ever what it was checked for."""

    NONE = "none"
    PDF_A_2A_UA_1 = "pdf/a-2a+pdf/ua-1"
    PDF_A_3A_UA_1 = "pdf/a-3a+pdf/ua-1"


@dataclass(frozen=True, slots=True)
class Document:
    """What the output says of itself, and how it opens.

    `created` must carry a zone; `identity` (the packet's digest) is what the
    file identifier is derived from.
    """

    title: str
    author: str = ""
    subject: str = ""
    language: str = "en-US"
    created: datetime | None = None
    producer: str = "referrals"
    identity: str = ""
    conformance: Conformance = Conformance.NONE


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A page of another file: the file's name, the page counted from one, its label."""

    file: str
    page: int
    label: str


@dataclass(frozen=True, slots=True)
class Order:
    """All that `assemble` needs beside the parts.

    `targets` maps the URI of a link annotation in a part (`packet:exhibit/B/3`)
    to the page of the output that it is to open, counted from one; such links
    become internal. `elsewhere` maps those that lead to another file, None where
    they are to lead nowhere. `letter` puts every page on US Letter. The first
    `front_pages` pages take no Bates number: they are called i, ii, iii.
    """

    series: BatesSeries
    first: int
    document: Document
    style: StampStyle = field(default_factory=StampStyle)
    targets: Mapping[str, int] = field(default_factory=dict)
    letter: bool = False
    elsewhere: Mapping[str, Elsewhere | None] = field(default_factory=dict)
    front_pages: int = 0

    def label(self, place: int) -> str:
        """Return what is stamped on the page at `place`, counted from zero."""
        if place < self.front_pages:
            return front_label(place + 1)
        return self.series.label(self.first + place - self.front_pages)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a part came to stand: its first page counted from one, its first and last label.

    `page_bytes` is what each page added to the file; what pages share counts for the
    first of them.
    """

    part: Part
    labels: tuple[str, str]
    first_page: int
    page_bytes: tuple[int, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Assembly:
    """One finished file."""

    path: Path
    pages: int
    bytes: int
    sha256: str
    range: BatesRange
    placed: tuple[Placed, ...]
    conformance: Conformance
    notices: tuple[Notice, ...] = ()
