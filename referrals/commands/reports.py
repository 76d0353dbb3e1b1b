"""Commands on the monthly public report: publish, list, compare, check."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from referrals.commands.console import Console
from referrals.commands.options import FOLDER, NEW, ShortGroup, now, with_home, with_output
from referrals.errors import ExitCode
from referrals.settings import Settings


@click.group(
    cls=ShortGroup,
    usual="publish",
    subcommand_metavar="MONTH [OPTIONS] | list | diff | verify",
)
def report() -> None:
    """Publish a month's public report; list, compare and check editions.

    Each of them takes --home, and --json for programs; `publish --help` tells the
    options of a report.

    \b
    Example:
      referrals report 2026-03 -o out/2026-03
      referrals report 2026-03 --correct "Two late records" -o out/2026-03-2
    """


@report.command("publish")
@click.argument("month")
@click.option("-o", "--output", type=NEW, help="The report's folder; it must not exist yet.")
@click.option("--profile", help="The profile of the report; that of the cases if left out.")
@click.option("--draft", is_flag=True, help="Write the report without publishing it.")
@click.option("--correct", default="", metavar="REASON", help="Publish a new edition, and why.")
@click.option("--by", "who", default="", help="Who publishes it; the login name if left out.")
@with_home
@with_output
def publish_report(
    month: str,
    output: Path | None,
    profile: str | None,
    draft: bool,
    correct: str,
    who: str,
    at: Settings,
    console: Console,
) -> None:
    """Publish a month's report, or write a published one again.

    The word `publish` may be left out.

    \b
    Example:
      referrals report publish 2026-03 -o out/2026-03
    """
    from referrals.office.reports import ReportOffice
    from referrals.report.month import Month

    issue = ReportOffice(at).report(
        Month.parse(month),
        output,
        profile=profile,
        draft=draft,
        correct=correct,
        who=who,
        now=now(),
    )
    console.findings(issue.findings)
    console.say(issue.words)
    console.result(issue.as_json())


@report.command("list")
@click.option("--profile", help="Only the editions of this profile.")
@with_home
@with_output
def list_reports(profile: str | None, at: Settings, console: Console) -> None:
    """List the editions that were published.

    \b
    Example:
      referrals report list
    """
    from referrals.office.reports import ReportOffice

    lines = ReportOffice(at).editions(profile)
    console.table(
        ("Edition", "Profile", "Published", "By", "Hidden", "Corrections", "Reason"),
        [
            (
                line.name,
                line.profile,
                line.published_at,
                line.published_by,
                line.hidden,
                line.corrections,
                line.reason,
            )
            for line in lines
        ],
    )
    if not lines:
        console.say("Nothing was published yet. → referrals report MONTH")
    console.result([line.as_json() for line in lines])


@report.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--profile", help="The profile of the editions, where several publish.")
@with_home
@with_output
def diff_reports(
    first: str, second: str, profile: str | None, at: Settings, console: Console
) -> None:
    """Show what two editions tell differently; each is a name or a folder.

    \b
    Example:
      referrals report diff 2026-02 2026-03
      referrals report diff 2026-03-1 2026-03-2
    """
    from referrals.office.reports import ReportOffice

    found = ReportOffice(at).diff(first, second, profile)
    console.table(
        ("Count", first, second), [(each.count, each.first, each.second) for each in found]
    )
    if not found:
        console.say("They tell the same.")
    console.result([asdict(each) for each in found])


@report.command("verify")
@click.argument("folder", type=FOLDER)
@with_home
@with_output
def verify_report(folder: Path, at: Settings, console: Console) -> int:
    """Check a report's folder: its sums, its numbers, its place in the ledger.

    \b
    Example:
      referrals report verify out/2026-03
    """
    from referrals.findings import Severity
    from referrals.office.reports import ReportOffice

    found = ReportOffice(at).verify(folder)
    wrong = any(finding.severity is Severity.BLOCKING for finding in found)
    console.findings(found)
    console.say(f"{folder} is {'not ' if wrong else ''}as it was made.")
    console.result([finding.as_json() for finding in found])
    return ExitCode.MISMATCH if wrong else ExitCode.DONE
