"""Several files put together at once, each in a process of its own.

In: jobs, each with its parts, its order and its place. Out: the assemblies in the
same order, the same bytes as one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stamping.assembly.engine import assemble
from stamping.errors import StampingError
from stamping.values import Assembly, Order, Part
from stamping.worker import run_all

_MEMORY_BYTES = 2 * 1024**3
_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Job:
    """One file to put together."""

    parts: tuple[Part, ...]
    order: Order
    output: Path


def assemble_all(jobs: Sequence[Job]) -> list[Assembly]:
    """Put the files together, as many at once as there are processors.

    Raises:
        StampingError: as `assemble`; or a process was stopped.
    """
    if len(jobs) == 1:
        return [assemble_one(jobs[0])]
    return run_all(
        assemble_one, jobs, failed=_stopped, seconds=_SECONDS, memory_bytes=_MEMORY_BYTES
    )


def assemble_one(job: Job) -> Assembly:
    """Put one file together."""
    return assemble(job.parts, job.order, job.output)


def _stopped(job: Job, why: str) -> Assembly:
    raise StampingError(
        f"{job.output.name} was not put together: {why}",
        source=job.output,
        remedy="The machine may be short of memory. Close other programs and try again.",
    )
