"""The attested facts and the signed forms as they go with a delivery.

In: the attestations of a snapshot. Out: for each a file whose SHA-256 is the
digest that was signed, and the scan of the signed form, so that a stranger can
hold the one against the other.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from referrals.attest.statement import AttestationStatus
from referrals.evidence.store import EvidenceStore
from referrals.packet.bag import safe_name
from referrals.packet.packet_json import AttestedFile, NativeFile
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
        key = made.attestation.key
        stem = f"{FOLDER}/{safe_name(key)}"
        facts = payload / f"{stem}_facts.json"
        facts.parent.mkdir(exist_ok=True)
        facts.write_bytes(canonical_json(made.facts))
        if signed is None:
            attested.append(AttestedFile(key, status.state.value, f"{stem}_facts.json", made.sha256))
            continue
        scan = f"{stem}_signed{PurePosixPath(signed.scan.path).suffix.lower()}"
        shutil.copyfile(store.path(signed.scan.sha256), payload / scan)
        scans.append(
            NativeFile(
                scan, f"attestation:{key}", signed.scan.path, signed.scan.bytes, signed.scan.sha256
            )
        )
        attested.append(
            AttestedFile(
                key,
                status.state.value,
                f"{stem}_facts.json",
                made.sha256,
                signed.signed_on,
                signed.statement_sha256,
                scan,
                signed.scan.sha256,
            )
        )
    return attested, scans
