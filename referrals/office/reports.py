"""What an editor can ask for: a month's report, the list of editions, a comparison, a check.

In: the office's database, a profile, words from the command line. Out: values to
print. Here the records, the ledger and the renderings meet.
"""

from __future__ import annotations

import getpass
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

import referrals
from referrals.errors import InputError, MachineError, UsageError
from referrals.findings import Finding, Severity
from referrals.profiles.profile import Profile
from referrals.profiles.profile_files import load
from referrals.records.database import open_database, session
from referrals.records.publications import publications, record_publication
from referrals.records.snapshot import canonical_json
from referrals.records.tables import Case, Publication
from referrals.report import folder as folders
from referrals.report.compile import Compiled, Former, compile_edition, freeze_counts, rules_of
from referrals.report.data_files import data_files
from referrals.report.differences import EditionDifference, differences
from referrals.report.edition import FORMAT, Edition, EditionSnapshot, Published, Version
from referrals.report.month import Month
from referrals.settings import Settings


@dataclass(frozen=True, slots=True)
class Issue:
    """A report that was written: its folder, its edition, and what to know of it."""

    folder: Path
    edition: Edition
    again: bool
    findings: tuple[Finding, ...]

    @property
    def words(self) -> str:
        """What was done, in a few lines."""
        edition = self.edition
        if self.again:
            done = f"Edition {edition.number} of {edition.at.title}, as it was published."
        elif edition.draft:
            done = f"Draft of {edition.at.title}: nothing was published."
        else:
            done = f"Published: edition {edition.number} of {edition.at.title}."
        attacked = edition.attacked
        lines = [
            done,
            f"{edition.hidden} of {edition.protected_cells} protected numbers are not shown. "
            f"Arithmetic on {attacked.editions} edition{'' if attacked.editions == 1 else 's'} "
            f"leaves {attacked.hidden - attacked.limited} of {attacked.hidden} hidden counts as "
            f"open as promised; {attacked.limited} are less protected than that.",
        ]
        if edition.corrections:
            lines.append(f"{len(edition.corrections)} corrected numbers are listed.")
        lines.append(f"Open first: {self.folder / f'report-{edition.month}.pdf'}")
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "folder": str(self.folder),
            "edition": self.edition.name,
            "identity": self.edition.identity,
            "published": not self.edition.draft,
            "again": self.again,
            "hidden": self.edition.hidden,
            "protected": self.edition.protected_cells,
            "attacked": self.edition.attacked.model_dump(),
            "corrections": len(self.edition.corrections),
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class ListedEdition:
    """An edition as a list shows it."""

    name: str
    profile: str
    published_at: str
    published_by: str
    hidden: int
    corrections: int
    reason: str
    identity: str

    def as_json(self) -> dict[str, Any]:
        """Return the line as plain values."""
        return asdict(self)


class ReportOffice:
    """One office's reports: its settings and its database."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engine = open_database(settings)

    def report(
        self,
        month: Month,
        output: Path | None,
        *,
        profile: str | None,
        draft: bool,
        correct: str,
        who: str,
        now: datetime,
    ) -> Issue:
        """Publish a month's report, or write what was published again.

        `correct` is the reason of a new edition of a month that was published.

        Raises:
            UsageError: the values do not fit together, the month is not over, or the
                folder is taken.
            BlockedError: a hidden count could be worked out.
            MachineError: another edition was published at the same time.
        """
        with session(self.engine) as opened:
            connection = _steady(opened)
            rules = self._profile(opened, profile)
            if not draft:
                _is_over(month, rules, now)
            former = _former(opened, rules.key)
            snapshot = freeze_counts(connection, rules, month, former, now)
        same = [each for each in former if each.published.edition.month == str(month)]
        if correct and not same:
            raise UsageError(
                f"{month.title} was not published yet, so there is nothing to correct.",
                remedy=f"Publish it: referrals report {month}",
            )
        if same and not correct and not draft:
            return self._again(same[-1], snapshot, output)
        if correct and not _changed(same[-1], snapshot):
            raise UsageError(
                f"No number of {month.title} has changed since its edition "
                f"{same[-1].published.edition.number}.",
                remedy="Take the changed cases in first: referrals intake FOLDER --update",
            )
        made = compile_edition(rules, snapshot, former, draft=draft, reason=correct)
        return self._issue(made, len(former) + 1, output, who or getpass.getuser(), now)

    def editions(self, profile: str | None) -> list[ListedEdition]:
        """Return every edition, in the order of publication."""
        with session(self.engine) as opened:
            return [_listed(row) for row in publications(opened, profile)]

    def diff(self, first: str, second: str, profile: str | None) -> list[EditionDifference]:
        """Return what two editions tell differently; each is a name or a folder.

        Raises:
            UsageError: there is no such edition.
            InputError: a folder is not a report.
        """
        return differences(self._edition(first, profile), self._edition(second, profile))

    def verify(self, folder: Path) -> list[Finding]:
        """Return what is wrong with a report's folder: its sums, its data, its place in the ledger.

        Raises:
            InputError: the folder is not a report.
        """
        findings = folders.check_sums(folder)
        edition = folders.read_edition(folder)
        for path, content in data_files(edition).items():
            if (folder / path).is_file() and (folder / path).read_bytes() != content:
                findings.append(
                    Finding(
                        Severity.BLOCKING,
                        "report-data-differ",
                        "the file does not hold the numbers of report.json",
                        path,
                        "Fetch the report again.",
                    )
                )
        with session(self.engine) as opened:
            rows = [
                row
                for row in publications(opened, edition.profile)
                if (row.month, row.number) == (edition.month, edition.number)
            ]
        if edition.draft or not rows:
            findings.append(
                Finding(
                    Severity.NOTE,
                    "report-not-in-ledger",
                    f"this office did not publish edition {edition.name}",
                    str(folder),
                )
            )
        elif rows[0].edition_sha256 != edition.identity:
            findings.append(
                Finding(
                    Severity.BLOCKING,
                    "report-not-as-published",
                    f"the ledger holds another edition {edition.name}",
                    str(folder),
                    f"Write it again: referrals report {edition.month}",
                )
            )
        return findings

    def _profile(self, opened: Session, named: str | None) -> Profile:
        if named is None:
            found = sorted(set(opened.exec(select(col(Case.profile)).distinct())))
            if len(found) != 1:
                raise UsageError(
                    "No case was taken in yet."
                    if not found
                    else f"The cases follow several profiles: {', '.join(found)}.",
                    remedy="Name the profile of the report: --profile KEY",
                )
            named = found[0]
        return load(named, self.settings.profiles)

    def _again(self, former: Former, snapshot: EditionSnapshot, output: Path | None) -> Issue:
        edition = former.published.edition
        files = folders.renderings(edition)
        findings = []
        if edition.program_version != referrals.__version__:
            findings.append(
                Finding(
                    Severity.WARNING,
                    "report-other-version",
                    f"it was published with version {edition.program_version}; pages made with "
                    f"{referrals.__version__} may look different, its numbers are the same",
                    edition.name,
                )
            )
        if _changed(former, snapshot):
            findings.append(
                Finding(
                    Severity.NOTE,
                    "report-records-changed",
                    "records of the month have changed since it was published",
                    edition.name,
                    f'Publish a new edition: referrals report {edition.month} --correct "REASON"',
                )
            )
        place = output or self._place(edition)
        folders.write(files, place)
        return Issue(place, edition, True, tuple(findings))

    def _issue(
        self, made: Compiled, sequence: int, output: Path | None, who: str, now: datetime
    ) -> Issue:
        edition = made.published.edition
        files = folders.renderings(edition)
        place = output or self._place(edition)
        if edition.draft:
            folders.write(files, place)
            return Issue(place, edition, False, made.findings)
        row = Publication(
            profile=edition.profile,
            sequence=sequence,
            month=edition.month,
            number=edition.number,
            published_at=now,
            published_by=who,
            reason=edition.reason,
            program_version=edition.program_version,
            snapshot=_text(made.snapshot.model_dump(mode="json")),
            snapshot_sha256=made.snapshot.identity,
            edition=edition.canonical.decode(),
            edition_sha256=edition.identity,
            versions=_text(
                {month: asdict(each) for month, each in made.published.versions.items()}
            ),
            sums_sha256=hashlib.sha256(files[folders.SUMS]).hexdigest(),
        )
        try:
            with session(self.engine) as opened:
                record_publication(opened, row)
                folders.write(files, place)
        except IntegrityError as error:
            raise MachineError(
                "Another report was published at the same time; nothing was published.",
                remedy="Try again.",
            ) from error
        return Issue(place, edition, False, made.findings)

    def _place(self, edition: Edition) -> Path:
        name = f"{edition.name}-draft" if edition.draft else edition.name
        return self.settings.home / "reports" / edition.profile / name

    def _edition(self, named: str, profile: str | None) -> Edition:
        if Path(named).is_dir():
            return folders.read_edition(Path(named))
        with session(self.engine) as opened:
            rows = publications(opened, profile)
        found = [row for row in rows if named in (row.month, f"{row.month}-{row.number}")]
        if not found:
            known = ", ".join(f"{row.month}-{row.number}" for row in rows)
            raise UsageError(
                f"There is no edition {named}.",
                remedy=f"Editions: {known}." if known else "Nothing was published yet.",
            )
        return _recorded(found[-1])


def _is_over(month: Month, profile: Profile, now: datetime) -> None:
    """Refuse to publish a month that has not ended in the time zone of the report.

    Raises:
        UsageError: it is still running, or has not begun.
    """
    zone = rules_of(profile).time_zone
    if now < month.plus(1).begins(zone):
        state = "is not over yet" if now >= month.begins(zone) else "has not begun"
        raise UsageError(
            f"{month.title} {state}, so its report cannot be published.",
            remedy=f"Make a draft: referrals report {month} --draft",
        )


def _steady(opened: Session) -> Connection:
    """Return the session's connection, all of whose queries see the same rows.

    SQLite's transactions always do; PostgreSQL's must ask for it first.
    """
    if opened.get_bind().dialect.name == "sqlite":
        return opened.connection()
    return opened.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _former(opened: Session, profile: str) -> Sequence[Former]:
    return [
        Former(
            Published(
                _recorded(row),
                {month: Version(**each) for month, each in json.loads(row.versions).items()},
            ),
            EditionSnapshot.model_validate_json(row.snapshot),
        )
        for row in publications(opened, profile)
    ]


def _recorded(row: Publication) -> Edition:
    """Return the edition of a row of the ledger.

    Raises:
        InputError: it is kept in another form than this version of the program reads.
    """
    form = json.loads(row.edition).get("format")
    if form != FORMAT:
        raise InputError(
            f"Edition {row.month}-{row.number} is kept in form {form} of the ledger; this version "
            f"of the program reads form {FORMAT}.",
            remedy=f"Use the version that published it: {row.program_version}.",
        )
    return Edition.model_validate_json(row.edition)


def _changed(former: Former, snapshot: EditionSnapshot) -> bool:
    """Whether the month's own counts differ from those that were published."""
    month = former.published.edition.month
    return former.snapshot.of(month) != snapshot.of(month)


def _listed(row: Publication) -> ListedEdition:
    edition = _recorded(row)
    return ListedEdition(
        name=edition.name,
        profile=row.profile,
        published_at=f"{row.published_at:%Y-%m-%d %H:%M %Z}",
        published_by=row.published_by,
        hidden=edition.hidden,
        corrections=len(edition.corrections),
        reason=row.reason,
        identity=row.edition_sha256,
    )


def _text(value: Any) -> str:
    return canonical_json(value).decode()
