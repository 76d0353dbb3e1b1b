"""Commands on files for a court: what it would send them back for, before it does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from referrals.commands.console import Console
from referrals.commands.options import EXISTING, NEW, with_home, with_output
from referrals.errors import ExitCode
from referrals.settings import Settings

if TYPE_CHECKING:
    from referrals.preflight.mending import FileMend
    from referrals.preflight.preflight import Objection


@click.command("preflight")
@click.argument("files", nargs=-1, required=True, type=EXISTING, metavar="FILE...")
@click.option(
    "--court", required=True, help="The court's profile; 'referrals profiles' lists them."
)
@click.option("--case", default="", help="The case's number, which the files must bear.")
@click.option(
    "--other-case", "others", multiple=True, help="A number that must not stand there; repeatable."
)
@click.option("--fix", is_flag=True, help="Fix what can be fixed, into new files in -o.")
@click.option("-o", "--output", type=NEW, help="With --fix: a folder that does not exist yet.")
@click.option("--report", type=NEW, help="Also write the result as pages, to this PDF.")
@with_home
@with_output
def preflight(
    files: tuple[Path, ...],
    court: str,
    case: str,
    others: tuple[str, ...],
    fix: bool,
    output: Path | None,
    report: Path | None,
    at: Settings,
    console: Console,
) -> int:
    """Tell every reason for which a court would send files back, before they are sent.

    FILE is a PDF, several, or the folder of a delivery or court set. Nothing that is
    named is changed. Exit code 1: the court would send the set back.

    \b
    Example:
      referrals preflight out/filing --court efileil-trial
      referrals preflight motion.pdf --court ndil --case 26-cv-1 --fix -o out/mended
    """
    from referrals.errors import UsageError
    from referrals.preflight.mending import mend_set
    from referrals.preflight.preflight import look
    from referrals.preflight.preflight_page import preflight_page, verdict
    from referrals.preflight.submitted_files import submission_of
    from referrals.profiles.profile_files import load_court

    if fix != (output is not None):
        raise UsageError("--fix and -o go together.", remedy="Name a new folder: --fix -o DIR.")
    against = load_court(court, at.profiles)
    submission = submission_of(files, against.filing, case=case, others=others)
    result = look(submission, against.filing, console.progress)
    mended: tuple[FileMend, ...] = ()
    if output is not None:
        _show(result.objections, console)
        made = mend_set(result, submission, against.filing, output, console.progress)
        mended, result = made.files, made.result
        _show_mends(mended, console)
        console.say(f"\n{output}, checked again:")
    _show(result.objections, console)
    console.say(verdict(result))
    if report is not None:
        report.write_bytes(preflight_page(result, against, case=submission.case_number))
    console.result(
        {
            "court": against.key,
            "mended": [each.as_json() for each in mended],
            "case": submission.case_number,
            "files": [
                {"file": each.name, "pages": len(each.pages), "bytes": each.bytes}
                for each in result.files
            ],
            "looked_for": [each.ground.value for each in result.looked_for],
            "not_looked_for": [each.ground.value for each in result.not_looked_for],
            "objections": [each.as_json() for each in result.objections],
        }
    )
    return ExitCode.BLOCKED if result.blocks else ExitCode.DONE


def _show_mends(files: tuple[FileMend, ...], console: Console) -> None:
    console.say("\nWhat was done:")
    rows = [
        (file.after, change.page or "", change.what) for file in files for change in file.changes
    ]
    rows += [(file.after, "", f"taken out: {name}") for file in files for name in file.extracted]
    console.table(("File", "Page", "Change"), rows or [("", "", "nothing could be mended")])


def _show(objections: tuple[Objection, ...], console: Console) -> None:
    from referrals.commands.console import MARKS

    if not objections:
        return
    console.table(
        ("Ground", "File and pages", "What, and what to do"),
        [
            (
                f"{MARKS[each.severity]}  {each.ground.value}",
                "\n".join(filter(None, (each.file or "the set", each.places))),
                f"{each.message}\n→ {each.remedy}",
            )
            for each in objections
        ],
    )
