"""What a delivery holds: volumes, the memo for editing, originals, load files, and checks.

In: the assembled volumes and the evidence. Out: a BagIt folder at its place.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from referrals.bag import (
    PAYLOAD,
    close_bag,
    delivery_digest,
    delivery_folder,
    payload_files,
    safe_name,
)
from referrals.delivery.attested_files import write_attested
from referrals.delivery.load_files import dat, opt
from referrals.delivery.memo import memo_word
from referrals.delivery.packet_json import NativeFile, main_volume_values, packet_values
from referrals.delivery.verification_page import PAGE, SCHEMA, readme, schema, verification_page
from referrals.evidence.store import EvidenceStore
from referrals.packet.assembly import AssembledPacket
from referrals.packet.layout import Layout
from referrals.packet.plan import VolumeKind
from referrals.packet.prepared_exhibit import PreparedExhibit
from referrals.packet.request import PacketRequest
from referrals.progress import Progress, silent
from referrals.records.snapshot import EvidenceFile, Snapshot
from stamping.assembly.archive import AssociatedFile, Relationship, archive
from stamping.values import Assembly, Attachment, Conformance

NATIVES = "natives"
CONFIDENTIAL_NATIVES = "natives-confidential"
FOOTAGE = "footage"
MIME = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".eml": "message/rfc822",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".wav": "audio/vnd.wave",
}
"""Types by ending (IANA); what a machine's own list says would differ by machine."""

UNKNOWN_MIME = "application/octet-stream"
ARCHIVE_SUFFIX = "_Archive.pdf"
ARCHIVE_VALUES = "packet-main.json"
"""What `packet.json` says of the main volume; the archive holds it under this name."""

FOOTAGE_KIND = "footage"
"""The kind of a recorded part that is a recording, which has no numbers."""


@dataclass(frozen=True, slots=True)
class PacketDelivery:
    """A delivery and what it holds; `manifest_sha256` is the digest of its tag manifest."""

    folder: Path
    manifest_sha256: str
    packet: AssembledPacket

    @property
    def layout(self) -> Layout:
        """Every part with its numbers."""
        return self.packet.drawn.layout


@contextmanager
def packet_delivery(
    packet: AssembledPacket, store: EvidenceStore, target: Path, progress: Progress = silent
) -> Iterator[PacketDelivery]:
    """Yield the delivery, written whole; it takes its place when the block ends well.

    Raises:
        MachineError: the disk is full or may not be written.
        UsageError: `target` is there already.
    """
    with progress("Closing the delivery", None), delivery_folder(target) as folder:
        _write_delivery(packet, store, folder)
        yield PacketDelivery(target, delivery_digest(folder), packet)


def _write_delivery(packet: AssembledPacket, store: EvidenceStore, folder: Path) -> None:
    drawn, volumes = packet.drawn, packet.volumes
    request, exhibits = drawn.request, drawn.exhibits
    layout = drawn.layout
    first, last = layout.range.labels
    payload = folder / PAYLOAD
    payload.mkdir()
    known = {}
    for assembly in volumes.values():
        shutil.copyfile(assembly.path, payload / assembly.path.name)
        known[assembly.path.name] = assembly.sha256
    memo = payload / f"{safe_name(request.packet)}_Transmittal_memo.docx"
    memo.write_bytes(memo_word(request, layout))
    natives = _natives(request, exhibits, store, payload)
    attested, scans = write_attested(drawn.facts.case.attestations, store, payload)
    natives += scans
    known |= {native.path: native.sha256 for native in natives}
    main = volumes[VolumeKind.MAIN]
    values = packet_values(
        request.packet,
        request.snapshot,
        request.profile,
        layout,
        volumes,
        exhibits,
        natives,
        _archive_values(main, natives) if request.archive else None,
        packet.findings,
        draft=request.draft,
        audit_head=request.audit_head,
        attested=attested,
    )
    stem = safe_name(request.packet)
    labels = {
        assembly.path.name: [layout.range.series.label(each) for each in assembly.range]
        for assembly in volumes.values()
    }
    (payload / f"{stem}.dat").write_bytes(dat(values))
    (payload / f"{stem}.opt").write_bytes(opt(values, labels))
    _write(payload / SCHEMA, schema())
    _write(payload / "README.txt", readme(values, stem))
    if request.archive:
        _write_archive(main, values, exhibits, payload, request.snapshot.as_of)
    values["files"] = [asdict(file) for file in payload_files(folder, known)]
    (payload / "packet.json").write_bytes(_json(values))
    known |= {file["path"]: file["sha256"] for file in values["files"]}
    close_bag(
        folder,
        known,
        request.snapshot.as_of,
        {
            "Source-Organization": request.profile.agency.name,
            "External-Identifier": request.packet,
            "External-Description": f"Referral packet, {first} to {last}",
            "Snapshot-SHA256": request.snapshot.identity,
        },
        lambda digests: {PAGE: verification_page(values, digests)},
    )


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def _json(values: Mapping[str, Any]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _archive_values(main: Assembly, natives: Sequence[NativeFile]) -> dict[str, Any]:
    """Return what packet.json says of the archive variant; nothing confidential is in it."""
    inside = [native.path for native in natives if native.path.startswith(f"{NATIVES}/")]
    return {
        "file": main.path.name.replace(".pdf", ARCHIVE_SUFFIX),
        "conformance": Conformance.PDF_A_3A_UA_1.value,
        "holds": inside,
        "values": ARCHIVE_VALUES,
    }


def _write_archive(
    main: Assembly,
    values: Mapping[str, Any],
    exhibits: Mapping[str, PreparedExhibit],
    payload: Path,
    as_of: datetime,
) -> None:
    """Write the main volume once more, with its originals and what programs read of it inside."""
    own = main_volume_values(values, f"{NATIVES}/")
    files = [
        AssociatedFile(
            _json(own),
            ARCHIVE_VALUES,
            "application/json",
            "Which page belongs to which part, and which file each part was made of",
            Relationship.DATA,
        )
    ]
    for native in own["natives"]:
        place = PurePosixPath(native["path"])
        exhibit = exhibits[native["belongs_to"].removeprefix("ex:")]
        shown = exhibit.has_pages and native["sha256"] == exhibit.file.sha256
        files.append(
            AssociatedFile(
                (payload / place).read_bytes(),
                place.name,
                MIME.get(place.suffix.lower(), UNKNOWN_MIME),
                f"Original of {native['belongs_to']}, SHA-256 {native['sha256']}",
                Relationship.SOURCE if shown else Relationship.SUPPLEMENT,
            )
        )
    archive(main.path, files, as_of, payload / values["archive"]["file"])


def _natives(
    request: PacketRequest,
    exhibits: Mapping[str, PreparedExhibit],
    store: EvidenceStore,
    payload: Path,
) -> list[NativeFile]:
    """Copy the originals into the payload and say what each belongs to."""
    natives = []
    for designator, prepared in exhibits.items():
        folder = CONFIDENTIAL_NATIVES if prepared.exhibit.confidential else NATIVES
        stem, owner = f"{folder}/Ex-{designator}", f"ex:{designator}"
        if prepared.native:
            source = store.path(prepared.file.sha256)
            name = f"{stem}_{safe_name(prepared.name)}"
            natives.append(_copy(source, payload, name, owner, prepared.file))
        for number, attachment in enumerate(prepared.rendition.attachments, start=1):
            name = f"{stem}_attached-{number}_{safe_name(attachment.name)}"
            natives.append(_copy(attachment.path, payload, name, owner, attachment))
    for key, _, path, sha256, name in delivered_footage(request.snapshot):
        entry = request.snapshot.file(path)
        natives.append(_copy(store.path(sha256), payload, name, f"footage:{key}", entry))
    return natives


def delivered_footage(snapshot: Snapshot) -> list[tuple[str, str, str, str, str]]:
    """Return the recordings that go along: key, title, source, SHA-256, place.

    A supplement repeats no recording that an earlier packet delivered.
    """
    earlier = {digest for packet in snapshot.issued for digest in packet.footage}
    found = []
    for footage in snapshot.record.footage:
        entry = snapshot.file(footage.file)
        if footage.in_delivery and entry.sha256 not in earlier:
            name = f"{FOOTAGE}/{footage.key}_{safe_name(PurePosixPath(footage.file).name)}"
            found.append((footage.key, footage.title, footage.file, entry.sha256, name))
    return found


def _copy(
    source: Path, payload: Path, name: str, owner: str, file: EvidenceFile | Attachment
) -> NativeFile:
    target = payload / name
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(source, target)
    original = file.path if isinstance(file, EvidenceFile) else file.name
    return NativeFile(name, owner, original, file.bytes, file.sha256)
