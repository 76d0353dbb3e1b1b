"""What a recording is read from, and the times that one states.

In: nothing that needs a video library. Out: the kind of source that `footage` and
`stills` read, and the instant that a container's own words mean.
"""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

Recording = Path | io.RawIOBase
"""A recording to read: its path on this machine, or an open file that is away."""


def created_at(created: str) -> datetime | None:
    """Return a stated time of creation as a moment; None without a time and a zone.

    A creation date at the clock's own beginning says that none was set.
    """
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and moment.year > 1970 else None
