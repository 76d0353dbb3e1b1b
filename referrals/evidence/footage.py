"""What a recording's container says of itself.

In: an audio or video file. Out: `MediaFacts` in seconds, pixels and frames a
second. Nothing is believed that is not there: a missing value stays empty.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError

from referrals.errors import InputError
from referrals.records.snapshot import MediaFacts

MEDIA_SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".wmv", ".mpg", ".mpeg", ".ts", ".3gp"}
    | {".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".opus", ".wma", ".amr"}
)
"""File endings of recordings."""


Recording = Path | io.RawIOBase
"""A recording to read: its path on this machine, or an open file that is away."""


def probe(source: Recording, sha256: str, name: str) -> MediaFacts:
    """Return the facts of a recording, which the record calls `name`.

    Raises:
        InputError: the file is empty or no recording that can be read.
    """
    if _is_empty(source):
        raise InputError(
            f"{name} is empty (0 bytes).",
            remedy="Export the recording again, or write why there is none.",
        )
    try:
        with av.open(readable(source)) as container:
            return _facts(container, sha256)
    except (FFmpegError, ValueError, IndexError) as error:
        raise InputError(
            f"{name} cannot be read as a recording.",
            remedy="Export it again from its source; if it plays nowhere, "
            "list it under 'outstanding'.",
        ) from error


def readable(source: Recording) -> Any:
    """Return what PyAV opens."""
    return str(source) if isinstance(source, Path) else source


def _is_empty(source: Recording) -> bool:
    if isinstance(source, Path):
        return source.stat().st_size == 0
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    return size == 0


def _facts(container: Any, sha256: str) -> MediaFacts:
    video = next(iter(container.streams.video), None)
    audio = len(container.streams.audio)
    if video is None and not audio:
        raise ValueError("neither picture nor sound")
    duration = container.duration / av.time_base if container.duration else _measured(container)
    rate = float(video.average_rate) if video is not None and video.average_rate else 0.0
    return MediaFacts(
        sha256=sha256,
        container=container.format.long_name or container.format.name,
        duration=round(duration, 3),
        video_codec=video.codec_context.name if video is not None else "",
        width=video.codec_context.width if video is not None else 0,
        height=video.codec_context.height if video is not None else 0,
        frame_rate=round(rate, 3),
        audio_tracks=audio,
        created=container.metadata.get("creation_time", ""),
    )


def _measured(container: Any) -> float:
    """Return the end of the last packet, for containers that state no duration."""
    end = 0.0
    for packet in container.demux():
        if packet.pts is not None and packet.time_base is not None:
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return end
