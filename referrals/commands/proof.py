"""Commands that prove: digests of files, the evidence, the audit log."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from referrals.commands.console import Console
from referrals.commands.options import EXISTING, NEW, now, office_at, with_home, with_output
from referrals.errors import ExitCode
from referrals.settings import Settings


@click.command("hash")
@click.argument("files", nargs=-1, required=True, type=EXISTING)
@click.option(
    "--algorithm",
    "algorithms",
    multiple=True,
    default=("sha256",),
    type=click.Choice(["sha256", "sha512", "sha1", "md5"]),
    help="Besides SHA-256, which is always taken.",
)
@click.option("-o", "--output", type=NEW, help="Write the list there; a stopped run is resumed.")
@with_output
def hash_(
    files: tuple[Path, ...], algorithms: tuple[str, ...], output: Path | None, console: Console
) -> None:
    """Take the digests of files, in the form that sha256sum -c reads.

    A folder stands for all files below it.

    \b
    Example:
      referrals hash footage/*.mp4
      referrals hash /mnt/footage -o footage.sha256
    """
    from referrals.evidence.sums import files_below, hash_files

    named = files_below(files)
    total = sum(path.stat().st_size for path in named)
    with console.progress("Hashing", total, "bytes") as advance:
        sums = hash_files(named, algorithms, output, progress=lambda amount: advance(amount))
    for line in sums.lines:
        console.say(line)
    console.result(sums.as_json())
    sums.stop_if_unread()


@click.group()
def evidence() -> None:
    """List the evidence, and prove that none of it has changed."""


@evidence.command("list")
@click.argument("case", required=False, default="")
@with_home
@with_output
def evidence_list(case: str, at: Settings, console: Console) -> None:
    """List the evidence with its digests and when each was last proven.

    \b
    Example:
      referrals evidence list JX-400112
    """
    from referrals.evidence.scan import evidence_lines

    lines = evidence_lines(office_at(at, console).engine, case)
    console.table(
        ("Case", "File", "Bytes", "SHA-256", "Place", "Last proven"),
        [
            (each.case, each.path, each.bytes, each.sha256, each.place or "store", each.proven)
            for each in lines
        ],
    )
    console.result([asdict(each) for each in lines])


@evidence.command("scan")
@click.option("--by", "who", default="", help="Who scans; the login name if left out.")
@with_home
@with_output
def evidence_scan(who: str, at: Settings, console: Console) -> int:
    """Hash all evidence again: what is missing, changed, or named by no record.

    A scan that was stopped goes on where it was.

    \b
    Example:
      referrals evidence scan
    """
    from referrals.evidence.scan import bytes_to_scan, scan
    from referrals.office.office import login

    office = office_at(at, console)
    with console.progress("Proving", bytes_to_scan(office.engine), "bytes") as advance:
        report = scan(
            office.engine,
            office.store,
            who=who or login(),
            clock=now,
            progress=lambda amount: advance(amount),
        )
    console.findings(report.findings)
    console.say(report.words)
    console.result(report.as_json())
    return ExitCode.MISMATCH if report.broken else ExitCode.DONE


@click.group()
def audit() -> None:
    """Read the audit log, and prove that nothing was taken out of it."""


@audit.command("list")
@with_home
@with_output
def audit_list(at: Settings, console: Console) -> None:
    """List who did what and when, with the digests before and after.

    \b
    Example:
      referrals audit list
    """
    from referrals.office.audit_log import audit_entries

    entries = audit_entries(office_at(at, console))
    console.table(
        ("No.", "When", "Who", "What", "Of", "Before", "After"),
        [
            (
                *(entry.sequence, entry.at.isoformat(), entry.who, entry.what, entry.subject),
                *(entry.before[:12], entry.after[:12]),
            )
            for entry in entries
        ],
    )
    console.result([entry.model_dump(mode="json") for entry in entries])


@audit.command("verify")
@click.option("--head", default="", help="The head of the log as a delivery prints it.")
@with_home
@with_output
def audit_verify(head: str, at: Settings, console: Console) -> int:
    """Prove that no entry was removed, moved or edited, nor the end cut off.

    \b
    Example:
      referrals audit verify --head 4f1c29aa03b7
    """
    from referrals.office.audit_log import audit_report

    report = audit_report(office_at(at, console), head)
    console.findings(report.findings)
    console.say(report.words)
    console.result(report.as_json())
    return ExitCode.BLOCKED if report.findings else ExitCode.DONE
