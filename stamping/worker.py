"""Work on files that nobody vouches for, in processes that may die.

In: a function and its tasks. Out: its answers in order. Each process is held to
a memory limit and each task to a time limit; a task that breaks either is
answered for by `failed`, and a fresh process takes the next one. Processes are
started as new interpreters, which inherit no open file and run nothing of the
caller's main module. Knows nothing of PDF.
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, TypeVar

Task = TypeVar("Task")
Answer = TypeVar("Answer")

# How long a process may take to start before it counts as failed, in seconds.
_START_SECONDS = 60.0
_NOTHING = -1


@dataclass(slots=True)
class _Process:
    """One worker and the task it has; `deadline` is on the monotonic clock."""

    popen: subprocess.Popen[bytes]
    connection: Connection
    task: int = _NOTHING
    deadline: float = field(default=0.0)

    def stop(self) -> None:
        """End the process and what it holds open."""
        self.connection.close()
        self.popen.kill()
        self.popen.wait()


def run_all(
    function: Callable[[Task], Answer],
    tasks: Sequence[Task],
    *,
    failed: Callable[[Task, str], Answer],
    seconds: float,
    memory_bytes: int,
    workers: int | None = None,
    progress: Callable[[Task], None] | None = None,
) -> list[Answer]:
    """Return `function(task)` for each task, computed in worker processes.

    `function` must be importable, tasks and answers must pickle. `failed` gets
    the task and one of `out-of-time`, `out-of-memory`, `reader-crashed`.

    Raises:
        Exception: what `function` raised; it stops the run.
    """
    answers: dict[int, Answer] = {}
    todo = list(range(len(tasks)))[::-1]
    count = min(workers or len(os.sched_getaffinity(0)), len(tasks))
    processes = [_start(function, memory_bytes) for _ in range(count)]
    try:
        for process in processes:
            _hand_over(process, tasks, todo, seconds + _START_SECONDS)
        while len(answers) < len(tasks):
            ready = _ready(processes)
            for index, process in enumerate(processes):
                if process.task == _NOTHING:
                    continue
                task = process.task
                if process.connection in ready:
                    outcome = _receive(process)
                elif time.monotonic() >= process.deadline:
                    outcome = ("failed", "out-of-time")
                else:
                    continue
                kind, value = outcome
                if kind == "raised":
                    raise value
                answers[task] = failed(tasks[task], value) if kind == "failed" else value
                if progress is not None:
                    progress(tasks[task])
                started = 0.0
                if kind == "failed":
                    process.stop()
                    if not todo:
                        process.task = _NOTHING
                        continue
                    process = processes[index] = _start(function, memory_bytes)
                    started = _START_SECONDS
                _hand_over(process, tasks, todo, seconds + started)
    finally:
        for process in processes:
            process.stop()
    return [answers[index] for index in range(len(tasks))]


def _start(function: Callable[..., Any], memory_bytes: int) -> _Process:
    here, there = Pipe()
    with there:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        popen = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from stamping.worker import serve; serve()",
                str(there.fileno()),
                str(memory_bytes),
                function.__module__,
                function.__qualname__,
            ],
            pass_fds=(there.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
    return _Process(popen, here)


def _hand_over(process: _Process, tasks: Sequence[Any], todo: list[int], seconds: float) -> None:
    """Give the process its next task, if there is one."""
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
    try:
        kind, value = process.connection.recv()
    except (EOFError, OSError):
        return ("failed", "reader-crashed")
    return (str(kind), value)


def serve() -> None:
    """Answer tasks until the connection closes; the body of a worker process."""
    descriptor, memory_bytes, module, name = sys.argv[1:5]
    connection = Connection(int(descriptor))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What is allocated counts, not files that are mapped: a large scan is no offence.
    resource.setrlimit(resource.RLIMIT_DATA, (int(memory_bytes), int(memory_bytes)))
    function = getattr(__import__(module, fromlist=[name]), name)
    while True:
        try:
            task = connection.recv()
        except (EOFError, OSError):
            return
        try:
            outcome = ("answer", function(task))
        except MemoryError:
            outcome = ("failed", "out-of-memory")
        except Exception as error:  # noqa: BLE001  handed on to the caller, whole
            outcome = ("raised", error)
        connection.send(outcome)
