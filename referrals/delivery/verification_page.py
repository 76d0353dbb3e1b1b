"""What a delivery brings along so that a stranger can check it.

In: what the delivery holds. Out: the texts of `README.txt`, `verify.html` and
`packet.schema.json`. None needs this program: the first asks for `sha256sum`
alone, the second for a browser without a network.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import templates
from referrals.typesetting.rendering import page_environment

PAGE = "verify.html"
SCHEMA = "packet.schema.json"


def readme(values: Mapping[str, Any], stem: str) -> str:
    """Return the text of `README.txt`; `stem` begins the load files' names."""
    environment = page_environment()
    environment.autoescape = False
    return environment.get_template("delivery/README.txt").render(packet=values, stem=stem) + "\n"


def schema() -> str:
    """Return the JSON Schema of `packet.json`."""
    return (templates.folder() / "delivery" / SCHEMA).read_text("utf-8")


def verification_page(values: Mapping[str, Any], digests: Mapping[str, str]) -> str:
    """Return `verify.html`; `digests` maps each file of the delivery to its SHA-256."""
    manifest = {
        "packet": values["packet"],
        "files": [{"path": path, "sha256": sha256} for path, sha256 in sorted(digests.items())],
        "footage": [
            {"name": each["file"].rpartition("/")[2], **each} for each in values["footage"]
        ],
        "page": PAGE,
    }
    # "<" would end the script element that holds the text.
    text = json.dumps(manifest, ensure_ascii=True, sort_keys=True, indent=1).replace("<", "\\u003c")
    return page_environment().get_template(f"delivery/{PAGE}").render(packet=values, manifest=text)
