"""Electronic signatures inside a PDF: do they cover the file, and is it unchanged?

In: a PDF, and who may vouch for signers if anybody. Out: a `SealedRange` for each
signature. Told here: whether the signed bytes are the whole file but for the
signature itself, or a round of it that only signatures follow (ISO 32000-2
§ 12.8.1); whether their digest is the one that the signature holds, and whether the
certificate's key made it (RFC 5652 § 5.6, § 11.2); whether what was drawn when it was
signed is drawn still.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.x509 import Certificate
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from referrals.findings import Finding
from referrals.verify.drawn_pages import same_pages
from referrals.verify.reporting import remark, wrong
from referrals.verify.signed_message import SignedMessage, read_message


@dataclass(frozen=True, slots=True)
class SealedRange:
    """One signature: how many bytes it seals, whether that is the whole file, what it says.

    `fits` tells whether the sealed bytes are those that were signed, by the
    certificate's key; `message` is None where the signature cannot be read.
    `overdrawn` tells whether a later round of writing changed a page.
    """

    field: str
    end: int
    whole: bool
    fits: bool
    overdrawn: bool
    message: SignedMessage | None


def sealed_ranges(path: Path, authorities: Sequence[Certificate] = ()) -> list[SealedRange]:
    """Return the signatures of a PDF, the first made first.

    Whatever pypdf raises on a broken file goes through.
    """
    data = path.read_bytes()
    reader = PdfReader(io.BytesIO(data))
    found = []
    for name, field in (reader.get_fields() or {}).items():
        value = field.get("/V")
        value = value.get_object() if value is not None else None
        if field.get("/FT") == "/Sig" and isinstance(value, DictionaryObject):
            found.append(_sealed(name, value, data, reader, authorities))
    return sorted(found, key=lambda sealed: sealed.end)


def signature_findings(
    path: Path, where: str, authorities: Sequence[Certificate] = ()
) -> Iterator[Finding]:
    """Check every signature inside the PDF at `path`."""
    found = sealed_ranges(path, authorities)
    for sealed in found:
        message = sealed.message
        if not sealed.fits or message is None:
            words = f"The file was changed after it was signed in {sealed.field}."
            yield wrong("signature-broken", words, where)
        elif not sealed.whole and sealed is found[-1]:
            words = f"The signature {sealed.field} does not cover the whole file."
            yield wrong("signature-partial", words, where)
        elif sealed.overdrawn:
            words = f"A page was changed after {message.signer} signed in {sealed.field}."
            yield wrong("signature-overdrawn", words, where)
        elif not message.stamp_fits:
            words = f"The time stamp of {sealed.field} is not of this signature."
            yield wrong("signature-stamp", words, where)
        else:
            yield _vouched(sealed, message, where, checked=bool(authorities))


def _vouched(sealed: SealedRange, message: SignedMessage, where: str, *, checked: bool) -> Finding:
    moment = ""
    if message.stamped_at:
        moment = f"; time stamp {message.stamped_at:%Y-%m-%d %H:%M:%S} UTC of {message.stamped_by}"
        if checked and not message.stamp_authority:
            moment += ", whom no authority that was named vouches for"
    words = (
        f"The signature {sealed.field} is of {message.signer}, certificate {message.serial} "
        f"issued by {message.issuer}{moment}; "
    )
    if message.authority:
        return remark("signature-vouched", f"{words}chain leads to {message.authority}.", where)
    if checked:
        return wrong("signature-unvouched", f"{words}leads to no authority that was named.", where)
    return remark(
        "signature-unnamed",
        f"{words}not checked against any authority.",
        where,
        "Name the certificates of the authorities you trust with --authorities.",
    )


def _sealed(
    name: str,
    value: DictionaryObject,
    data: bytes,
    reader: PdfReader,
    authorities: Sequence[Certificate],
) -> SealedRange:
    ranges = value.get("/ByteRange")
    if not isinstance(ranges, ArrayObject) or len(ranges) != 4:
        return SealedRange(name, 0, whole=False, fits=False, overdrawn=False, message=None)
    first, length, second, rest = (int(each) for each in ranges)
    end = second + rest
    signed = data[first : first + length] + data[second:end]
    gap = data[first + length : second].strip()
    closed = (
        first == 0
        and 0 < length < second <= end <= len(data)
        and gap.startswith(b"<")
        and gap.endswith(b">")
        and gap.count(b"<") == 1
    )
    held = getattr(value.get("/Contents"), "original_bytes", b"")
    try:
        message = read_message(held, signed, authorities, _stated(value.get("/M")))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        message = None
    return SealedRange(
        name,
        end,
        whole=closed and end == len(data),
        fits=closed and message is not None and message.digest_fits and message.key_fits,
        overdrawn=closed and end < len(data) and _is_overdrawn(data[:end], reader),
        message=message,
    )


def _stated(value: object) -> datetime | None:
    """Return a PDF date with its zone (ISO 32000-2 § 7.9.4)."""
    text = str(value).removeprefix("D:").replace("Z", "+00'00'").replace("'", "")
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S%z")
    except ValueError:
        return None


def _is_overdrawn(signed: bytes, reader: PdfReader) -> bool:
    try:
        return not same_pages(signed, reader)
    except Exception:  # noqa: BLE001 – pypdf raises whatever a broken file makes it raise
        return True
