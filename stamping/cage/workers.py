"""Work on files that nobody vouches for, in processes that may die.

In: a function, its tasks and a `Cage`. Out: its answers in order. A task that breaks
a limit is answered for by `failed`, and a fresh process takes the next one. What comes
back is read as values and nothing else. Knows nothing of PDF.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from stamping.cage import answers, errands
from stamping.cage.nursery import NURSERY
from stamping.cage.values import Cage, CageError, Wall

Task = TypeVar("Task")
Answer = TypeVar("Answer")

REQUIRED = "REFERRALS_CAGE"
"""The setting that, as `required`, lets nothing be read where a wall does not stand."""

STOPPED = {
    "out-of-time": "it took too long",
    "out-of-memory": "it took too much memory",
    "reader-crashed": "its reader was stopped",
}
"""Why a task has no answer: codes, and words to be read after a colon."""

# How long a process may take to start before it counts as failed, in seconds.
_START_SECONDS = 60.0
_NOTHING = -1
_ERRANDS = ("walls", "told", "ask")
_OUT_OF_TIME = ("failed", "out-of-time")
_CRASHED = ("failed", "reader-crashed")


@dataclass(slots=True)
class _Process:
    """One worker and the task it has; `deadline` is on the monotonic clock."""

    number: int
    connection: Connection
    seconds: float
    task: int = _NOTHING
    deadline: float = field(default=0.0)
    walled: bool = False

    def stop(self) -> int:
        """End the process and what it holds open; return its wait status."""
        self.connection.close()
        number, self.number = self.number, 0
        return NURSERY.end(number) if number else 0


def run_all(
    function: Callable[[Task], Answer],
    tasks: Sequence[Task],
    cage: Cage,
    *,
    failed: Callable[[Task, str], Answer],
    workers: int | None = None,
    progress: Callable[[Task], None] | None = None,
    heard: Callable[[Any], None] | None = None,
    lent: io.RawIOBase | None = None,
) -> list[Answer]:
    """Return `function(task)` for each task, computed in worker processes in `cage`.

    `function` must be importable, tasks and answers must pickle; answers may hold plain
    values, frozen dataclasses, models, enums and errors. `failed` gets the task and one of
    the codes of `STOPPED`. `heard` hears what the function tells (`errands.tell`); `lent` is
    a file that it reads as `errands.LentFile`.

    Raises:
        CageError: a wall is required and does not stand, or no process can be started.
        Exception: what `function` raised; it stops the run.
    """
    results: dict[int, Answer] = {}
    todo = list(range(len(tasks)))[::-1]
    count = min(workers or len(os.sched_getaffinity(0)), len(tasks))
    processes: list[_Process] = []
    try:
        for _ in range(count):
            processes.append(_start(function, cage, len(tasks)))
        for process in processes:
            _hand_over(process, tasks, todo, _START_SECONDS)
        while len(results) < len(tasks):
            ready = _ready(processes)
            for index, process in enumerate(processes):
                if process.task == _NOTHING:
                    continue
                task = process.task
                if process.connection in ready:
                    outcome = _receive(process)
                elif time.monotonic() >= process.deadline:
                    outcome = _OUT_OF_TIME
                else:
                    continue
                kind, value = outcome
                if kind in _ERRANDS:
                    # Who asks without end runs out of time like any other.
                    if time.monotonic() >= process.deadline:
                        kind, value = _OUT_OF_TIME
                    elif _run_errand(process, kind, value, heard, lent):
                        continue
                    else:
                        kind, value = _CRASHED
                if kind == "raised":
                    raise value
                results[task] = failed(tasks[task], value) if kind == "failed" else value
                if progress is not None:
                    progress(tasks[task])
                seconds = cage.seconds
                if kind == "failed":
                    process.stop()
                    if not todo:
                        process.task = _NOTHING
                        continue
                    process = processes[index] = _start(function, cage, len(tasks))
                    seconds = _START_SECONDS
                _hand_over(process, tasks, todo, seconds)
    finally:
        for process in processes:
            process.stop()
    return [results[index] for index in range(len(tasks))]


def run_one(
    function: Callable[[Task], Answer],
    task: Task,
    cage: Cage,
    *,
    failed: Callable[[Task, str], Answer],
    heard: Callable[[Any], None] | None = None,
    lent: io.RawIOBase | None = None,
) -> Answer:
    """Return `function(task)`, computed in a worker of its own in `cage`; as `run_all`."""
    return run_all(function, [task], cage, failed=failed, workers=1, heard=heard, lent=lent)[0]


def standing_walls() -> tuple[Wall, ...]:
    """Return each wall and whether it stands on this machine, found by putting them up.

    Raises:
        CageError: no process can be started.
    """
    number, connection = NURSERY.start(_told, Cage(seconds=_START_SECONDS), 1, all_walls=False)
    process = _Process(number, connection, _START_SECONDS)
    try:
        kind, value = answers.read(process.connection.recv_bytes(answers.MOST_BYTES))
    except (EOFError, OSError) as error:
        raise CageError(
            "no cage could be made for work on files",
            remedy="Look into the machine's log for what ended the process.",
        ) from error
    finally:
        process.stop()
    assert kind == "walls"
    return tuple(value)


def _told(task: object) -> None:
    """Do nothing: the walls are told before any task."""


def _start(function: Callable[..., Any], cage: Cage, tasks: int) -> _Process:
    required = os.environ.get(REQUIRED) == "required"
    number, connection = NURSERY.start(function, cage, tasks, all_walls=required)
    return _Process(number, connection, cage.seconds)


def _hand_over(process: _Process, tasks: Sequence[Any], todo: list[int], seconds: float) -> None:
    """Give the process its next task, if there is one; it reads it behind its walls."""
    if not todo:
        process.task = _NOTHING
        return
    process.task = todo.pop()
    process.deadline = time.monotonic() + seconds
    # A process that is gone already is found by its closed connection.
    with contextlib.suppress(OSError):
        process.connection.send(tasks[process.task])


def _ready(processes: Sequence[_Process]) -> list[Any]:
    """Wait until a process answers or runs out of time; return what can be read."""
    busy = [process for process in processes if process.task != _NOTHING]
    first = min(process.deadline for process in busy)
    return wait(
        [process.connection for process in busy], timeout=max(0.0, first - time.monotonic())
    )


def _receive(process: _Process) -> tuple[str, Any]:
    """Return what the worker says: of its walls, of its task, or an errand."""
    # What is taken over may begin an answer and never end it.
    left = max(0.1, process.deadline - time.monotonic())
    guard = threading.Timer(left, NURSERY.end, (process.number,))
    guard.daemon = True
    guard.start()
    try:
        kind, value = answers.read(process.connection.recv_bytes(answers.MOST_BYTES))
    except (EOFError, OSError):
        if time.monotonic() >= process.deadline:
            return _OUT_OF_TIME
        status = process.stop()
        late = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU
        return _OUT_OF_TIME if late else _CRASHED
    except Exception:  # noqa: BLE001  whatever else came out is not an answer
        return _CRASHED
    finally:
        guard.cancel()
    fits = {
        "walls": not process.walled,
        "answer": True,
        "told": True,
        "ask": isinstance(value, tuple) and len(value) == 2,
        "raised": isinstance(value, Exception),
        "failed": value == "out-of-memory",
    }
    return (kind, value) if isinstance(kind, str) and fits.get(kind) else _CRASHED


def _run_errand(
    process: _Process,
    kind: str,
    value: Any,
    heard: Callable[[Any], None] | None,
    lent: io.RawIOBase | None,
) -> bool:
    """Do what a worker asks besides its task; return whether it may ask so."""
    if kind == "walls":
        process.walled = True
        process.deadline = time.monotonic() + process.seconds
        _require(value)
    elif kind == "told" and heard is not None:
        heard(value)
    elif kind == "ask" and lent is not None:
        try:
            content = errands.lend(lent, *value)
        except ValueError:
            return False
        with contextlib.suppress(OSError):  # it is gone, which is seen next
            process.connection.send_bytes(content)
    else:
        return kind == "told"
    return True


def _require(walls: Sequence[Wall]) -> None:
    """Stop where a wall is wanting and the setting says that all must stand."""
    wanting = [wall for wall in walls if not wall.stands]
    if wanting and os.environ.get(REQUIRED) == "required":
        told = "; ".join(f"{wall.name}: {wall.words}" for wall in wanting)
        raise CageError(
            f"the machine cannot wall in the work on files ({told})",
            remedy="Use Linux 6.12 or newer with Landlock and seccomp, "
            f"or take {REQUIRED} away to work without these walls.",
        )
