"""Which running program made a row, so that what a killed one left is known.

A mark names the machine, its start, the process and the process's start: the
number of a process alone is given away again.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")
UNKNOWN = "-"
START_FIELD = 19
"""The start time's place in /proc/PID/stat after the name's bracket (proc(5), field 22)."""


def this_process() -> str:
    """Return the mark of the running process."""
    process = os.getpid()
    return " ".join((socket.gethostname(), _boot(), str(process), _start(process)))


def is_gone(mark: str) -> bool:
    """Whether the process of `mark` is known to have ended; false for other machines."""
    host, boot, process, start = mark.split(" ")
    if host != socket.gethostname():
        return False
    if boot != _boot():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        # Somebody else's process: the same one, or another that was given its number.
        return _start(int(process)) not in (start, UNKNOWN)
    return start != _start(int(process))


def _boot() -> str:
    try:
        return BOOT.read_text().strip()
    except OSError:
        return UNKNOWN


def _start(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[START_FIELD]
    except (OSError, IndexError):
        return UNKNOWN
