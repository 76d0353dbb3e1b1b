"""An attestation signed with a key, and countersigned, from the record to the store.

In: an attestation's state, an opened key. Out: a `SignedAttestation` whose file is
the signed PDF. The form is made here from the record as it stands, so that what
is signed is what the digest covers; a countersignature is added to that very file.
"""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from referrals.attest.electronic_form import OFFICER, SUPERVISOR, electronic_form
from referrals.attest.signing import SigningOffice, sign
from referrals.attest.statement import AttestationStatus, SigningState
from referrals.errors import UsageError
from referrals.evidence.store import EvidenceStore
from referrals.profiles.profile import Profile
from referrals.records.fields import PersonFields, Role
from referrals.records.snapshot import ElectronicSignature, SignedAttestation, Snapshot

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer


def sign_attestation(
    status: AttestationStatus,
    snapshot: Snapshot,
    profile: Profile,
    signer: Signer,
    office: SigningOffice,
    store: EvidenceStore,
    now: datetime,
) -> SignedAttestation:
    """Return the attestation signed by its person; `now` is in the case's zone.

    Raises:
        BlockedError: the key is not the person's, or leads to no authority.
        UsageError: it is signed already for the record as it stands.
    """
    made = status.statement
    if status.state is SigningState.SIGNED:
        raise UsageError(
            f"{made.attestation.key} is signed already, and nothing has changed since.",
            remedy="A supervisor adds a countersignature with --countersign.",
        )
    form = electronic_form(made, snapshot.record.case, profile, now)
    signed, said = sign(form, OFFICER, signer, made.person, office, now)
    return _kept(status, signed, (said,), store, now)


def countersign(
    status: AttestationStatus,
    person: PersonFields,
    signer: Signer,
    office: SigningOffice,
    store: EvidenceStore,
    now: datetime,
) -> SignedAttestation:
    """Return the attestation with a supervisor's signature added; `now` is in the case's zone.

    Raises:
        BlockedError: the key is not the person's, or leads to no authority.
        DigestMismatchError: the signed form is no longer the one that was kept.
        UsageError: there is nothing to countersign.
    """
    before = may_countersign(status, person)
    store.prove([before.scan])
    form = store.path(before.scan.sha256).read_bytes()
    signed, said = sign(form, SUPERVISOR, signer, person, office, now)
    return _kept(status, signed, (*before.signatures, said), store, now)


def may_countersign(status: AttestationStatus, person: PersonFields) -> SignedAttestation:
    """Return the signed attestation that `person` may countersign.

    Raises:
        UsageError: the person is no other supervisor, or it is not signed with a key, void, or
            countersigned already.
    """
    refuse_other_than_supervisor(status, person)
    key, signed = status.statement.attestation.key, status.signed
    if status.state is not SigningState.SIGNED or signed is None or not signed.signatures:
        raise UsageError(
            f"{key} is not signed with a key for the record as it stands.",
            remedy="The person who attests signs first: referrals attest CASE KEY --key FILE.",
        )
    if len(signed.signatures) > 1:
        raise UsageError(
            f"{key} is countersigned already, and nothing has changed since.",
            remedy="Nothing more is needed.",
        )
    return signed


def refuse_other_than_supervisor(status: AttestationStatus, person: PersonFields) -> None:
    """Refuse a countersignature of somebody who may not give it.

    Raises:
        UsageError: the person is not a supervisor, or is the one who attests.
    """
    if person.role is not Role.SUPERVISOR or person.key == status.statement.person.key:
        raise UsageError(
            f"{person.name} cannot countersign {status.statement.attestation.key}.",
            remedy="Name a supervisor of the record other than the person who attests.",
        )


def _kept(
    status: AttestationStatus,
    signed: bytes,
    said: tuple[ElectronicSignature, ...],
    store: EvidenceStore,
    now: datetime,
) -> SignedAttestation:
    key = status.statement.attestation.key
    with tempfile.TemporaryDirectory(prefix="referrals-") as folder:
        path = Path(folder) / f"{key}.pdf"
        path.write_bytes(signed)
        entry = store.put(path, path=f"statements/signed/{key}.pdf", taken_in_at=now)
    return SignedAttestation(
        attestation=key,
        statement_sha256=status.statement.sha256,
        facts=status.statement.facts,
        signed_on=said[0].signed_at.astimezone(now.tzinfo).date().isoformat(),
        scan=entry,
        signatures=said,
    )
