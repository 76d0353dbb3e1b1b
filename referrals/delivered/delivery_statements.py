"""What deliveries say of themselves, as far as numbers go: the models of their statements.

In: `packet.json`, `redaction-log.json`, `filing.json`. Out: values, or a
`ValidationError`. What such a file says besides is left alone.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class _Stated(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


_Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]


class StatedBates(_Stated):
    """The series that a delivery's numbers are of."""

    stem: str
    width: int = Field(ge=1, le=12)


class PartStatement(_Stated):
    """A run of pages of one file."""

    key: str
    kind: str
    title: str
    exhibit: _Text = ""
    first: str
    last: str
    first_page: int = Field(ge=1)
    pages: int = Field(ge=1)


class FileStatement(_Stated):
    """A file, its numbers and its parts."""

    file: str
    bytes: int
    sha256: str
    pages: int = Field(ge=1)
    front_pages: int = Field(default=0, ge=0)
    first: str
    last: str
    parts: tuple[PartStatement, ...]


class StatedRedaction(_Stated):
    """A line of the redaction log: the number of its page, and the rule."""

    number: str
    rule: str = ""


class StatedRecording(_Stated):
    """A recording; without a path it was not delivered."""

    key: str
    title: str = ""
    path: str = ""
    sha256: str = ""


class PacketStatement(_Stated):
    """`packet.json`."""

    packet: str
    state: str
    case: str
    bates: StatedBates
    volumes: tuple[FileStatement, ...]
    footage: tuple[StatedRecording, ...] = ()


class RedactedStatement(_Stated):
    """`redaction-log.json` of a redacted set."""

    set: str
    packet: str
    file: str
    sha256: str
    first: str
    last: str
    redactions: tuple[StatedRedaction, ...]


class StatedCourt(_Stated):
    """The court that a set is made for."""

    key: str


class CourtStatement(_Stated):
    """`filing.json`."""

    set: str
    packet: str
    case: str
    court: StatedCourt
    draft: bool = False
    bates: StatedBates
    files: tuple[FileStatement, ...]
    redactions: tuple[StatedRedaction, ...] = ()
