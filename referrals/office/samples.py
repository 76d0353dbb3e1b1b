"""The sample cases, copied, taken in, signed and built: a first look for newcomers.

In: names of samples and a folder. Out: lines that say what became of each. The
signatures are the samples' own scans of fictional forms; none is made here.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import sample_cases
from referrals.attest.statement import SigningState
from referrals.errors import BlockedError, UsageError
from referrals.intake.case_yaml import read_case_folder
from referrals.office.attestations import attestation, take_scan
from referrals.office.cases import deliveries
from referrals.office.court_sets import build_filing
from referrals.office.intake import take_in
from referrals.office.issue import PacketOrder, issue_packet
from referrals.office.office import Office
from referrals.office.redactions import decide_redactions, propose_redactions
from referrals.profiles.profile_files import load_court
from referrals.records.case_store import case_numbers, save_case
from referrals.records.database import open_database, session
from referrals.settings import Settings

WHO = "demo"
FILED, COURT = "felony_referral", "efileil-trial"
"""The sample of which a set for a court is made too, and the court."""

SIGNED_ON = date(2026, 3, 20)
"""The date that the samples' fictional forms bear."""

Line = tuple[str, str, Path | None]
"""A case, what became of it, and what to open."""


def copy(names: Sequence[str], into: Path, *, big: bool = False) -> list[Path]:
    """Copy sample case folders into `into`; all of them where none is named.

    Raises:
        UsageError: there is no such sample, or a folder is there already.
    """
    if big:
        from sample_cases.big import write_big_case

        return [write_big_case(_free(into / "big"))]
    folders = []
    for name in _chosen(names):
        target = _free(into / name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(sample_cases.folder(name), target)
        folders.append(target)
    return folders


def build(names: Sequence[str], into: Path, office: Office) -> list[Line]:
    """Take the samples in, sign them with their own scans, build their packets.

    A sample that was built before is not built again.
    """
    return [line for name in _chosen(names) for line in _sample(name, into, office)]


def history(at: Settings, into: Path, now: datetime, *, publish: bool) -> list[Line]:
    """Save fourteen fictional months in the office's database; publish the last two on demand.

    What was saved or published before stays as it is.
    """
    from referrals.office.reports import ReportOffice
    from referrals.report.month import Month
    from sample_cases.history import history as fictional_months

    records = list(fictional_months())
    first, last = records[0].case.number, records[-1].case.number
    with session(open_database(at)) as opened:
        saved = set(case_numbers(opened))
        for record in records:
            if record.case.number not in saved:
                save_case(opened, record, (), (), ())
    lines: list[Line] = [(first, f"saved, with {len(records) - 1} more to {last}", None)]
    if publish:
        press = ReportOffice(at)
        newest = max(record.incident.began for record in records)
        published = []
        for month in Month(newest.year, newest.month).window(2):
            issue = press.report(
                month,
                into / "reports" / str(month),
                profile=records[0].case.profile,
                draft=False,
                correct="",
                who=WHO,
                now=now,
            )
            words = issue.words.splitlines()[0]
            published.append((str(month), words, issue.folder / f"report-{month}.html"))
        lines += reversed(published)
    return lines


def _sample(name: str, into: Path, office: Office) -> Iterator[Line]:
    states = sample_cases.states(name)
    case = read_case_folder(states[-1]).record.case.number
    issued = deliveries(office, case)
    if len(issued) == len(states):
        yield from ((case, f"built before: {packet}", place) for packet, place in issued)
        return
    for state in states[len(issued) :]:
        yield _state(case, state, sample_cases.signed_scans(name), into, office)
    if name == FILED:
        yield _filing(case, into, office)


def _state(case: str, state: Path, scans: Mapping[str, Path], into: Path, office: Office) -> Line:
    now = datetime.now(UTC).replace(microsecond=0)
    take_in(office, state, update=True, who=WHO, now=now)
    for key, scan in scans.items():
        status = attestation(office, case, key, now)
        if status.state is not SigningState.SIGNED:
            digest = status.statement.sha256
            take_scan(office, case, key, scan, signed_on=SIGNED_ON, digest=digest, who=WHO, now=now)
    try:
        order = PacketOrder(case, into=into / "packets", archive=True)
        made = issue_packet(office, order, who=WHO, now=now)
    except BlockedError as error:
        first = next(iter(error.findings), None)
        return case, f"refused: {error} First: {first.message if first else ''}", None
    return case, made.words.splitlines()[0], made.folder


def _filing(case: str, into: Path, office: Office) -> Line:
    """Make the packet's set for a court; its pictures, all drawn, are looked at and stay."""
    now = datetime.now(UTC).replace(microsecond=0)
    key = load_court(COURT).filing.redaction_list
    proposed = propose_redactions(office, case, key, packet="", now=now)
    unread = {each.number for each in proposed.unread}
    found = [each.number for each in proposed.redactions if each.number not in unread]
    for numbers, accepted in ((sorted(unread), False), (found, True)):
        if numbers:
            decide_redactions(
                office,
                case,
                key,
                numbers,
                accepted=accepted,
                everything=False,
                above=0.0,
                note="a fictional sample",
                who=WHO,
                now=now,
            )
    target = into / "filings" / f"{case}-{COURT}"
    # The sample's photographs are coarse on purpose: preflight has something to tell.
    made = build_filing(office, case, COURT, target, packet="", draft=True, who=WHO, now=now)
    return case, made.words.splitlines()[0], made.folder


def _chosen(names: Sequence[str]) -> Sequence[str]:
    known = sample_cases.names()
    for name in names:
        if name not in known:
            raise UsageError(
                f"There is no sample called {name}.", remedy=f"Samples: {', '.join(known)}."
            )
    return names or known


def _free(target: Path) -> Path:
    if target.exists():
        raise UsageError(f"{target} is there already.", remedy="Name another folder with --into.")
    return target
