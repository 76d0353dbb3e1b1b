"""The attested facts and the signed forms as they go with a delivery.

In: the attestations of a snapshot. Out: for each a file whose SHA-256 is the
digest that was signed, and the scan of the signed form, so that a stranger can
hold the one against the other.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from referrals.attest.statement import AttestationStatus
from referrals.bag import safe_name
from referrals.delivery.packet_json import AttestedFile, NativeFile
from referrals.evidence.store import EvidenceStore
from referrals.records.snapshot import canonical_json

FOLDER = "attested-confidential"
"""The facts name people in full, as the confidential volume does."""


def write_attested(
    statuses: Sequence[AttestationStatus], store: EvidenceStore, payload: Path
) -> tuple[list[AttestedFile], list[NativeFile]]:
    """Write the facts and the scans into `payload`; return what was written."""
    attested, scans = [], []
    for status in statuses:
        made, signed = status.statement, status.signed
        attestation = made.attestation
        stem = f"{FOLDER}/{safe_name(attestation.key)}"
        entry = AttestedFile(
            attestation.key,
            status.state.value,
            attestation.required,
            f"{stem}_facts.json",
            made.sha256,
            countersignature_required=status.must_countersign,
            countersigned_by=status.countersigner,
        )
        facts = payload / entry.path
        facts.parent.mkdir(exist_ok=True)
        facts.write_bytes(canonical_json(made.facts))
        if signed is not None:
            file = signed.scan
            scan = f"{stem}_signed{PurePosixPath(file.path).suffix.lower()}"
            shutil.copyfile(store.path(file.sha256), payload / scan)
            owner = f"attestation:{attestation.key}"
            scans.append(NativeFile(scan, owner, file.path, file.bytes, file.sha256))
            entry = replace(
                entry,
                signed_on=signed.signed_on,
                signed_sha256=signed.statement_sha256,
                scan=scan,
                scan_sha256=file.sha256,
                signatures=tuple(each.model_dump(mode="json") for each in signed.signatures),
            )
        attested.append(entry)
    return attested, scans
