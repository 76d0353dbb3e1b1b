"""A signature that a person gives with their own key: PAdES B-B, or B-T with a time stamp.

In: a form with fields, an opened key, the person who is to sign. Out: the form
with the signature as an update appended to it, and what the signature says (ETSI EN
319 142-1). What was made is read back and checked before it is handed on.
"""

from __future__ import annotations

import io
import logging
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from referrals.attest.electronic_form import OFFICER
from referrals.attest.signing_key import names, refuse_foreign
from referrals.errors import BlockedError, InputError, MachineError
from referrals.records.fields import PersonFields
from referrals.records.snapshot import ElectronicSignature
from referrals.typesetting.rendering import draw_picture, lay_out, page_environment
from stamping.assembly.signature_fields import SignatureField

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate, Name
    from pyhanko.sign.signers import Signer

# What pyHanko tells its log reaches the user as an error, in words.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

CERTIFICATES = ("*.pem", "*.crt", "*.cer")
"""Files that a folder of authorities is searched for."""

COMPUTER = "time stated by the signer's computer"


@dataclass(frozen=True, slots=True)
class SigningOffice:
    """What an office adds to a signature.

    `time_stamp` is the URL of an RFC 3161 server, or empty. `authorities` is a
    PEM file or a folder of such, or None where nobody is checked.
    """

    time_stamp: str = ""
    authorities: Path | None = None


def sign(
    form: bytes,
    field: SignatureField,
    signer: Signer,
    person: PersonFields,
    office: SigningOffice,
    now: datetime,
) -> tuple[bytes, ElectronicSignature]:
    """Return `form` signed by `person` in `field`, and what the signature says.

    Raises:
        BlockedError: the key is not the person's, or leads to no authority.
        MachineError: the time-stamp server did not answer, or not to what it was asked.
    """
    certificate = signer.signing_cert
    assert certificate is not None
    refuse_foreign(certificate, person.name, now)
    signed = _signed(form, field, signer, person, office, now)
    return signed, _read_back(signed, field, person, office)


def authority_certificates(place: Path) -> list[Certificate]:
    """Return the certificates of a PEM file, or of every such file in a folder.

    Raises:
        InputError: there is none, or a file holds something else.
    """
    from pyhanko.keys import load_certs_from_pemder_data

    files = (
        sorted(file for pattern in CERTIFICATES for file in place.glob(pattern))
        if place.is_dir()
        else [place]
    )
    found: list[Certificate] = []
    for file in files:
        try:
            found += load_certs_from_pemder_data(file.read_bytes())
        except ValueError as error:
            raise InputError(
                f"{file} holds no certificate.",
                remedy="Keep certificates there only, as PEM or DER.",
            ) from error
    if not found:
        raise InputError(
            f"{place} holds no certificate of an authority.",
            remedy="Put the authority's certificate there as PEM, or leave the setting out.",
        )
    return found


def _signed(
    form: bytes,
    field: SignatureField,
    signer: Signer,
    person: PersonFields,
    office: SigningOffice,
    now: datetime,
) -> bytes:
    from pyhanko.pdf_utils.content import ImportedPdfPage
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import PdfSignatureMetadata, PdfSigner, fields
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.signers.pdf_signer import PdfSigningSession
    from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
    from pyhanko.stamp import StaticStampStyle

    whole = SimpleBoxLayoutRule(
        AxisAlignment.ALIGN_MIN, AxisAlignment.ALIGN_MIN, Margins(0, 0, 0, 0)
    )

    class SignerAtInstant(PdfSigner):
        """Signs at the instant that the appearance shows."""

        def init_signing_session(self, *args: Any, **more: Any) -> PdfSigningSession:
            session = super().init_signing_session(*args, **more)
            session.system_time = now
            return session

    class UpdateOfSignature(IncrementalPdfFileWriter):
        """Leaves the metadata as they are: what they claim still holds."""

        def _update_meta(self) -> None:
            pass

    writer = UpdateOfSignature(io.BytesIO(form))
    with tempfile.TemporaryDirectory(prefix="referrals-") as folder:
        picture = Path(folder) / "appearance.pdf"
        picture.write_bytes(_appearance(writer, field, signer, person, office, now))
        maker = SignerAtInstant(
            PdfSignatureMetadata(
                field_name=field.name,
                name=person.name,
                md_algorithm="sha256",
                subfilter=fields.SigSeedSubFilter.PADES,
                certify=field == OFFICER,
                docmdp_permissions=fields.MDPPerm.FILL_FORMS,
            ),
            signer=signer,
            timestamper=HTTPTimeStamper(office.time_stamp) if office.time_stamp else None,
            stamp_style=StaticStampStyle(
                border_width=0, background=ImportedPdfPage(str(picture)), background_layout=whole
            ),
        )
        try:
            out = maker.sign_pdf(writer, existing_fields_only=True)
        except (TimestampRequestError, OSError, TimeoutError) as error:
            raise MachineError(
                f"The time-stamp server {office.time_stamp} gave no time stamp ({error}).",
                remedy="Try again later, or sign without --time-stamp. No signature was kept.",
            ) from error
        except (SigningError, PdfError) as error:
            raise BlockedError(
                f"The form could not be signed ({error}).", remedy="No signature was kept."
            ) from error
    return bytes(out.getvalue())


def _appearance(
    writer: Any,
    field: SignatureField,
    signer: Signer,
    person: PersonFields,
    office: SigningOffice,
    now: datetime,
) -> bytes:
    """Return what the field shows, as a PDF page of the field's size."""
    from pyhanko.sign.fields import enumerate_sig_fields

    certificate = signer.signing_cert
    assert certificate is not None
    reference = next(found[2] for found in enumerate_sig_fields(writer, with_name=field.name))
    left, bottom, right, top = (float(each) for each in reference.get_object()["/Rect"])
    host = urlsplit(office.time_stamp).hostname
    zone = now.isoformat()[19:]
    page = (
        page_environment()
        .get_template("forms/signature.html")
        .render(
            width=right - left,
            height=top - bottom,
            kind=f"{field.label}, electronic",
            name=person.name,
            facts=(
                f"{now:%Y-%m-%d %H:%M:%S} {zone}, "
                f"{f'with a time stamp of {host}' if host else COMPUTER}",
                f"Certificate {serial(certificate)}",
                f"Issued by {_known_as(certificate.issuer)}",
            ),
        )
    )
    return draw_picture(lay_out(page))


def serial(certificate: Certificate) -> str:
    """Return a certificate's serial number as hex digits in pairs."""
    digits = f"{certificate.serial_number:x}"
    digits = digits.zfill(len(digits) + len(digits) % 2)
    return ":".join(digits[start : start + 2] for start in range(0, len(digits), 2))


def _known_as(name: Name) -> str:
    """Return the common name, or all of a name that has none."""
    return str(name.native.get("common_name") or name.human_friendly)


def _read_back(
    signed: bytes, field: SignatureField, person: PersonFields, office: SigningOffice
) -> ElectronicSignature:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(io.BytesIO(signed))
    embedded = next(each for each in reader.embedded_signatures if each.field_name == field.name)
    roots = authority_certificates(office.authorities) if office.authorities else []
    status = validate_pdf_signature(
        embedded,
        ValidationContext(trust_roots=roots, allow_fetching=False),
        key_usage_settings=KeyUsageConstraints(
            key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
        ),
    )
    if not (status.intact and status.valid):
        raise BlockedError("The signature does not fit the form.", remedy="Sign again.")
    if roots and not status.trusted:
        raise BlockedError(
            f"The certificate of {person.name} leads to no authority in {office.authorities}.",
            remedy="Sign with a key that the department issued, or add its authority there.",
        )
    certificate = embedded.signer_cert
    stamp = status.timestamp_validity
    if stamp and not (stamp.intact and stamp.valid):
        raise MachineError(
            f"The time stamp of {office.time_stamp} does not fit the signature.",
            remedy="Sign again with another server, or without. No signature was kept.",
        )
    stated = embedded.self_reported_timestamp
    assert stated is not None
    return ElectronicSignature(
        field=field.name,
        person=person.key,
        signer=names(certificate)[0],
        issuer=_known_as(certificate.issuer),
        serial=serial(certificate),
        certificate_sha256=certificate.sha256.hex(),
        signed_at=stated,
        stamped_at=stamp.timestamp.astimezone(UTC) if stamp else None,
        stamped_by=_known_as(stamp.signing_cert.subject) if stamp else "",
        authority=_anchor(status) if roots else "",
    )


def _anchor(status: Any) -> str:
    return _known_as(status.validation_path.trust_anchor.authority.name)
