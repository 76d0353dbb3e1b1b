"""What each person attested to, against the packet and the signed form.

In: the files of attested facts, the scans, the attestations as printed. Out:
findings. The SHA-256 of a file of facts is the digest that was signed; the
digest of a scan stands in the packet. Whether the ink is the person's, no
program can tell.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from referrals.findings import Finding
from referrals.verify.reporting import doubtful, remark, wrong
from referrals.verify.signatures import sealed_ranges
from referrals.verify.stated import Stated, StatedAttestation
from referrals.verify.volume import squeezed

ENDS = "SHA-256ofwhatisattested:"
"""What the packet prints at the end of each attestation, before its digest."""

INK, KEY = "Scan of the signed form:", "Form signed with a key:"
"""How the packet names what was signed."""

CITE = re.compile(r"\[\[.*?\]\]")
GROUPED = re.compile(r"(?:[0-9a-f]{8}\s*){8}")


def attestation_findings(
    stated: Stated, payload: Path, digests: Mapping[str, str], texts: Mapping[str, str]
) -> Iterator[Finding]:
    """Check every attestation; `digests` maps paths below `data/` to SHA-256."""
    blocks = _blocks(texts.get("attestations", ""))
    for number, each in enumerate(stated.attestations):
        printed = blocks[number] if number < len(blocks) else ""
        where = f"attestation {each.key}"
        if digests.get(each.path) != each.sha256:
            yield wrong(
                "attested-facts-changed",
                f"The facts in {each.path} are not those with the digest {each.sha256}.",
                where,
            )
        if not printed.endswith(f"{ENDS}{each.sha256}"):
            message = f"The packet does not print {each.sha256} as the digest of what is attested."
            yield wrong("attestation-digest", message, where)
        if each.path in digests:
            yield from _facts(stated, each, payload / each.path, printed, where)
        if each.state == "signed":
            yield from _signed(each, payload, digests, printed, where)
            yield from _countersigned(stated, each, printed, where)
        elif each.required and stated.state == "issued":
            message = f"It is required and {each.state}, and the packet was issued."
            yield wrong("attestation-unsigned", message, where)
    if len(blocks) != len(stated.attestations):
        message = f"The packet prints {len(blocks)} attestations, not {len(stated.attestations)}."
        yield wrong("attestation-digest", message, "attestations")
    signed = sum(squeezed(words) in block for block in blocks for words in (INK, KEY))
    if signed != sum(bool(each.scan) for each in stated.attestations):
        message = f"The packet names {signed} signed forms, and other forms are stated."
        yield wrong("signature-stripped", message, "attestations")


def _blocks(text: str) -> list[str]:
    """Return the attestations as printed, each up to its digest."""
    pieces = text.split(ENDS)
    return [
        f"{before[64 * bool(number) :]}{ENDS}{after[:64]}"
        for number, (before, after) in enumerate(pairwise(pieces))
    ]


def _facts(
    stated: Stated, each: StatedAttestation, path: Path, printed: str, where: str
) -> Iterator[Finding]:
    try:
        facts: Any = json.loads(path.read_text("utf-8"))
        case, paragraphs, evidence = facts["case"], facts["paragraphs"], facts["evidence"]
        texts = [(str(entry["basis"]), str(entry["text"])) for entry in paragraphs]
        bound = {str(name): str(sha256) for name, sha256 in evidence.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        yield wrong("attested-facts-unreadable", "The attested facts cannot be read.", where)
        return
    if case != stated.case:
        yield wrong("attested-facts-foreign", f"They are of the case {case}.", where)
    for number, (basis, text) in enumerate(texts, start=1):
        if not _is_printed(f"{number}{basis}", text, printed):
            message = f"The packet does not print paragraph {number} as it was attested."
            yield wrong("attested-text", message, where)
    if squeezed(str(facts.get("clause", ""))) not in printed:
        yield wrong("attested-text", "The packet does not print the clause as attested.", where)
    present = {f"footage:{one.key}": one.sha256 for one in stated.footage}
    present |= {
        f"exhibit:{part.exhibit}": part.source.sha256
        for part in stated.parts
        if part.is_exhibit and part.source
    }
    for name, sha256 in bound.items():
        if name in present and present[name] != sha256:
            message = f"It was attested on {name} with the digest {sha256}; the packet has another."
            yield wrong("attested-evidence", message, where)


def _is_printed(begin: str, text: str, printed: str) -> bool:
    """Whether a paragraph stands in the packet; its cites are printed as numbers."""
    pieces = [re.escape(squeezed(piece)) for piece in CITE.split(text)]
    between = r".{1,80}?"
    pattern = re.escape(squeezed(begin)) + between.join(pieces)
    return re.search(pattern, printed) is not None


def _signed(
    each: StatedAttestation,
    payload: Path,
    digests: Mapping[str, str],
    printed: str,
    where: str,
) -> Iterator[Finding]:
    if not each.scan or each.scan not in digests:
        yield wrong("signature-stripped", "It is signed, and the signed form is missing.", where)
        return
    if digests[each.scan] != each.scan_sha256:
        yield wrong("signature-foreign", "The signed form is not the one that was taken in.", where)
    way = KEY if each.signatures else INK
    if squeezed(f"Signed on {each.signed_on}. {way}") not in printed or (
        f"SHA-256{digests[each.scan]}" not in printed
    ):
        message = f"The packet does not print {digests[each.scan]} as the digest of its scan."
        yield wrong("signature-foreign", message, where)
    if each.signed_sha256 != each.sha256:
        message = f"The form was signed for {each.signed_sha256}, and the facts are others."
        yield wrong("signature-void", message, where)
    yield from _form(each, payload / each.scan, where)
    yield from _signatures(each, payload / each.scan, printed, where)


def _signatures(each: StatedAttestation, path: Path, printed: str, where: str) -> Iterator[Finding]:
    """Hold the signatures inside the form against those stated and printed."""
    try:
        found = sealed_ranges(path) if path.suffix == ".pdf" else []
    except Exception:  # noqa: BLE001 – pypdf raises whatever a broken file makes it raise
        found = []
    held = {sealed.field: sealed.message for sealed in found}
    for stated in each.signatures:
        message = held.pop(stated.field, None)
        if message is None:
            words = f"{stated.signer} signed it with a key, and the form lacks that signature."
            yield wrong("signature-stripped", words, where)
        elif (message.certificate_sha256, message.signer) != (
            stated.certificate_sha256,
            stated.signer,
        ):
            words = f"The key of {message.signer} signed it, not the one stated of {stated.signer}."
            yield wrong("signature-foreign", words, where)
        elif squeezed(f"Serial {message.serial}") not in printed:
            words = f"The packet does not print {message.serial}, with which the form is signed."
            yield wrong("signature-foreign", words, where)
    for field in held:
        words = f"The form bears a signature in {field} that is not stated."
        yield wrong("signature-foreign", words, where)
    if printed.count("Serial") < len(each.signatures) or (
        squeezed(KEY) in printed and not each.signatures
    ):
        yield wrong(
            "signature-stripped", "The packet prints signatures that are not stated.", where
        )


def _countersigned(
    stated: Stated, each: StatedAttestation, printed: str, where: str
) -> Iterator[Finding]:
    """Hold the supervisor who is said to have countersigned against page and form."""
    name = each.countersigned_by
    due = each.required and each.countersignature_required and stated.state == "issued"
    if due and not name:
        message = "Its countersignature is required and missing, and the packet was issued."
        yield wrong("attestation-uncountersigned", message, where)
    behind = f"SHA-256{each.scan_sha256}.Countersignedby"
    if f"{behind}{squeezed(name)}" not in printed if name else behind in printed:
        message = "The packet does not print who countersigned as packet.json states it."
        yield wrong("signature-foreign", message, where)
    with_key = any(signature.field == "supervisor" for signature in each.signatures)
    if each.signatures and with_key != bool(name):
        message = "Who countersigned is not who signed the form a second time."
        yield wrong("signature-foreign", message, where)


def _form(each: StatedAttestation, path: Path, where: str) -> Iterator[Finding]:
    """Hold the digest that the form itself prints against the one stated."""
    words = f"Compare the digest that the form prints with {each.sha256}."
    if path.suffix != ".pdf":
        yield remark("form-is-picture", "The signed form is a picture.", where, words)
        return
    try:
        pages = PdfReader(io.BytesIO(path.read_bytes())).pages
        text = "\n".join(page.extract_text() for page in pages)
    except Exception as error:  # noqa: BLE001 – pypdf raises whatever a broken file makes it raise
        yield doubtful(
            "form-unreadable", f"The signed form cannot be read ({error}).", where, words
        )
        return
    printed = {squeezed(found) for found in GROUPED.findall(text)}
    if not printed:
        yield remark("form-is-picture", "The signed form is a picture.", where, words)
    elif each.sha256 not in printed:
        message = f"The signed form prints another digest: {', '.join(sorted(printed))}."
        yield wrong("signature-foreign", message, where)
