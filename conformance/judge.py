"""`python -m conformance.judge FILES…`: every verdict on every file, and one exit code.

In: PDF files, and flavours where the claims of the files are not to be the
measure. Out: a report for people or JSON; exit 0 all passed, 1 any failed or
could not be judged, 5 the machine lacks something.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from conformance import qpdf, second_opinion, verapdf
from conformance.claims import claims
from conformance.verdicts import FLAVOURS, Judgement, MissingToolError, Outcome, Verdict

UNCLAIMED = ("2a", "ua1")
"""What a file is measured by when it claims nothing."""


def judge(files: Sequence[Path], flavours: Sequence[str] = ()) -> list[Judgement]:
    """Judge each file by `flavours`, or else by what it claims, or else by `UNCLAIMED`.

    Raises:
        MissingToolError: Java, JAXB, veraPDF or qpdf is missing and cannot be installed.
    """
    validator, page = verapdf.set_up(), second_opinion.set_up()
    claimed = [claims(path) for path in files]
    measures = [tuple(flavours) or own or UNCLAIMED for own in claimed]
    questions = [
        (path, flavour)
        for path, wanted in zip(files, measures, strict=True)
        for flavour in wanted
        if flavour in FLAVOURS
    ]
    answers = iter(verapdf.judge(validator, questions))
    judgements = []
    for path, own, wanted in zip(files, claimed, measures, strict=True):
        verdicts = [next(answers) if name in FLAVOURS else _unknown(name) for name in wanted]
        verdicts.append(qpdf.check(path))
        verdicts += [second_opinion.ask(page, path, name) for name in wanted]
        judgements.append(Judgement(path, own, tuple(verdicts)))
    return judgements


def _unknown(flavour: str) -> Verdict:
    reason = "the file claims a standard that does not exist"
    return Verdict("veraPDF", flavour, Outcome.NOT_JUDGED, reason=reason)


def report(judgement: Judgement) -> str:
    """Return the verdicts on one file as lines for people."""
    lines = [f"{judgement.path}: {_told_claims(judgement.claims)}"]
    for verdict in judgement.verdicts:
        name = FLAVOURS.get(verdict.flavour, verdict.flavour) or "syntax"
        told = verdict.outcome + (f": {verdict.reason}" if verdict.reason else "")
        told += "" if verdict.decides else " (second opinion)"
        lines.append(f"  {verdict.checker:<16}{name:<10}{told}")
        for rule in verdict.failed:
            count = "" if rule.count is None else f" × {rule.count}"
            lines.append(f"      {rule.clause}{count}: {rule.message}")
            if rule.context:
                lines.append(f"        at {rule.context}")
    return "\n".join(lines)


def _told_claims(claimed: tuple[str, ...] | None) -> str:
    if claimed is None:
        return "what it claims cannot be read"
    if not claimed:
        return "claims nothing"
    return "claims " + " and ".join(FLAVOURS.get(name, name) for name in claimed)


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
)
@click.option(
    "--flavour",
    "flavours",
    multiple=True,
    type=click.Choice(list(FLAVOURS)),
    help="Measure by this standard, whatever the file claims; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(files: tuple[Path, ...], flavours: tuple[str, ...], *, as_json: bool) -> None:
    """Judge PDF FILES by the standards they claim to keep."""
    try:
        judgements = judge(files, flavours)
    except MissingToolError as error:
        click.echo(f"{error}\n{error.remedy}", err=True)
        sys.exit(5)
    if as_json:
        told = [{**asdict(each), "passed": each.passed} for each in judgements]
        click.echo(json.dumps(told, indent=2, default=str))
    else:
        click.echo("\n\n".join(map(report, judgements)))
        passed = sum(each.passed for each in judgements)
        click.echo(f"\n{passed} of {len(judgements)} passed")
    sys.exit(0 if all(each.passed for each in judgements) else 1)


if __name__ == "__main__":
    main()
