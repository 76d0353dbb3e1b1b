"""Commands on prosecutors' answers: record one, and how often packets are accepted."""

from __future__ import annotations

from datetime import datetime

import click

from referrals.commands.console import Console
from referrals.commands.options import now, office_at, with_home, with_output
from referrals.settings import Settings


@click.command()
@click.argument("packet")
@click.option("--accepted", "outcome", flag_value="accepted", help="The packet was accepted.")
@click.option("--declined", "outcome", flag_value="declined", help="The prosecutor declined it.")
@click.option("--returned", "outcome", flag_value="returned", help="It came back, with reasons.")
@click.option("--withdraw", type=int, metavar="NO", help="That answer was recorded by mistake.")
@click.option(
    "--reason", "reasons", multiple=True, metavar="CODE", help="A code of the profile; repeatable."
)
@click.option("--note", default="", help="What was said, in words.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Its day; today if left out.")
@click.option("--answered-by", default="", help="Who answered, as the receipt is signed.")
@click.option("--by", "who", default="", help="Who records it; the login name if left out.")
@with_home
@with_output
def receipt(
    packet: str,
    outcome: str | None,
    withdraw: int | None,
    reasons: tuple[str, ...],
    note: str,
    on: datetime | None,
    answered_by: str,
    who: str,
    at: Settings,
    console: Console,
) -> None:
    """Record a prosecutor's answer to an issued packet; the packet itself stays as it is.

    The codes stand in the profile: referrals profiles show NAME.

    \b
    Example:
      referrals receipt JX-400112-1 --accepted --on 2026-04-09
      referrals receipt JX-400112-1 --returned --reason exhibit-missing --note "Ex. C, page 2"
      referrals receipt JX-400112-1 --withdraw 3 --note "meant for JX-400113-1"
    """
    from referrals.office import receipts as receipt_office
    from referrals.records.packet_history import Outcome

    office = office_at(at, console)
    if outcome is not None and withdraw is None:
        recorded = receipt_office.record(
            office,
            packet,
            Outcome(outcome),
            reasons=reasons,
            note=note,
            on=on.date() if on else None,
            answered_by=answered_by,
            who=who,
            now=now(),
        )
    elif withdraw is not None and outcome is None:
        if reasons or on or answered_by:
            raise click.UsageError("--withdraw goes with --note and --by alone.")
        recorded = receipt_office.withdraw(office, packet, withdraw, note=note, who=who, now=now())
    else:
        raise click.UsageError("Name one of --accepted, --declined, --returned, --withdraw NO.")
    console.say(recorded.words)
    console.result(recorded.as_json())


@click.command()
@click.option("--from", "first", default="", metavar="MONTH", help="Packets issued from then on.")
@click.option("--to", "last", default="", metavar="MONTH", help="Packets issued until its end.")
@with_home
@with_output
def stats(first: str, last: str, at: Settings, console: Console) -> None:
    """Tell how many packets were accepted at first look, and why others came back.

    Counted is the first answer to the first packet of each case, by the month of
    issue; return reasons are those of every packet.

    \b
    Example:
      referrals stats
      referrals stats --from 2026-01 --to 2026-03
    """
    from referrals.office import receipts as receipt_office

    found = receipt_office.statistics(office_at(at, console), first, last)
    days = "" if found.median_days is None else f"{found.median_days:g}"
    console.table(
        ("First packets", ""),
        [
            ("Issued", found.first_packets),
            ("Accepted at first look", found.accepted),
            ("Returned at first look", found.returned),
            ("Declined at first look", found.declined),
            ("No answer yet", found.unanswered),
            ("Days from issue to first answer, median", days),
        ],
    )
    if found.return_reasons:
        console.say()
        console.table(
            ("Return reason", "Code", "Times"),
            [(each.text, each.key, each.count) for each in found.return_reasons],
        )
    console.say()
    console.say(found.words)
    console.result({"from": first, "to": last, **found.as_json()})
