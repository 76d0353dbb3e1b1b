"""Commands on redactions: propose, decide, add, build the redacted set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from referrals.commands.console import Console
from referrals.commands.options import NEW, now, office_at, with_home, with_output
from referrals.settings import Settings

if TYPE_CHECKING:
    from referrals.office.redactions import RedactionReport


@click.group()
def redact() -> None:
    """Redact: propose, decide, add, and build the set that a court may see.

    \b
    A first walk:
      referrals redact propose JX-400112 --list rule-138
      referrals redact list JX-400112 --list rule-138
      referrals redact accept JX-400112 --list rule-138 --all --above 0.95
      referrals redact build JX-400112 --list rule-138 -o out/redacted
    """


def with_list(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--list`, the list of redaction rules."""
    return click.option(
        "--list",
        "key",
        default="public",
        show_default=True,
        help="The list of rules: frcrp-49.1, public, rule-138, rule-364 or rule-415.",
    )(command)


def _show_redactions(report: RedactionReport, console: Console) -> None:
    headings = ("ID", "State", "Place", "Rule", "Text around it", "Confidence")
    console.table(headings, report.rows)
    console.say(report.words)
    console.result(report.as_json())


@redact.command("propose")
@click.argument("case")
@with_list
@click.option("--packet", default="", help="An issued packet; the newest if left out.")
@with_home
@with_output
def propose_redactions(case: str, key: str, packet: str, at: Settings, console: Console) -> None:
    """Look through a packet for what the list forbids; record each place for a decision.

    Without an issued packet it is the draft of the record as it stands. Pictures in
    which no text can be read are listed too: a person must look at them.

    \b
    Example:
      referrals redact propose JX-400112 --list rule-138
    """
    from referrals.office import redactions as redaction_office

    office = office_at(at, console)
    report = redaction_office.propose_redactions(office, case, key, packet=packet, now=now())
    _show_redactions(report, console)


@redact.command("list")
@click.argument("case")
@with_list
@click.option("--state", default="", type=click.Choice(["", "undecided", "accepted", "rejected"]))
@with_home
@with_output
def list_redactions(case: str, key: str, state: str, at: Settings, console: Console) -> None:
    """List the redactions of a case: place, rule, text around it, who decided what.

    \b
    Example:
      referrals redact list JX-400112 --list rule-138 --state undecided
    """
    from referrals.office import redactions as redaction_office

    report = redaction_office.list_redactions(office_at(at, console), case, key, state)
    _show_redactions(report, console)


def _decide(accepted: bool, at: Settings, console: Console, **words: Any) -> None:
    from referrals.office import redactions as redaction_office

    report = redaction_office.decide_redactions(
        office_at(at, console), accepted=accepted, now=now(), **words
    )
    _show_redactions(report, console)


def with_decision(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command what a decision on redactions needs."""
    for option in (
        click.argument("numbers", nargs=-1, type=int, metavar="[ID]..."),
        click.argument("case"),
        with_list,
        click.option(
            "--all", "everything", is_flag=True, help="All undecided, but unread pictures."
        ),
        click.option("--above", default=0.0, help="With --all: from this confidence on, 0 to 1."),
        click.option("--note", default="", help="Why, for the record."),
        click.option("--by", "who", default="", help="Who decides; the login name if left out."),
    ):
        command = option(command)
    return command


@redact.command("accept")
@with_decision
@with_home
@with_output
def accept_redactions(at: Settings, console: Console, **words: Any) -> None:
    """Accept redactions: they will be burnt in. A later decision takes the place of this one.

    \b
    Example:
      referrals redact accept JX-400112 12 13 --list rule-138
      referrals redact accept JX-400112 --all --above 0.95 --list rule-138
    """
    _decide(True, at, console, **words)


@redact.command("reject")
@with_decision
@with_home
@with_output
def reject_redactions(at: Settings, console: Console, **words: Any) -> None:
    """Reject redactions: these places stay as they are.

    \b
    Example:
      referrals redact reject JX-400112 14 --list rule-138 --note "a badge number"
    """
    _decide(False, at, console, **words)


@redact.command("add")
@click.argument("case")
@with_list
@click.option("--exhibit", default="", help="The exhibit's letter, with --page and --box.")
@click.option("--page", default=0, help="The page of the exhibit, from 1.")
@click.option(
    "--box",
    "boxes",
    type=(float, float, float, float),
    multiple=True,
    metavar="LEFT BOTTOM RIGHT TOP",
    help="In points (1/72 inch) from the lower left corner; may be repeated.",
)
@click.option("--text", default="", help="A text, wherever it stands and however it is spaced.")
@click.option(
    "--person", default="", help="A person's key: every name, phone, address, birth date."
)
@click.option("--rule", "kind", default="", help="The kind in the list, such as phone or minor.")
@click.option("--reason", default="", help="The reason for the log; the rule's if left out.")
@click.option("--by", "who", default="", help="Who orders it; the login name if left out.")
@with_home
@with_output
def add_redaction(at: Settings, console: Console, **words: Any) -> None:
    """Order a redaction by box, by text or by person; it counts as accepted.

    \b
    Example:
      referrals redact add JX-400112 --person P3
      referrals redact add JX-400112 --text "4412 S. Kedzie" --rule address
      referrals redact add JX-400112 --exhibit B --page 2 --box 72 600 300 640 --rule minor
    """
    from referrals.office import redactions as redaction_office

    report = redaction_office.add_redaction(office_at(at, console), now=now(), **words)
    _show_redactions(report, console)


@redact.command("build")
@click.argument("case")
@with_list
@click.option("-o", "--output", type=NEW, help="The set's folder; it must not exist yet.")
@click.option("--packet", default="", help="An issued packet; the newest if left out.")
@click.option("--by", "who", default="", help="Who makes it; the login name if left out.")
@with_home
@with_output
def build_redacted(
    case: str,
    key: str,
    output: Path | None,
    packet: str,
    who: str,
    at: Settings,
    console: Console,
) -> None:
    """Make the redacted set: same pages, same numbers, black bars, and a log of them.

    Refused while a place is undecided, or where anything redacted can still be had.

    \b
    Example:
      referrals redact build JX-400112 --list rule-138 -o out/JX-400112-1-redacted
    """
    from referrals.office import redactions as redaction_office

    made = redaction_office.build_redacted(
        office_at(at, console), case, key, output, packet=packet, who=who, now=now()
    )
    console.findings(made.findings)
    console.say(made.words)
    console.result(made.as_json())
