"""What a court, or another body that receives files, asks of them.

In: the table `[filing]` of a profile. Out: frozen values, each rule with its source.
Every limit, page rule, file-name rule, ground of rejection and court day is data;
nothing here knows a court.
"""

from __future__ import annotations

import re
import string
from datetime import date
from enum import StrEnum

from pydantic import Field, field_validator, model_validator

from referrals.profiles.section import Rule, Section

NAME_PLACEHOLDERS = ("case", "packet", "number", "count", "description", "first", "last")
"""What a file-name rule may name: the case's and packet's numbers, the file's place and
how many files there are, what it holds, its first and last Bates number."""


class Sizes(Rule):
    """The largest file and the largest envelope, in bytes; left out where there is no limit."""

    document_bytes: int | None = Field(default=None, ge=100_000)
    envelope_bytes: int | None = Field(default=None, ge=100_000)


class Division(StrEnum):
    """Where a set is divided into files."""

    SIZE = "size"
    """At the boundaries of exhibits, wherever the next would exceed the largest file."""
    EXHIBIT = "exhibit"
    """A file for each exhibit, one for what stands before them and one for what follows."""
    NONE = "none"
    """One file."""


class Dividing(Rule):
    """How a set is divided; with `covers` each file begins with a cover and both indices."""

    by: Division
    covers: bool = True


class Pages(Rule):
    """What a page must be; lengths in inches, resolutions of scans in dots an inch.

    `clear_top` must be empty on the first page of each file, for the court's stamp.
    """

    letter: bool = False
    clear_top: float = Field(default=0.0, ge=0.0, le=5.0)
    searchable: bool = True
    lowest_resolution: int | None = Field(default=None, ge=50, le=2400)
    highest_resolution: int | None = Field(default=None, ge=50, le=2400)


class Links(Rule):
    """Which links may work: inside a file, from one file to another, out of the set."""

    inside: bool = True
    across: bool = False
    outside: bool = False


class Names(Rule):
    """The rule for file names, without the ending; `longest` counts it too.

    `allowed` lists, as in a character class, what a name may consist of.
    """

    pattern: str
    longest: int = Field(default=100, ge=20, le=255)
    allowed: str = "A-Za-z0-9._-"

    @field_validator("pattern")
    @classmethod
    def _known_placeholders(cls, pattern: str) -> str:
        named = {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}
        if unknown := sorted(named - set(NAME_PLACEHOLDERS)):
            raise ValueError(f"{unknown[0]} is not one of {', '.join(NAME_PLACEHOLDERS)}")
        if not named & {"number", "first"}:
            raise ValueError("a name needs {number} or {first}, so that no two are the same")
        return pattern

    @field_validator("allowed")
    @classmethod
    def _character_class(cls, allowed: str) -> str:
        try:
            re.compile(f"[{allowed}]")
        except re.error as error:
            raise ValueError(f"it is not a character class: {error}") from error
        return allowed


class Ground(StrEnum):
    """A ground on which a file is sent back, as preflight finds it."""

    TOO_LARGE = "too-large"
    ENVELOPE_TOO_LARGE = "envelope-too-large"
    NOT_SEARCHABLE = "not-searchable"
    UNSIGNED = "unsigned"
    CASE_NUMBER_MISSING = "case-number-missing"
    CASE_NUMBER_WRONG = "case-number-wrong"
    SEVERAL_CASES = "several-cases"
    BLANK_PAGE = "blank-page"
    LOW_RESOLUTION = "low-resolution"
    HIGH_RESOLUTION = "high-resolution"
    PAGE_SIZE = "page-size"
    TOP_NOT_CLEAR = "top-not-clear"
    ACTIVE_CONTENT = "active-content"
    ATTACHMENT = "attachment"
    MEDIA = "media"
    FORM_FIELD = "form-field"
    ANNOTATION = "annotation"
    OUTSIDE_LINK = "outside-link"
    ENCRYPTED = "encrypted"
    UNEMBEDDED_FONT = "unembedded-font"
    JPEG_2000 = "jpeg-2000"
    JBIG2 = "jbig2"
    STAMP_OVER_TEXT = "stamp-over-text"
    IDENTIFIER = "identifier"
    FILE_NAME = "file-name"
    NOT_ONE_FILE = "not-one-file"
    LABEL_DIFFERS = "label-differs"
    NO_BOOKMARKS = "no-bookmarks"
    OPENING_VIEW = "opening-view"
    INDEX_NOT_LINKED = "index-not-linked"
    DAMAGED = "damaged"


class Weight(StrEnum):
    """What a ground of rejection does to a set."""

    REJECTED = "rejected"
    DOUBTFUL = "doubtful"


class RejectionRule(Rule):
    """A ground on which this court sends files back, in its own or a clerk's words."""

    ground: Ground
    words: str = Field(min_length=1)
    weight: Weight = Weight.REJECTED


class AfterRejection(Rule):
    """How long a filer has after a rejection, and which days its court does not sit.

    Saturdays and Sundays are never court days. `known_until` is the last day for
    which the holidays are all listed.
    """

    court_days: int = Field(ge=1, le=60)
    time_zone: str
    motion: str = Field(min_length=1)
    holidays: tuple[date, ...]
    holidays_source: str = Field(min_length=1)
    known_until: date


class FilingRules(Section):
    """Everything that a body asks of the files it receives.

    `redaction_list` names the rules of what must not appear; without one the set
    is not redacted.
    """

    redaction_list: str = ""
    sizes: Sizes
    dividing: Dividing
    pages: Pages
    links: Links
    names: Names
    rejections: tuple[RejectionRule, ...] = Field(min_length=1)
    after_rejection: AfterRejection | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> FilingRules:
        grounds = [each.ground for each in self.rejections]
        if twice := [each for each in grounds if grounds.count(each) > 1]:
            raise ValueError(f"the ground '{twice[0]}' stands in rejections twice")
        if self.dividing.by is Division.SIZE and self.sizes.document_bytes is None:
            raise ValueError("dividing by size needs sizes.document_bytes")
        return self

    def rejection(self, ground: Ground) -> RejectionRule | None:
        """Return why this body sends a file back on that ground, or None if it does not."""
        return next((each for each in self.rejections if each.ground is ground), None)
