"""Commands on packets: build, build again, verify, and stamp files of no case."""

from __future__ import annotations

from pathlib import Path

import click

from referrals.commands.console import Console
from referrals.commands.options import (
    EXISTING,
    FOLDER,
    NEW,
    instant,
    now,
    office_at,
    with_home,
    with_output,
)
from referrals.errors import ExitCode
from referrals.settings import Settings


@click.command()
@click.argument("case")
@click.option("-o", "--output", type=NEW, help="The delivery's folder; it must not exist yet.")
@click.option("--draft", is_flag=True, help="Build although something is missing, marked DRAFT.")
@click.option("--as-of", type=str, help="The instant the packet speaks of, with zone.")
@click.option("--archive", is_flag=True, help="Also make a PDF/A-3a that holds the originals.")
@click.option("--again", is_flag=True, help="Build the last issued packet once more and compare.")
@click.option("--by", "who", default="", help="Who issues it; the login name if left out.")
@with_home
@with_output
def packet(
    case: str,
    output: Path | None,
    draft: bool,
    as_of: str | None,
    archive: bool,
    again: bool,
    who: str,
    at: Settings,
    console: Console,
) -> None:
    """Build a case's packet and deliver it; a later one is a supplement.

    \b
    Example:
      referrals packet JX-400112 -o out/JX-400112-1
      referrals packet JX-400112 --draft -o out/draft
    """
    if again and (draft or archive or as_of):
        raise click.UsageError("--again builds what was issued, as it was: leave the others out.")
    from referrals.office.issue import PacketOrder, draft_packet, issue_packet
    from referrals.office.rebuilds import build_again

    office = office_at(at, console)
    order = PacketOrder(case, output, as_of=instant(as_of), archive=archive)
    if again:
        delivered = build_again(office, case, output)
    elif draft:
        delivered = draft_packet(office, order, now())
    else:
        delivered = issue_packet(office, order, who=who, now=now())
    console.findings(delivered.findings)
    console.say(delivered.words)
    console.result(delivered.as_json())


@click.command()
@click.argument("delivery", type=FOLDER)
@with_home
@with_output
def rebuild(delivery: Path, at: Settings, console: Console) -> None:
    """Make a delivery again from the records and compare it byte for byte.

    \b
    Example:
      referrals rebuild out/JX-400112-1
    """
    from referrals.office import rebuilds

    rebuilt = rebuilds.rebuild(office_at(at, console), delivery)
    console.say(rebuilt.words)
    console.result(rebuilt.as_json())


@click.command()
@click.argument("delivery", type=FOLDER)
@click.option("--footage", type=FOLDER, help="A folder of recordings that were not delivered.")
@click.option("--expect", default="", help="The delivery's digest as the sender told it.")
@click.option(
    "--authorities",
    type=EXISTING,
    envvar="REFERRALS_AUTHORITIES",
    help="Certificates (PEM) of who may vouch for signers: a file or a folder.",
)
@with_output
def verify(
    delivery: Path, footage: Path | None, expect: str, authorities: Path | None, console: Console
) -> int:
    """Check a delivery against itself and against what the sender told.

    \b
    Example:
      referrals verify out/JX-400112-1 --footage recordings
    """
    from referrals.commands.caged_verification import VerificationTask, verified
    from referrals.verify.bag_files import total_bytes

    total = total_bytes(delivery, *([footage] if footage else []))
    with console.progress("Checking", total, "bytes") as advance:
        question = VerificationTask(delivery, footage, expect, authorities)
        verdict = verified(question, lambda amount: advance(amount))
    console.findings(verdict.findings)
    console.say(verdict.words)
    console.result(verdict.as_json())
    return verdict.exit_code


@click.command()
@click.argument("files", nargs=-1, required=True, type=EXISTING)
@click.option("-o", "--output", type=NEW, required=True, help="The PDF to write.")
@click.option("--prefix", default="", help="What stands before the digits, for example CPD-.")
@click.option(
    "--start", default=1, show_default=True, type=click.IntRange(min=1), help="The first number."
)
@click.option(
    "--width",
    default=6,
    show_default=True,
    type=click.IntRange(1, 12),
    help="The number of digits.",
)
@click.option(
    "--position",
    default="bottom-right",
    show_default=True,
    type=click.Choice(
        ["top-left", "top-centre", "top-right", "bottom-left", "bottom-centre", "bottom-right"]
    ),
    help="Where the number stands, as a reader sees the page.",
)
@click.option("--legend", default="", help="Words beside the number, for example DRAFT.")
@click.option("--letter", is_flag=True, help="Put every page on US Letter.")
@with_output
def stamp(
    files: tuple[Path, ...],
    output: Path,
    prefix: str,
    start: int,
    width: int,
    position: str,
    legend: str,
    letter: bool,
    console: Console,
) -> int:
    """Merge files into one PDF with a Bates number on every page.

    \b
    Example:
      referrals stamp a.pdf b.pdf -o out.pdf --prefix CPD- --start 1 --width 6
    """
    from referrals.office.stamp_files import stamp_files
    from stamping.bates import BatesSeries
    from stamping.values import Position, StampStyle

    with console.progress("Preparing", len(files)) as advance:
        stamped = stamp_files(
            files,
            output,
            BatesSeries(prefix, "", width),
            start,
            StampStyle(position=Position(position), legend=legend),
            letter=letter,
            progress=lambda name: advance(1, name),
        )
    console.findings(stamped.findings)
    console.say(stamped.words)
    console.result(stamped.as_json())
    return ExitCode.BLOCKED if stamped.blocked else ExitCode.DONE
