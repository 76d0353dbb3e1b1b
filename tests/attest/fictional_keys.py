"""Keys, certificates and a time-stamp server of nobody: made in the test, marked fictional."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

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
    begins: datetime = BEGINS,
    lasts: timedelta = YEARS,
) -> Person:
    """A person's key, vouched for by `issuer`."""
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    key = (
        ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, 2048)
    )
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
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
