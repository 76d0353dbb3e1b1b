"""The signed form, back from ink: a scan that is bound to what was signed.

In: a scan and the digest that the signed form prints. Out: a
`SignedAttestation`. A form that was printed for another state of the record is
refused, and so is a scan that cannot be opened or shows nothing.
"""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path

import pypdfium2 as pdfium

from referrals.attest.statement import Statement
from referrals.errors import BlockedError, InputError
from referrals.evidence.store import EvidenceStore
from referrals.findings import Finding, Severity
from referrals.records.snapshot import SignedAttestation
from stamping.cage import Cage, run_one
from stamping.pages.clear_zone import page_has_ink
from stamping.preparation.prepare import prepare_all

SHORTEST = 12
"""Hex digits of the digest that a person must copy from the form, at least."""


def take_signed(
    made: Statement,
    scan: Path,
    store: EvidenceStore,
    *,
    signed_on: date,
    digest: str,
    now: datetime,
) -> SignedAttestation:
    """Take the scan of a signed form in; `digest` is what the form prints.

    Raises:
        BlockedError: the form was printed for another state of the record.
        InputError: the scan cannot be opened, shows nothing, or bears a date
            that cannot be.
    """
    printed = "".join(digest.lower().split())
    if len(printed) < SHORTEST or not made.sha256.startswith(printed):
        raise BlockedError(
            f"The signed form is not the form for {made.attestation.key} as the record stands.",
            remedy="Print the form again, have it signed, and take the new scan in. "
            f"Copy at least {SHORTEST} digits of the digest from the signed form.",
            findings=[
                Finding(
                    Severity.BLOCKING,
                    "attestation-void",
                    f"The form bears {printed or 'no digest'}; the record gives {made.grouped}.",
                    where=f"attestation {made.attestation.key}",
                )
            ],
        )
    if signed_on > now.date():
        raise InputError(
            f"The form cannot have been signed on {signed_on}, which is still to come.",
            remedy="Give the date that stands on the form with --on.",
        )
    with tempfile.TemporaryDirectory(prefix="referrals-") as folder:
        (rendition,) = prepare_all([scan], Path(folder))
        path = rendition.path
        shows = path is not None and run_one(
            shows_anything, path, Cage(reads=(path,)), failed=lambda path, code: False
        )
    if not shows:
        raise InputError(
            f"{scan.name} is not a scan that can be read.",
            remedy="Scan the signed form again as PDF, JPEG, PNG or TIFF.",
        )
    entry = store.put(
        scan, path=f"statements/signed/{made.attestation.key}{scan.suffix}", taken_in_at=now
    )
    return SignedAttestation(
        attestation=made.attestation.key,
        statement_sha256=made.sha256,
        facts=made.facts,
        signed_on=signed_on.isoformat(),
        scan=entry,
    )


def shows_anything(path: Path) -> bool:
    """Whether any page of a PDF has ink; a worker's task."""
    with pdfium.PdfDocument(path) as document:
        return any(page_has_ink(page) for page in document)
