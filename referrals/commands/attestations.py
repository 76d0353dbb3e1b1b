"""The command on attestations: forms, signed forms, signatures with a key."""

from __future__ import annotations

import functools
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from referrals.commands.console import Console
from referrals.commands.options import EXISTING, NEW, now, office_at, with_home, with_output
from referrals.settings import Settings

if TYPE_CHECKING:
    from referrals.attest.sign_off import SignOffQuestion
    from referrals.attest.signing_key import KeyPlace


@click.command()
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
    from referrals.office import attestations as attestation_office

    office, instant = office_at(at, console), now()
    if sum(each is not None for each in (form, signed, key_file, module)) != 1:
        raise click.UsageError("Name one of --form FOLDER, --signed SCAN, --key FILE, --pkcs11.")
    if form is not None:
        if supervisor:
            raise click.UsageError("--countersign goes with --signed, --key or --pkcs11.")
        paths = attestation_office.write_form(office, case, key, form, instant)
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
            now=instant,
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
        taken = sign(place, secret, time_stamp=time_stamp, who=who, now=instant)
        last = taken.signatures[-1]
        console.say(f"Signed: {key}, by {last.signer}, certificate {last.serial}.")
    console.result(taken.model_dump(mode="json", exclude={"facts"}))


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


def _answer(asked: SignOffQuestion) -> str:
    """Return where a supervisor says that a fact stands."""
    words = f"Where does it stand? “{asked.words}” ({asked.wanted})"
    return str(click.prompt(words, default="", show_default=False, err=True))
