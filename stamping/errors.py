"""The engine's errors: each says what happened, to which file, and what to do."""

from __future__ import annotations

from pathlib import Path


class StampingError(Exception):
    """The engine could not do what it was asked.

    Attributes:
        source: the file concerned, or None.
        remedy: what to do, as one sentence.
    """

    def __init__(self, message: str, *, source: Path | None = None, remedy: str = "") -> None:
        super().__init__(message)
        self.source = source
        self.remedy = remedy


class UnreadableInputError(StampingError):
    """A file could not be opened as what it claims to be."""


class UnusablePageError(StampingError):
    """A page has no visible area to stamp."""


class BatesFormatError(StampingError):
    """A text is not a number of the Bates series."""
