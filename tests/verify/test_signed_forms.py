"""What the verifier reads of forms signed with a key, and of what was done to them since."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography.x509 import Certificate
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, fields
from pyhanko.sign.signers import SimpleSigner

from referrals.findings import Finding
from referrals.verify.delivery import guarded
from referrals.verify.signatures import sealed_ranges, signature_findings
from referrals.verify.signed_message import read_authorities, read_message
from tests.attest.fictional_keys import (
    PASSPHRASE,
    Person,
    authority,
    person,
    signed_form,
    time_stamp_server,
)

OFFICER, SUPERVISOR = "Zoë Ó Briain-Đặng", "Ada Muster"


@pytest.fixture(scope="module")
def department() -> Person:
    return authority()


@pytest.fixture(scope="module")
def officer(department: Person) -> Person:
    return person(OFFICER, department, curve=True)


@pytest.fixture(scope="module")
def supervisor(department: Person) -> Person:
    return person(SUPERVISOR, department)


@pytest.fixture(scope="module")
def once(officer: Person) -> bytes:
    """The form with the officer's signature."""
    return signed_form([officer])


@pytest.fixture(scope="module")
def twice(officer: Person, supervisor: Person) -> bytes:
    """The form signed and countersigned."""
    return signed_form([officer, supervisor])


def _found(form: bytes, folder: Path, *vouching: Person) -> list[Finding]:
    path, trusted = folder / "form.pdf", folder / "authorities"
    path.write_bytes(form)
    trusted.mkdir(exist_ok=True)
    for number, each in enumerate(vouching):
        (trusted / f"{number}.pem").write_bytes(each.pem)
    return list(signature_findings(path, "form.pdf", read_authorities(trusted)))


def _codes(form: bytes, folder: Path, *vouching: Person) -> list[str]:
    return [each.code for each in _found(form, folder, *vouching)]


def _updated(form: bytes, change: str) -> IncrementalPdfFileWriter:
    """Return a later round of writing to `form`: `change` names what it touches."""
    writer = IncrementalPdfFileWriter(io.BytesIO(form))
    page = writer.root["/Pages"]["/Kids"][0]
    if change == "contents":
        writer.add_stream_to_page(0, writer.add_object(generic.StreamObject(stream_data=b"0 g")))
    elif change == "font":
        fonts = page["/Resources"]["/Font"]
        first = fonts[next(iter(fonts))]
        first["/BaseFont"] = generic.NameObject("/Another")
        writer.update_container(first)
    elif change == "appearance":
        held = page["/Annots"][0]
        assert held["/T"] == "officer"
        held["/AP"]["/N"]["/BBox"] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9)))
        writer.update_container(held["/AP"]["/N"])
    elif change == "annotation":
        note = generic.DictionaryObject(
            {generic.NameObject("/Subtype"): generic.NameObject("/Stamp")}
        )
        page["/Annots"].append(writer.add_object(note))
        writer.update_container(page["/Annots"])
    elif change == "box":
        page["/CropBox"] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 300, 300)))
        writer.update_container(page)
    return writer


def _countersigned(writer: IncrementalPdfFileWriter, signer: Person) -> bytes:
    key = SimpleSigner.load_pkcs12_data(signer.pkcs12, [], PASSPHRASE.encode())
    metadata = PdfSignatureMetadata(
        field_name="supervisor", subfilter=fields.SigSeedSubFilter.PADES
    )
    out = PdfSigner(metadata, key).sign_pdf(writer, existing_fields_only=True)
    return bytes(out.getvalue())


def test_signature_and_countersignature_are_vouched_for(
    twice: bytes, department: Person, tmp_path: Path
) -> None:
    found = _found(twice, tmp_path, department)
    assert [each.code for each in found] == ["signature-vouched"] * 2
    for each, name in zip(found, (OFFICER, SUPERVISOR), strict=True):
        assert f"is of {name}" in each.message
        assert "chain leads to FICTIONAL Department CA" in each.message


def test_a_certificate_without_a_common_name_is_known_by_given_name_and_surname(
    department: Person, tmp_path: Path
) -> None:
    officer = person(OFFICER, department, curve=True, common=False)
    [found] = _found(signed_form([officer]), tmp_path, department)
    assert (found.code, f"is of {OFFICER}" in found.message) == ("signature-vouched", True)


def test_a_key_of_another_authority_is_told(twice: bytes, tmp_path: Path) -> None:
    assert _codes(twice, tmp_path, authority("FICTIONAL Elsewhere CA")) == (
        ["signature-unvouched"] * 2
    )


def test_an_authority_of_the_same_name_with_another_key_vouches_for_nobody(
    once: bytes, tmp_path: Path
) -> None:
    assert _codes(once, tmp_path, authority()) == ["signature-unvouched"]


def test_a_certificate_not_in_force_or_not_meant_to_sign_is_not_vouched_for(
    once: bytes, department: Person, officer: Person, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    data = _message(once, tmp_path)
    (tmp_path / "ca.pem").write_bytes(department.pem)
    trusted = read_authorities(tmp_path / "ca.pem")
    assert read_message(data, b"", trusted, now).authority
    assert not read_message(data, b"", trusted, now + timedelta(days=4000)).authority
    assert not read_message(data, b"", trusted, now - timedelta(days=2)).authority
    content = cms.ContentInfo.load(data)
    other = person(OFFICER, department, curve=True, signs=False).certificate
    assert officer.certificate != other
    reading = _exchanged(content, other)
    assert not read_message(reading, b"", trusted, now).authority


def _message(form: bytes, folder: Path) -> bytes:
    from pypdf import PdfReader

    field = (PdfReader(io.BytesIO(form)).get_fields() or {})["officer"]
    return bytes(field["/V"]["/Contents"].original_bytes)


def _exchanged(content: cms.ContentInfo, certificate: Certificate) -> bytes:
    """Return the message with another certificate in place of its signer's."""
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    made = x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    signed = content["content"]
    signed["certificates"] = [cms.CertificateChoices("certificate", made)]
    signed["signer_infos"][0]["sid"] = cms.SignerIdentifier(
        "issuer_and_serial_number",
        cms.IssuerAndSerialNumber({"issuer": made.issuer, "serial_number": made.serial_number}),
    )
    return bytes(content.dump(force=True))


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.99])
def test_one_flipped_byte_breaks_the_signature(once: bytes, tmp_path: Path, place: float) -> None:
    at = int(len(once) * place)
    changed = once[:at] + bytes([once[at] ^ 1]) + once[at + 1 :]
    path = tmp_path / "form.pdf"
    path.write_bytes(changed)
    found = {each.code for each in guarded(signature_findings(path, "form.pdf"), "form.pdf")}
    assert found & {"signature-broken", "file-unreadable"}


def test_a_stripped_countersignature_leaves_the_officers_own(
    twice: bytes, once: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "form.pdf"
    path.write_bytes(twice)
    first, second = sealed_ranges(path)
    assert (first.field, second.field) == ("officer", "supervisor")
    assert _codes(twice[: first.end], tmp_path) == ["signature-unnamed"]


@pytest.mark.parametrize("change", ["contents", "font", "appearance", "annotation", "box"])
def test_a_round_that_changes_the_page_is_told_signed_or_not(
    once: bytes, supervisor: Person, department: Person, tmp_path: Path, change: str
) -> None:
    writer = _updated(once, change)
    out = io.BytesIO()
    writer.write(out)
    assert _codes(out.getvalue(), tmp_path, department) == ["signature-partial"]
    forged = _countersigned(_updated(once, change), supervisor)
    assert _codes(forged, tmp_path, department) == ["signature-overdrawn", "signature-vouched"]


def test_a_countersignature_alone_changes_no_page(
    once: bytes, supervisor: Person, department: Person, tmp_path: Path
) -> None:
    made = _countersigned(_updated(once, "nothing"), supervisor)
    assert _codes(made, tmp_path, department) == ["signature-vouched"] * 2


def test_a_time_stamp_is_read_and_one_of_another_signature_is_told(
    officer: Person, department: Person, tmp_path: Path
) -> None:
    time = authority("FICTIONAL Time CA")
    stamper = person("FICTIONAL Stamper", time, stamps=True)
    with time_stamp_server(stamper) as url:
        forms = [signed_form([officer], url) for _ in range(2)]
    [found] = _found(forms[0], tmp_path, department)
    assert found.code == "signature-vouched"
    assert "of FICTIONAL Stamper, whom no authority that was named vouches for" in found.message
    [found] = _found(forms[0], tmp_path, department, time)
    assert "UTC of FICTIONAL Stamper; chain leads" in found.message
    first, second = (cms.ContentInfo.load(_message(form, tmp_path)) for form in forms)
    signer, other = (each["content"]["signer_infos"][0] for each in (first, second))
    signer["unsigned_attrs"] = other["unsigned_attrs"].copy()
    assert not read_message(first.dump(force=True), b"").stamp_fits
    assert read_message(second.dump(), b"").stamp_fits
