"""A person's own key, opened for one signature: a PKCS#12 file or a PKCS#11 token.

In: where the key lies and the secret that its owner gave. Out: a signer of
pyHanko, with the certificate that says whose key it is. A key of somebody else,
and one whose certificate is not in force, are refused. Keeps no secret.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from referrals.errors import BlockedError, InputError, MachineError
from referrals.findings import Finding, Severity

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.signers import Signer

SIGNING = frozenset({"digital_signature", "non_repudiation"})
"""Uses of a key of which a certificate must allow one (RFC 5280 § 4.2.1.3)."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key in a PKCS#12 file, protected by a passphrase (RFC 7292)."""

    path: Path

    @property
    def secret(self) -> str:
        """What the owner is asked for."""
        return f"Passphrase of {self.path.name}"


@dataclass(frozen=True, slots=True)
class KeyToken:
    """A key on a card or token: the PKCS#11 module, the token's name, the key's label."""

    module: Path
    token: str
    label: str

    @property
    def secret(self) -> str:
        """What the owner is asked for."""
        return f"PIN of {self.token}"


KeyPlace = KeyFile | KeyToken


@contextmanager
def opened(place: KeyPlace, secret: str) -> Iterator[Signer]:
    """Yield a signer for the key; the token's session ends with the block.

    Raises:
        InputError: the secret is wrong, or there is no such key.
        MachineError: pyHanko, or what reaches a token, is not installed.
    """
    needed()
    if isinstance(place, KeyFile):
        yield _from_file(place, secret)
        return
    try:
        from pkcs11.exceptions import PKCS11Error
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError as error:
        raise _missing("python-pkcs11") from error
    try:
        session = open_pkcs11_session(
            str(place.module), token_criteria=TokenCriteria(label=place.token), user_pin=secret
        )
    except (PKCS11Error, RuntimeError, OSError, ValueError) as error:
        raise InputError(
            f"The token {place.token} could not be opened ({error or type(error).__name__}).",
            remedy="Check that it is plugged in, its name, its module and the PIN.",
        ) from error
    with session:
        signer = PKCS11Signer(session, cert_label=place.label, key_label=place.label)
        try:
            _ = signer.signing_cert
        except (PKCS11Error, RuntimeError, ValueError) as error:
            raise InputError(
                f"The token {place.token} has no certificate {place.label}.",
                remedy="Name the label of the key and its certificate with --label.",
            ) from error
        yield signer


def needed() -> None:
    """Make sure that signatures can be made.

    Raises:
        MachineError: pyHanko is not installed.
    """
    try:
        import pyhanko.sign  # noqa: F401 – asked only whether it is there
    except ImportError as error:
        raise _missing("pyHanko") from error


def refuse_foreign(certificate: Certificate, name: str, now: datetime) -> None:
    """Refuse a key that is not the one of `name`, or whose certificate is not in force.

    Raises:
        BlockedError: whose key it is, or what is wrong with its certificate.
    """
    owners = names(certificate)
    uses = certificate.key_usage_value
    if _same(name) not in {_same(owner) for owner in owners}:
        message = f"The key belongs to {' or '.join(owners) or 'nobody'}, not to {name}."
        raise _refused("key-foreign", message, f"{name} signs with a key of their own.")
    if not certificate.not_valid_before <= now <= certificate.not_valid_after:
        message = (
            f"The certificate of {name} is in force from {certificate.not_valid_before:%Y-%m-%d} "
            f"to {certificate.not_valid_after:%Y-%m-%d} only."
        )
        raise _refused("certificate-expired", message, "Ask its issuer for a new one.")
    if uses is not None and not SIGNING & set(uses.native):
        message = f"The certificate of {name} does not allow its key to sign."
        raise _refused("certificate-use", message, "Use the key that is meant for signatures.")


def names(certificate: Certificate) -> list[str]:
    """Return the names that a certificate gives its owner."""
    subject = certificate.subject.native
    full = f"{subject.get('given_name', '')} {subject.get('surname', '')}".strip()
    found = [str(subject.get("common_name", "")), full if "surname" in subject else ""]
    return list(dict.fromkeys(name for name in found if name))


def _same(name: str) -> str:
    """Return a name as it is compared: case, spaces and forms of letters aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _from_file(place: KeyFile, secret: str) -> Signer:
    from cryptography.hazmat.primitives.serialization import pkcs12
    from pyhanko.sign.signers import SimpleSigner

    data = place.path.read_bytes()
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, secret.encode())
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{place.path.name} cannot be opened.",
            remedy="Check the passphrase, and that the file is a PKCS#12 file (.p12, .pfx).",
        ) from error
    if key is None or certificate is None:
        raise InputError(
            f"{place.path.name} lacks a key or its certificate.",
            remedy="Export both, key and certificate, into one file.",
        )
    signer: Signer | None = SimpleSigner.load_pkcs12_data(data, [], secret.encode())
    assert signer is not None
    return signer


def _refused(code: str, message: str, remedy: str) -> BlockedError:
    finding = Finding(Severity.BLOCKING, code, message)
    return BlockedError("No signature was made.", remedy=remedy, findings=[finding])


def _missing(what: str) -> MachineError:
    return MachineError(
        f"Electronic signatures need {what}, which is not installed.",
        remedy="Install the extra: pip install 'referrals[signatures]'. Ink needs none.",
    )
