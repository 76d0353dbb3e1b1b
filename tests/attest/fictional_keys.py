"""Keys, certificates and a time-stamp server of nobody: made in the test, marked fictional."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

import sample_cases
from referrals.attest.electronic_form import OFFICER, SUPERVISOR, electronic_form
from referrals.attest.signing import SigningOffice, sign
from referrals.attest.signing_key import KeyFile, opened
from referrals.attest.statement import statement
from referrals.intake.case_yaml import read_case_folder
from referrals.profiles.profile_files import load

PASSPHRASE = "fictional passphrase"
BEGINS = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
YEARS = timedelta(days=3650)


@dataclass(frozen=True)
class Person:
    """A key with its certificate."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pkcs12(self) -> bytes:
        """Both in a file, protected by `PASSPHRASE`."""
        protection = BestAvailableEncryption(PASSPHRASE.encode())
        return pkcs12.serialize_key_and_certificates(
            b"fictional", self.key, self.certificate, None, protection
        )

    @property
    def name(self) -> str:
        """Whose key it is."""
        return " ".join(str(part.value) for part in self.certificate.subject)

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)


def authority(name: str = "FICTIONAL Department CA") -> Person:
    """An authority that vouches for itself."""
    return person(name, None, is_authority=True)


def person(
    name: str,
    issuer: Person | None,
    *,
    curve: bool = False,
    is_authority: bool = False,
    signs: bool = True,
    stamps: bool = False,
    common: bool = True,
    begins: datetime = BEGINS,
    lasts: timedelta = YEARS,
) -> Person:
    """A person's key, vouched for by `issuer`; its certificate may know no common name."""
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    key = (
        ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, 2048)
    )
    given, _, surname = name.partition(" ")
    parts = [(x509.NameOID.COMMON_NAME, name)]
    if not common:
        parts = [(x509.NameOID.GIVEN_NAME, given), (x509.NameOID.SURNAME, surname)]
    subject = x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + lasts)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=signs and not is_authority,
                content_commitment=signs and not is_authority,
                key_cert_sign=is_authority,
                crl_sign=is_authority,
                key_encipherment=not signs,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if stamps:
        purpose = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(purpose, critical=True)
    return Person(key, builder.sign(issuer.key if issuer else key, hashes.SHA256()))


def signed_form(signers: Sequence[Person], time_stamp: str = "") -> bytes:
    """Attestation S1 of the felony sample, signed by the officer and perhaps a supervisor."""
    record = read_case_folder(sample_cases.folder("felony_referral")).record
    profile, now = load("sample"), datetime.now(UTC).replace(microsecond=0)
    made = statement(record, record.attestations[0], {}, profile)
    form = electronic_form(made, record.case, profile, now)
    persons = {each.name: each for each in record.persons}
    with tempfile.TemporaryDirectory() as folder:
        for field, signer in zip((OFFICER, SUPERVISOR), signers, strict=False):
            path = Path(folder) / "key.p12"
            path.write_bytes(signer.pkcs12)
            with opened(KeyFile(path), PASSPHRASE) as key:
                form, _ = sign(
                    form, field, key, persons[signer.name], SigningOffice(time_stamp), now
                )
    return form


@contextmanager
def time_stamp_server(stamper: Person) -> Iterator[str]:
    """Yield the URL of a time-stamp server on this machine (RFC 3161)."""
    from asn1crypto import keys, tsp
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign.timestamps import DummyTimeStamper

    made = DummyTimeStamper(
        asn1_x509.Certificate.load(stamper.certificate.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(
            stamper.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
    )

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            told = made.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
