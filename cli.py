"""The `referrals` command: its commands, and what goes wrong turned into words.

The commands stand in `referrals/commands/`. Exit codes
are those of `ExitCode` (`docs/errors.md`).
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import Any

import click

import referrals
from referrals.commands import (
    attestations,
    cases,
    cites,
    court_sets,
    filings,
    packets,
    proof,
    receipts,
    redactions,
    rejections,
    reports,
    set_up,
)
from referrals.errors import ExitCode

COMMANDS = (
    *(set_up.init, set_up.sample, set_up.new, set_up.schema, set_up.profiles),
    *(cases.intake, cases.cases, cases.show, cases.check, cases.find, cases.retention),
    *(attestations.attest, redactions.redact),
    *(packets.packet, packets.rebuild, packets.verify, packets.stamp),
    *(receipts.receipt, receipts.stats),
    *(proof.hash_, proof.evidence, proof.audit),
    *(cites.cite, rejections.rejected),
    reports.report,
    *(court_sets.filing, filings.preflight),
)


class Referrals(click.Group):
    """The group of commands; no error leaves it as a traceback."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command and turn what goes wrong into words and an exit code."""
        # Loading makes objects by the hundred thousand and no garbage: collect less often.
        gc.set_threshold(50_000, 20, 20)
        # What a case holds is for its office alone, whatever the shell's mask allows.
        os.umask(0o007 if os.environ.get("REFERRALS_SHARED") else 0o077)
        signal.signal(signal.SIGTERM, _terminated)
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            click.echo("Stopped. Nothing was left half-done.", err=True)
            sys.exit(ExitCode.STOPPED)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(ExitCode.DONE)
        except Exception as error:  # noqa: BLE001 – the one place where errors become words
            sys.exit(_report(error))
        sys.exit(code if isinstance(code, int) else 0)


def _terminated(number: int, frame: object) -> None:
    """End as Ctrl-C does: what was begun is taken back on the way out."""
    raise KeyboardInterrupt


def _report(error: Exception) -> ExitCode:
    from referrals.commands.console import finding_text
    from referrals.errors import ReferralsError
    from referrals.plain_words import plain_line, plain_words
    from stamping.errors import StampingError

    if isinstance(error, ReferralsError):
        for finding in error.findings:
            click.echo(finding_text(finding), err=True)
        click.echo(plain_words(f"{error}"), err=True)
        if error.remedy:
            click.echo(plain_words(f"→ {error.remedy}"), err=True)
        return error.exit_code
    if isinstance(error, StampingError):
        source = f"{error.source}: " if error.source else ""
        click.echo(plain_words(f"{source}{error}"), err=True)
        if error.remedy:
            click.echo(plain_words(f"→ {error.remedy}"), err=True)
        return ExitCode.INPUT
    if isinstance(error, OSError):
        name = plain_line(str(error.filename or "A file"))
        click.echo(f"{name}: {error.strerror or error}", err=True)
        click.echo("→ Check that the place exists, is writable and has space.", err=True)
        return ExitCode.MACHINE
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="referrals-report-", suffix=".txt", delete=False
    ) as report:
        traceback.print_exception(error, file=report)
    click.echo(f"Unexpected error ({type(error).__name__}).", err=True)
    click.echo(f"→ Please send {report.name} to the maintainers of the program.", err=True)
    return ExitCode.MACHINE


@click.group(cls=Referrals, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(referrals.__version__, prog_name="referrals")
def main() -> None:
    """Turn a case folder into a referral packet that anyone can check.

    \b
    A first walk:
      referrals sample felony_referral --into work
      referrals intake work/felony_referral
      referrals check JX-400112
      referrals packet JX-400112 --draft -o work/packet
    """


for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main()
