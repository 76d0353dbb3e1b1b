"""The command that makes a packet's set for a court."""

from __future__ import annotations

from pathlib import Path

import click

from referrals.commands.console import Console
from referrals.commands.options import NEW, now, office_at, with_home, with_output
from referrals.errors import ExitCode
from referrals.settings import Settings


@click.command("filing")
@click.argument("case")
@click.option(
    "--court", required=True, help="The court's profile; 'referrals profiles' lists them."
)
@click.option("-o", "--output", type=NEW, help="The set's folder; it must not exist yet.")
@click.option("--packet", default="", help="An issued packet; the newest if left out.")
@click.option("--draft", is_flag=True, help="Make it although the court would send it back.")
@click.option(
    "--recompress",
    "dpi",
    type=click.IntRange(72, 600),
    help="Make pictures of exhibits smaller, to this many dots an inch; each is listed.",
)
@click.option("--by", "who", default="", help="Who makes it; the login name if left out.")
@with_home
@with_output
def filing(
    case: str,
    court: str,
    output: Path | None,
    packet: str,
    draft: bool,
    dpi: int | None,
    who: str,
    at: Settings,
    console: Console,
) -> int:
    """Make the set for a court: redacted, within its limits, checked before it is sent.

    Every page keeps the number that it has in the packet. What the court's list
    forbids must have been decided on: referrals redact propose CASE --list LIST.

    \b
    Example:
      referrals filing JX-400112 --court efileil-trial -o out/JX-400112-1-trial
    """
    from referrals.office.court_sets import build_filing

    made = build_filing(
        office_at(at, console),
        case,
        court,
        output,
        packet=packet,
        draft=draft,
        dpi=dpi or 0,
        who=who,
        now=now(),
    )
    console.findings(made.findings)
    console.say(made.words)
    console.result(made.as_json())
    return ExitCode.BLOCKED if made.blocked else ExitCode.DONE
