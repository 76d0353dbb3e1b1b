"""What is kept of a preparation: a rendition as JSON beside its files.

In: a rendition, or the record of one. Out: the file, or the rendition with its files where
they still are. Loads no library of PDF, and knows no case.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from stamping.notices import Notice
from stamping.notices import Severity as NoticeSeverity
from stamping.values import Attachment, Rendition, Signature, Tally


def keep_rendition(rendition: Rendition, record: Path) -> None:
    """Keep a rendition in the file `record`, unless its worker was stopped."""
    if any(notice.code == "worker-stopped" for notice in rendition.notices):
        return
    values = asdict(rendition)
    values["source"] = ""
    values["path"] = rendition.path.name if rendition.path else None
    for attachment, kept in zip(rendition.attachments, values["attachments"], strict=True):
        kept["path"] = str(attachment.path.relative_to(record.parent))
    replace_file(record, json.dumps(values).encode())


def kept_rendition(record: Path, source: Path) -> Rendition | None:
    """Return the rendition that `record` keeps; None if it or one of its files is gone."""
    try:
        values: dict[str, Any] = json.loads(record.read_bytes())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    folder = record.parent
    rendition = _rendition(values, folder)
    files = [attachment.path for attachment in rendition.attachments]
    if rendition.path is not None:
        files.append(rendition.path)
    if not all(path.is_file() for path in files):
        return None
    return replace(rendition, source=source)


def replace_file(target: Path, content: bytes) -> None:
    """Put `content` at `target`, whole or not at all."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(target)


def _rendition(values: Mapping[str, Any], folder: Path) -> Rendition:
    made = dict(values)
    made["source"] = Path()
    made["path"] = folder / values["path"] if values["path"] else None
    made["notices"] = tuple(
        Notice(**{**notice, "severity": NoticeSeverity(notice["severity"])})
        for notice in values["notices"]
    )
    made["attachments"] = tuple(
        Attachment(**{**entry, "path": folder / entry["path"]}) for entry in values["attachments"]
    )
    made["signatures"] = tuple(Signature(**entry) for entry in values["signatures"])
    made["account"] = tuple(Tally(**entry) for entry in values["account"])
    for name in ("pages_without_text", "pages_to_scale", "archival_faults"):
        made[name] = tuple(values[name])
    return Rendition(**made)
