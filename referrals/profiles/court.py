"""A court, or another body that receives files, and what it asks of them.

A court is a profile file with `kind = "court"`; a new court is a new file and no code.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from referrals.profiles.filing_rules import FilingRules
from referrals.profiles.section import Recipient, Section


class Caption(Section):
    """How a cover names the court and the paper, line by line."""

    court: tuple[str, ...] = Field(min_length=1)
    title: str = Field(min_length=1)


class Court(Section):
    """One court, complete."""

    kind: Literal["court"] = "court"
    key: str
    title: str
    caption: Caption
    recipients: tuple[Recipient, ...] = ()
    filing: FilingRules
    sources: dict[str, str]
