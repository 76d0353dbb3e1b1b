"""The publication ledger: every edition of every month's report, as it was published.

In: an edition's texts and digests. Out: rows in the order of publication. The
database refuses a second edition of the same number and any change of a row.
"""

from __future__ import annotations

from sqlmodel import Session, col, select

from referrals.records import audit
from referrals.records.tables import Publication


def record_publication(session: Session, publication: Publication) -> None:
    """Add an edition to the ledger, and what was done to the audit log."""
    session.add(publication)
    audit.append(
        session,
        at=publication.published_at,
        who=publication.published_by,
        what="report published",
        subject=f"{publication.profile} {publication.month}-{publication.number}",
        before=publication.snapshot_sha256,
        after=publication.edition_sha256,
    )
    session.flush()


def publications(session: Session, profile: str | None = None) -> list[Publication]:
    """Return the editions in the order of publication, those of one profile if named."""
    query = select(Publication).order_by(col(Publication.id))
    if profile is not None:
        query = query.where(Publication.profile == profile)
    return list(session.exec(query))
