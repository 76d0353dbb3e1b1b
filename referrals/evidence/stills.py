"""Stills from a recording, by time.

In: a video file and times in seconds. Out: PNG pictures of the frames shown
then, the same bytes on every run. Frames are found by their time and not by key
frames, since some formats mark every frame as key and some count none.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
from av.error import FFmpegError

from referrals.evidence.footage import media_cage, moving_picture, readable, start
from referrals.evidence.recordings import Recording
from stamping.cage import run_one
from stamping.cage.errands import LentFile

COMPRESSION = 6
"""Of PNG: the highest takes nine times as long and saves a twenty-fifth."""

LONG_SIDE = 480
"""Pixels of a still's longer side: enough for a contact sheet in print."""


WIDEST_PIXEL = 4.0
"""A pixel's width by its height, or the other way; a recording that states more is not believed."""

LAST_SHOWN = 1.0
"""Seconds for which the last frame stands; what is asked for later is not there."""


@dataclass(frozen=True, slots=True)
class Still:
    """A picture of what is shown at `time`, in seconds from the start."""

    time: float
    png: bytes
    width: int
    height: int

    @property
    def time_code(self) -> str:
        """The time as hours, minutes and seconds."""
        return time_code(self.time)


def time_code(seconds: float) -> str:
    """Return seconds as `00:01:02.5`; whole seconds carry no fraction."""
    tenths = round(seconds * 10)
    whole, tenth = divmod(tenths, 10)
    text = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{text}.{tenth}" if tenth else text


def spread(duration: float, count: int) -> list[float]:
    """Return `count` times that divide a recording evenly, its ends left out."""
    return [round(duration * (2 * index + 1) / (2 * count), 1) for index in range(count)]


@dataclass(frozen=True, slots=True)
class WantedStills:
    """Stills that a worker is to take: of a recording by its path, or of the one lent to it."""

    path: Path | None
    times: tuple[float, ...]


def stills(source: Recording, times: Sequence[float]) -> list[Still]:
    """Return a still for each time after the start, in order; none where there is no picture.

    Fewer come back than were asked for where the recording cannot be decoded
    so far. Containers cut out of a longer recording begin later than at zero. It is
    decoded in a cage.
    """
    path = source if isinstance(source, Path) else None
    return run_one(
        take_stills,
        WantedStills(path, tuple(times)),
        media_cage(path),
        failed=lambda wanted, code: [],
        lent=None if isinstance(source, Path) else source,
    )


def take_stills(wanted: WantedStills) -> list[Still]:
    """Return the stills; the worker's task."""
    source: Recording = wanted.path if wanted.path is not None else LentFile()
    found: list[Still] = []
    try:
        with av.open(readable(source)) as container:
            stream = moving_picture(container)
            if stream is None:
                return []
            begins = start(container)
            aspect = float(stream.sample_aspect_ratio or 1)
            times = sorted(wanted.times)
            shown, at = None, 0.0
            for frame in container.decode(stream):
                if frame.time is None:
                    continue
                at = frame.time - begins
                while times and shown is not None and at > times[0] + 1e-6:
                    found.append(_still(shown, times.pop(0), aspect))
                shown = frame
                if not times:
                    break
            while times and shown is not None and times[0] <= at + LAST_SHOWN:
                found.append(_still(shown, times.pop(0), aspect))
    except FFmpegError:
        return found
    return found


def _still(frame: av.VideoFrame, time: float, aspect: float) -> Still:
    """Return a frame as a player shows it; `aspect` is a pixel's width by its height."""
    from PIL import Image

    picture = frame.to_image()
    if aspect != 1 and 1 / WIDEST_PIXEL <= aspect <= WIDEST_PIXEL:
        picture = picture.resize((max(1, round(picture.width * aspect)), picture.height))
    if turn := int(getattr(frame, "rotation", 0) or 0):
        picture = picture.rotate(turn, expand=True)
    picture.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=False, compress_level=COMPRESSION)
    return Still(time, written.getvalue(), picture.width, picture.height)
