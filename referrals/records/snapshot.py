"""The whole case frozen at one instant.

In: the record, the digests of its evidence, what is signed, and what was issued
before. Out: canonical JSON whose SHA-256 is the packet's identity. After
`freeze` nothing asks the database.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from referrals.records.case_record import CaseRecord
from referrals.records.fields import Moment


class Frozen(BaseModel):
    """A value that cannot be changed and refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class EvidenceFile(Frozen):
    """A file as it was taken in.

    `path` is relative to the case folder; the store holds its bytes under
    `sha256`. `other_digests` maps an algorithm to a digest, for comparison with
    one that another party gave. `tool` says with what the digests were taken.
    A file that was not copied but registered where it lies has its place in
    `location`, a path or a URL, and in `modified` the time of its last change.
    """

    path: str
    sha256: str
    bytes: int
    taken_in_at: Moment
    tool: str = ""
    other_digests: dict[str, str] = {}
    location: str = ""
    modified: str = ""


class MediaFacts(Frozen):
    """What a recording's container says of itself; seconds, pixels, frames a second.

    `created` is the time of creation as written, with its zone where one is
    given; `credentials` what its Content Credentials say.
    """

    sha256: str
    container: str
    duration: float
    video_codec: str = ""
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    audio_tracks: int = 0
    created: str = ""
    device: str = ""
    serial: str = ""
    credentials: str = ""


class ElectronicSignature(Frozen):
    """What a signature made with a key says of itself.

    `person` is the record's key of who signed in `field`. `signed_at` is what the
    signer's computer stated; `stamped_at` what a time-stamp server did, if one
    was asked. `authority` is where the certificate's chain leads to; empty where
    it was not checked against any.
    """

    field: str
    person: str
    signer: str
    issuer: str
    serial: str
    certificate_sha256: str
    signed_at: Moment
    stamped_at: Moment | None = None
    stamped_by: str = ""
    authority: str = ""


class SignedAttestation(Frozen):
    """A signed form that came back: what it binds and where its scan is.

    `facts` is what the digest covers, so that a later change can be named.
    Without `signatures` the form was signed with ink, and `scan` is its scan;
    else it is the signed PDF itself. `ink_countersigner` is the record's key of the
    supervisor who countersigned with ink.
    """

    attestation: str
    statement_sha256: str
    facts: dict[str, Any] = {}
    signed_on: str
    scan: EvidenceFile
    signatures: tuple[ElectronicSignature, ...] = ()
    ink_countersigner: str = ""

    @property
    def countersigner(self) -> str:
        """The record's key of the supervisor who countersigned, with a key or with ink."""
        keys = (each.person for each in self.signatures if each.field == "supervisor")
        return next(keys, self.ink_countersigner)

    @model_serializer(mode="wrap")
    def _as_frozen_before(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is empty of the fields that came later: identities stay as they were."""
        values: dict[str, Any] = dump(self)
        later = ("signatures", "ink_countersigner")
        return {name: value for name, value in values.items() if value or name not in later}


class Narrative(Frozen):
    """An officer's narrative as paragraphs of text."""

    title: str
    author: str
    file: str
    paragraphs: tuple[str, ...]


class IssuedExhibit(Frozen):
    """Where an exhibit stands in an earlier packet: its own pages, not its slip sheet."""

    designator: str
    first: int
    last: int
    confidential: bool = False


class IssuedPacket(Frozen):
    """An earlier packet of this case: its numbers and what it held.

    `footage` holds the SHA-256 of each recording that was delivered with it.
    """

    packet: str
    identity: str
    issued_at: Moment
    first: int
    last: int
    exhibits: tuple[IssuedExhibit, ...]
    footage: tuple[str, ...] = ()


class Snapshot(Frozen):
    """Everything a packet is made of."""

    format: int = 1
    as_of: Moment
    record: CaseRecord
    evidence: tuple[EvidenceFile, ...]
    media: tuple[MediaFacts, ...] = ()
    narratives: tuple[Narrative, ...] = ()
    signed: tuple[SignedAttestation, ...] = ()
    issued: tuple[IssuedPacket, ...] = ()

    @property
    def canonical(self) -> bytes:
        """The snapshot as canonical JSON: sorted keys, UTF-8, no needless space."""
        return canonical_json(self.model_dump(mode="json"))

    @property
    def identity(self) -> str:
        """The SHA-256 of the canonical form."""
        return hashlib.sha256(self.canonical).hexdigest()

    @property
    def earlier_exhibits(self) -> dict[str, IssuedExhibit]:
        """Where the exhibits of earlier packets stand, by designator."""
        return {
            exhibit.designator: exhibit for packet in self.issued for exhibit in packet.exhibits
        }

    def file(self, path: str) -> EvidenceFile:
        """Return the evidence file at `path`.

        Raises:
            KeyError: no such file was taken in.
        """
        for entry in self.evidence:
            if entry.path == path:
                return entry
        raise KeyError(path)


def canonical_json(value: Any) -> bytes:
    """Return `value` as the one JSON text that its digest is taken of."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def as_of_text(moment: datetime) -> str:
    """Return an instant the way names and digests use it."""
    return moment.isoformat(timespec="seconds")
