"""The tables, made of the same fields as the case record.

A row of a case's list carries its place in that list; a row of a nested list
(elements, key moments, paragraphs) carries the place of the row it belongs to.
Times are kept as the text that was written, offset included, so that a record
comes back as it went in.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy import Enum as EnumColumn
from sqlmodel import Field, SQLModel

from referrals.records import fields


class MomentText(TypeDecorator[datetime]):
    """A point in time as ISO 8601 text with its own offset."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Return the text that is stored."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Return the time that was stored."""
        return None if value is None else datetime.fromisoformat(value)


class InCase(SQLModel):
    """What every row of a case's list has: its case, and its place from zero."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    position: int


class InEntry(InCase):
    """A row of a nested list: `parent` is the place of the entry it belongs to."""

    parent: int


class Case(fields.CaseFields, table=True):
    """A case."""

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)


class Incident(fields.IncidentFields, InCase, table=True):
    """When, where and how."""


class Referral(fields.ReferralFields, InCase, table=True):
    """The felony determination and the referral."""


class Person(fields.PersonFields, InCase, table=True):
    """A person other than federal personnel."""

    __table_args__ = (UniqueConstraint("case_id", "key"),)


class FederalPerson(fields.FederalPersonFields, InCase, table=True):
    """A member of federal personnel."""

    __tablename__ = "federal_person"
    __table_args__ = (UniqueConstraint("case_id", "key"),)


class CredentialCheck(fields.CredentialCheckFields, InCase, table=True):
    """An attempt to identify the federal supervisory officer."""

    __tablename__ = "credential_check"


class Unit(fields.UnitFields, InCase, table=True):
    """A local unit on the event."""

    __table_args__ = (UniqueConstraint("case_id", "key"),)


class Force(fields.ForceFields, InCase, table=True):
    """A reported use of force."""


class Injury(fields.InjuryFields, InCase, table=True):
    """A reported injury."""


class Detention(fields.DetentionFields, InCase, table=True):
    """A reported detention."""


class MedicalAid(fields.MedicalAidFields, InCase, table=True):
    """Medical aid for one person."""

    __tablename__ = "medical_aid"


class Allegation(fields.AllegationFields, InCase, table=True):
    """An alleged violation."""

    __table_args__ = (UniqueConstraint("case_id", "key"),)


class Element(fields.ElementFields, InEntry, table=True):
    """An element of an allegation."""


class Exhibit(fields.ExhibitFields, InCase, table=True):
    """An exhibit."""

    __table_args__ = (UniqueConstraint("case_id", "designator"),)


class Footage(fields.FootageFields, InCase, table=True):
    """A recording, or a derivative of one (`derived_from`)."""

    __table_args__ = (UniqueConstraint("case_id", "key"),)


class KeyMoment(fields.KeyMomentFields, InEntry, table=True):
    """A moment of a recording worth seeing."""

    __tablename__ = "key_moment"


class CustodyEvent(fields.CustodyEventFields, InCase, table=True):
    """A step in the custody of an exhibit or a recording."""

    __tablename__ = "custody_event"


class Chronology(fields.ChronologyFields, InCase, table=True):
    """An entry of the chronology."""


class ImmunityFact(fields.ImmunityFactFields, InCase, table=True):
    """A fact that bears on a claim of immunity."""

    __tablename__ = "immunity_fact"


class UnusedMaterial(fields.UnusedMaterialFields, InCase, table=True):
    """Material that is not in the packet."""

    __tablename__ = "unused_material"


class Exculpatory(fields.ExculpatoryFields, InCase, table=True):
    """Material that may favour the person accused."""


class Outstanding(fields.OutstandingFields, InCase, table=True):
    """Evidence that is awaited."""


class NarrativeFile(fields.NarrativeFields, InCase, table=True):
    """An officer's narrative and the paragraphs that were read from its file."""

    __tablename__ = "narrative"
    paragraphs: list[str] = Field(default_factory=list, sa_type=JSON)


class Attestation(fields.AttestationFields, InCase, table=True):
    """What one person attests to."""

    __table_args__ = (UniqueConstraint("case_id", "key"),)


class Paragraph(fields.ParagraphFields, InEntry, table=True):
    """An attested paragraph."""


class Reason(fields.ReasonFields, InCase, table=True):
    """Why a duty is not met."""


class Evidence(InCase, table=True):
    """A file as it was taken in."""

    __table_args__ = (UniqueConstraint("case_id", "path"),)
    path: str
    sha256: str = Field(index=True)
    bytes: int
    taken_in_at: datetime
    tool: str = ""
    other_digests: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    location: str = ""
    modified: str = ""


class Media(InCase, table=True):
    """What a recording's container says of itself."""

    sha256: str
    container: str
    duration: float
    video_codec: str = ""
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    audio_tracks: int = 0
    created: str = ""
    device: str = ""
    serial: str = ""
    credentials: str = ""


class SignedForm(SQLModel, table=True):
    """A signed attestation that came back; a later one takes its place."""

    __tablename__ = "signed_form"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    attestation: str
    statement_sha256: str
    signed_on: str
    scan: dict[str, Any] = Field(sa_type=JSON)
    facts: dict[str, Any] = Field(sa_type=JSON)
    signatures: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    ink_countersigner: str = ""
    taken_in_at: datetime


class SignOffAnswer(SQLModel, table=True):
    """A fact that a supervisor was asked for before signing off, and the answer; it stays."""

    __tablename__ = "sign_off_answer"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    attestation: str
    supervisor: str
    asked: str
    cite: str
    answered: str
    is_right: bool
    at: datetime


class EvidenceScan(SQLModel, table=True):
    """A run over all evidence; `finished_at` is empty while it runs or was stopped."""

    __tablename__ = "evidence_scan"
    id: int | None = Field(default=None, primary_key=True)
    started_at: datetime
    started_by: str
    finished_at: datetime | None = None


class EvidenceProof(SQLModel, table=True):
    """What a scan found of one file: where it lies, its digest then, and when."""

    __tablename__ = "evidence_proof"
    __table_args__ = (UniqueConstraint("scan_id", "sha256", "location"),)
    id: int | None = Field(default=None, primary_key=True)
    scan_id: int = Field(foreign_key="evidence_scan.id", index=True)
    sha256: str = Field(index=True)
    location: str = ""
    state: str
    detail: str = ""
    at: datetime


class BatesSeriesRow(SQLModel, table=True):
    """A series of numbers: what stands before the digits, and how many digits."""

    __tablename__ = "bates_series"
    __table_args__ = (UniqueConstraint("stem", "width"),)
    id: int | None = Field(default=None, primary_key=True)
    stem: str
    width: int


class RangeState(enum.StrEnum):
    """What became of a range of numbers."""

    START = "start"
    RESERVED = "reserved"
    COMMITTED = "committed"
    VOID = "void"


class BatesRangeRow(SQLModel, table=True):
    """A range of a series, chained to the range before it.

    The constraints make an overlap or an unrecorded gap impossible: a range
    begins right after the end of one that exists, and no two begin at the same
    number. The chain of a series hangs on a row of state `start` that ends at
    zero.
    """

    __tablename__ = "bates_range"
    __table_args__ = (
        UniqueConstraint("series_id", "first"),
        UniqueConstraint("series_id", "last"),
        ForeignKeyConstraint(["series_id", "after"], ["bates_range.series_id", "bates_range.last"]),
        CheckConstraint("after IS NULL OR first = after + 1", name="follows"),
        CheckConstraint("last >= first", name="not_empty"),
    )
    id: int | None = Field(default=None, primary_key=True)
    series_id: int = Field(foreign_key="bates_series.id")
    first: int
    last: int
    after: int | None = None
    state: str
    packet: str
    reason: str = ""
    maker: str = ""


class PacketState(enum.StrEnum):
    """How far a packet has come.

    It is `delivering` from when its delivery is whole until its numbers are
    committed; a build that is stopped in between is finished or undone later.
    """

    DELIVERING = "delivering"
    ISSUED = "issued"


class Packet(SQLModel, table=True):
    """A packet that was issued, with the snapshot it was made of."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    identity: str
    state: str
    profile: str
    program_version: str
    as_of: datetime
    issued_at: datetime
    issued_by: str
    delivery: str
    manifest_sha256: str
    series_id: int = Field(foreign_key="bates_series.id")
    first: int
    last: int
    snapshot: str
    archive: bool = False
    override: str = ""


class PacketPart(SQLModel, table=True):
    """A part of an issued packet and its numbers."""

    __tablename__ = "packet_part"
    id: int | None = Field(default=None, primary_key=True)
    packet_id: int = Field(foreign_key="packet.id", index=True)
    position: int
    volume: str
    file: str
    key: str
    kind: str
    title: str
    exhibit: str = ""
    first: int
    last: int
    source: str = ""
    sha256: str = ""


class Receipt(SQLModel, table=True):
    """A prosecutor's answer to an issued packet; `reasons` keep their wording of that day.

    Rows are added and never changed; one that was recorded by mistake stays, with
    its row in `receipt_withdrawal`.
    """

    id: int | None = Field(default=None, primary_key=True)
    packet_id: int = Field(foreign_key="packet.id", index=True)
    outcome: str
    answered_on: str
    answered_by: str = ""
    reasons: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    note: str = ""
    recorded_at: datetime
    recorded_by: str


class ReceiptWithdrawal(SQLModel, table=True):
    """That an answer was recorded by mistake, and why; none is changed."""

    __tablename__ = "receipt_withdrawal"
    id: int | None = Field(default=None, primary_key=True)
    receipt_id: int = Field(foreign_key="receipt.id", unique=True)
    note: str
    withdrawn_at: datetime
    withdrawn_by: str


class Publication(SQLModel, table=True):
    """An edition of a monthly report as it was published.

    `snapshot` holds the true counts and stays in the office; `edition` holds
    what readers were told. `versions` says, for each month that the edition
    speaks of, which state of its counts it used. `sequence` counts a profile's
    editions from one, so that no edition is made in ignorance of another. Rows are
    added and never changed.
    """

    __table_args__ = (
        UniqueConstraint("profile", "sequence"),
        UniqueConstraint("profile", "month", "number"),
    )
    id: int | None = Field(default=None, primary_key=True)
    profile: str
    sequence: int
    month: str
    number: int
    published_at: datetime
    published_by: str
    reason: str = ""
    program_version: str
    snapshot: str
    snapshot_sha256: str
    edition: str
    edition_sha256: str
    versions: str
    sums_sha256: str


class Redaction(SQLModel, table=True):
    """A place, a text or a person that is, or may be, redacted in a case's sets.

    `place` says which by its digest, so that the same place is recorded once:
    a page of an exhibit's file (`exhibit_sha256`, `page`, `boxes` in points of the
    upright page), a text of a written section (`section`, `text`), a text or a
    person (`text` or `person` alone) wherever they stand. Rows are added and never
    changed; what was decided stands in `redaction_decision`.
    """

    __table_args__ = (UniqueConstraint("case_id", "redaction_list", "place"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    redaction_list: str
    place: str
    exhibit: str = ""
    exhibit_sha256: str = ""
    page: int = 0
    boxes: list[list[float]] = Field(default_factory=list, sa_type=JSON)
    section: str = ""
    text: str = ""
    person: str = ""
    identifier: str = ""
    label: str
    reason: str
    source: str = ""
    snippet: str = ""
    confidence: float = 1.0
    proposed_at: datetime
    proposed_by: str


class RedactionDecision(SQLModel, table=True):
    """What a person decided on a redaction; the newest counts, and none is changed."""

    __tablename__ = "redaction_decision"
    id: int | None = Field(default=None, primary_key=True)
    redaction_id: int = Field(foreign_key="redaction.id", index=True)
    accepted: bool
    decided_at: datetime
    decided_by: str
    note: str = ""


class AuditEntry(SQLModel, table=True):
    """One link of the audit chain; rows are added and never changed."""

    __tablename__ = "audit_entry"
    sequence: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    who: str
    what: str
    subject: str
    before: str = ""
    after: str = ""
    previous: str
    digest: str


def _keep_text_as_written() -> None:
    """Store times as text with their offset, and choices by their value."""
    for table in SQLModel.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, EnumColumn):
                if column.type.enum_class is not None:
                    column.type = Choice(column.type.enum_class)
            elif isinstance(getattr(column.type, "impl_instance", column.type), DateTime):
                column.type = MomentText()


class Choice(TypeDecorator[enum.Enum]):
    """One of an enumeration's values, stored as that value."""

    impl = String
    cache_ok = True

    def __init__(self, choices: type[enum.Enum]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: enum.Enum | None, dialect: Dialect) -> str | None:
        """Return the value that is stored."""
        return None if value is None else str(self.choices(value).value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> enum.Enum | None:
        """Return the member that was stored."""
        return None if value is None else self.choices(value)


_keep_text_as_written()
