"""Cases in and out of the database, whole.

In: a record with its evidence. Out: the same record, or a `Snapshot`. One table
of lists (`LISTS`) drives both ways, so that a case is read with the same number
of queries whatever its size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import Session, SQLModel, col, select

from referrals.errors import UsageError
from referrals.records import case_record, fields, tables
from referrals.records.case_record import CaseRecord
from referrals.records.custody_events import save_custody
from referrals.records.snapshot import (
    ElectronicSignature,
    EvidenceFile,
    IssuedExhibit,
    IssuedPacket,
    MediaFacts,
    Narrative,
    SignedAttestation,
    Snapshot,
)


@dataclass(frozen=True, slots=True)
class ListedSection:
    """A list of the record: its name, its entries' class, its table.

    `nested` is the list inside each entry, if there is one.
    """

    name: str
    entry: type[SQLModel]
    table: type[Any]
    nested: ListedSection | None = None


LISTS = (
    ListedSection("incident", fields.IncidentFields, tables.Incident),
    ListedSection("referral", fields.ReferralFields, tables.Referral),
    ListedSection("persons", fields.PersonFields, tables.Person),
    ListedSection("federal_personnel", fields.FederalPersonFields, tables.FederalPerson),
    ListedSection("credential_checks", fields.CredentialCheckFields, tables.CredentialCheck),
    ListedSection("units", fields.UnitFields, tables.Unit),
    ListedSection("force", fields.ForceFields, tables.Force),
    ListedSection("injuries", fields.InjuryFields, tables.Injury),
    ListedSection("detentions", fields.DetentionFields, tables.Detention),
    ListedSection("medical_aid", fields.MedicalAidFields, tables.MedicalAid),
    ListedSection(
        "allegations",
        case_record.Allegation,
        tables.Allegation,
        ListedSection("elements", fields.ElementFields, tables.Element),
    ),
    ListedSection("exhibits", fields.ExhibitFields, tables.Exhibit),
    ListedSection(
        "footage",
        case_record.Footage,
        tables.Footage,
        ListedSection("key_moments", fields.KeyMomentFields, tables.KeyMoment),
    ),
    ListedSection("custody", fields.CustodyEventFields, tables.CustodyEvent),
    ListedSection("chronology", fields.ChronologyFields, tables.Chronology),
    ListedSection("immunity_facts", fields.ImmunityFactFields, tables.ImmunityFact),
    ListedSection("unused_material", fields.UnusedMaterialFields, tables.UnusedMaterial),
    ListedSection("exculpatory", fields.ExculpatoryFields, tables.Exculpatory),
    ListedSection("outstanding", fields.OutstandingFields, tables.Outstanding),
    ListedSection(
        "attestations",
        case_record.Attestation,
        tables.Attestation,
        ListedSection("paragraphs", fields.ParagraphFields, tables.Paragraph),
    ),
    ListedSection("reasons", fields.ReasonFields, tables.Reason),
)
"""Every list of the record but the narratives, which carry their paragraphs too."""

SINGLE = frozenset({"incident", "referral"})
"""Those that hold exactly one entry."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as a list shows it."""

    number: str
    title: str
    profile: str
    exhibits: int
    footage: int
    packets: int

    def as_json(self) -> dict[str, Any]:
        """Return the line as plain values."""
        return asdict(self)


def save_case(
    session: Session,
    record: CaseRecord,
    evidence: Sequence[EvidenceFile],
    media: Sequence[MediaFacts],
    narratives: Sequence[Narrative],
) -> None:
    """Write a case, in place of what was there; its packets, forms and custody stay.

    Raises:
        BlockedError: the record lacks a custody event that was taken in before.
    """
    row = session.exec(
        select(tables.Case).where(tables.Case.number == record.case.number)
    ).one_or_none()
    if row is None:
        row = tables.Case(**record.case.model_dump())
    else:
        for name, value in record.case.model_dump().items():
            setattr(row, name, value)
        _clear(session, row.id)
    session.add(row)
    session.flush()
    assert row.id is not None
    session.add_all(_rows(row.id, record))
    save_custody(session, row.id, record.custody)
    session.add_all(
        tables.NarrativeFile(
            case_id=row.id,
            position=position,
            paragraphs=list(narrative.paragraphs),
            title=narrative.title,
            author=narrative.author,
            file=narrative.file,
        )
        for position, narrative in enumerate(narratives)
    )
    for table, entries in ((tables.Evidence, evidence), (tables.Media, media)):
        session.add_all(
            table(case_id=row.id, position=position, **entry.model_dump())
            for position, entry in enumerate(entries)
        )
    session.flush()


def load_record(session: Session, number: str) -> CaseRecord:
    """Return the record of a case as it was saved.

    Raises:
        UsageError: there is no such case.
    """
    row = case_row(session, number)
    return _record(session, row, _narratives(session, row.id))


def case_numbers(session: Session) -> list[str]:
    """Return the numbers of all cases, in order."""
    return list(session.exec(select(tables.Case.number).order_by(tables.Case.number)))


def list_cases(session: Session) -> list[CaseLine]:
    """Return a line for each case, by number."""
    counts = [
        dict(session.exec(select(table.case_id, func.count()).group_by(col(table.case_id))).all())
        for table in (tables.Exhibit, tables.Footage, tables.Packet)
    ]
    rows = session.exec(select(tables.Case).order_by(tables.Case.number))
    return [
        CaseLine(
            row.number, row.title, row.profile, *(count.get(row.id or 0, 0) for count in counts)
        )
        for row in rows
    ]


def case_row(session: Session, number: str) -> tables.Case:
    """Return the row of a case.

    Raises:
        UsageError: there is no such case; the message names those there are.
    """
    row = session.exec(select(tables.Case).where(tables.Case.number == number)).one_or_none()
    if row is None:
        known = case_numbers(session)
        raise UsageError(
            f"There is no case {number}.",
            remedy=f"Cases: {', '.join(known)}." if known else "Take one in: referrals intake.",
        )
    return row


def freeze(session: Session, number: str, as_of: datetime) -> Snapshot:
    """Return the whole case as it stands, as of that instant.

    Raises:
        UsageError: there is no such case.
    """
    row = case_row(session, number)
    narratives = _narratives(session, row.id)
    return Snapshot(
        as_of=as_of,
        record=_record(session, row, narratives),
        evidence=tuple(_values(session, row.id, tables.Evidence, EvidenceFile)),
        media=tuple(_values(session, row.id, tables.Media, MediaFacts)),
        narratives=tuple(
            Narrative(
                title=narrative.title,
                author=narrative.author,
                file=narrative.file,
                paragraphs=tuple(narrative.paragraphs),
            )
            for narrative in narratives
        ),
        signed=tuple(signed_attestations(session, number)),
        issued=tuple(_issued(session, row.id)),
    )


def record_signed(
    session: Session, number: str, signed: SignedAttestation, taken_in_at: datetime
) -> None:
    """Record a signed form; an earlier one for the same attestation gives way."""
    row = case_row(session, number)
    session.exec(
        delete(tables.SignedForm).where(
            col(tables.SignedForm.case_id) == row.id,
            col(tables.SignedForm.attestation) == signed.attestation,
        )
    )
    values = signed.model_dump(mode="json")
    session.add(tables.SignedForm(case_id=row.id or 0, taken_in_at=taken_in_at, **values))


def signed_attestations(session: Session, number: str) -> list[SignedAttestation]:
    """Return the signed forms of a case, by attestation."""
    row = case_row(session, number)
    rows = session.exec(
        select(tables.SignedForm)
        .where(tables.SignedForm.case_id == row.id)
        .order_by(tables.SignedForm.attestation)
    )
    return [
        SignedAttestation(
            attestation=form.attestation,
            statement_sha256=form.statement_sha256,
            facts=form.facts,
            signed_on=form.signed_on,
            scan=EvidenceFile.model_validate(form.scan),
            signatures=tuple(map(ElectronicSignature.model_validate, form.signatures)),
            ink_countersigner=form.ink_countersigner,
        )
        for form in rows
    ]


def _clear(session: Session, case_id: int | None) -> None:
    nested: list[type[Any]] = [listed.nested.table for listed in LISTS if listed.nested]
    whole: list[type[Any]] = [
        listed.table for listed in LISTS if listed.table is not tables.CustodyEvent
    ]
    others: list[type[Any]] = [tables.NarrativeFile, tables.Evidence, tables.Media]
    for table in (*nested, *whole, *others):
        session.exec(delete(table).where(col(table.case_id) == case_id))


def _rows(case_id: int, record: CaseRecord) -> Iterator[SQLModel]:
    for listed in LISTS:
        if listed.table is tables.CustodyEvent:
            continue
        held = getattr(record, listed.name)
        for position, entry in enumerate([held] if listed.name in SINGLE else held):
            values = entry.model_dump()
            if listed.nested:
                below = values.pop(listed.nested.name)
                for place, inner in enumerate(below):
                    yield listed.nested.table(
                        case_id=case_id, parent=position, position=place, **inner
                    )
            yield listed.table(case_id=case_id, position=position, **values)


def _record(
    session: Session, row: tables.Case, narratives: Sequence[tables.NarrativeFile]
) -> CaseRecord:
    values: dict[str, Any] = {"case": _fields(row, fields.CaseFields)}
    for listed in LISTS:
        entries = _entries(session, row.id, listed)
        values[listed.name] = entries[0] if listed.name in SINGLE else entries
    values["narratives"] = [_fields(each, fields.NarrativeFields) for each in narratives]
    return CaseRecord.model_validate(values)


def _entries(session: Session, case_id: int | None, listed: ListedSection) -> list[dict[str, Any]]:
    rows = _in_order(session, case_id, listed.table)
    entries = [_fields(row, listed.entry) for row in rows]
    if listed.nested:
        for entry in entries:
            entry[listed.nested.name] = []
        for row in _in_order(session, case_id, listed.nested.table):
            inner = _fields(row, listed.nested.entry)
            entries[row.parent][listed.nested.name].append(inner)
    return entries


def _in_order(session: Session, case_id: int | None, table: type[Any]) -> Sequence[Any]:
    return session.exec(
        select(table).where(table.case_id == case_id).order_by(table.position)
    ).all()


def _fields(row: SQLModel, entry: type[SQLModel]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in entry.model_fields if hasattr(row, name)}


def _values(
    session: Session, case_id: int | None, table: type[Any], value: type[Any]
) -> Iterator[Any]:
    for row in _in_order(session, case_id, table):
        yield value(**{name: getattr(row, name) for name in value.model_fields})


def _narratives(session: Session, case_id: int | None) -> Sequence[tables.NarrativeFile]:
    return _in_order(session, case_id, tables.NarrativeFile)


def _issued(session: Session, case_id: int | None) -> Iterator[IssuedPacket]:
    packets = session.exec(
        select(tables.Packet)
        .where(
            tables.Packet.case_id == case_id, tables.Packet.state != tables.PacketState.DELIVERING
        )
        .order_by(col(tables.Packet.first))
    ).all()
    parts = session.exec(
        select(tables.PacketPart)
        .join(tables.Packet, col(tables.Packet.id) == col(tables.PacketPart.packet_id))
        .where(tables.Packet.case_id == case_id)
        .order_by(col(tables.PacketPart.packet_id), col(tables.PacketPart.position))
    ).all()
    for packet in packets:
        own = [part for part in parts if part.packet_id == packet.id]
        yield IssuedPacket(
            packet=packet.name,
            identity=packet.identity,
            issued_at=packet.issued_at,
            first=packet.first,
            last=packet.last,
            exhibits=tuple(
                IssuedExhibit(
                    designator=part.exhibit,
                    first=part.first,
                    last=part.last,
                    confidential=part.volume == "confidential",
                )
                for part in own
                if part.key.startswith("exhibit-")
            ),
            footage=tuple(part.sha256 for part in own if part.kind == "footage"),
        )
