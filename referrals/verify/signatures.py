"""Electronic signatures inside a PDF: do they cover the file, and is it unchanged?

In: a PDF. Out: a `SealedRange` for each signature. Told here: whether the
signed bytes are the whole file but for the signature itself (ISO 32000-2
§ 12.8.1), and whether their digest is the one that the signature holds (RFC
5652 § 11.2). Not told: whose certificate signed, and whether it can be trusted;
that needs a list of trusted issuers, which a delivery cannot bring along.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from referrals.findings import Finding
from referrals.verify.reporting import remark, wrong

MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
"""The attribute that holds the digest of what is signed, as DER."""

DIGESTS = {20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}


@dataclass(frozen=True, slots=True)
class SealedRange:
    """One signature: whether it covers the whole file, and whether its digest fits."""

    field: str
    whole: bool
    fits: bool


def sealed_ranges(path: Path) -> list[SealedRange]:
    """Return the signatures of a PDF, in the order of its fields.

    Whatever pypdf raises on a broken file goes through.
    """
    data = path.read_bytes()
    fields = PdfReader(path).get_fields() or {}
    found = []
    for name, field in fields.items():
        value = field.get("/V")
        value = value.get_object() if value is not None else None
        if field.get("/FT") == "/Sig" and isinstance(value, DictionaryObject):
            found.append(_sealed(name, value, data))
    return found


def signature_findings(path: Path, where: str) -> Iterator[Finding]:
    """Check every signature inside the PDF at `path`."""
    for sealed in sealed_ranges(path):
        if not sealed.fits:
            message = f"The file was changed after it was signed in {sealed.field}."
            yield wrong("signature-broken", message, where)
        elif not sealed.whole:
            message = f"The signature {sealed.field} does not cover the whole file."
            yield wrong("signature-partial", message, where)
        else:
            yield remark(
                "signature-unnamed",
                f"The signature {sealed.field} covers the file; who signed was not checked.",
                where,
                "Open the file in a reader that knows the issuers you trust.",
            )


def _sealed(name: str, value: DictionaryObject, data: bytes) -> SealedRange:
    ranges = value.get("/ByteRange")
    if not isinstance(ranges, ArrayObject) or len(ranges) != 4:
        return SealedRange(name, whole=False, fits=False)
    first, length, second, rest = (int(each) for each in ranges)
    signed = data[first : first + length] + data[second : second + rest]
    gap = data[first + length : second].strip()
    whole = (
        first == 0
        and second + rest == len(data)
        and gap.startswith(b"<")
        and gap.endswith(b">")
        and gap.count(b"<") == 1
    )
    contents = value.get("/Contents")
    held = getattr(contents, "original_bytes", b"")
    return SealedRange(name, whole=whole, fits=_message_digest_fits(held, signed))


def _message_digest_fits(cms: bytes, signed: bytes) -> bool:
    """Whether the CMS holds the digest of `signed` as its message digest.

    The attribute is a SET with one OCTET STRING: 31 L 04 L digest.
    """
    place = cms.find(MESSAGE_DIGEST)
    if place < 0:
        return False
    held = cms[place + len(MESSAGE_DIGEST) :][:68]
    if len(held) < 4 or held[0] != 0x31 or held[2] != 0x04:
        return False
    digest = held[4 : 4 + held[3]]
    algorithm = DIGESTS.get(held[3])
    return algorithm is not None and hashlib.new(algorithm, signed).digest() == digest
