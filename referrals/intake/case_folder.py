"""A case as it lies on disk: the values of its record and the files that it names.

In: located values and a folder. Out: a `CaseFolder`, or an `InputError` whose findings name every
refused value at once, each with file, line, field, what was found and what
would do. Nothing is copied and nothing is written; `take_in` does that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from referrals.errors import InputError
from referrals.findings import Finding, Severity
from referrals.intake import narrative
from referrals.intake.folder_files import file_findings, listing
from referrals.intake.located import Located, texts
from referrals.intake.record_texts import text_findings
from referrals.intake.references import reference_findings
from referrals.records.case_record import CaseRecord
from referrals.records.snapshot import Narrative
from referrals.refusals import Path as Way
from referrals.refusals import field_at, is_time, refusals, shown
from stamping.cage import STOPPED, Cage, run_one


@dataclass(frozen=True, slots=True)
class CaseFolder:
    """A case as it lies on disk, found fit to be taken in.

    `files` maps each file that the record names to where it really is; the
    order is the record's. `places` does the same for recordings that are not
    copied: a path or a URL. `findings` are warnings: nothing here is blocking.
    """

    folder: Path
    record: CaseRecord
    narratives: tuple[Narrative, ...]
    files: dict[str, Path]
    findings: tuple[Finding, ...]
    places: dict[str, str] = field(default_factory=dict)


def validated(located: Located) -> tuple[CaseRecord | None, list[Finding]]:
    """Return the record that the values make, and a finding for each one refused."""
    places = [(way, text, located.where(way)) for way, text in texts(located.value)]
    found = text_findings(places)
    for way, text, place in places:
        info = field_at(CaseRecord, way)
        # pydantic reads a bare number as seconds since 1970, which no clerk means.
        if info and is_time(info.annotation) and text.replace(".", "").strip("+- ").isdigit():
            found.append(
                Finding(
                    Severity.BLOCKING,
                    "value-refused",
                    f"'{way[-1]}' holds {shown(text)}, which is a number and no date",
                    place,
                    "Write 2026-03-14 for a date, 2026-03-14T21:05:00-05:00 for a time.",
                )
            )
    try:
        return CaseRecord.model_validate(located.value), found
    except ValidationError as error:
        said = {finding.where for finding in found}
        refused = refusals(error, CaseRecord, located.where)
        return None, found + [finding for finding in refused if finding.where not in said]


def case_from(
    located: Located, folder: Path, footage: str = "", found: Sequence[Finding] = ()
) -> CaseFolder:
    """Return the case of values that a source gave, with the files in `folder`.

    `found` is what was noticed while the values were read. `footage` is a folder or a URL
    where recordings that are registered in place are looked for, if they are not in `folder`.

    Raises:
        InputError: something is refused; its findings name all of it.
    """
    found = list(found)
    record: CaseRecord | None = None
    if located.value:
        record, refused = validated(located)
        found = found + refused
    elif not found:
        found = [
            Finding(
                Severity.BLOCKING,
                "record-empty",
                "it holds no case record",
                located.source,
                "Write the record's sections: 'case:', 'incident:' and so on.",
            )
        ]
    if record is None:
        raise refusal(located.source, found)
    said = {finding.where for finding in found}
    found += [
        finding
        for finding in reference_findings(record, located.where)
        if finding.where not in said
    ]
    inside = listing(folder)
    files, more = file_findings(record, inside, located.where, footage)
    found += more
    in_place = {entry.file for entry in record.footage if entry.in_place}
    places = {name: str(place) for name, place in files.items() if name in in_place}
    copied = {
        name: place
        for name, place in files.items()
        if name not in in_place and isinstance(place, Path)
    }
    narratives, more = _narratives(record, copied, located)
    found += more
    if any(finding.severity is Severity.BLOCKING for finding in found):
        raise refusal(located.source, found)
    return CaseFolder(folder, record, narratives, copied, tuple(found), places)


def refusal(source: str, found: list[Finding]) -> InputError:
    """Return the error that stands for all findings of one record."""
    count = sum(finding.severity is Severity.BLOCKING for finding in found)
    things = "one thing" if count == 1 else f"{count} things"
    return InputError(
        f"{source} was not taken in: {things} must be fixed first.",
        remedy="Fix what is listed and run the command again; nothing was changed.",
        findings=found,
    )


def _narrative(path: Path) -> tuple[str, ...]:
    """Return the paragraphs of a narrative, read in a cage.

    Raises:
        InputError: as `narrative.paragraphs`; or reading it took too much of the machine.
    """

    def stopped(path: Path, code: str) -> tuple[str, ...]:
        raise InputError(
            f"{path.name} cannot be read: {STOPPED[code]}.",
            remedy="Save the text again as a plain document, without pictures or embedded files.",
        )

    return run_one(narrative.paragraphs, path, Cage(reads=(path,)), failed=stopped)


def _narratives(
    record: CaseRecord, files: dict[str, Path], located: Located
) -> tuple[tuple[Narrative, ...], list[Finding]]:
    read: list[Narrative] = []
    found: list[Finding] = []
    for index, entry in enumerate(record.narratives):
        if entry.file not in files:
            continue
        way: Way = ("narratives", index, "file")
        try:
            text = _narrative(files[entry.file])
        except InputError as error:
            found.append(
                Finding(
                    Severity.BLOCKING,
                    "narrative-unreadable",
                    str(error),
                    located.where(way),
                    error.remedy,
                )
            )
            continue
        found += text_findings(
            ((), paragraph, f"{entry.file}, paragraph {number}")
            for number, paragraph in enumerate(text, start=1)
        )
        read.append(
            Narrative(title=entry.title, author=entry.author, file=entry.file, paragraphs=text)
        )
    return tuple(read), found
