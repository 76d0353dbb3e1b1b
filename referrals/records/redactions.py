"""The redactions of a case: what was proposed or ordered, and what people decided.

In: an open session. Out: `RecordedRedaction`s with the newest decision. Rows are only
ever added, and every act is told to the audit log without the words themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from referrals.errors import UsageError
from referrals.records import audit
from referrals.records.case_store import case_row
from referrals.records.snapshot import canonical_json
from referrals.records.tables import Redaction, RedactionDecision


class Decision(StrEnum):
    """What became of a redaction that was proposed."""

    UNDECIDED = "undecided"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is to be redacted, as `Redaction` describes; empty fields do not count.

    `boxes` are points of the upright page: left, bottom, right, top.
    """

    exhibit: str = ""
    exhibit_sha256: str = ""
    page: int = 0
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    section: str = ""
    text: str = ""
    person: str = ""

    @property
    def words(self) -> str:
        """The place for a person."""
        if self.exhibit_sha256:
            return f"Ex. {self.exhibit}, page {self.page}"
        if self.section:
            return f"section {self.section}"
        return f"person {self.person}, everywhere" if self.person else "everywhere"

    def digest(self, identifier: str) -> str:
        """Return what tells the place from others; boxes to the nearest point."""
        values = asdict(self) | {
            "boxes": [[round(edge) for edge in box] for box in self.boxes],
            # An exhibit may be called otherwise later; its file stays the same.
            "exhibit": "",
            "text": " ".join(self.text.casefold().split()),
            "identifier": identifier,
        }
        return sha256(canonical_json(values)).hexdigest()


@dataclass(frozen=True, slots=True)
class Proposed:
    """A redaction before it is recorded: place, rule, and how sure the program is (0 to 1)."""

    place: Place
    identifier: str
    label: str
    reason: str
    source: str = ""
    snippet: str = ""
    confidence: float = 1.0

    @property
    def mark(self) -> str:
        """What tells it from other redactions of the list."""
        return self.place.digest(self.identifier)


@dataclass(frozen=True, slots=True)
class RecordedRedaction:
    """A redaction with who proposed it and what was decided, by whom, when."""

    number: int
    proposed: Proposed
    proposed_by: str
    proposed_at: datetime
    decision: Decision = Decision.UNDECIDED
    decided_by: str = ""
    decided_at: datetime | None = None
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        values = asdict(self.proposed)
        return {
            "id": self.number,
            "state": self.decision.value,
            **values.pop("place"),
            **values,
            "proposed_by": self.proposed_by,
            "proposed_at": self.proposed_at.isoformat(),
            "decided_by": self.decided_by,
            "decided_at": self.decided_at.isoformat() if self.decided_at else "",
            "note": self.note,
        }


def record_proposed(
    session: Session, case: str, key: str, proposed: Iterable[Proposed], *, who: str, at: datetime
) -> list[int]:
    """Record what the list `key` does not have yet; return the numbers of what is new."""
    owner = case_row(session, case).id or 0
    known = set(
        session.exec(
            select(Redaction.place).where(
                Redaction.case_id == owner, Redaction.redaction_list == key
            )
        )
    )
    rows = []
    for each in proposed:
        if each.mark in known:
            continue
        known.add(each.mark)
        place = asdict(each.place) | {"boxes": [list(box) for box in each.place.boxes]}
        values = {name: value for name, value in asdict(each).items() if name != "place"}
        rows.append(
            Redaction(
                case_id=owner,
                redaction_list=key,
                place=each.mark,
                proposed_at=at,
                proposed_by=who,
                **place,
                **values,
            )
        )
    session.add_all(rows)
    session.flush()
    if rows:
        _tell(session, "redactions proposed", f"{case} {key}: {len(rows)}", rows, who, at)
    return [row.id or 0 for row in rows]


def decide(
    session: Session,
    case: str,
    numbers: Sequence[int],
    *,
    accepted: bool,
    who: str,
    at: datetime,
    note: str = "",
) -> None:
    """Record a decision on redactions of a case; it takes the place of an earlier one.

    Raises:
        UsageError: the case has no redaction of such a number.
    """
    owner = case_row(session, case).id or 0
    wanted = set(numbers)
    own = session.exec(select(Redaction).where(Redaction.case_id == owner)).all()
    rows = [row for row in own if row.id in wanted]
    if missing := sorted(wanted - {row.id or 0 for row in rows}):
        raise UsageError(
            f"{case} has no redaction {missing[0]}.",
            remedy=f"List them: referrals redact list {case}",
        )
    session.add_all(
        RedactionDecision(
            redaction_id=row.id or 0, accepted=accepted, decided_at=at, decided_by=who, note=note
        )
        for row in rows
    )
    act = "redactions accepted" if accepted else "redactions rejected"
    listed = ", ".join(str(number) for number in sorted(wanted))
    _tell(session, act, f"{case} {listed}", rows, who, at)


def redactions_of(session: Session, case: str, key: str) -> list[RecordedRedaction]:
    """Return the redactions of a case under the list `key`, in the order of their numbers."""
    owner = case_row(session, case).id or 0
    rows = session.exec(
        select(Redaction)
        .where(Redaction.case_id == owner, Redaction.redaction_list == key)
        .order_by(col(Redaction.id))
    ).all()
    newest: Mapping[int, RedactionDecision] = {
        each.redaction_id: each
        for each in session.exec(
            select(RedactionDecision)
            .join(Redaction)
            .where(Redaction.case_id == owner)
            .order_by(col(RedactionDecision.id))
        )
    }
    return [_recorded(row, newest.get(row.id or 0)) for row in rows]


def _recorded(row: Redaction, decision: RedactionDecision | None) -> RecordedRedaction:
    place = Place(
        exhibit=row.exhibit,
        exhibit_sha256=row.exhibit_sha256,
        page=row.page,
        boxes=tuple((box[0], box[1], box[2], box[3]) for box in row.boxes),
        section=row.section,
        text=row.text,
        person=row.person,
    )
    proposed = Proposed(
        place, row.identifier, row.label, row.reason, row.source, row.snippet, row.confidence
    )
    recorded = RecordedRedaction(row.id or 0, proposed, row.proposed_by, row.proposed_at)
    if decision is None:
        return recorded
    return RecordedRedaction(
        recorded.number,
        proposed,
        row.proposed_by,
        row.proposed_at,
        Decision.ACCEPTED if decision.accepted else Decision.REJECTED,
        decision.decided_by,
        decision.decided_at,
        decision.note,
    )


def _tell(
    session: Session, what: str, subject: str, rows: Sequence[Redaction], who: str, at: datetime
) -> None:
    places = canonical_json(sorted(row.place for row in rows))
    after = sha256(places).hexdigest()
    audit.append(session, at=at, who=who, what=what, subject=subject, after=after)
