"""Takes cases in: a case folder, or an export through a column map.

In: an office and a folder. Out: what was taken in; all of it, or nothing.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from referrals.intake.case_yaml import read_case_folder
from referrals.intake.column_map import read_export
from referrals.intake.take_in import IntakeResult, total_bytes
from referrals.intake.take_in import take_in as take_case_in
from referrals.office.office import Office, login
from referrals.records.database import session


def take_in(
    office: Office,
    folder: Path,
    *,
    column_map: Path | None = None,
    update: bool = False,
    who: str = "",
    now: datetime,
) -> IntakeResult:
    """Take a case folder, or an export through a column map, in.

    `update` allows a case that is known already to change. `who` is for the audit log;
    left out, it is the login name.

    Raises:
        InputError: something is refused; its findings name all of it.
    """
    footage = office.settings.footage_url
    case = (
        read_export(column_map, folder, footage)
        if column_map
        else read_case_folder(folder, footage)
    )
    office.profile(case.record.case.profile)
    with (
        office.progress("Taking in", total_bytes(case), "bytes") as advance,
        session(office.engine) as opened,
    ):
        return take_case_in(
            case,
            opened,
            office.store,
            at=now,
            who=who or login(),
            update=update,
            progress=lambda amount: advance(amount),
        )
