"""Runs of letters in the bytes of pictures, colour profiles and fonts, whatever holds them.

In: the bytes of one coded picture, profile or font. Out: each run of readable signs
in them, in UTF-8, Latin-1 and UTF-16. Follows no segment and no box, so that text is
met wherever a writer put it; what lies in compressed pixels is no run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SHORTEST = 5
"""Signs of a run: shorter ones are met in any compressed data by chance."""

_RUNS = (
    (re.compile(rb"(?:[\t\r\n -~]|[\xc3-\xc9][\x80-\xbf]){%d,}" % SHORTEST), "utf-8"),
    (re.compile(rb"[\t -~\xc0-\xff]{%d,}" % SHORTEST), "latin-1"),
    (re.compile(rb"(?:[\t -~\xc0-\xff]\x00|[\x00-\x7f]\x01){%d,}" % SHORTEST), "utf-16-le"),
    (re.compile(rb"(?:\x00[\t -~\xc0-\xff]|\x01[\x00-\x7f]){%d,}" % SHORTEST), "utf-16-be"),
)


def carried_texts(data: bytes) -> Iterator[str]:
    """Yield the runs of readable signs in `data`."""
    for pattern, coding in _RUNS:
        for run in pattern.finditer(data):
            yield run.group().decode(coding, "replace")
