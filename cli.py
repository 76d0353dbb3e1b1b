"""The `referrals` command: parse, call one function, print what came of it.

Every command imports what it needs when it runs, so that `--help` answers at
once. Exit codes: 0 done, 1 blocking findings, 2 usage, 3 evidence does not
match its digest, 4 an input cannot be read, 5 the machine lacks something
(`docs/errors.md`).
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import referrals
from referrals.console import Console
from referrals.settings import Settings, settings

if TYPE_CHECKING:
    from referrals.attest.sign_off import Question
    from referrals.attest.signing_key import KeyPlace
    from referrals.packet.office import Office
    from referrals.packet.redaction_office import RedactionReport

EXISTING = click.Path(exists=True, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
NEW = click.Path(path_type=Path)


class Referrals(click.Group):
    """The group of commands; no error leaves it as a traceback."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command and turn what goes wrong into words and an exit code."""
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            click.echo("Stopped. Nothing was left half-done.", err=True)
            sys.exit(130)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(0)
        except Exception as error:  # noqa: BLE001 – the one place where errors become words
            sys.exit(_report(error))
        sys.exit(code if isinstance(code, int) else 0)


def _report(error: Exception) -> int:
    from referrals.console import finding_text
    from referrals.errors import MachineError, ReferralsError
    from stamping.errors import StampingError

    if isinstance(error, ReferralsError):
        for finding in error.findings:
            click.echo(finding_text(finding), err=True)
        click.echo(f"{error}", err=True)
        if error.remedy:
            click.echo(f"→ {error.remedy}", err=True)
        return error.exit_code
    if isinstance(error, StampingError):
        source = f"{error.source}: " if error.source else ""
        click.echo(f"{source}{error}", err=True)
        if error.remedy:
            click.echo(f"→ {error.remedy}", err=True)
        return 4
    if isinstance(error, OSError):
        click.echo(f"{error.filename or 'A file'}: {error.strerror or error}", err=True)
        click.echo("→ Check that the place exists, is writable and has space.", err=True)
        return MachineError.exit_code
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="referrals-report-", suffix=".txt", delete=False
    ) as report:
        traceback.print_exception(error, file=report)
    click.echo(f"The program met something it was not made for: {error}", err=True)
    click.echo(f"→ Nothing was changed. Please send {report.name} to its maintainers.", err=True)
    return MachineError.exit_code


def with_output(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--json` and a `console`."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON value for programs.")
    @functools.wraps(command)
    def run(*args: Any, as_json: bool, **options: Any) -> Any:
        return command(*args, console=Console(as_json), **options)

    return run


def with_home(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--home` and the settings found there."""

    @click.option(
        "--home",
        type=NEW,
        envvar="REFERRALS_HOME",
        help="The office's folder: database, evidence, deliveries.",
    )
    @functools.wraps(command)
    def run(*args: Any, home: Path | None, **options: Any) -> Any:
        return command(*args, at=settings(home), **options)

    return run


def _key_place(key_file: Path | None, module: Path | None, token: str, label: str) -> KeyPlace:
    from referrals.attest.signing_key import KeyFile, KeyToken

    if key_file is not None:
        return KeyFile(key_file)
    if module is None or not token or not label:
        raise click.UsageError("With --pkcs11 MODULE, name --token NAME and --label KEY.")
    return KeyToken(module, token, label)


def _secret(words: str, file: Path | None) -> str:
    """Return a passphrase or PIN; it never stands in the list of processes."""
    if file is not None:
        return file.read_text("utf-8", "replace").split("\n", 1)[0].removesuffix("\r")
    return str(click.prompt(words, hide_input=True, err=True))


def _answer(asked: Question) -> str:
    """Return where a supervisor says that a fact stands."""
    words = f"Where does it stand? “{asked.words}” ({asked.wanted})"
    return str(click.prompt(words, default="", show_default=False, err=True))


def _office(at: Settings, console: Console) -> Office:
    from referrals.packet.office import Office

    return Office(at, console.progress)


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


@main.command()
@with_home
@with_output
def init(at: Settings, console: Console) -> None:
    """Make the office's folder and its database.

    \b
    Example:
      referrals init --home /srv/referrals
    """
    office = _office(at, console)
    office.open()
    console.say(f"Ready: {at.home}")
    console.result({"home": at.home, "database": at.database})


@main.command()
@click.argument("names", nargs=-1)
@click.option("--into", type=NEW, default=Path("samples"), show_default=True, help="Where to.")
@click.option("--build", is_flag=True, help="Take the samples in and build their packets too.")
@click.option("--big", is_flag=True, help="Make the case of 300 exhibits and 3,000 pages.")
@click.option("--history", is_flag=True, help="Save 14 fictional months of cases, for a report.")
@with_home
@with_output
def sample(
    names: tuple[str, ...],
    into: Path,
    build: bool,
    big: bool,
    history: bool,
    at: Settings,
    console: Console,
) -> None:
    """Copy fictional sample cases, and build their packets or reports on demand.

    \b
    Example:
      referrals sample felony_referral --into work
      referrals sample --big --into work
      referrals sample --history --build --into work
    """
    from referrals.packet import demonstration

    if history:
        lines = demonstration.history(at, into, _now(), publish=build)
        _show_demonstration(lines, console)
        return
    if build:
        _show_demonstration(demonstration.build(names, into, _office(at, console)), console)
        return
    folders = demonstration.copy(names, into, big=big)
    for folder in folders:
        console.say(f"{folder}")
    console.result([str(folder) for folder in folders])


def _show_demonstration(lines: list[tuple[str, str, Path | None]], console: Console) -> None:
    for case, words, place in lines:
        console.say(f"{case:<12} {words}" + (f"\n{'':<12} {place}" if place else ""))
    packets = [place for _, _, place in lines if place]
    if packets:
        console.say(f"\nOpen first: {packets[0]}")
    console.result([{"case": case, "result": words, "open": place} for case, words, place in lines])


@main.command()
@click.argument("number", metavar="CASE_NO")
@click.argument("folder", type=NEW)
@with_output
def new(number: str, folder: Path, console: Console) -> None:
    """Lay out a new case folder with a commented case.yaml.

    \b
    Example:
      referrals new JX-400112 cases/JX-400112
    """
    from referrals.intake.scaffold import new_case_folder

    record = new_case_folder(number, folder)
    console.say(f"Made {folder}. Fill in {record}, then: referrals intake {folder}")
    console.result({"folder": str(folder), "record": str(record)})


@main.command()
@with_output
def schema(console: Console) -> None:
    """Print the JSON Schema of case.yaml, for editors that complete it.

    \b
    Example:
      referrals schema > case.schema.json
    """
    from referrals.intake.scaffold import schema as case_schema

    Console(as_json=True).result(case_schema())


@main.command()
@click.argument("folder", type=FOLDER)
@click.option("--update", is_flag=True, help="Take in a changed folder, after its changes showed.")
@click.option("--map", "column_map", type=EXISTING, help="A column map, for a CSV or JSON export.")
@click.option("--by", "who", default="", help="Who takes it in; the login name if left out.")
@with_home
@with_output
def intake(
    folder: Path, update: bool, column_map: Path | None, who: str, at: Settings, console: Console
) -> None:
    """Take a case folder in: all of it, or nothing.

    \b
    Example:
      referrals intake cases/JX-400112
      referrals intake cases/JX-400112 --update
    """
    taken = _office(at, console).take_in(
        folder, column_map=column_map, update=update, who=who, now=_now()
    )
    console.findings(taken.findings)
    console.say(taken.words)
    console.result(taken.as_json())


@main.command()
@with_home
@with_output
def cases(at: Settings, console: Console) -> None:
    """List the cases.

    \b
    Example:
      referrals cases
    """
    lines = _office(at, console).cases()
    console.table(
        ("Case", "Title", "Exhibits", "Footage", "Packets"),
        [(line.number, line.title, line.exhibits, line.footage, line.packets) for line in lines],
    )
    if not lines:
        console.say("No case has been taken in yet. → referrals intake FOLDER")
    console.result([line.as_json() for line in lines])


@main.command()
@click.argument("case")
@with_home
@with_output
def show(case: str, at: Settings, console: Console) -> None:
    """Show a case: its evidence, its attestations, its packets.

    \b
    Example:
      referrals show JX-400112
    """
    overview = _office(at, console).overview(case, _now())
    for heading, columns, rows in overview.tables:
        console.say(heading)
        console.table(columns, rows)
        console.say()
    console.result(overview.as_json())


@main.command()
@click.argument("case")
@with_home
@with_output
def check(case: str, at: Settings, console: Console) -> int:
    """Tell what is missing before a packet can go out.

    \b
    Example:
      referrals check JX-400112
    """
    report = _office(at, console).check(case, _now())
    console.table(
        ("Duty", "", "Detail"), [(duty.title, duty.state, duty.detail) for duty in report.duties]
    )
    console.say()
    console.findings(report.findings)
    console.say(report.words)
    console.result(report.as_json())
    return 1 if report.blocked else 0


@main.command()
@click.argument("case")
@click.argument("key")
@click.option("--form", type=NEW, help="Write the form to sign into this folder.")
@click.option("--signed", type=EXISTING, help="The scan of the signed form.")
@click.option("--on", "signed_on", type=click.DateTime(["%Y-%m-%d"]), help="When it was signed.")
@click.option("--digest", default="", help="The statement's digest as the signed form prints it.")
@click.option("--key", "key_file", type=EXISTING, help="Sign with this PKCS#12 file (.p12, .pfx).")
@click.option("--pkcs11", "module", type=EXISTING, help="Sign with a token: its PKCS#11 module.")
@click.option("--token", default="", help="The token's name, with --pkcs11.")
@click.option("--label", default="", help="The label of the key on the token, with --pkcs11.")
@click.option("--countersign", "supervisor", default="", help="The supervisor who countersigns.")
@click.option("--time-stamp", default="", help="The URL of a time-stamp server (RFC 3161).")
@click.option(
    "--passphrase-file",
    type=EXISTING,
    help="Read passphrase or PIN from this file or descriptor; asked for if left out.",
)
@click.option("--by", "who", default="", help="Who takes it in; the login name if left out.")
@with_home
@with_output
def attest(
    case: str,
    key: str,
    form: Path | None,
    signed: Path | None,
    signed_on: datetime | None,
    digest: str,
    key_file: Path | None,
    module: Path | None,
    token: str,
    label: str,
    supervisor: str,
    time_stamp: str,
    passphrase_file: Path | None,
    who: str,
    at: Settings,
    console: Console,
) -> None:
    """Write an attestation's form, take the signed form in, or sign with a key.

    The program never makes a signature that nobody gave: a person signs the
    printed form, or signs with a key of their own, whose passphrase or PIN is
    asked for. A supervisor first answers where a few facts stand.

    \b
    Example:
      referrals attest JX-400112 S1 --form forms
      referrals attest JX-400112 S1 --signed scan.pdf --on 2026-03-20 --digest 4f1c29aa03b7
      referrals attest JX-400112 S1 --key officer.p12
      referrals attest JX-400112 S1 --countersign P3 --key supervisor.p12
    """
    from referrals.packet import attestation_office

    office, now = _office(at, console), _now()
    if sum(each is not None for each in (form, signed, key_file, module)) != 1:
        raise click.UsageError("Name one of --form FOLDER, --signed SCAN, --key FILE, --pkcs11.")
    if form is not None:
        if supervisor:
            raise click.UsageError("--countersign goes with --signed, --key or --pkcs11.")
        paths = attestation_office.write_form(office, case, key, form, now)
        for path in paths:
            console.say(f"{path}")
        console.result([str(path) for path in paths])
        return
    if signed is not None:
        if signed_on is None or not digest:
            words = "With --signed, name --on DATE and --digest as the form prints it."
            raise click.UsageError(words)
        taken = attestation_office.take_scan(
            office,
            case,
            key,
            signed,
            signed_on=signed_on.date(),
            digest=digest,
            who=who,
            now=now,
            supervisor=supervisor,
            ask=_answer,
        )
        console.say(f"Taken in: {key}, signed on {taken.signed_on}.")
    else:
        place = _key_place(key_file, module, token, label)
        secret = functools.partial(_secret, place.secret, passphrase_file)
        sign = functools.partial(attestation_office.sign, office, case, key)
        if supervisor:
            countersign = attestation_office.countersign_with_key
            sign = functools.partial(countersign, office, case, key, supervisor, _answer)
        taken = sign(place, secret, time_stamp=time_stamp, who=who, now=now)
        last = taken.signatures[-1]
        console.say(f"Signed: {key}, by {last.signer}, certificate {last.serial}.")
    console.result(taken.model_dump(mode="json", exclude={"facts"}))


@main.command()
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
    office = _office(at, console)
    if again:
        delivered = office.build_again(case, output)
    else:
        delivered = office.packet(
            case,
            output,
            as_of=_instant(as_of),
            draft=draft,
            archive=archive,
            who=who,
            now=_now(),
        )
    console.findings(delivered.findings)
    console.say(delivered.words)
    console.result(delivered.as_json())


@main.group()
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
    from referrals.packet import redaction_office

    office = _office(at, console)
    report = redaction_office.propose_redactions(office, case, key, packet=packet, now=_now())
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
    from referrals.packet import redaction_office

    report = redaction_office.list_redactions(_office(at, console), case, key, state)
    _show_redactions(report, console)


def _decide(accepted: bool, at: Settings, console: Console, **words: Any) -> None:
    from referrals.packet import redaction_office

    report = redaction_office.decide_redactions(
        _office(at, console), accepted=accepted, now=_now(), **words
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
    from referrals.packet import redaction_office

    report = redaction_office.add_redaction(_office(at, console), now=_now(), **words)
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
    from referrals.packet import redaction_office

    made = redaction_office.build_redacted(
        _office(at, console), case, key, output, packet=packet, who=who, now=_now()
    )
    console.findings(made.findings)
    console.say(made.words)
    console.result(made.as_json())


@main.command()
@click.argument("delivery", type=FOLDER)
@with_home
@with_output
def rebuild(delivery: Path, at: Settings, console: Console) -> None:
    """Make a delivery again from the records and compare it byte for byte.

    \b
    Example:
      referrals rebuild out/JX-400112-1
    """
    rebuilt = _office(at, console).rebuild(delivery)
    console.say(rebuilt.words)
    console.result(rebuilt.as_json())


@main.command()
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
    from referrals.verify.bag_files import total_bytes
    from referrals.verify.delivery import verify as verdict_on

    total = total_bytes(delivery, *([footage] if footage else []))
    with console.progress("Checking", total, "bytes") as advance:
        verdict = verdict_on(
            delivery,
            footage=footage,
            expect=expect,
            authorities=authorities,
            heard=lambda amount: advance(amount),
        )
    console.findings(verdict.findings)
    console.say(verdict.words)
    console.result(verdict.as_json())
    return verdict.exit_code


@main.command()
@click.argument("number", metavar="BATES")
@with_home
@with_output
def find(number: str, at: Settings, console: Console) -> int:
    """Tell what a Bates number stands on.

    \b
    Example:
      referrals find LPD-000042
    """
    found = _office(at, console).find(number)
    for label, text in found.lines:
        console.say(f"{label:<16}{text}")
    console.result(found.as_json())
    return 0 if found.issued else 1


@main.command("hash")
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


@main.group()
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

    lines = evidence_lines(_office(at, console).engine, case)
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
    from referrals.packet.office import login

    office = _office(at, console)
    with console.progress("Proving", bytes_to_scan(office.engine), "bytes") as advance:
        report = scan(
            office.engine,
            office.store,
            who=who or login(),
            clock=_now,
            progress=lambda amount: advance(amount),
        )
    console.findings(report.findings)
    console.say(report.words)
    console.result(report.as_json())
    return 3 if report.broken else 0


@main.group()
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
    entries = _office(at, console).audit_entries()
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
    report = _office(at, console).audit_report(head)
    console.findings(report.findings)
    console.say(report.words)
    console.result(report.as_json())
    return 1 if report.findings else 0


@main.command()
@click.argument("case", required=False, default="")
@with_home
@with_output
def retention(case: str, at: Settings, console: Console) -> None:
    """List how long recordings are kept, on what ground, and which run out.

    \b
    Example:
      referrals retention
      referrals retention JX-400112
    """
    lines = _office(at, console).retention(case, _now())
    console.table(
        ("Case", "Recording", "Recorded", "Kept until", "Days left", "Warning", "Ground"),
        [
            (
                *(line.case, line.key, line.left.recorded_on, line.left.kept_until),
                *(line.left.days_left, line.warning, line.left.ground or "not flagged"),
            )
            for line in lines
        ],
    )
    if not lines:
        console.say("No recording is under the rule.")
    console.result([line.as_json() for line in lines])


@main.command()
@click.argument("files", nargs=-1, required=True, type=EXISTING)
@click.option("-o", "--output", type=NEW, required=True, help="The PDF to write.")
@click.option("--prefix", default="", help="What stands before the digits, for example CPD-.")
@click.option("--start", default=1, show_default=True, help="The first number.")
@click.option("--width", default=6, show_default=True, help="The number of digits.")
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
    from referrals.packet.stamp_files import stamp_files
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
            progress=lambda path: advance(1, path.name),
        )
    console.findings(stamped.findings)
    console.say(stamped.words)
    console.result(stamped.as_json())
    return 1 if stamped.blocked else 0


@main.command()
@click.argument("key", required=False)
@with_home
@with_output
def profiles(key: str | None, at: Settings, console: Console) -> None:
    """List the jurisdiction profiles, or show one.

    \b
    Example:
      referrals profiles
      referrals profiles ccsao-review
    """
    from referrals.filing.profile_files import available, load

    if key is None:
        lines = available(at.profiles)
        console.table(("Profile", "Title"), [(line.key, line.title) for line in lines])
        console.result([{"key": line.key, "title": line.title} for line in lines])
        return
    from referrals.filing.profile_text import profile_rows

    profile = load(key, at.profiles)
    console.table(("Key", "Value"), profile_rows(profile))
    console.result(profile.model_dump(mode="json"))


class ReportGroup(click.Group):
    """Takes a month where the name of a command stands: `report 2026-03` publishes it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Hand what names no command to `publish`."""
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["publish", *args]
        return super().parse_args(ctx, args)


@main.group(cls=ReportGroup, subcommand_metavar="MONTH [OPTIONS] | list | diff | verify")
def report() -> None:
    """Publish a month's public report; list, compare and check editions.

    Each of them takes --home, and --json for programs; `publish --help` tells the
    options of a report.

    \b
    Example:
      referrals report 2026-03 -o out/2026-03
      referrals report 2026-03 --correct "Two late records" -o out/2026-03-2
    """


@report.command("publish")
@click.argument("month")
@click.option("-o", "--output", type=NEW, help="The report's folder; it must not exist yet.")
@click.option("--profile", help="The profile of the report; that of the cases if left out.")
@click.option("--draft", is_flag=True, help="Write the report without publishing it.")
@click.option("--correct", default="", metavar="REASON", help="Publish a new edition, and why.")
@click.option("--by", "who", default="", help="Who publishes it; the login name if left out.")
@with_home
@with_output
def publish_report(
    month: str,
    output: Path | None,
    profile: str | None,
    draft: bool,
    correct: str,
    who: str,
    at: Settings,
    console: Console,
) -> None:
    """Publish a month's report, or write a published one again.

    The word `publish` may be left out.

    \b
    Example:
      referrals report publish 2026-03 -o out/2026-03
    """
    from referrals.report.month import Month
    from referrals.report.press import Press

    issue = Press(at).report(
        Month.parse(month),
        output,
        profile=profile,
        draft=draft,
        correct=correct,
        who=who,
        now=_now(),
    )
    console.findings(issue.findings)
    console.say(issue.words)
    console.result(issue.as_json())


@report.command("list")
@click.option("--profile", help="Only the editions of this profile.")
@with_home
@with_output
def list_reports(profile: str | None, at: Settings, console: Console) -> None:
    """List the editions that were published.

    \b
    Example:
      referrals report list
    """
    from referrals.report.press import Press

    lines = Press(at).editions(profile)
    console.table(
        ("Edition", "Profile", "Published", "By", "Hidden", "Corrections", "Reason"),
        [
            (
                line.name,
                line.profile,
                line.published_at,
                line.published_by,
                line.hidden,
                line.corrections,
                line.reason,
            )
            for line in lines
        ],
    )
    if not lines:
        console.say("Nothing was published yet. → referrals report MONTH")
    console.result([line.as_json() for line in lines])


@report.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--profile", help="The profile of the editions, where several publish.")
@with_home
@with_output
def diff_reports(
    first: str, second: str, profile: str | None, at: Settings, console: Console
) -> None:
    """Show what two editions tell differently; each is a name or a folder.

    \b
    Example:
      referrals report diff 2026-02 2026-03
      referrals report diff 2026-03-1 2026-03-2
    """
    from dataclasses import asdict

    from referrals.report.press import Press

    found = Press(at).diff(first, second, profile)
    console.table(
        ("Count", first, second), [(each.count, each.first, each.second) for each in found]
    )
    if not found:
        console.say("They tell the same.")
    console.result([asdict(each) for each in found])


@report.command("verify")
@click.argument("folder", type=FOLDER)
@with_home
@with_output
def verify_report(folder: Path, at: Settings, console: Console) -> int:
    """Check a report's folder: its sums, its numbers, its place in the ledger.

    \b
    Example:
      referrals report verify out/2026-03
    """
    from referrals.findings import Severity
    from referrals.report.press import Press

    found = Press(at).verify(folder)
    wrong = any(finding.severity is Severity.BLOCKING for finding in found)
    console.findings(found)
    console.say(f"{folder} is {'not ' if wrong else ''}as it was made.")
    console.result([finding.as_json() for finding in found])
    return 3 if wrong else 0


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise click.BadParameter(
            f"{text!r} is no instant with a zone; write it as 2026-04-02T15:00:00-05:00.",
            param_hint="--as-of",
        )
    return instant


if __name__ == "__main__":
    main()
