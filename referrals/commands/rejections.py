"""Commands for what follows when a court sends a filing back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from referrals.commands.console import Console
from referrals.commands.options import FOLDER, NEW, now, office_at, with_home, with_output
from referrals.errors import ExitCode
from referrals.settings import Settings

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("delivery", type=FOLDER)
@click.option(
    "--reason",
    "grounds",
    multiple=True,
    required=True,
    metavar="GROUND",
    help="A ground of rejection, as in the court's profile; may be repeated.",
)
@click.option("--words", default="", help="The clerk's own words.")
@click.option(
    "--on", "rejected_on", type=DAY, required=True, metavar="DATE", help="The day of the rejection."
)
@click.option(
    "--attempted", type=DAY, metavar="DATE", help="The day of the rejected attempt, if it is known."
)
@click.option("--corrected", type=FOLDER, help="The court set that takes its place.")
@click.option("-o", "--output", type=NEW, required=True, help="The kit's folder; a new one.")
@click.option("--by", "who", default="", help="Who makes it; the login name if left out.")
@with_home
@with_output
def rejected(
    delivery: Path,
    grounds: tuple[str, ...],
    words: str,
    rejected_on: datetime,
    attempted: datetime | None,
    corrected: Path | None,
    output: Path,
    who: str,
    at: Settings,
    console: Console,
) -> int:
    """Make the kit for the motion after the court set DELIVERY was sent back.

    It holds the rejected files, the corrected ones, what differs page by page, a draft
    of the motion, and the last day for it by the court's own calendar.

    \b
    Example:
      referrals rejected out/court --reason too-large --on 2026-11-23 -o out/kit
      referrals rejected out/court --reason not-searchable --on 2026-11-23 \\
        --corrected out/court-2 -o out/kit
    """
    from referrals.office.rejections import rejected_kit

    made = rejected_kit(
        office_at(at, console),
        delivery,
        output,
        corrected=corrected,
        grounds=grounds,
        words=words,
        rejected=rejected_on.date(),
        attempted=attempted.date() if attempted else None,
        who=who,
        now=now(),
    )
    console.findings(made.findings)
    console.say(made.words)
    console.result(made.as_json())
    return ExitCode.BLOCKED if made.blocked else ExitCode.DONE
