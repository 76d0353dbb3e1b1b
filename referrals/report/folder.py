"""The report as a folder that anyone can check.

In: an edition. Out: a folder with every rendering and SHA256SUMS, made beside
its place and moved there whole; or findings on a folder that is no longer as it
was made.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

from pydantic import ValidationError

from referrals.errors import InputError, UsageError
from referrals.findings import Finding, Severity
from referrals.report.data_files import data_files
from referrals.report.edition import Edition
from referrals.report.pages import html, pdf
from referrals.report.word import word

SUMS = "SHA256SUMS"


def renderings(edition: Edition) -> dict[str, bytes]:
    """Return every file of the report by its path, SHA256SUMS among them.

    Raises:
        MachineError: a library for charts or pages is missing.
    """
    name = f"report-{edition.month}"
    files = {
        f"{name}.pdf": pdf(edition),
        f"{name}.html": html(edition),
        f"{name}.docx": word(edition),
        **data_files(edition),
    }
    files[SUMS] = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {path}\n"
        for path, content in sorted(files.items())
    ).encode()
    return files


def write(files: dict[str, bytes], folder: Path) -> None:
    """Write the files into `folder`, all of them or none.

    A folder that holds the very same files is left as it is.

    Raises:
        UsageError: the folder is there already and holds something else.
    """
    if folder.exists():
        if _held(folder) == {path: _sha256(content) for path, content in files.items()}:
            return
        raise UsageError(
            f"{folder} is there already and holds something else.",
            remedy="Name another folder with -o.",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for path, content in files.items():
            (beside / path).parent.mkdir(parents=True, exist_ok=True)
            (beside / path).write_bytes(content)
        beside.chmod(0o755)
        beside.rename(folder)
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def read_edition(folder: Path) -> Edition:
    """Return the edition that a report's folder holds.

    Raises:
        InputError: the folder is not a report, or its report.json cannot be read.
    """
    path = folder / "report.json"
    try:
        return Edition.model_validate(json.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise InputError(
            f"{folder} is not a report: it holds no report.json.", remedy="Name a report's folder."
        ) from error
    except (ValueError, ValidationError) as error:
        raise InputError(
            f"{path} cannot be read as a report.", remedy="Fetch the report again."
        ) from error


def check_sums(folder: Path) -> list[Finding]:
    """Return a finding for each file that is changed, missing, or not in SHA256SUMS.

    Raises:
        InputError: there is no SHA256SUMS.
    """
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{folder / SUMS} cannot be read.", remedy="Fetch the report again."
        ) from error
    told = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
    held = _held(folder)
    held.pop(SUMS, None)
    findings = []
    for path in sorted(told.keys() | held.keys()):
        if path not in held:
            findings.append(_wrong("report-file-missing", "the file is missing", path))
        elif path not in told:
            findings.append(_wrong("report-file-added", "SHA256SUMS does not name it", path))
        elif told[path] != held[path]:
            findings.append(_wrong("report-file-changed", "the file was changed", path))
    return findings


def _wrong(code: str, message: str, path: str) -> Finding:
    return Finding(Severity.BLOCKING, code, message, path, "Fetch the report again.")


def _held(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): _sha256(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
