"""A signature's message: whose key made it, does it fit, when, and who vouches for it.

In: the CMS of a PDF signature (RFC 5652; ETSI EN 319 122-1) and the bytes it
signs. Out: a `SignedMessage`. Revocation is not asked for: that needs a network,
and what an authority says today is not what it said then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

LONGEST_CHAIN = 8
HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
CERTIFICATES = ("*.pem", "*.crt", "*.cer")


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """What a signature says, and whether that holds.

    `digest_fits`: it holds the digest of the bytes. `key_fits`: the certificate's
    key made it. `stamped_at` is None without a time stamp; `stamp_fits` tells
    whether the stamp is of this signature. `authority` is where the chain leads
    to, empty where it leads to none that was named or the key is not meant to sign;
    `stamp_authority` is the same of who stamped.
    """

    signer: str
    issuer: str
    serial: str
    certificate_sha256: str
    digest_fits: bool
    key_fits: bool
    stamped_at: datetime | None = None
    stamp_fits: bool = True
    stamped_by: str = ""
    stamp_authority: str = ""
    authority: str = ""


def read_message(
    data: bytes,
    signed: bytes,
    authorities: Sequence[x509.Certificate] = (),
    at: datetime | None = None,
) -> SignedMessage:
    """Return what the CMS in `data` says of `signed`; the chain must hold at the instant `at`.

    Raises:
        ValueError: it is no CMS with one signer and their certificate.
    """
    content = cms.ContentInfo.load(data)["content"]
    certificate, held = _certificates(content)
    signer = content["signer_infos"][0]
    stamp = _stamp(signer, authorities)
    moment = stamp.at if stamp else None
    return SignedMessage(
        signer=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        serial=_pairs(certificate.serial_number),
        certificate_sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        digest_fits=_holds(signer, "message_digest", _digest(signer, signed)),
        key_fits=_key_fits(signer, certificate),
        stamped_at=moment,
        stamp_fits=stamp.fits if stamp else True,
        stamped_by=stamp.by if stamp else "",
        stamp_authority=stamp.authority if stamp else "",
        authority=_authority(certificate, held, authorities, moment or at)
        if _may_sign(certificate)
        else "",
    )


def read_authorities(place: Path) -> list[x509.Certificate]:
    """Return the certificates of a PEM file, or of every such file in a folder.

    Raises:
        ValueError: a file holds something else.
    """
    files = (
        sorted(file for pattern in CERTIFICATES for file in place.glob(pattern))
        if place.is_dir()
        else [place]
    )
    return [
        certificate
        for file in files
        for certificate in x509.load_pem_x509_certificates(file.read_bytes())
    ]


def _certificates(content: Any) -> tuple[x509.Certificate, list[x509.Certificate]]:
    """Return the signer's certificate, and all that the message brings along."""
    if len(content["signer_infos"]) != 1:
        raise ValueError("the message has not one signer")
    named = content["signer_infos"][0]["sid"].chosen
    held = [
        x509.load_der_x509_certificate(each.chosen.dump())
        for each in content["certificates"] or ()
        if each.name == "certificate"
    ]
    for each in held:
        if each.serial_number == named["serial_number"].native and (
            each.issuer.public_bytes() == named["issuer"].dump()
        ):
            return each, held
    raise ValueError("the message lacks its signer's certificate")


def _attribute(attributes: Any, name: str) -> Any:
    found = [each["values"][0] for each in attributes or () if each["type"].native == name]
    return found[0] if len(found) == 1 else None


def _digest(signer: Any, data: bytes) -> bytes:
    algorithm = signer["digest_algorithm"]["algorithm"].native
    if algorithm not in HASHES:
        raise ValueError(f"{algorithm} is not a digest to rely on")
    return hashlib.new(algorithm, data).digest()


def _holds(signer: Any, name: str, digest: bytes) -> bool:
    held = _attribute(signer["signed_attrs"], name)
    return held is not None and held.native == digest


def _key_fits(signer: Any, certificate: x509.Certificate) -> bool:
    """Whether the certificate's key signed the attributes, which name the certificate."""
    named = _attribute(signer["signed_attrs"], "signing_certificate_v2")
    if named is not None:
        first = named["certs"][0]
        digest = hashlib.new(
            first["hash_algorithm"]["algorithm"].native, certificate.public_bytes(Encoding.DER)
        ).digest()
        if first["cert_hash"].native != digest:
            return False
    signed = signer["signed_attrs"].untag().dump()
    signature = signer["signature"].native
    algorithm = signer["signature_algorithm"]
    digest_algorithm = HASHES[signer["digest_algorithm"]["algorithm"].native]
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            pss = algorithm.signature_algo == "rsassa_pss"
            how: Any = (
                padding.PSS(padding.MGF1(digest_algorithm), padding.PSS.AUTO)
                if pss
                else padding.PKCS1v15()
            )
            key.verify(signature, signed, how, digest_algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(digest_algorithm))
        elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
            key.verify(signature, signed)
        else:
            return False
    except InvalidSignature:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Stamp:
    at: datetime
    fits: bool
    by: str
    authority: str


def _stamp(signer: Any, authorities: Sequence[x509.Certificate]) -> _Stamp | None:
    """Return what a time stamp states, and whether it is a stamp of this signature (RFC 3161)."""
    token = _attribute(signer["unsigned_attrs"], "signature_time_stamp_token")
    if token is None:
        return None
    content = token["content"]
    certificate, held = _certificates(content)
    stamper = content["signer_infos"][0]
    packed = content["encap_content_info"]["content"].parsed.dump()
    stated = tsp.TSTInfo.load(packed)
    imprint = stated["message_imprint"]
    made_of = hashlib.new(
        imprint["hash_algorithm"]["algorithm"].native, signer["signature"].native
    ).digest()
    fits = (
        imprint["hashed_message"].native == made_of
        and _holds(stamper, "message_digest", _digest(stamper, packed))
        and _key_fits(stamper, certificate)
    )
    moment: datetime = stated["gen_time"].native
    vouched = _authority(certificate, held, authorities, moment) if _may_stamp(certificate) else ""
    return _Stamp(moment, fits, _name(certificate.subject), vouched)


def _authority(
    certificate: x509.Certificate,
    held: Sequence[x509.Certificate],
    authorities: Sequence[x509.Certificate],
    at: datetime | None,
) -> str:
    """Return the name of the authority that the chain leads to, or nothing."""
    for _ in range(LONGEST_CHAIN):
        if not _in_force(certificate, at):
            return ""
        if certificate in authorities:
            return _name(certificate.subject)
        issuer = next((each for each in (*authorities, *held) if _issued(each, certificate)), None)
        if issuer is None or issuer == certificate:
            return ""
        certificate = issuer
    return ""


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints)
        certificate.verify_directly_issued_by(issuer)
    except (x509.ExtensionNotFound, ValueError, TypeError, InvalidSignature):
        return False
    return constraints.value.ca


def _may_sign(certificate: x509.Certificate) -> bool:
    """Whether the key is meant for signatures (RFC 5280 § 4.2.1.3)."""
    try:
        use = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return use.digital_signature or use.content_commitment


def _may_stamp(certificate: x509.Certificate) -> bool:
    """Whether the key is meant for time stamps (RFC 3161 § 2.3)."""
    try:
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.TIME_STAMPING in uses


def _in_force(certificate: x509.Certificate, at: datetime | None) -> bool:
    if at is None:
        return False
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _name(name: x509.Name) -> str:
    """Return the common name, else given name and surname, else all of a name."""
    common, given, surname = (
        [str(each.value) for each in name.get_attributes_for_oid(oid)]
        for oid in (x509.NameOID.COMMON_NAME, x509.NameOID.GIVEN_NAME, x509.NameOID.SURNAME)
    )
    if common:
        return common[0]
    return " ".join((*given[:1], surname[0])) if surname else name.rfc4514_string()


def _pairs(number: int) -> str:
    digits = f"{number:x}"
    digits = digits.zfill(len(digits) + len(digits) % 2)
    return ":".join(digits[start : start + 2] for start in range(0, len(digits), 2))
