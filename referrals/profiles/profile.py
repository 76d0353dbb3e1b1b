"""Jurisdiction profiles: wording, recipients, numbers and limits with their sources.

A profile is a TOML file; a new office or court is a new file and no code. Each
`source` says where a rule comes from; `confirmed = false` marks what no source
at hand confirmed, and the packet says so where it is used.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from referrals.profiles.filing_rules import FilingRules
from referrals.profiles.section import Recipient, Section
from stamping.bates import BatesSeries
from stamping.values import Position


class Agency(Section):
    """The agency that refers, as its letterhead prints it."""

    name: str
    unit: str
    address: tuple[str, ...]
    phone: str
    seal_text: str = ""


class Numbering(Section):
    """The Bates series and where its numbers stand."""

    prefix: str = Field(description="May hold {case}, replaced by the case number.")
    separator: str = Field(
        default="-",
        pattern=r"^.*[^0-9]$",
        description="Ends with no digit, so that a label reads one way only.",
    )
    width: int = Field(default=6, ge=4, le=12)
    scope: str = Field(default="agency", pattern="^(agency|case)$")
    position: Position = Position.BOTTOM_RIGHT


class Wording(Section):
    """A text that must be printed exactly, with its source."""

    text: str
    source: str
    confirmed: bool = True


class RetentionGround(Section):
    """A ground on which a recording is kept beyond ordinary retention.

    `local_force` marks a ground that rests on force by the local officer, which
    force by a federal agent does not meet by itself.
    """

    key: str
    text: str
    local_force: bool = False
    confirmed: bool = True


class Retention(Section):
    """How long recordings are kept, in days, and when to warn."""

    days: int = Field(gt=0)
    flagged_days: int = Field(gt=0)
    warn_on_days: tuple[int, ...]
    grounds: tuple[RetentionGround, ...]
    source: str


class ReferralRules(Section):
    """Which allegations may be referred without an override."""

    classes: tuple[str, ...]
    source: str


class SignOff(Section):
    """Whether supervisors must countersign, and what they must find before they may.

    `questions` is how many facts, `seconds` how near to its moment a time code must be.
    """

    required: bool = False
    questions: int = Field(default=3, ge=0, le=20)
    seconds: float = Field(default=2.0, ge=0, le=60)


class ReturnReason(Section):
    """A reason for which a packet comes back: the code that is recorded, and its wording."""

    key: str
    text: str
    source: str
    confirmed: bool = True


class Region(Section):
    """A part of the city and its community areas, the finest places ever published."""

    title: str
    areas: tuple[str, ...] = Field(min_length=1)


class FederalAgency(Section):
    """A federal agency as tables print it, and the names by which records know it."""

    title: str
    names: tuple[str, ...] = Field(min_length=1)


class Category(Section):
    """A category of alleged violations: citations that begin with one of `statutes`."""

    title: str
    statutes: tuple[str, ...] = Field(min_length=1)


class Report(Section):
    """The monthly public report: its places, groups, and the protection of small counts.

    A count of people or places from 1 to `threshold` - 1 is hidden; what a
    reader can work out of a hidden count must span at least `protection`.
    """

    title: str
    time_zone: str
    threshold: int = Field(ge=2, le=100)
    protection: int = Field(ge=1, le=100)
    source: str
    contact: str
    regions: tuple[Region, ...] = Field(min_length=1)
    agencies: tuple[FederalAgency, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = Field(min_length=1)


class Profile(Section):
    """The profile of an office that refers, complete.

    `filing` is what the packet's own recipients ask of files, if anything.
    """

    kind: Literal["office"] = "office"
    key: str
    title: str
    agency: Agency
    recipients: tuple[Recipient, ...]
    numbering: Numbering
    referral: ReferralRules
    retention: Retention
    attestation: Wording
    hash_certificate: Wording
    certificate_of_compliance: Wording
    exculpatory_none_known: Wording
    receipt: Wording
    sign_off: SignOff = SignOff()
    return_reasons: tuple[ReturnReason, ...] = ()
    report: Report | None = None
    filing: FilingRules | None = None
    sources: dict[str, str]

    def series(self, case_number: str) -> BatesSeries:
        """Return the Bates series for a case."""
        numbering = self.numbering
        prefix = numbering.prefix.replace("{case}", case_number)
        return BatesSeries(prefix, numbering.separator, numbering.width)

    def recipient(self, key_or_name: str) -> Recipient | None:
        """Return the recipient of that key or name, or None if it is not allowed."""
        for recipient in self.recipients:
            if key_or_name in (recipient.key, recipient.name):
                return recipient
        return None
