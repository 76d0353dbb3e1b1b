"""Pin-cites in a record's text: `[[ex:B p.3]]`, `[[footage:V1 00:00:04]]`.

In: text that a clerk wrote. Out: its pieces, plain text and `Cite` values.
Anything else in the text, HTML and template syntax included, is only text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CITE = re.compile(r"\[\[(?P<body>[^\[\]]*)\]\]")
_EXHIBIT = re.compile(r"ex:(?P<key>[A-Za-z0-9]{1,4})(?:\s+p\.?\s*(?P<page>\d{1,6}))?")
_FOOTAGE = re.compile(
    r"footage:(?P<key>[A-Za-z0-9][A-Za-z0-9._-]*)"
    r"(?:\s+(?P<time_code>\d{2}:[0-5]\d:[0-5]\d(?:\.\d{1,3})?))?"
)


@dataclass(frozen=True, slots=True)
class Cite:
    """A pin-cite: `kind` is `exhibit`, `footage` or, where unreadable, `unknown`."""

    kind: str
    key: str
    page: int | None = None
    time_code: str = ""
    written: str = ""


def pieces(text: str) -> list[str | Cite]:
    """Return `text` as plain runs and cites, in order."""
    found: list[str | Cite] = []
    end = 0
    for match in _CITE.finditer(text):
        if match.start() > end:
            found.append(text[end : match.start()])
        found.append(_cite(match))
        end = match.end()
    if end < len(text):
        found.append(text[end:])
    return found


def cites(text: str) -> list[Cite]:
    """Return the cites of `text`, in order."""
    return [piece for piece in pieces(text) if isinstance(piece, Cite)]


def _cite(match: re.Match[str]) -> Cite:
    body, written = match["body"].strip(), match[0]
    if exhibit := _EXHIBIT.fullmatch(body):
        page = int(exhibit["page"]) if exhibit["page"] else None
        return Cite("exhibit", exhibit["key"], page=page, written=written)
    if footage := _FOOTAGE.fullmatch(body):
        return Cite(
            "footage", footage["key"], time_code=footage["time_code"] or "", written=written
        )
    return Cite("unknown", body, written=written)


def seconds(time_code: str) -> float:
    """Return a time code as seconds from the start of its recording."""
    hours, minutes, rest = time_code.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)
