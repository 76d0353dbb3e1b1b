"""A folder for what a worker makes, and the way out of it.

In: the folder where results belong. Out: files there, each looked at before it is
taken: a worker may have been taken over, and its folder may hold links or devices.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stamping.cage.values import CageError


@contextmanager
def outbox(folder: Path) -> Iterator[Path]:
    """Make a folder in `folder` for one run of workers; it is removed at the end."""
    made = Path(tempfile.mkdtemp(prefix=".caged-", dir=folder)).absolute()
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def take(made: Path, box: Path, target: Path) -> None:
    """Move a file that a worker made in `box` to `target`, as this user's own.

    Call it when the workers have ended.

    Raises:
        CageError: it is not a plain file of the outbox.
        OSError: it cannot be moved.
    """
    place = box / made.name
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise CageError("a worker named a file that it did not make", source=target) from error
    try:
        found = os.fstat(descriptor)
        if made.parent.absolute() != box or not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
            raise CageError("a worker made something other than a plain file", source=target)
        if found.st_uid != os.geteuid():
            os.fchown(descriptor, os.geteuid(), os.getegid())
        os.fchmod(descriptor, stat.S_IMODE(found.st_mode) & 0o666)
    finally:
        os.close(descriptor)
    place.replace(target)
