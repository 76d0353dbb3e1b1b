"""What is submitted when someone names files or the folder of a delivery.

In: paths from the command line. Out: a `Submission`. Of a folder, the files are the
volumes that `filing.json` or `packet.json` lists, in its order; what else lies there
is not filed. Nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from referrals.bag import PAYLOAD
from referrals.errors import InputError, UsageError
from referrals.identifiers.candidates import Search
from referrals.preflight.submission import Submission
from referrals.profiles.filing_rules import FilingRules
from referrals.profiles.redaction_list import redaction_list

STATEMENTS = ("filing.json", "packet.json")
"""The files that say what a delivery holds; the first that is there is read."""

SIGNED = "signed"
"""The state of a statement that is signed for the record as it stands."""


class _Held(BaseModel):
    """What is read of such a file; the rest is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _File(_Held):
    file: str


class _Attestation(_Held):
    key: str
    required: bool = True
    state: str = ""


class _Statement(_Held):
    case: str
    files: tuple[_File, ...] = ()
    volumes: tuple[_File, ...] = ()
    envelopes: tuple[tuple[str, ...], ...] = ()
    attestations: tuple[_Attestation, ...] = Field(default=())


def submission_of(
    paths: Sequence[Path], rules: FilingRules, *, case: str = "", others: Sequence[str] = ()
) -> Submission:
    """Return what `paths` submit: PDFs, or the folder of a delivery or court set.

    `case` goes before the number that a folder states; `others` are numbers that
    must not stand in the files.

    Raises:
        UsageError: a folder and files together, or nothing that could be filed.
        InputError: what a folder says of itself cannot be read.
    """
    folders = [path for path in paths if path.is_dir()]
    if folders and len(paths) > 1:
        raise UsageError(
            "A folder is checked by itself.", remedy="Name one folder, or PDF files only."
        )
    found = _of_folder(folders[0]) if folders else Submission(tuple(paths))
    if not found.files:
        raise UsageError(
            f"{folders[0]} holds no PDF.", remedy="Name the folder of a delivery, or PDF files."
        )
    names = [path.name for path in found.files]
    if twice := [name for name in names if names.count(name) > 1]:
        raise UsageError(f"Two files are called {twice[0]}.", remedy="Rename one of them.")
    search = Search(redaction_list(rules.redaction_list)) if rules.redaction_list else None
    return replace(
        found,
        case_number=case or found.case_number,
        other_case_numbers=tuple(others),
        search=search,
    )


def _of_folder(folder: Path) -> Submission:
    payload = folder / PAYLOAD if (folder / PAYLOAD).is_dir() else folder
    named = next((payload / name for name in STATEMENTS if (payload / name).is_file()), None)
    if named is None:
        return Submission(tuple(sorted(payload.glob("*.pdf"))))
    try:
        value = json.loads(named.read_text("utf-8"))
        # The list `files` of a packet names everything in it, its volumes what has pages.
        value = {**value, "files": [] if named.name == "packet.json" else value.get("files", [])}
        stated = _Statement.model_validate(value)
    except (OSError, ValueError, TypeError, ValidationError) as error:
        raise InputError(
            f"{named} cannot be read as what a delivery says of itself.",
            remedy="Prove the delivery ('referrals verify'), or name its PDF files.",
        ) from error
    names = [each.file for each in stated.files or stated.volumes]
    if strange := [name for name in names if PurePosixPath(name).name != name]:
        raise InputError(
            f"{named} names {strange[0]}, which is not a file beside it.",
            remedy="Prove the delivery ('referrals verify'), or name its PDF files.",
        )
    return Submission(
        tuple(payload / name for name in names),
        case_number=stated.case,
        envelopes=stated.envelopes,
        unsigned=tuple(
            f"statement {each.key}"
            for each in stated.attestations
            if each.required and each.state != SIGNED
        ),
    )
