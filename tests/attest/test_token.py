"""Signing with a key that never leaves its token: SoftHSM stands for a card."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from referrals.verify.signatures import signature_findings
from referrals.verify.signed_message import read_authorities
from tests.attest.conftest import CASE, OFFICER, Desk
from tests.attest.fictional_keys import Person, person

PIN = "271828"
TOKEN, LABEL = "FICTIONAL card", "signing"
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")


@pytest.fixture(scope="module")
def module() -> Path:
    """The PKCS#11 module of SoftHSM."""
    found = [path for path in map(Path, MODULES) if path.is_file()]
    if not found or not shutil.which("softhsm2-util"):
        pytest.skip("SoftHSM is not installed (Debian and Ubuntu: softhsm2)")
    return found[0]


@pytest.fixture(scope="module")
def token(
    module: Path, department: Person, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A folder with a token that holds the officer's key, and PINs in files."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    (folder / "pin").write_text(f"{PIN}\n")
    (folder / "another pin").write_text("000000\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(settings))
        _softhsm("--init-token", "--free", "--label", TOKEN, "--so-pin", PIN, "--pin", PIN)
        _load(module, person(OFFICER, department))
        yield folder


def _softhsm(*words: str) -> None:
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)


def _load(module: Path, owner: Person) -> None:
    from pkcs11 import Attribute, lib
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    private = owner.key.private_bytes(
        Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    certificate = owner.certificate.public_bytes(Encoding.DER)
    with lib(str(module)).get_token(token_label=TOKEN).open(rw=True, user_pin=PIN) as session:
        for values in (decode_rsa_private_key(private), decode_x509_certificate(certificate)):
            named = {Attribute.LABEL: LABEL, Attribute.ID: b"1", Attribute.TOKEN: True}
            session.create_object({**values, **named})


def _sign(
    desk: Desk, module: Path, pin: Path, token: str = TOKEN, label: str = LABEL
) -> subprocess.CompletedProcess[str]:
    place = ("--pkcs11", module, "--token", token, "--label", label)
    return desk.run("attest", CASE, "S1", *place, "--passphrase-file", pin)


def test_a_key_on_a_token_signs(desk: Desk, module: Path, token: Path) -> None:
    done = _sign(desk, module, token / "pin")
    assert done.returncode == 0, done.stderr
    assert f"Signed: S1, by {OFFICER}" in done.stdout
    found = signature_findings(desk.signed(), "form", read_authorities(desk.authority))
    assert [each.code for each in found] == ["signature-vouched"]


def test_a_wrong_pin_token_or_label_is_named(desk: Desk, module: Path, token: Path) -> None:
    for done, words in (
        (_sign(desk, module, token / "another pin"), f"The token {TOKEN} could not be opened"),
        (_sign(desk, module, token / "pin", token="other"), "The token other could not be opened"),
        (_sign(desk, module, token / "pin", label="other"), "has no certificate other"),
    ):
        assert (done.returncode, words in done.stderr) == (4, True), done.stderr
    done = _sign(desk, token / "pin", token / "pin")
    assert (done.returncode, "could not be opened" in done.stderr) == (4, True), done.stderr
    assert desk.facts() is None
