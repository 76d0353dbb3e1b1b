"""What a recording's container says of itself.

In: an audio or video file. Out: `MediaFacts` in seconds, pixels and frames a
second. Nothing is believed that is not there: a missing value stays empty.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError
from av.stream import Disposition

from referrals.errors import InputError
from referrals.evidence.content_credentials import content_credentials
from referrals.evidence.recordings import Recording
from referrals.records.snapshot import MediaFacts
from stamping.cage import STOPPED, Cage, run_one
from stamping.cage.errands import LentFile

MEDIA_SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".wmv", ".mpg", ".mpeg", ".ts", ".3gp"}
    | {".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".opus", ".wma", ".amr"}
)
"""File endings of recordings."""

# A long recording may have to be read to its end, and one of high definition in pieces.
_SECONDS = 4 * 3600.0
_MEMORY_BYTES = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class Probed:
    """What a worker is to look at: a recording by its path, or one that is lent to it."""

    path: Path | None
    sha256: str
    name: str


def probe(source: Recording, sha256: str, name: str) -> MediaFacts:
    """Return the facts of a recording, which the record calls `name`; it is read in a cage.

    Raises:
        InputError: the file is empty or no recording that can be read.
    """
    path = source if isinstance(source, Path) else None
    return run_one(
        media_facts,
        Probed(path, sha256, name),
        media_cage(path),
        failed=_stopped,
        lent=None if isinstance(source, Path) else source,
    )


def media_cage(path: Path | None) -> Cage:
    """Return the cage in which recordings are read: one that lies at `path`, or a lent one."""
    reads = (path,) if path is not None else ()
    return Cage(reads=reads, seconds=_SECONDS, memory_bytes=_MEMORY_BYTES)


def _stopped(wanted: Probed, code: str) -> MediaFacts:
    raise InputError(
        f"{wanted.name} cannot be read as a recording: {STOPPED[code]}.",
        remedy="Export it again from its source; if it plays nowhere, list it under 'outstanding'.",
    )


def media_facts(wanted: Probed) -> MediaFacts:
    """Return the facts of a recording; the worker's task.

    Raises:
        InputError: the file is empty or no recording that can be read.
    """
    source: Recording = wanted.path if wanted.path is not None else LentFile()
    if _is_empty(source):
        raise InputError(
            f"{wanted.name} is empty (0 bytes).",
            remedy="Export the recording again, or write why there is none.",
        )
    try:
        with av.open(readable(source)) as container:
            facts = _facts(container, wanted.sha256)
    except (FFmpegError, ValueError, IndexError) as error:
        raise InputError(
            f"{wanted.name} cannot be read as a recording.",
            remedy="Export it again from its source; if it plays nowhere, "
            "list it under 'outstanding'.",
        ) from error
    if not isinstance(source, Path):
        return facts
    return facts.model_copy(update={"credentials": content_credentials(source)})


def readable(source: Recording) -> Any:
    """Return what PyAV opens."""
    return str(source) if isinstance(source, Path) else source


def _is_empty(source: Recording) -> bool:
    if isinstance(source, Path):
        return source.stat().st_size == 0
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    return size == 0


def start(container: Any) -> float:
    """Return where a container's own clock begins, in seconds."""
    return float(container.start_time / av.time_base) if container.start_time else 0.0


def moving_picture(container: Any) -> Any:
    """Return the container's picture track, None where it has none; a cover is not one."""
    tracks = container.streams.video
    return next((each for each in tracks if not each.disposition & _COVER), None)


def _facts(container: Any, sha256: str) -> MediaFacts:
    video = moving_picture(container)
    audio = len(container.streams.audio)
    if video is None and not audio:
        raise ValueError("neither picture nor sound")
    duration = _stated(container) or _measured(container)
    rate = float(video.average_rate) if video is not None and video.average_rate else 0.0
    said = _said(container)
    make, model = _first(said, _MAKE), _first(said, _MODEL)
    return MediaFacts(
        sha256=sha256,
        container=container.format.long_name or container.format.name,
        duration=round(duration, 3),
        video_codec=video.codec_context.name if video is not None else "",
        width=video.codec_context.width if video is not None else 0,
        height=video.codec_context.height if video is not None else 0,
        frame_rate=round(rate, 3),
        audio_tracks=audio,
        created=_first(said, _CREATED),
        device=model if model.startswith(make) else f"{make} {model}".strip(),
        serial=_first(said, _SERIAL),
    )


_COVER = Disposition.attached_pic

# What the makers of cameras call it, the most telling name first: Apple's creation
# date has the zone of the place, the plain one is in UTC.
_CREATED = ("com.apple.quicktime.creationdate", "creation_time", "date")
_MAKE = ("com.apple.quicktime.make", "com.android.manufacturer", "make", "manufacturer")
_MODEL = ("com.apple.quicktime.model", "com.android.model", "model", "device_model", "device")
_SERIAL = ("serial_number", "serialnumber", "serial", "device_serial", "camera_serial_number")


def _said(container: Any) -> dict[str, str]:
    """Return the metadata of the container, then of its tracks, by lower-case name."""
    said: dict[str, str] = {}
    for source in (container, *container.streams):
        for name, text in source.metadata.items():
            said.setdefault(name.casefold(), " ".join(str(text).split()))
    return said


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def _stated(container: Any) -> float:
    """Return the stated duration; Matroska states its end and counts from zero."""
    stated = (container.duration or 0) / av.time_base
    if "matroska" in container.format.name and stated > start(container):
        stated -= start(container)
    return float(stated)


def _measured(container: Any) -> float:
    """Return from the start to the end of the last packet, where no duration is stated."""
    begins, end = start(container), 0.0
    for packet in container.demux():
        if packet.pts is not None and packet.time_base is not None:
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return max(end - begins, 0.0)
