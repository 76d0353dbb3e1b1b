"""A delivery whose attestation was signed and countersigned with keys, and forgeries of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import sample_cases
from referrals.verify import delivery
from referrals.verify.delivery import verify
from referrals.verify.volume import ReadVolume
from tests.acceptance.conftest import Built, Clerk
from tests.attest.conftest import CASE, OFFICER, SUPERVISOR, Desk, make_keys, take_in
from tests.attest.fictional_keys import authority, person, signed_form
from tests.verify.conftest import FELONY
from tests.verify.forgery import Forgery, Strength

FORM = "attested-confidential/S1_signed.pdf"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An office that issued the felony sample: S1 signed with keys, the others with ink."""
    root = tmp_path_factory.mktemp("signed delivery")
    department = authority()
    (root / "keys").mkdir()
    make_keys(root / "keys", department)
    made = Desk(Clerk(root / "home", root), root / "keys", department)
    take_in(made.clerk)
    for done in (made.sign(), made.countersign()):
        assert done.returncode == 0, done.stderr
    for key in ("S2", "S3"):
        (form, _) = made.clerk.json("attest", CASE, key, "--form", "forms")
        scan = sample_cases.signed_scans("felony_referral")[key]
        words = ("attest", CASE, key, "--signed", scan, "--on", "2026-03-20")
        done = made.run(*words, "--digest", _digest(root / form))
        assert done.returncode == 0, done.stderr
    done = made.run("packet", CASE, "-o", FELONY)
    assert done.returncode == 0, done.stderr
    yield made
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="module")
def sent(desk: Desk) -> Path:
    """The delivery, not to be changed."""
    return desk.clerk.here / FELONY


@pytest.fixture
def forged(
    sent: Path,
    tmp_path: Path,
    read_once: Callable[[Path], ReadVolume],
    monkeypatch: pytest.MonkeyPatch,
) -> Forgery:
    """A copy of the delivery in a forger's hands."""
    monkeypatch.setattr(delivery, "read_volume", read_once)
    shutil.copytree(sent, tmp_path / FELONY)
    return Forgery(tmp_path / FELONY, FELONY)


def _digest(form: Path) -> str:
    from pypdf import PdfReader

    text = "".join(page.extract_text() for page in PdfReader(form).pages)
    return "".join(text.split("SHA-256 of what is attested:")[1].split()[:8])


def test_the_signed_form_travels_unchanged_and_is_accepted(desk: Desk, sent: Path) -> None:
    assert (sent / "data" / FORM).read_bytes() == desk.signed().read_bytes()
    done = desk.run("verify", sent)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("[signature-vouched]") == 2
    done = desk.run("verify", sent, REFERRALS_AUTHORITIES="")
    assert (done.returncode, done.stdout.count("[signature-unnamed]")) == (0, 2)


def test_the_delivery_says_who_signed_with_what(desk: Desk, sent: Path) -> None:
    values = json.loads((sent / "data/packet.json").read_text("utf-8"))
    signed, ink = values["attestations"][:2]
    assert [each["signer"] for each in signed["signatures"]] == [OFFICER, SUPERVISOR]
    assert (signed["countersigned_by"], ink["countersigned_by"]) == (SUPERVISOR, "")
    assert (signed["countersignature_required"], ink["signatures"]) == (False, [])
    held = hashlib.sha256((sent / "data" / FORM).read_bytes()).hexdigest()
    assert signed["scan_sha256"] == held


def test_it_is_made_again_byte_for_byte(desk: Desk, sent: Path) -> None:
    done = desk.run("rebuild", sent)
    assert done.returncode == 0, done.stderr


def test_a_snapshot_of_ink_alone_is_what_it_was_before_keys(delivered: Built) -> None:
    """No key of its signed forms is newer than the first release: its identity stays."""
    import sqlite3

    with sqlite3.connect(delivered.clerk.home / "referrals.sqlite") as database:
        [(snapshot, identity), *_] = database.execute("SELECT snapshot, identity FROM packet")
    assert hashlib.sha256(snapshot.encode()).hexdigest() == identity
    for form in json.loads(snapshot)["signed"]:
        assert set(form) == {"attestation", "statement_sha256", "facts", "signed_on", "scan"}


def strip_countersignature(forged: Forgery) -> None:
    path = forged.data / FORM
    path.write_bytes(path.read_bytes()[: _first_end(path)])


def _first_end(path: Path) -> int:
    from referrals.verify.signatures import sealed_ranges

    return sealed_ranges(path)[0].end


def strip_and_unstate(forged: Forgery) -> None:
    strip_countersignature(forged)
    with forged.statement() as values:
        del values["attestations"][0]["signatures"][1:]
        values["attestations"][0]["countersigned_by"] = ""


def pretend_ink(forged: Forgery) -> None:
    shutil.copyfile(forged.data / "attested-confidential/S2_signed.pdf", forged.data / FORM)
    with forged.statement() as values:
        values["attestations"][0] |= {"signatures": [], "countersigned_by": ""}


def sign_with_foreign_keys(forged: Forgery) -> None:
    elsewhere = authority("FICTIONAL Elsewhere CA")
    signers = [person(name, elsewhere, curve=True) for name in (OFFICER, SUPERVISOR)]
    (forged.data / FORM).write_bytes(signed_form(signers))
    with forged.statement() as values:
        from cryptography.hazmat.primitives.hashes import SHA256

        for said, signer in zip(values["attestations"][0]["signatures"], signers, strict=True):
            said["certificate_sha256"] = signer.certificate.fingerprint(SHA256()).hex()
            digits = f"{signer.certificate.serial_number:040x}"
            said["serial"] = ":".join(digits[at : at + 2] for at in range(0, 40, 2))


def flip_a_byte(forged: Forgery) -> None:
    path = forged.data / FORM
    content = bytearray(path.read_bytes())
    content[content.index(b"/Producer") + 12] ^= 1
    path.write_bytes(content)


def append_a_revision(forged: Forgery) -> None:
    path = forged.data / FORM
    content = path.read_bytes()
    path.write_bytes(content + b"\n" + content[content.rindex(b"startxref") :])


def state_another_supervisor(forged: Forgery) -> None:
    with forged.statement() as values:
        values["attestations"][0]["countersigned_by"] = "Łukasz Example"


def state_a_supervisor_for_ink(forged: Forgery) -> None:
    with forged.statement() as values:
        values["attestations"][1]["countersigned_by"] = SUPERVISOR


def state_that_a_countersignature_was_due(forged: Forgery) -> None:
    with forged.statement() as values:
        values["attestations"][1]["countersignature_required"] = True


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (strip_countersignature, "signature-stripped"),
        (strip_and_unstate, "signature-foreign"),
        (pretend_ink, "signature-stripped"),
        (sign_with_foreign_keys, "signature-foreign signature-unvouched"),
        (flip_a_byte, "signature-broken"),
        (append_a_revision, "signature-partial"),
        (state_another_supervisor, "signature-foreign"),
        (state_a_supervisor_for_ink, "signature-foreign"),
        (state_that_a_countersignature_was_due, "attestation-uncountersigned"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_forgery_is_found_although_everything_is_recomputed(
    desk: Desk, forged: Forgery, change: Callable[[Forgery], None], codes: str
) -> None:
    change(forged)
    forged.cover_up(Strength.ALL)
    verdict = verify(forged.folder, authorities=desk.authority)
    assert not verdict.accepted
    assert {each.code for each in verdict.findings} >= set(codes.split())
