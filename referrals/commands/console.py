"""What the commands print: findings, tables, progress; or JSON for programs.

In: values. Out: text on standard output, progress on standard error. With
`--json` nothing but one JSON value reaches standard output.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from referrals.findings import Finding, Severity
from referrals.plain_words import plain_line, plain_words
from referrals.progress import Advance, silent

MARKS = {Severity.BLOCKING: "STOP", Severity.WARNING: "WARN", Severity.NOTE: "note"}


@dataclass(frozen=True, slots=True)
class Console:
    """Where a command prints; `as_json` turns words into one JSON value."""

    as_json: bool = False

    def say(self, text: str = "") -> None:
        """Print a line for a person; nothing in it acts on the terminal."""
        if not self.as_json:
            sys.stdout.write(plain_words(text) + "\n")

    def result(self, value: Any) -> None:
        """Print the result for a program."""
        if self.as_json:
            sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")

    def findings(self, findings: Iterable[Finding]) -> None:
        """Print findings, the gravest first, each with its place and its remedy."""
        if self.as_json:
            return
        order = list(Severity)
        for finding in sorted(findings, key=lambda finding: order.index(finding.severity)):
            self.say(finding_text(finding))

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print rows under headings."""
        if self.as_json:
            return
        from rich.console import Console as RichConsole
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in headings:
            table.add_column(heading, overflow="fold")
        for row in rows:
            table.add_row(*(_plain(cell) for cell in row))
        RichConsole(file=sys.stdout, highlight=False, markup=False, soft_wrap=False).print(table)

    @contextmanager
    def progress(self, title: str, total: int | None, unit: str = "") -> Iterator[Advance]:
        """Show how far a step has come, on standard error and only in a terminal."""
        if self.as_json or not sys.stderr.isatty():
            with silent(title, total, unit) as advance:
                yield advance
            return
        from rich.console import Console as RichConsole
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )

        amounts = (
            (DownloadColumn(), TransferSpeedColumn())
            if unit == "bytes"
            else (MofNCompleteColumn(),)
        )
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            *amounts,
            TimeRemainingColumn(),
            console=RichConsole(stderr=True),
            transient=True,
        ) as progress:
            task = progress.add_task(title, total=total)

            def advance(amount: int = 1, what: str = "") -> None:
                progress.update(
                    task, advance=amount, description=plain_line(f"{title} {what}".strip())
                )

            yield advance


def finding_text(finding: Finding) -> str:
    """Return a finding as the lines that a clerk reads."""
    # One line each: a name that holds a line end must not look like another finding.
    place = f"{plain_line(finding.where)}: " if finding.where else ""
    message = plain_line(finding.message)
    lines = [f"{MARKS[finding.severity]}  {place}{message}  [{finding.code}]"]
    if finding.remedy:
        lines.append(f"      → {plain_line(finding.remedy)}")
    return "\n".join(lines)


def _plain(cell: object) -> Any:
    from rich.text import Text

    return Text("" if cell is None else plain_line(str(cell)))
