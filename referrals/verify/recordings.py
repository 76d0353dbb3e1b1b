"""Recordings against the digests that the packet gives.

In: the recordings as stated, and a folder that may hold those that were too
large to deliver. Out: findings. A file is held against a recording if it bears
its name, or else if it has its size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from referrals.findings import Finding
from referrals.verify.reporting import remark, wrong
from referrals.verify.stated import Stated, StatedFootage


def recording_findings(
    stated: Stated,
    digests: Mapping[str, str],
    folder: Path | None,
    heard: Callable[[int], None],
) -> Iterator[Finding]:
    """Check each recording, in the delivery and in `folder`.

    `digests` maps paths below `data/` to SHA-256; `heard` is told the bytes read.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()] if folder else []
    for each in stated.footage:
        where = f"recording {each.key}"
        if each.path and digests.get(each.path) != each.sha256:
            yield wrong(
                "footage-changed",
                f"{each.path} is not the recording with the digest {each.sha256}.",
                where,
            )
        candidates = [path for path in files if _bears_name(path, each)]
        candidates = candidates or [path for path in files if path.stat().st_size == each.bytes]
        if not candidates:
            if not each.path:
                yield remark(
                    "footage-not-checked",
                    f"{each.file} is not in the delivery and was not given.",
                    where,
                    "Name the folder that holds it with --footage.",
                )
            continue
        found = {path: _sha256(path, heard) for path in candidates}
        if each.sha256 not in found.values():
            path, sha256 = next(iter(found.items()))
            yield wrong(
                "footage-changed",
                f"{path.name} has the digest {sha256}; the packet gives {each.sha256}.",
                where,
            )


def _bears_name(path: Path, footage: StatedFootage) -> bool:
    names = {footage.file.rpartition("/")[2], footage.path.rpartition("/")[2]}
    return path.name in names - {""}


def _sha256(path: Path, heard: Callable[[int], None]) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
            heard(len(block))
    return digest.hexdigest()
