"""Signing with a key through the installed command, and everything that must refuse it."""

from __future__ import annotations

import hashlib
import io
import json
import socket
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

import cli
from referrals.attest.signing import authority_certificates
from tests.attest.conftest import CASE, OFFICER, SUPERVISOR, Desk
from tests.attest.fictional_keys import PASSPHRASE, authority, person, time_stamp_server


def _statuses(path: Path, *roots: Path) -> list[PdfSignatureStatus]:
    trusted = [certificate for root in roots for certificate in authority_certificates(root)]
    context = ValidationContext(trust_roots=trusted, allow_fetching=False)
    reader = PdfFileReader(io.BytesIO(path.read_bytes()))
    return [validate_pdf_signature(each, context) for each in reader.embedded_signatures]


def _unsigned(desk: Desk) -> bool:
    """Whether nothing was kept: no form in the records, no PDF in the store."""
    kept = [path for path in (desk.clerk.home / "evidence").rglob("*") if path.is_file()]
    forms = [path for path in kept if b"/ByteRange" in path.read_bytes()]
    return desk.facts() is None and not forms


def test_an_officer_signs_and_a_supervisor_countersigns(desk: Desk) -> None:
    done = desk.sign()
    assert done.returncode == 0, done.stderr
    assert f"Signed: S1, by {OFFICER}" in done.stdout
    once = desk.signed().read_bytes()
    done = desk.countersign("--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [(each["field"], each["person"]) for each in told["signatures"]] == [
        ("officer", "P1"),
        ("supervisor", "P3"),
    ]
    twice = desk.signed().read_bytes()
    assert twice.startswith(once)
    fields = PdfReader(desk.signed()).get_fields() or {}
    assert {name: field["/V"]["/SubFilter"] for name, field in fields.items()} == dict.fromkeys(
        ("officer", "supervisor"), "/ETSI.CAdES.detached"
    )
    text = "".join(page.extract_text() for page in PdfReader(desk.signed()).pages)
    assert OFFICER in text
    first, second = _statuses(desk.signed(), desk.authority)
    for status, name in ((first, OFFICER), (second, SUPERVISOR)):
        assert (status.intact, status.valid, status.trusted, status.docmdp_ok) == (True,) * 4
        assert status.signing_cert.subject.native["common_name"] == name
    assert first.modification_level.name == "FORM_FILLING"
    assert second.coverage.name == "ENTIRE_FILE"
    log = json.loads(desk.run("audit", "list", "--json").stdout)
    forms = [(each["before"], each["after"]) for each in log if each["what"].startswith("att")]
    digests = [hashlib.sha256(content).hexdigest() for content in (once, twice)]
    assert forms == [("", digests[0]), tuple(digests)]


def test_the_appearance_says_who_when_and_with_what(desk: Desk, tmp_path: Path) -> None:
    assert desk.sign().returncode == 0
    [said] = desk.facts()["signatures"]
    shown = subprocess.run(
        ["pdftotext", "-layout", desk.signed(), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert f"Certificate {said['serial']}" in shown
    assert "Issued by FICTIONAL Department CA" in shown
    assert "time stated by the signer’s computer" in shown.replace("'", "’")
    assert shown.index("SHA-256 of what is attested") < shown.index("bound to the digest above")


@pytest.mark.parametrize(
    ("key", "code", "words"),
    [
        ("stranger", "key-foreign", "belongs to FICTIONAL Stranger"),
        ("expired", "certificate-expired", "is in force from"),
        ("reading", "certificate-use", "does not allow its key to sign"),
    ],
)
def test_a_key_that_must_not_sign_is_refused(desk: Desk, key: str, code: str, words: str) -> None:
    done = desk.sign(key=key)
    assert done.returncode == 1
    assert f"[{code}]" in done.stderr
    assert words in done.stderr
    assert "No signature was made." in done.stderr
    assert _unsigned(desk)


def test_a_key_that_no_authority_of_the_office_vouches_for_is_refused(desk: Desk) -> None:
    done = desk.sign(key="elsewhere")
    assert done.returncode == 1
    assert "leads to no authority" in done.stderr
    assert _unsigned(desk)
    # An office that names no authority takes the name on the certificate for what it is.
    assert desk.sign(key="elsewhere", REFERRALS_AUTHORITIES="").returncode == 0
    assert desk.facts()["signatures"][0]["authority"] == ""


def test_a_wrong_passphrase_and_a_file_that_is_no_key_are_named(desk: Desk, tmp_path: Path) -> None:
    done = desk.sign("--passphrase-file", desk.keys / "wrong")
    assert (done.returncode, _unsigned(desk)) == (4, True)
    assert "officer.p12 cannot be opened" in done.stderr
    assert PASSPHRASE not in done.stdout + done.stderr
    (tmp_path / "no.p12").write_text("no key")
    done = desk.sign("--key", tmp_path / "no.p12")
    assert (done.returncode, _unsigned(desk)) == (4, True)
    assert "PKCS#12" in done.stderr


def test_the_passphrase_is_asked_for_and_not_shown(desk: Desk) -> None:
    done = CliRunner().invoke(
        cli.main,
        [
            *("attest", CASE, "S1", "--key", str(desk.keys / "officer.p12")),
            *("--home", str(desk.clerk.home)),
        ],
        input=f"{PASSPHRASE}\n",
        standalone_mode=False,
        env={"REFERRALS_AUTHORITIES": None},
    )
    assert done.exit_code == 0, done.output
    assert "Passphrase of officer.p12" in done.output
    assert PASSPHRASE not in done.output
    assert desk.facts()["signatures"][0]["signer"] == OFFICER


def test_who_gives_no_passphrase_signs_nothing(desk: Desk) -> None:
    place = ("--key", desk.keys / "officer.p12")
    done = desk.run("attest", CASE, "S1", *place)
    assert (done.returncode, _unsigned(desk)) == (130, True)


def test_no_command_makes_a_signature_that_nobody_gave(desk: Desk) -> None:
    """Everything a clerk can run without a key's passphrase leaves the form unsigned."""
    for words in (
        ("check", CASE),
        ("show", CASE),
        ("attest", CASE, "S1", "--form", "forms"),
        ("intake", "felony_referral", "--update"),
        ("packet", CASE, "--draft", "-o", "draft"),
        ("packet", CASE, "-o", "issued"),
    ):
        desk.run(*words)
        assert _unsigned(desk), words
    done = desk.run("attest", CASE, "S1", "--countersign", "P3")
    assert (done.returncode, _unsigned(desk)) == (2, True)
    values = json.loads((desk.clerk.here / "draft/data/packet.json").read_text("utf-8"))
    assert {each["state"] for each in values["attestations"]} == {"unsigned"}
    assert not (desk.clerk.here / "issued").exists()


def test_a_signed_attestation_is_not_signed_twice(desk: Desk) -> None:
    assert desk.sign().returncode == 0
    before = desk.signed().read_bytes()
    done = desk.sign()
    assert done.returncode == 2
    assert "signed already" in done.stderr
    assert desk.signed().read_bytes() == before


def test_a_changed_fact_voids_the_signature_and_says_what_changed(desk: Desk) -> None:
    assert desk.sign().returncode == 0
    case = desk.clerk.here / "felony_referral" / "case.yaml"
    text = case.read_text("utf-8")
    changed = text.replace("I took the photograph of the forearm at 21:12", "I took a photograph")
    assert changed != text
    case.write_text(changed, "utf-8")
    assert desk.run("intake", "felony_referral", "--update").returncode == 0
    done = desk.run("check", CASE)
    line = next(each for each in done.stdout.splitlines() if "[attestation-void]" in each)
    assert "at 21:12" in line
    assert "I took a photograph" in line
    assert desk.countersign(typed="\n" * 9).returncode == 2
    assert desk.sign().returncode == 0
    assert "[attestation-void]" not in desk.run("check", CASE).stdout


def test_options_that_do_not_fit_are_refused(desk: Desk) -> None:
    for words in (
        (),
        ("--key", desk.keys / "officer.p12", "--form", "forms"),
        ("--pkcs11", desk.keys / "passphrase", "--token", "T"),
        ("--form", "forms", "--countersign", "P3"),
    ):
        assert desk.run("attest", CASE, "S1", *words).returncode == 2


def test_without_the_extra_ink_remains_and_the_refusal_is_clear(desk: Desk, tmp_path: Path) -> None:
    # A module that cannot be imported stands for one that is not installed.
    (tmp_path / "away" / "pyhanko").mkdir(parents=True)
    (tmp_path / "away" / "pyhanko" / "__init__.py").write_text("raise ImportError('away')\n")
    path = f"{tmp_path / 'away'}:{Path(cli.__file__).parent}"
    done = desk.sign(PYTHONPATH=path)
    assert done.returncode == 5
    assert "pip install 'referrals[signatures]'" in done.stderr
    assert _unsigned(desk)
    assert desk.run("attest", CASE, "S1", "--form", "forms", PYTHONPATH=path).returncode == 0


def test_a_time_stamp_is_kept_and_read_by_another_reader(desk: Desk, tmp_path: Path) -> None:
    stamper = person("FICTIONAL Stamper", authority("FICTIONAL Time CA"), stamps=True)
    with time_stamp_server(stamper) as url:
        done = desk.sign("--time-stamp", url)
    assert done.returncode == 0, done.stderr
    [said] = desk.facts()["signatures"]
    assert said["stamped_by"] == "FICTIONAL Stamper"
    assert said["issuer"] == said["authority"] == "FICTIONAL Department CA"
    [status] = _statuses(desk.signed(), desk.authority)
    stamp = status.timestamp_validity
    assert stamp is not None
    assert (stamp.intact, stamp.valid) == (True, True)
    assert stamp.timestamp.isoformat()[:19] == said["stamped_at"][:19]


def test_a_time_stamp_server_that_is_down_leaves_nothing(desk: Desk) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    done = desk.sign("--time-stamp", url)
    assert done.returncode == 5
    assert f"{url} gave no time stamp" in done.stderr
    assert "No signature was kept." in done.stderr
    assert _unsigned(desk)
