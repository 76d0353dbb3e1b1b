"""Commands on cases: take in, list, show, check, find a number, retention."""

from __future__ import annotations

from pathlib import Path

import click

from referrals.commands.console import Console
from referrals.commands.options import EXISTING, FOLDER, now, office_at, with_home, with_output
from referrals.errors import ExitCode
from referrals.settings import Settings


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--update", is_flag=True, help="Take in a changed folder, after its changes showed.")
@click.option("--map", "column_map", type=EXISTING, help="A column map, for a CSV or JSON export.")
@click.option("--by", "who", default="", help="Who takes it in; the login name if left out.")
@with_home
@with_output
def intake(
    folder: Path, update: bool, column_map: Path | None, who: str, at: Settings, console: Console
) -> None:
    """Take a case folder in: all of it, or nothing.

    \b
    Example:
      referrals intake cases/JX-400112
      referrals intake cases/JX-400112 --update
    """
    from referrals.office.intake import take_in

    taken = take_in(
        office_at(at, console), folder, column_map=column_map, update=update, who=who, now=now()
    )
    console.findings(taken.findings)
    console.say(taken.words)
    console.result(taken.as_json())


@click.command()
@with_home
@with_output
def cases(at: Settings, console: Console) -> None:
    """List the cases.

    \b
    Example:
      referrals cases
    """
    from referrals.office import cases as records

    lines = records.cases(office_at(at, console))
    console.table(
        ("Case", "Title", "Exhibits", "Footage", "Packets"),
        [(line.number, line.title, line.exhibits, line.footage, line.packets) for line in lines],
    )
    if not lines:
        console.say("No case has been taken in yet. → referrals intake FOLDER")
    console.result([line.as_json() for line in lines])


@click.command()
@click.argument("case")
@with_home
@with_output
def show(case: str, at: Settings, console: Console) -> None:
    """Show a case: its evidence, its attestations, its packets.

    \b
    Example:
      referrals show JX-400112
    """
    from referrals.office import case_overview

    overview = case_overview.show(office_at(at, console), case, now())
    for heading, columns, rows in overview.tables:
        console.say(heading)
        console.table(columns, rows)
        console.say()
    console.result(overview.as_json())


@click.command()
@click.argument("case")
@with_home
@with_output
def check(case: str, at: Settings, console: Console) -> int:
    """Tell what is missing before a packet can go out.

    \b
    Example:
      referrals check JX-400112
    """
    from referrals.office import checks

    report = checks.check(office_at(at, console), case, now())
    console.table(
        ("Duty", "", "Detail"), [(duty.title, duty.state, duty.detail) for duty in report.duties]
    )
    console.say()
    console.findings(report.findings)
    console.say(report.words)
    if report.blocked:
        console.say(f"→ Until then it is a {report.standing}: referrals packet {case} --draft")
    console.result(report.as_json())
    return ExitCode.BLOCKED if report.blocked else ExitCode.DONE


@click.command()
@click.argument("number", metavar="BATES")
@with_home
@with_output
def find(number: str, at: Settings, console: Console) -> int:
    """Tell what a Bates number stands on.

    \b
    Example:
      referrals find LPD-000042
    """
    from referrals.office import found_page

    found = found_page.find(office_at(at, console), number)
    for label, text in found.lines:
        console.say(f"{label:<16}{text}")
    console.result(found.as_json())
    return ExitCode.DONE if found.issued else ExitCode.BLOCKED


@click.command()
@click.argument("case", required=False, default="")
@with_home
@with_output
def retention(case: str, at: Settings, console: Console) -> None:
    """List how long recordings are kept, on what ground, and which run out.

    \b
    Example:
      referrals retention
      referrals retention JX-400112
    """
    from referrals.office import retention as recordings

    lines = recordings.retention(office_at(at, console), case, now())
    console.table(
        ("Case", "Recording", "Recorded", "Kept until", "Days left", "Warning", "Ground"),
        [
            (
                *(line.case, line.key, line.left.recorded_on, line.left.kept_until),
                *(line.left.days_left, line.warning, line.left.ground or "not flagged"),
            )
            for line in lines
        ],
    )
    if not lines:
        console.say("No recording is under the rule.")
    console.result([line.as_json() for line in lines])
