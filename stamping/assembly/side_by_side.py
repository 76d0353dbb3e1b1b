"""Several files put together at once, each in a process of its own.

In: jobs, each with its parts, its order and its place. Out: the assemblies in the
same order, the same bytes as one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stamping.assembly.engine import assemble
from stamping.cage import Cage, run_all
from stamping.cage.outputs import outbox, take
from stamping.errors import StampingError
from stamping.values import Assembly, Order, Part

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
    if len(jobs) <= 1:
        return [assemble_one(job) for job in jobs]
    with outbox(jobs[0].output.parent) as box:
        made = run_all(
            assemble_one,
            [replace(job, output=box / f"{place}.pdf") for place, job in enumerate(jobs)],
            Cage(
                reads=tuple({part.source: None for job in jobs for part in job.parts}),
                folder=box,
                seconds=_SECONDS,
                memory_bytes=_MEMORY_BYTES,
            ),
            failed=lambda job, why: _stopped(jobs[int(job.output.stem)], why),
        )
        for place, job in enumerate(jobs):
            take(box / f"{place}.pdf", box, job.output)
    return [replace(each, path=job.output) for each, job in zip(made, jobs, strict=True)]


def assemble_one(job: Job) -> Assembly:
    """Put one file together."""
    return assemble(job.parts, job.order, job.output)


def _stopped(job: Job, why: str) -> Assembly:
    raise StampingError(
        f"{job.output.name} was not put together: {why}",
        source=job.output,
        remedy="The machine may be short of memory. Close other programs and try again.",
    )
