"""Reads a case folder: `case.yaml`, the manifest beside it and the files that it names.

In: a folder. Out: a `CaseFolder`, or an `InputError` whose findings name every refused
value at once. Nothing is copied and nothing is written; `take_in` does that.
"""

from __future__ import annotations

from pathlib import Path

from referrals.errors import InputError
from referrals.findings import Finding
from referrals.intake.case_folder import CaseFolder, case_from
from referrals.intake.footage_manifest import with_manifest
from referrals.intake.located import LARGEST, Located, read_yaml
from referrals.intake.text_encoding import read_text

RECORD = "case.yaml"
"""The name of the record in a case folder."""


def read_case_folder(folder: Path, footage: str = "") -> CaseFolder:
    """Return the case that `folder` holds.

    `footage` is a folder or a URL where recordings that are registered in place
    are looked for, if they are not in the case folder.

    Raises:
        InputError: something is refused; its findings name all of it.
    """
    if not folder.is_dir():
        raise InputError(
            f"There is no folder {folder}.",
            remedy="Give the folder that holds case.yaml; `referrals new` makes one.",
        )
    located, found = _read(folder / RECORD)
    located, more = with_manifest(located, folder)
    return case_from(located, folder, footage, [*found, *more])


def _read(path: Path) -> tuple[Located, list[Finding]]:
    try:
        if not path.exists():
            raise InputError(
                f"There is no {RECORD} in {path.parent}.",
                remedy="Give the folder that holds case.yaml; `referrals new` makes one.",
            )
        if path.stat().st_size > LARGEST:
            raise InputError(
                f"{path} is larger than {LARGEST:,} bytes.",
                remedy="Keep long texts in statements/ and name them under 'narratives'.",
            )
        return read_yaml(read_text(path), path.name)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}.",
            remedy="Check the file and the right to read it.",
        ) from error
