"""The kit for the motion after a rejected filing: one folder that holds what it needs.

    original/        the files that were sent back, byte for byte
    corrected/       the files that take their place, if there are any yet
    differences.csv  page by page, by number; differences.json also file by file
    motion.docx      a draft for an attorney
    kit.json, README.txt, SHA256SUMS

In: a `Rejection`: the set, the grounds, the dates, the court. Out: a `Kit`. A page
that differs although no ground calls for it is a finding: the court asks for the
original with only corrections. The same sets and words give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from referrals.bag import MANIFEST, PAYLOAD, delivery_folder
from referrals.delivered.corrections import may_differ
from referrals.delivered.court_days import Deadline, deadline
from referrals.delivered.delivered_numbers import (
    STATEMENTS,
    DeliveredNumbers,
    DeliveryKind,
    delivered_numbers,
)
from referrals.delivered.rejection import Comparison, Rejection
from referrals.delivered.rejection_motion import motion
from referrals.delivered.set_differences import (
    file_differences,
    page_differences,
)
from referrals.errors import DigestMismatchError, InputError, UsageError
from referrals.findings import Finding, Severity
from referrals.plain_words import plain_cell
from referrals.progress import Progress, silent

FORMAT = 1
SUMS = "SHA256SUMS"
NAMED = 12
"""Pages that one finding names; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit that was made: its folder, the last day, and what its reader must know."""

    folder: Path
    rejection: Rejection
    deadline: Deadline
    comparison: Comparison | None
    digest: str
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Whether anything must be mended before the motion can be used."""
        return any(finding.severity is Severity.BLOCKING for finding in self.findings)

    @property
    def words(self) -> str:
        """What was made, for a person."""
        last = self.deadline.last
        day = f"{last:%A}, {last:%B} {last.day}, {last.year}" if last else "not known"
        lines = [f"Last day for the motion: {day}."]
        if self.comparison is not None:
            counts = self.comparison.counts
            told = ", ".join(f"{count:,} {kind}" for kind, count in sorted(counts.items()))
            lines.append(f"Pages: {told}.")
        return "\n".join([*lines, str(self.folder), "The motion is a draft for an attorney."])

    def as_json(self) -> dict[str, Any]:
        """Return the kit as plain values."""
        return {
            "folder": str(self.folder),
            "digest": self.digest,
            **_values(self.rejection, self.deadline, self.comparison, self.findings),
        }


def court_set(folder: Path) -> DeliveredNumbers:
    """Return what the court set in `folder` holds.

    Raises:
        UsageError: it is a delivery of another kind.
        InputError: it is not a delivery, or does not say what it should.
    """
    found = delivered_numbers(folder)
    if found.kind is not DeliveryKind.COURT:
        raise UsageError(
            f"{folder} is a {found.kind.value}, and a court sends back a court set.",
            remedy="Name the folder that `referrals filing` made.",
        )
    return found


def make_kit(
    rejection: Rejection,
    target: Path,
    announce: Callable[[str], None] = lambda digest: None,
    progress: Progress = silent,
) -> Kit:
    """Make the kit of a rejection into the folder `target`.

    `announce` hears the digest of the kit's list of files before it takes its place.

    Raises:
        UsageError: the sets do not belong together, or `target` is there already.
        DigestMismatchError: a file is not the one that was filed.
        InputError: a file cannot be read.
    """
    _stop_if_foreign(rejection)
    original, corrected = rejection.original, rejection.corrected
    counted = deadline(rejection.rejected, rejection.rules)
    comparison = None
    if corrected is not None:
        with progress("Comparing the sets", None):
            comparison = Comparison(
                tuple(page_differences(original, corrected)),
                tuple(file_differences(original, corrected)),
            )
    uncalled = tuple(_uncalled(rejection, comparison))
    findings = (*counted.findings, *_set_findings(rejection), *uncalled)
    values = _values(rejection, counted, comparison, findings)
    with delivery_folder(target) as folder:
        _copy_proven(original, folder / "original")
        if corrected is not None and comparison is not None:
            _copy_proven(corrected, folder / "corrected")
            _write_comparison(folder, comparison)
        counts = comparison.counts if comparison else None
        draft = motion(rejection, counted, counts, explained=not uncalled)
        (folder / "motion.docx").write_bytes(draft)
        _write(folder / "kit.json", _json({"format": FORMAT, **values}))
        _write(folder / "README.txt", _readme(rejection, counted))
        sums = "".join(
            f"{_digest(path)}  {path.relative_to(folder).as_posix()}\n"
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        )
        _write(folder / SUMS, sums)
        digest = hashlib.sha256(sums.encode()).hexdigest()
        announce(digest)
    return Kit(target, rejection, counted, comparison, digest, findings)


def _stop_if_foreign(rejection: Rejection) -> None:
    original, corrected = rejection.original, rejection.corrected
    if corrected is None:
        return
    for what, one, other in (
        ("packet", original.packet, corrected.packet),
        ("court", original.court, corrected.court),
        ("Bates series", original.series.stem, corrected.series.stem),
    ):
        if one != other:
            raise UsageError(
                f"The corrected set is of another {what}: {other}, not {one}.",
                remedy="Name the corrected set of the same packet, made for the same court.",
            )
    if original.folder.resolve() == corrected.folder.resolve():
        raise UsageError(
            "The corrected set is the rejected one.", remedy="Name another with --corrected."
        )


def _copy_proven(delivery: DeliveredNumbers, target: Path) -> None:
    """Copy the files of a set, each proven against what the set states of it."""
    target.mkdir()
    listed = _manifest(delivery.folder)
    statement = STATEMENTS[delivery.kind]
    stated = {file.file: file.sha256 for file in delivery.files}
    for name in (*stated, statement):
        data = delivery.path(name).read_bytes()
        found = hashlib.sha256(data).hexdigest()
        expected = {stated.get(name, found), listed.get(f"{PAYLOAD}/{name}", "")}
        if expected != {found}:
            raise DigestMismatchError(
                f"{delivery.path(name)} is not the file that {delivery.name} was made with.",
                remedy="Restore the set from a backup, or from what was sent to the court.",
            )
        if name != statement:
            place = target / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)


def _manifest(folder: Path) -> dict[str, str]:
    path = folder / MANIFEST
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path} cannot be read.", remedy="A set without its manifest cannot be proven."
        ) from error
    return {name.strip(): sha256 for sha256, _, name in (line.partition("  ") for line in lines)}


def _set_findings(rejection: Rejection) -> Iterator[Finding]:
    court = rejection.court
    for ground in rejection.grounds:
        if court.filing.rejection(ground) is None:
            yield Finding(
                Severity.WARNING,
                "rejection-ground-unlisted",
                f"the profile of this court does not list '{ground.value}'",
                where=court.key,
                remedy="Give the clerk's own words with --words.",
            )
    for each in (rejection.original, rejection.corrected):
        if each is not None and each.draft:
            yield Finding(
                Severity.WARNING,
                "rejection-of-a-draft",
                "the set is a draft, which is not meant to be filed",
                where=each.name,
                remedy="Name the set that was filed.",
            )
    if rejection.corrected is None:
        yield Finding(
            Severity.NOTE,
            "rejection-uncorrected",
            "no corrected set was named, so nothing was compared",
            where=rejection.original.name,
            remedy="Make the kit again with --corrected when there is one.",
        )


def _uncalled(rejection: Rejection, comparison: Comparison | None) -> Iterator[Finding]:
    """Yield a finding for each kind of difference that no ground calls for."""
    if comparison is None:
        return
    allowed = may_differ(rejection.grounds)
    grounds = ", ".join(ground.value for ground in rejection.grounds)
    found: dict[str, list[str]] = {}
    for each in comparison.pages:
        if each.change is not None and each.change not in allowed:
            found.setdefault(each.change.value, []).append(each.number)
    for change, numbers in sorted(found.items()):
        count = len(numbers)
        pages = "page" if count == 1 else "pages"
        yield Finding(
            Severity.BLOCKING,
            "correction-uncalled",
            f"{count:,} {pages} ({change}) changed, which '{grounds}' does not call for",
            where=", ".join(numbers[:NAMED]) + ("" if count <= NAMED else " …"),
            remedy="File the original with only corrections, or explain each in the motion.",
        )


def _values(
    rejection: Rejection,
    counted: Deadline,
    comparison: Comparison | None,
    findings: Sequence[Finding],
) -> dict[str, Any]:
    rules, original, corrected = rejection.rules, rejection.original, rejection.corrected
    grounds = [
        {
            "ground": ground.value,
            "words": known.words if known else "",
            "source": known.source if known else "",
        }
        for ground in rejection.grounds
        for known in [rejection.court.filing.rejection(ground)]
    ]
    return {
        "case": original.case,
        "packet": original.packet,
        "court": {"key": rejection.court.key, "title": rejection.court.title},
        "original": original.name,
        "corrected": corrected.name if corrected else None,
        "attempted": rejection.attempted.isoformat() if rejection.attempted else None,
        "rejected": rejection.rejected.isoformat(),
        "grounds": grounds,
        "words": rejection.words,
        "deadline": {
            "last": counted.last.isoformat() if counted.last else None,
            "court_days": [day.isoformat() for day in counted.days],
            "counted": rules.court_days,
            "time_zone": rules.time_zone,
            "source": rules.source,
            "holidays_source": rules.holidays_source,
            "confirmed": rules.confirmed,
        },
        "differences": comparison.counts if comparison else None,
        "findings": [finding.as_json() for finding in findings],
    }


def _write_comparison(folder: Path, comparison: Comparison) -> None:
    rows = [each.row for each in comparison.pages]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {key: plain_cell(cell) if isinstance(cell, str) else cell for key, cell in row.items()}
        for row in rows
    )
    _write(folder / "differences.csv", stream.getvalue())
    files = [each.row for each in comparison.files]
    values = {"format": FORMAT, "counts": comparison.counts, "files": files, "pages": rows}
    _write(folder / "differences.json", _json(values))


def _readme(rejection: Rejection, counted: Deadline) -> str:
    last = counted.last.isoformat() if counted.last else "not known: the calendar ends before it"
    rules = rejection.rules
    days = f"{rules.court_days} court days, {rules.time_zone}"
    doubt = "" if rules.confirmed else " Unconfirmed: ask the clerk of the court."
    lines = [
        f"Kit after the rejection of {rejection.original.name}",
        "",
        f"Court: {rejection.court.title}",
        f"Rejected on: {rejection.rejected.isoformat()}",
        f"Last day for the motion: {last} ({days}).{doubt}",
        f"Rule: {rules.source}",
        f"Holidays: {rules.holidays_source}",
        "",
        "original/    the files that were sent back, byte for byte",
    ]
    if rejection.corrected is not None:
        lines += [
            "corrected/   the files that take their place",
            "differences.csv, differences.json   page by page, by number, and file by file;",
            "             'same' means the same pixels at 72 dots an inch and the same text;",
            "             front pages bear no numbers and are not compared",
        ]
    lines += [
        "motion.docx  a draft for an attorney, with blanks for what the records do not tell",
        "kit.json     all of this for programs, with what was found",
        f"{SUMS}   sha256sum -c {SUMS}",
        "",
        "A draft is not legal advice. Check every date and every word before filing.",
    ]
    return "\n".join(lines) + "\n"


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
