"""A signature inside a PDF: whole, partial, broken."""

from __future__ import annotations

import datetime
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from referrals.verify.signatures import sealed_ranges, signature_findings

HOLE = 8192
"""Bytes kept free for the signature, as hex digits."""


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small PDF, signed with a throw-away key."""
    path = tmp_path_factory.mktemp("signed") / "form.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        value = pdf.make_indirect(
            Dictionary(
                Type=Name.Sig,
                Filter=Name("/Adobe.PPKLite"),
                SubFilter=Name("/adbe.pkcs7.detached"),
                ByteRange=Array([0, 9999999999, 9999999999, 9999999999]),
                Contents=String(bytes(HOLE // 2)),
            )
        )
        field = Dictionary(
            FT=Name.Sig, T=String("officer"), V=value, Subtype=Name.Widget, Rect=Array([0, 0, 0, 0])
        )
        pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]), SigFlags=3)
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return _sign(path.read_bytes())


def _sign(data: bytes) -> bytes:
    start = data.index(b"<" + b"0" * HOLE + b">")
    end = start + HOLE + 2
    placeholder = b"[ 0 9999999999 9999999999 9999999999 ]"
    ranges = f"[ 0 {start} {end} {len(data) - end} ]".encode().ljust(len(placeholder))
    data = data.replace(placeholder, ranges)
    contents = _cms(data[:start] + data[end:]).hex().encode().ljust(HOLE, b"0")
    return data[: start + 1] + contents + data[end - 1 :]


def _cms(content: bytes) -> bytes:
    x509 = pytest.importorskip("cryptography.x509", reason="cryptography is not installed")
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Fictional officer")])
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(day)
        .not_valid_after(day + datetime.timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return builder.sign(Encoding.DER, options)


def _codes(content: bytes, folder: Path) -> list[str]:
    path = folder / "form.pdf"
    path.write_bytes(content)
    return [finding.code for finding in signature_findings(path, "form.pdf")]


def test_a_whole_signature_is_told_and_its_signer_left_open(signed: bytes, tmp_path: Path) -> None:
    assert _codes(signed, tmp_path) == ["signature-unnamed"]


def test_a_byte_changed_after_signing_breaks_the_signature(signed: bytes, tmp_path: Path) -> None:
    changed = signed.replace(b"200 200", b"200 201")
    assert changed != signed
    assert _codes(changed, tmp_path) == ["signature-broken"]


def test_what_is_appended_after_signing_is_not_covered(signed: bytes, tmp_path: Path) -> None:
    update = b"\n" + signed[signed.rindex(b"startxref") :]
    assert _codes(signed + update, tmp_path) == ["signature-partial"]


def test_a_signature_without_its_digest_does_not_fit(signed: bytes, tmp_path: Path) -> None:
    digest = bytes.fromhex("06092a864886f70d010904").hex().encode()
    path = tmp_path / "form.pdf"
    path.write_bytes(signed.replace(digest, b"0" * len(digest)))
    (sealed,) = sealed_ranges(path)
    assert not sealed.fits


def test_a_file_without_signatures_has_none(genuine: Path) -> None:
    assert sealed_ranges(genuine / "data" / "attested-confidential" / "S1_signed.pdf") == []
