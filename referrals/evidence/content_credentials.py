"""Content Credentials (C2PA) that a recording carries, as one line.

In: a file of this machine. Out: who signed what with which device or program,
and whether the file is still what was signed; an empty text where it carries
none, or where the extra `c2pa` is not installed. They are recorded, never
required. Nothing is asked of the network.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

STATES = {
    "Trusted": "the file is as it was signed; the signer is on the list of trust",
    "Valid": "the file is as it was signed; the signer is on no list of trust",
    "Invalid": "the file is not as it was signed",
}
"""The states of validation (C2PA specification 2.2, § 14.3) in words."""

OFFLINE = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}


def content_credentials(path: Path) -> str:
    """Return what the Content Credentials of the file at `path` say."""
    try:
        import c2pa
    except ImportError:
        return ""
    try:
        with (
            c2pa.Settings.from_dict(OFFLINE) as settings,
            c2pa.Context(settings) as context,
            c2pa.Reader(path, context=context) as reader,
        ):
            return _words(json.loads(reader.json()))
    except c2pa.C2paError as error:
        kind = str(error).partition(":")[0]
        # Most files carry none, and many kinds of file cannot.
        return "" if kind in ("ManifestNotFound", "NotSupported") else _unread(error)


def _words(said: dict[str, Any]) -> str:
    manifest = said["manifests"].get(said.get("active_manifest"), {})
    signature = manifest.get("signature_info") or {}
    signer = signature.get("issuer") or "a signer without a name"
    when = f" at {signature['time']}" if signature.get("time") else ""
    generators = [
        f"{each['name']} {each.get('version', '')}".strip()
        for each in manifest.get("claim_generator_info") or []
        if each.get("name")
    ]
    made = f", made with {', '.join(generators)}" if generators else ""
    state = STATES.get(said.get("validation_state", ""), "whether it still fits is not known")
    return f"Signed by {signer}{when}{made}; {state}"


def _unread(error: Exception) -> str:
    return f"Present, but cannot be read ({' '.join(str(error).split())})"
