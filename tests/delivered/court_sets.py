"""Court sets for tests: a numbered PDF divided into files, with the `filing.json` that says so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf

from referrals.bag import close_bag

MADE = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
FRONT_PAGES = 1
LETTER = (612, 792)

Change = Callable[[int, pikepdf.Pdf, pikepdf.Page], None]


def court_set(
    volume: Path,
    parts: Sequence[dict[str, Any]],
    target: Path,
    *,
    pages: int,
    name: str = "JX-1-1-efileil-trial",
    case: str = "JX-1",
    court: str = "efileil-trial",
    left_out: Sequence[int] = (),
    redactions: Sequence[dict[str, str]] = (),
    change: Change = lambda page, pdf, held: None,
) -> Path:
    """Divide `volume` into files of up to `pages` numbered pages, each behind a front page.

    `parts` are as in `packet.json`; `left_out` are pages of the volume, from one,
    that no file holds. `change` may change each page before it is written.
    """
    payload = target / "data"
    payload.mkdir(parents=True)
    with pikepdf.open(volume) as source:
        kept = [page for page in range(1, len(source.pages) + 1) if page not in left_out]
        groups = [kept[start : start + pages] for start in range(0, len(kept), pages)]
        files = [
            _file(source, group, parts, payload, name, place, len(groups), change)
            for place, group in enumerate(groups, start=1)
        ]
    stem = parts[0]["first"].rstrip("0123456789")
    values = {
        "format": 1,
        "set": name,
        "packet": f"{case}-1",
        "case": case,
        "court": {"key": court, "title": "A court"},
        "draft": False,
        "bates": {
            "stem": stem,
            "width": len(parts[0]["first"]) - len(stem),
            "first": files[0]["first"],
            "last": files[-1]["last"],
        },
        "files": files,
        "redactions": list(redactions),
        "envelopes": [[each["file"] for each in files]],
        "derivatives": [],
        "something new": True,
    }
    (payload / "filing.json").write_text(json.dumps(values, indent=1), "utf-8")
    close_bag(target, {}, MADE, {"External-Identifier": name})
    return target


def _file(
    source: pikepdf.Pdf,
    group: Sequence[int],
    parts: Sequence[dict[str, Any]],
    payload: Path,
    name: str,
    place: int,
    count: int,
    change: Change,
) -> dict[str, Any]:
    path = payload / f"{name}_{place}_of_{count}.pdf"
    with pikepdf.new() as made:
        for _ in range(FRONT_PAGES):
            made.add_blank_page(page_size=LETTER)
        for number in group:
            made.pages.append(source.pages[number - 1])
            change(number, made, made.pages[-1])
        made.save(path, deterministic_id=True)
    labels = {page: _label(parts, page) for page in group}
    held = []
    for part in parts:
        own = [p for p in group if part["first_page"] <= p < part["first_page"] + part["pages"]]
        if own:
            held.append(
                {
                    **{key: part.get(key) for key in ("key", "kind", "title", "exhibit")},
                    "first": labels[own[0]],
                    "last": labels[own[-1]],
                    "first_page": FRONT_PAGES + group.index(own[0]) + 1,
                    "pages": len(own),
                    "part_of": None,
                }
            )
    return {
        "file": path.name,
        "number": place,
        "of": count,
        "pages": FRONT_PAGES + len(group),
        "front_pages": FRONT_PAGES,
        "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "first": labels[group[0]],
        "last": labels[group[-1]],
        "envelope": 1,
        "parts": held,
    }


def _label(parts: Sequence[dict[str, Any]], page: int) -> str:
    part = next(p for p in parts if p["first_page"] <= page < p["first_page"] + p["pages"])
    stem = part["first"].rstrip("0123456789")
    digits = part["first"][len(stem) :]
    return f"{stem}{int(digits) + page - part['first_page']:0{len(digits)}d}"
