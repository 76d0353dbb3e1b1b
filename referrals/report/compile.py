"""From records to an edition that may be published: count, freeze, protect, correct.

In: the database, a profile, a month, what was published before. Out: the
snapshot, which stays, and the edition, which goes out, with the verdict of the
attack. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlmodel import SQLModel

import referrals
from referrals.errors import BlockedError, UsageError
from referrals.findings import Finding, Severity
from referrals.profiles.profile import Profile, Report
from referrals.records import tables
from referrals.report.attack import AttackVerdict
from referrals.report.content import forms
from referrals.report.corrections import corrections
from referrals.report.counts import MonthCounts, count
from referrals.report.edition import (
    COMPARED,
    Attacked,
    Counted,
    Edition,
    EditionSnapshot,
    Published,
    Version,
)
from referrals.report.knowledge import variable
from referrals.report.month import WINDOW, Month
from referrals.report.protection import protect
from referrals.report.table import TOTAL, Place, Table, TableForm, completed


@dataclass(frozen=True, slots=True)
class Former:
    """An edition that was published, with the snapshot it was made of."""

    published: Published
    snapshot: EditionSnapshot


@dataclass(frozen=True, slots=True)
class Compiled:
    """A new edition with the states of its months, its snapshot, and the attack's verdict."""

    published: Published
    snapshot: EditionSnapshot
    verdict: AttackVerdict
    findings: tuple[Finding, ...]


def freeze_counts(
    connection: Connection,
    profile: Profile,
    month: Month,
    former: Sequence[Former],
    as_of: datetime,
) -> EditionSnapshot:
    """Return the true counts of `month`, of those it is compared with, and of all published.

    Raises:
        UsageError: the profile has no rules for a report.
        BlockedError: fictional sample cases stand among real ones.
    """
    rules = rules_of(profile)
    first = min([month.plus(1 - COMPARED), *(each.published.edition.at for each in former)])
    last = max([month, *(each.published.edition.at for each in former)])
    months: list[Month] = []
    while not months or months[-1] < last:
        months.append(first.plus(len(months)))
    counted = count(connection, profile, rules, months)
    every = forms(rules)
    return EditionSnapshot(
        as_of=as_of,
        profile=profile.key,
        month=str(month),
        fictional=_fictional(connection, profile),
        counted=tuple(_counted(each, counted, every) for each in months),
    )


def compile_edition(
    profile: Profile,
    snapshot: EditionSnapshot,
    former: Sequence[Former],
    *,
    draft: bool = False,
    reason: str = "",
) -> Compiled:
    """Return the edition that `snapshot` makes after all that was published.

    Raises:
        UsageError: the profile has no rules for a report.
        BlockedError: a hidden count could be worked out.
        MachineError: the solver is not installed.
    """
    rules = rules_of(profile)
    month = Month.parse(snapshot.month)
    same = [each for each in former if each.published.edition.month == snapshot.month]
    every = forms(rules)
    versions = _versions(snapshot, former, every)
    history = [each.published for each in former]
    told = _told(snapshot, month)
    medians = {
        str(each): _of(snapshot, str(each)).told_medians(rules.threshold)
        for each in month.window(COMPARED)
    }

    def publish(tables: tuple[Table, ...], attacked: Attacked = NOT_ATTACKED) -> Published:
        edition = Edition(
            month=snapshot.month,
            number=len(same) + 1,
            profile=profile.key,
            title=rules.title,
            agency=profile.agency.name,
            contact=rules.contact,
            time_zone=rules.time_zone,
            as_of=snapshot.as_of,
            fictional=snapshot.fictional,
            draft=draft,
            reason=reason,
            program_version=referrals.__version__,
            threshold=rules.threshold,
            protection=rules.protection,
            threshold_source=rules.source,
            trend=told,
            medians=medians,
            tables=tables,
            attacked=attacked,
        )
        return Published(edition, versions)

    chosen, verdict = protect(
        every,
        _cells(snapshot, every),
        history,
        publish,
        rules.threshold,
        rules.protection,
        _unprinted(snapshot, every, versions),
    )
    if verdict.findings:
        raise BlockedError(
            f"The report of {month.title} was not made: hidden counts could be worked out.",
            findings=verdict.findings,
        )
    edition = publish(chosen, verdict.summary).edition
    corrected = corrections(edition, snapshot, history)
    edition = edition.model_copy(update={"corrections": corrected})
    notes = [*_notes(snapshot, every), *_few_changes(edition, versions[snapshot.month])]
    return Compiled(Published(edition, versions), snapshot, verdict, tuple(notes))


NOT_ATTACKED = Attacked(hidden=0, limited=0, narrowest=0, editions=0)
"""What an edition bears while its tables are still being chosen."""


def rules_of(profile: Profile) -> Report:
    """Return the profile's rules for the report.

    Raises:
        UsageError: it has none.
    """
    if profile.report is None:
        raise UsageError(
            f"The profile {profile.key} has no rules for a public report.",
            remedy="Add a [report] table; docs/profiles.md describes it.",
        )
    return profile.report


def _fictional(connection: Connection, profile: Profile) -> bool:
    cases = SQLModel.metadata.tables[str(tables.Case.__tablename__)].c
    kinds = connection.execute(
        select(cases.fictional, func.count())
        .where(cases.profile == profile.key)
        .group_by(cases.fictional)
    ).all()
    if len(kinds) > 1:
        counts = {bool(kind): amount for kind, amount in kinds}
        raise BlockedError(
            f"{counts[True]} fictional sample cases stand among {counts[False]} real ones.",
            remedy="Keep sample cases in a home folder of their own: --home.",
        )
    return bool(kinds and kinds[0][0])


def _counted(
    month: Month, counted: Mapping[Month, MonthCounts], every: Sequence[TableForm]
) -> Counted:
    own = counted[month]
    cells = {}
    for form in every:
        if form.months == 1:
            filled = completed(form, own.cells.get(form.key, {}))
            cells[form.key] = tuple(
                tuple(filled[row, column] for column in form.columns.keys) for row in form.rows.keys
            )
    return Counted(month=str(month), measures=own.measures, medians=own.medians, tables=cells)


def _cells(snapshot: EditionSnapshot, every: Sequence[TableForm]) -> dict[str, dict[Place, int]]:
    """Return the true cells of the report's tables."""
    months = [str(month) for month in Month.parse(snapshot.month).window(WINDOW)]
    by_key = {form.key: form for form in every}
    cells: dict[str, dict[Place, int]] = {}
    for form in every:
        if form.months == 1:
            cells[form.key] = _by_place(form, _of(snapshot, snapshot.month).tables[form.key])
            continue
        margin = next(
            each for each in by_key.values() if each.margin == form.margin and each.months == 1
        )
        summed = dict.fromkeys(form.places, 0)
        for month in months:
            monthly = _by_place(margin, _of(snapshot, month).tables[margin.key])
            for row, column in summed:
                summed[row, column] += monthly[row, column]
        cells[form.key] = summed
    return cells


def _unprinted(
    snapshot: EditionSnapshot, every: Sequence[TableForm], versions: Mapping[str, Version]
) -> dict[str, int]:
    """Return the true margins of all months counted, by the names that readers' knowledge uses."""
    found = {}
    for form in every:
        if form.protected and form.margin and form.months == 1:
            for counted in snapshot.counted:
                begin = f"{counted.month}#{versions[counted.month].number}"
                for place, value in _by_place(form, counted.tables[form.key]).items():
                    if place[1] == TOTAL:
                        found[variable(begin, form, place)] = value
    return found


def _by_place(form: TableForm, rows: Sequence[Sequence[int]]) -> dict[Place, int]:
    flat = [value for row in rows for value in row]
    return dict(zip(form.places, flat, strict=True))


def _of(snapshot: EditionSnapshot, month: str) -> Counted:
    found = snapshot.of(month)
    assert found is not None, f"the snapshot holds {month}"
    return found


def _told(snapshot: EditionSnapshot, month: Month) -> dict[str, dict[str, int]]:
    return {str(each): _of(snapshot, str(each)).measures for each in month.window(COMPARED)}


def _versions(
    snapshot: EditionSnapshot, former: Sequence[Former], every: Sequence[TableForm]
) -> dict[str, Version]:
    """Return the state of each month counted: that of the last edition, or a new one."""
    versions = {}
    for counted in snapshot.counted:
        last = next(
            (each for each in reversed(former) if counted.month in each.published.versions), None
        )
        if last is None:
            versions[counted.month] = Version(1)
            continue
        before = last.snapshot.of(counted.month)
        version = last.published.versions[counted.month]
        lists = {table.key: table for table in last.published.edition.tables}
        if before is not None and (before.tables != counted.tables or _relisted(lists, every)):
            version = Version(version.number + 1, _changes(before, lists, counted, every))
        versions[counted.month] = version
    return versions


def _relisted(lists: Mapping[str, Table], every: Sequence[TableForm]) -> bool:
    """Whether the lines of a table, or what they belong to, are no longer those of `lists`."""
    return any(
        (lists[form.key].rows.families, lists[form.key].columns.families)
        != (form.rows.families, form.columns.families)
        for form in every
        if form.key in lists
    )


def _changes(
    before: Counted, lists: Mapping[str, TableForm], after: Counted, every: Sequence[TableForm]
) -> dict[str, int]:
    """Return by how much the innermost counts of each protected table and margin differ.

    Counts are matched by the keys of their lines, never by their position: `lists` holds
    the tables as they were when `before` was counted. Lines that only one of the two has
    are left out.
    """
    found = {}
    for form in every:
        if not form.protected or form.months > 1:
            continue
        old, new = before.tables.get(form.key), after.tables[form.key]
        if old is None or form.key not in lists:
            continue
        was, now = _by_place(lists[form.key], old), _by_place(form, new)
        found[form.key] = sum(
            abs(now[row, column] - was[row, column])
            for row in form.rows.innermost
            for column in form.columns.innermost or (TOTAL,)
            if (row, column) in was
        )
        if form.margin:
            found[form.margin] = sum(
                abs(now[row, TOTAL] - was[row, TOTAL])
                for row in form.rows.innermost
                if (row, TOTAL) in was
            )
    return found


def _few_changes(edition: Edition, version: Version) -> list[Finding]:
    """Warn that a new edition beside the former one shows the few records between them."""
    most = max(version.changes.values(), default=0)
    if edition.number == 1 or not 0 < most < edition.threshold:
        return []
    return [
        Finding(
            Severity.WARNING,
            "report-few-changes",
            "the new edition differs from the former by so few records that the difference "
            "shows where, by which agency and of what class they are",
            edition.name,
            "Wait, and correct several records at once, unless the correction is urgent.",
        )
    ]


def _notes(snapshot: EditionSnapshot, every: Sequence[TableForm]) -> list[Finding]:
    """Tell the editor what the profile's lists do not name."""
    cells = _cells(snapshot, every)
    found = []
    for form in every:
        if form.key not in ("areas_by_agency", "violations"):
            continue
        for dimension, place in (
            (form.rows, ("other", "total")),
            (form.columns, ("total", "other")),
        ):
            if "other" in dimension.keys and cells[form.key][place]:
                amount = cells[form.key][place]
                found.append(
                    Finding(
                        Severity.WARNING,
                        "report-unlisted",
                        f"{amount} {form.unit.value if amount == 1 else form.unit.plural} "
                        f"counted as 'Other or not stated' by {dimension.title.lower()}",
                        f"profile {snapshot.profile}, report",
                        "Add the missing names to the profile's [report] lists.",
                    )
                )
    return found
