"""What a clerk can ask after a rejection: the kit, and its line in the audit log.

In: an office, folders and words from the command line. Out: a `Kit`. The log is told
where the office has a database that knows the case; none is made for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from referrals.bag import delivery_digest
from referrals.delivered.rejected_kit import Kit, court_set, make_kit
from referrals.delivered.rejection import Rejection
from referrals.errors import UsageError
from referrals.office.office import Office, login
from referrals.profiles.filing_rules import Ground
from referrals.profiles.profile_files import load_court
from referrals.records import audit
from referrals.records.case_store import case_numbers
from referrals.records.database import session
from referrals.refusals import nearest

ACT = "filing rejected"
"""What the audit log calls it."""


def rejected_kit(
    office: Office,
    delivery: Path,
    target: Path,
    *,
    corrected: Path | None,
    grounds: Sequence[str],
    words: str,
    rejected: date,
    attempted: date | None,
    who: str,
    now: datetime,
) -> Kit:
    """Make the kit of a rejected delivery, and tell the audit log if it knows the case.

    Raises:
        UsageError: the sets or the days do not belong together.
        DigestMismatchError: a file is not the one that was filed.
        InputError: a file cannot be read.
    """
    if attempted is not None and attempted > rejected:
        raise UsageError(
            f"The attempt of {attempted} lies after the rejection of {rejected}.",
            remedy="Correct --attempted or --on.",
        )
    original = court_set(delivery)
    rejection = Rejection(
        original=original,
        corrected=court_set(corrected) if corrected else None,
        court=load_court(original.court, office.settings.profiles),
        grounds=tuple(_ground(each) for each in dict.fromkeys(grounds)),
        words=" ".join(words.split()),
        rejected=rejected,
        attempted=attempted,
    )

    def announce(digest: str) -> None:
        if not office.settings.has_database:
            return
        with session(office.engine) as opened:
            if original.case in case_numbers(opened):
                audit.append(
                    opened,
                    at=now,
                    who=who or login(),
                    what=ACT,
                    subject=original.name,
                    before=delivery_digest(original.folder),
                    after=digest,
                )

    return make_kit(rejection, target, announce, office.progress)


def _ground(text: str) -> Ground:
    try:
        return Ground(text)
    except ValueError as error:
        guess = nearest(text, Ground)
        hint = f"Did you mean '{guess}'? " if guess else ""
        raise UsageError(
            f"'{text}' is not a ground of rejection.",
            remedy=f"{hint}Grounds: {', '.join(Ground)}.",
        ) from error
