"""What a cage allows and what it withholds, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stamping.errors import StampingError

GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Cage:
    """What one worker process may touch, and how much it may use.

    `reads` are the files and folders it may read, besides Python, the libraries and
    the fonts of the machine. `folder` is the one folder it may write in; it belongs to
    the run alone, since a worker of root's takes it over. `programs` are the only
    programs it may start; each is held to the same limits. `seconds` is for one task,
    both by the clock and of the processor; `memory_bytes` and `file_bytes` are for one
    process and one file.
    """

    reads: tuple[Path, ...] = ()
    folder: Path | None = None
    programs: tuple[Path, ...] = ()
    seconds: float = 120.0
    memory_bytes: int = 2 * GIB
    file_bytes: int = 8 * GIB


@dataclass(frozen=True, slots=True)
class Wall:
    """One wall of a cage: what it withholds, and whether this machine has it.

    `words` say by what means it stands, or why it does not.
    """

    name: str
    stands: bool
    words: str


class CageError(StampingError):
    """A wall that is required does not stand on this machine, or no cage can be made."""
