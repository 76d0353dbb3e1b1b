"""The verdict on a delivery.

    files ─► packet.json ─► pages ─► written parts, links, attestations,
    load files, recordings, signatures, active content ─► verdict

In: a delivery's folder, perhaps a folder of recordings, perhaps the delivery's
digest as the sender gave it by another way. Out: a `Verdict`. What agrees with
itself was not necessarily sent by the one whom it names: only the digest from
outside tells that, and the verdict says whether there was one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.x509 import Certificate

from referrals.errors import InputError
from referrals.findings import Finding, Severity
from referrals.verify.active_content import pdf_findings, word_findings
from referrals.verify.archive_variant import archive_findings
from referrals.verify.attested_facts import attestation_findings
from referrals.verify.bag_files import PAYLOAD, TAG_MANIFEST, check_files, information
from referrals.verify.links import link_findings
from referrals.verify.load_files import load_file_findings
from referrals.verify.page_numbers import hidden_findings, page_findings, plan_findings
from referrals.verify.recordings import recording_findings
from referrals.verify.reporting import remark, wrong
from referrals.verify.signatures import signature_findings
from referrals.verify.signed_message import read_authorities
from referrals.verify.stated import Stated, UnreadableStatementError, read_stated
from referrals.verify.volume import ReadVolume, read_volume
from referrals.verify.written_parts import part_texts, written_findings

PACKET = f"{PAYLOAD}packet.json"
PAGE = "verify.html"
SHORTEST = 16
"""Hex digits of the delivery's digest that must be given, at least."""

CHANGED = {"file-changed", "footage-changed", "delivery-digest"}
"""The codes of findings that mean: this is not the file whose digest was recorded."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it: `digest` is the delivery's, `anchored` whether it was the one expected."""

    packet: str
    digest: str
    anchored: bool
    files: int
    pages: int
    findings: tuple[Finding, ...]

    @property
    def accepted(self) -> bool:
        """Whether nothing contradicts anything."""
        return not any(each.severity is Severity.BLOCKING for each in self.findings)

    @property
    def exit_code(self) -> int:
        """0 accepted, 3 a file is not the one whose digest was recorded, 1 anything else."""
        if self.accepted:
            return 0
        return 3 if any(each.code in CHANGED for each in self.findings) else 1

    @property
    def words(self) -> str:
        """The verdict for a person."""
        count = sum(each.severity is Severity.BLOCKING for each in self.findings)
        if count:
            things = "thing does" if count == 1 else "things do"
            return f"NOT ACCEPTED: {count} {things} not agree in {self.packet or 'this delivery'}."
        checked = f"{self.packet}: {self.files} files, {self.pages} pages; all of it agrees."
        if self.anchored:
            return f"{checked}\nIt is the delivery whose digest was given."
        return (
            f"{checked}\nDelivery's digest: {self.digest}\n"
            "Compare it with the one that the sender gave you by another way (--expect)."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as plain values."""
        return {
            "packet": self.packet,
            "accepted": self.accepted,
            "anchored": self.anchored,
            "digest": self.digest,
            "files": self.files,
            "pages": self.pages,
            "findings": [each.as_json() for each in self.findings],
        }


def verify(
    folder: Path,
    *,
    footage: Path | None = None,
    expect: str = "",
    authorities: Path | None = None,
    heard: Callable[[int], None] = lambda amount: None,
) -> Verdict:
    """Check the delivery in `folder` against itself, `footage` and the digest `expect`.

    `authorities` is a PEM file, or a folder of such, of who may vouch for signers.
    `heard` is told the bytes that were read, as they are.

    Raises:
        InputError: `folder` is not a delivery, `expect` is not a digest, or `authorities`
            holds no certificates.
    """
    trusted = _authorities(authorities)
    if not (folder / PACKET).is_file() or not (folder / TAG_MANIFEST).is_file():
        raise InputError(
            f"{folder} is not a delivery: it has no {PACKET} or no {TAG_MANIFEST}.",
            remedy="Name the folder that holds bagit.txt and data.",
        )
    wanted = re.sub(r"\s+", "", expect).lower()
    if wanted and re.fullmatch(rf"[0-9a-f]{{{SHORTEST},64}}", wanted) is None:
        raise InputError(
            f"{expect!r} is not a digest.",
            remedy=f"Give at least the first {SHORTEST} hex digits of the delivery's digest.",
        )
    digests, findings = check_files(folder, heard)
    digest = digests[TAG_MANIFEST]
    findings += _anchor(digest, wanted)
    pages = 0
    packet = ""
    try:
        stated = read_stated((folder / PACKET).read_text("utf-8"))
    except (UnreadableStatementError, UnicodeDecodeError) as error:
        findings.append(wrong("statement-unreadable", f"It cannot be read: {error}.", PACKET))
    else:
        packet = stated.packet
        read, troubles = _volumes(stated, folder)
        findings += troubles
        pages = sum(len(each.pages) for each in read.values())
        findings += _contents(stated, folder, digests, read, trusted)
        below = _payload(digests)
        findings += recording_findings(stated, below, footage, heard)
    return Verdict(
        packet=packet,
        digest=digest,
        anchored=bool(wanted) and digest.startswith(wanted),
        files=len(digests),
        pages=pages,
        findings=tuple(dict.fromkeys(findings)),
    )


def _authorities(place: Path | None) -> list[Certificate]:
    if place is None:
        return []
    try:
        found = read_authorities(place)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{place} holds something other than certificates ({error}).",
            remedy="Name a PEM file, or a folder that holds PEM files.",
        ) from error
    if not found:
        raise InputError(
            f"{place} holds no certificate.", remedy="Put the authority's certificate there as PEM."
        )
    return found


def _anchor(digest: str, wanted: str) -> Iterator[Finding]:
    if not wanted:
        yield remark(
            "not-anchored",
            "The delivery was compared with nothing outside of itself.",
            TAG_MANIFEST,
            "Give the digest that the sender told you by another way with --expect.",
        )
    elif not digest.startswith(wanted):
        yield wrong(
            "delivery-digest",
            f"The delivery's digest is {digest}; {wanted} was expected.",
            TAG_MANIFEST,
            "This is not the delivery that was sent. Ask the sender for it again.",
        )


def _payload(digests: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(PAYLOAD): sha256
        for name, sha256 in digests.items()
        if name.startswith(PAYLOAD)
    }


def _volumes(stated: Stated, folder: Path) -> tuple[dict[str, ReadVolume], list[Finding]]:
    read, findings = {}, []
    for volume in stated.volumes:
        path = folder / PAYLOAD / volume.file
        if "/" in volume.file or not path.is_file():
            findings.append(wrong("file-missing", "The volume is not there.", volume.file))
            continue
        try:
            read[volume.file] = read_volume(path)
        except Exception as error:  # noqa: BLE001 – pypdf raises whatever a broken file makes it raise
            message = f"The volume cannot be read ({type(error).__name__}: {error})."
            findings.append(wrong("file-unreadable", message, volume.file))
    return read, findings


def _contents(
    stated: Stated,
    folder: Path,
    digests: Mapping[str, str],
    read: Mapping[str, ReadVolume],
    trusted: Sequence[Certificate],
) -> Iterator[Finding]:
    payload, below = folder / PAYLOAD, _payload(digests)
    yield from _stated_files(stated, payload, below)
    yield from _tags(stated, folder, digests)
    yield from plan_findings(stated)
    for volume in stated.volumes:
        if volume.file in read:
            one = read[volume.file]
            yield from page_findings(stated, volume, one)
            yield from hidden_findings(volume, one)
            yield from link_findings(stated, volume, one)
            yield from guarded(pdf_findings(one.reader, payload / volume.file), volume.file)
    yield from guarded(archive_findings(stated, payload, below), "the archive variant")
    texts = part_texts(stated, read)
    yield from written_findings(stated, texts)
    yield from attestation_findings(stated, payload, below, texts)
    yield from load_file_findings(stated, payload, below)
    for name in below:
        if name.endswith(".docx") and "/" not in name:
            yield from word_findings(payload / name)
    signed = [volume.file for volume in stated.volumes]
    signed += [each.scan for each in stated.attestations if each.scan.endswith(".pdf")]
    for name in signed:
        if name in below:
            yield from guarded(signature_findings(payload / name, name, trusted), name)


def guarded(findings: Iterator[Finding], where: str) -> Iterator[Finding]:
    """Pass findings on; a file that breaks the reader while it is read is one itself."""
    try:
        yield from findings
    except Exception as error:  # noqa: BLE001 – pypdf raises whatever a broken file makes it raise
        message = f"It cannot be read ({type(error).__name__}: {error})."
        yield wrong("file-unreadable", message, where)


def _stated_files(stated: Stated, payload: Path, below: Mapping[str, str]) -> Iterator[Finding]:
    """Hold every file of the payload against `packet.json`, and the other way round."""
    known = {each.path: each for each in stated.files}
    for name, sha256 in below.items():
        if name == "packet.json":
            continue
        if name not in known:
            yield wrong("file-unstated", "packet.json does not know of it.", PAYLOAD + name)
        elif known[name].sha256 != sha256:
            message = f"Its SHA-256 is {sha256}; packet.json says {known[name].sha256}."
            yield wrong("file-changed", message, PAYLOAD + name)
        elif known[name].bytes != (payload / name).stat().st_size:
            yield wrong("file-changed", "packet.json gives another size.", PAYLOAD + name)
    for name in known.keys() - below.keys():
        yield wrong("file-missing", "packet.json lists it.", PAYLOAD + name)
    owned = [(each.file, each.sha256, each.bytes) for each in stated.volumes]
    owned += [(each.path, each.sha256, each.bytes) for each in stated.natives]
    for name, sha256, size in owned:
        if name not in below:
            yield wrong("file-missing", "packet.json lists it.", PAYLOAD + name)
        elif (below[name], (payload / name).stat().st_size) != (sha256, size):
            message = f"packet.json says its SHA-256 is {sha256}, and it has {size} bytes."
            yield wrong("file-changed", message, PAYLOAD + name)
    sources = {
        (part.exhibit, part.source.path): part.source for part in stated.parts if part.source
    }
    for native in stated.natives:
        source = sources.get((native.belongs_to.removeprefix("ex:"), native.source))
        if source is not None and source.sha256 != native.sha256:
            message = f"It is not the file that exhibit {native.belongs_to[3:]} was made of."
            yield wrong("native-foreign", message, native.path)


def _tags(stated: Stated, folder: Path, digests: Mapping[str, str]) -> Iterator[Finding]:
    facts = information(folder)
    expected = {"Snapshot-SHA256": stated.identity, "External-Identifier": stated.packet}
    for label, value in expected.items():
        if facts.get(label) != value:
            message = f"{label} is {facts.get(label)!r}; packet.json says {value}."
            yield wrong("bag-information", message, "bag-info.txt")
    if stated.audit_head:
        readme = folder / PAYLOAD / "README.txt"
        if not readme.is_file() or stated.audit_head not in readme.read_text("utf-8", "replace"):
            message = "It does not print the head of the audit log that packet.json gives."
            yield wrong("audit-head", message, "README.txt")
    yield from _page(folder, digests)


def _page(folder: Path, digests: Mapping[str, str]) -> Iterator[Finding]:
    """Hold the list inside `verify.html` against the files."""
    page = folder / PAGE
    text = page.read_text("utf-8", "replace") if page.is_file() else ""
    held = re.search(r'<script type="application/json" id="manifest">(.*?)</script>', text, re.S)
    try:
        listed = {
            each["path"]: each["sha256"] for each in json.loads(held[1] if held else "")["files"]
        }
    except (ValueError, KeyError, TypeError):
        yield wrong("check-page", "The page that checks the delivery holds no list.", PAGE)
        return
    actual = {name: each for name, each in digests.items() if name not in (PAGE, TAG_MANIFEST)}
    for name in sorted(listed.items() ^ actual.items()):
        yield wrong("check-page", f"Its list does not agree on {name[0]}.", PAGE)
