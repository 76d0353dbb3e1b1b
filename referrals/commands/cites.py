"""Commands on the cites of documents that somebody else wrote."""

from __future__ import annotations

from pathlib import Path

import click

from referrals.commands.console import Console
from referrals.commands.options import EXISTING, FOLDER, with_output
from referrals.errors import ExitCode


@click.group()
def cite() -> None:
    """Check the cites of a memo or a motion against deliveries."""


@cite.command("check")
@click.argument("document", type=EXISTING)
@click.argument("deliveries", nargs=-1, required=True, type=FOLDER)
@with_output
def check_cites(document: Path, deliveries: tuple[Path, ...], console: Console) -> int:
    """Check each Bates number and time code of DOCUMENT against DELIVERIES.

    DOCUMENT is a Word file or a text. A delivery is a packet, a supplement, a
    redacted set or a court set; name all whose numbers the document may cite.

    \b
    Example:
      referrals cite check memo.docx JX-400112-1
      referrals cite check memo.docx JX-400230-1 JX-400230-2 --json
    """
    from referrals.delivered.delivered_cites import check_document

    report = check_document(document, deliveries)
    console.table(("Cite", "Where it stands", "Result", "Leads to"), report.rows)
    console.findings(report.findings)
    console.say(report.words)
    console.result(report.as_json())
    return ExitCode.BLOCKED if report.blocked else ExitCode.DONE
