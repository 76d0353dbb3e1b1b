"""`packet.json`: what a delivery holds, for programs.

In: the layout, the assembled volumes, the prepared exhibits. Out: plain values
that say of every page which part it belongs to and of every part which file it
was made of. `templates/delivery/packet.schema.json` describes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

import referrals
from referrals.findings import Finding
from referrals.packet.accessibility import TAGGED, access
from referrals.packet.layout import LaidPart, Layout
from referrals.packet.plan import PartKind, VolumeKind
from referrals.packet.prepared_exhibit import PreparedExhibit
from referrals.profiles.profile import Profile
from referrals.records.snapshot import Snapshot
from stamping.pages.page_digest import page_digests
from stamping.values import Assembly

FORMAT = 2
LIBRARIES = ("pikepdf", "pypdfium2", "weasyprint")
"""Those whose version can change the bytes of a packet."""


@dataclass(frozen=True, slots=True)
class NativeFile:
    """An original that goes with the delivery: where, and what it belongs to."""

    path: str
    belongs_to: str
    source: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AttestedFile:
    """What a person attested to, as delivered, and the scan of the form if it is signed.

    `path` holds the attested facts; its SHA-256 is the digest that was signed.
    `signed_sha256` is the digest that the signed form bears. `signatures` are those
    made with a key; `countersigned_by` names a supervisor who signed with either.
    """

    key: str
    state: str
    required: bool
    path: str
    sha256: str
    signed_on: str = ""
    signed_sha256: str = ""
    scan: str = ""
    scan_sha256: str = ""
    signatures: tuple[dict[str, Any], ...] = ()
    countersignature_required: bool = False
    countersigned_by: str = ""


def packet_values(
    packet: str,
    snapshot: Snapshot,
    profile: Profile,
    layout: Layout,
    volumes: Mapping[VolumeKind, Assembly],
    exhibits: Mapping[str, PreparedExhibit],
    natives: Sequence[NativeFile],
    archived: dict[str, Any] | None,
    findings: Sequence[Finding],
    *,
    draft: bool,
    audit_head: str,
    attested: Sequence[AttestedFile],
) -> dict[str, Any]:
    """Return the contents of `packet.json`, but for the list of the other files."""
    first, last = layout.range.labels
    return {
        "format": FORMAT,
        "packet": packet,
        "state": "draft" if draft else "issued",
        "identity": snapshot.identity,
        "audit_head": audit_head,
        "as_of": snapshot.as_of.isoformat(),
        "case": snapshot.record.case.number,
        "fictional": snapshot.record.case.fictional,
        "supplement": len(snapshot.issued),
        "profile": {"key": profile.key, "title": profile.title},
        "program": {
            "name": "referrals",
            "version": referrals.__version__,
            "libraries": {name: version(name) for name in LIBRARIES},
        },
        "bates": {
            "stem": layout.range.series.stem,
            "width": layout.range.series.width,
            "first": first,
            "last": last,
        },
        "volumes": [
            {
                "kind": kind.value,
                "file": assembly.path.name,
                "pages": assembly.pages,
                "bytes": assembly.bytes,
                "sha256": assembly.sha256,
                "conformance": assembly.conformance.value,
                "first": assembly.range.labels[0],
                "last": assembly.range.labels[1],
                "parts": [_part(laid, exhibits) for laid in layout.volume(kind)],
                "page_sha256": page_digests(assembly.path),
            }
            for kind, assembly in volumes.items()
        ],
        "archive": archived,
        "natives": [asdict(native) for native in natives],
        "footage": _footage(snapshot, natives),
        "attestations": [asdict(each) for each in attested],
        "findings": [finding.as_json() for finding in findings],
    }


def _footage(snapshot: Snapshot, natives: Sequence[NativeFile]) -> list[dict[str, Any]]:
    places = {native.belongs_to: native.path for native in natives}
    return [
        {
            "key": footage.key,
            "title": footage.title,
            "file": footage.file,
            "bytes": snapshot.file(footage.file).bytes,
            "sha256": snapshot.file(footage.file).sha256,
            "path": places.get(f"footage:{footage.key}", ""),
        }
        for footage in snapshot.record.footage
    ]


def main_volume_values(values: Mapping[str, Any], natives: str) -> dict[str, Any]:
    """Return what `values` say of the main volume and of the originals in the folder `natives`.

    Findings are left out: they may speak of what is confidential.
    """
    kept = {key: value for key, value in values.items() if key not in ("archive", "findings")}
    main = [each for each in values["volumes"] if each["kind"] == VolumeKind.MAIN.value]
    inside = [each for each in values["natives"] if each["path"].startswith(natives)]
    return {**kept, "volumes": main, "natives": inside}


def _part(laid: LaidPart, exhibits: Mapping[str, PreparedExhibit]) -> dict[str, Any]:
    first, last = laid.range.labels
    value: dict[str, Any] = {
        "key": laid.part.key,
        "kind": laid.part.kind.value,
        "title": laid.part.title,
        "first": first,
        "last": last,
        "pages": laid.pages,
        "first_page": laid.first_page,
    }
    if laid.part.number:
        value["section"] = laid.part.number
    prepared = exhibits.get(laid.part.exhibit)
    value["reading"], value["text"] = TAGGED, "Text"
    if prepared is not None:
        value["exhibit"] = laid.part.exhibit
        value["source"] = {
            "file": prepared.exhibit.file,
            "bytes": prepared.file.bytes,
            "sha256": prepared.file.sha256,
        }
        if laid.part.key.startswith("exhibit-"):
            placeholder = laid.part.kind is PartKind.PLACEHOLDER
            seen = access(prepared, laid.volume, placeholder=placeholder)
            value |= {"reading": seen.reading, "text": seen.text, "changes": list(seen.changes)}
            value["rendition"] = _rendition(prepared)
    return value


def _rendition(prepared: PreparedExhibit) -> dict[str, Any]:
    rendition = prepared.rendition
    return {
        "identical": rendition.identical,
        "tagged": rendition.tagged,
        "archival_faults": list(rendition.archival_faults),
        "pages_without_text": list(rendition.pages_without_text),
        "pages_scaled_for_the_stamp": list(rendition.pages_to_scale),
        "notices": [asdict(notice) for notice in rendition.notices],
        "account": [asdict(tally) for tally in rendition.account],
        "signatures": [asdict(signature) for signature in rendition.signatures],
        "attachments": [
            {"name": attachment.name, "sha256": attachment.sha256, "bytes": attachment.bytes}
            for attachment in rendition.attachments
        ],
        "xmp": rendition.xmp,
    }
