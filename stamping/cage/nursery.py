"""Where workers come from: a process that has loaded the program and nothing else.

In: orders over a pipe. Out: workers, forked in milliseconds. The nursery is a fresh
interpreter with a scrubbed environment: it never held the caller's memory, files or
settings, and so neither do its workers. It reads nothing that anybody else wrote. When
its pipe closes, its starter is gone; it ends, and every worker with it.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path
from typing import Any

from stamping.cage import answers, errands, walls
from stamping.cage.values import Cage, CageError

_HANDED_ON = frozenset(
    {"PATH", "LANG", "LANGUAGE", "TZ", "TESSDATA_PREFIX", "OMP_THREAD_LIMIT", "SOURCE_DATE_EPOCH"}
    | {"LD_LIBRARY_PATH", "PYTHONHASHSEED"}
    | {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONHOME", "VIRTUAL_ENV"}
)
"""All that a worker sees of the environment, besides the `LC_` entries."""


@dataclass(frozen=True, slots=True)
class _Start:
    """An order: a worker for `tasks` tasks of a function, in a cage."""

    module: str
    name: str
    cage: Cage
    tasks: int
    here: str
    all_walls: bool


@dataclass(frozen=True, slots=True)
class _End:
    """An order: kill the worker with this number and all that it started."""

    process: int


class Nursery:
    """The caller's end: starts workers and ends them. May be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0
        self._pipe: Connection | None = None
        self._popen: subprocess.Popen[bytes] | None = None

    def start(
        self, function: Callable[..., Any], cage: Cage, tasks: int, *, all_walls: bool
    ) -> tuple[int, Connection]:
        """Return the number of a new worker and the pipe to it.

        With `all_walls`, it ends where one does not stand, and reads no task.

        Raises:
            CageError: no process can be started.
        """
        here, there = Pipe()
        try:
            folder = str(Path.cwd())
        except FileNotFoundError:  # it was removed
            folder = "/"
        order = _Start(function.__module__, function.__qualname__, cage, tasks, folder, all_walls)
        with there, self._lock:
            process = self._ask(order, there)
            if process is None:  # the nursery itself was killed: another one takes its place
                self._forget()
                process = self._ask(order, there)
            if not process:
                here.close()
                raise CageError(
                    "no process could be started for work on files",
                    remedy="The machine may be short of memory. Close programs and try again.",
                )
        return process, here

    def end(self, process: int) -> int:
        """Kill a worker and what it started; return its wait status, 0 where it is not known."""
        with self._lock:
            if self._pipe is None or self._owner != os.getpid():
                return 0
            try:
                self._pipe.send(_End(process))
                return int(self._pipe.recv())
            except (OSError, EOFError):
                return 0

    def close(self) -> None:
        """End the nursery and its workers."""
        with self._lock:
            self._forget()

    def _ask(self, order: _Start, there: Connection) -> int | None:
        """Return the number of the worker that was ordered, 0 if none could be; None if unheard."""
        pipe = self._opened()
        try:
            pipe.send(order)
            send_handle(pipe, there.fileno(), self._popen.pid if self._popen else None)
            return int(pipe.recv())
        except (OSError, EOFError):
            return None

    def _opened(self) -> Connection:
        # A process forked from the owner must not speak into its pipe.
        if self._pipe is not None and self._owner != os.getpid():
            self._pipe, self._popen = None, None
        if self._pipe is None:
            here, there = Pipe()
            with there:
                self._popen = subprocess.Popen(
                    [
                        *(sys.executable, "-P", "-c"),
                        "from stamping.cage.nursery import serve; serve()",
                        str(there.fileno()),
                    ],
                    pass_fds=(there.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=_environment(),
                    # What kills the caller's group must leave it to end the workers.
                    start_new_session=True,
                )
            self._pipe, self._owner = here, os.getpid()
        return self._pipe

    def _forget(self) -> None:
        if self._pipe is not None and self._owner == os.getpid():
            self._pipe.close()
            if self._popen is not None:
                self._popen.wait()
        self._pipe, self._popen = None, None


NURSERY = Nursery()
"""The nursery of this process, started by the first worker that is wanted."""

atexit.register(NURSERY.close)


def _environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _HANDED_ON or name.startswith("LC_")
    }
    # Empty entries stand for the working folder, which is nobody's code.
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def serve() -> None:
    """Fork workers until the pipe closes; the body of the nursery's process."""
    pipe = Connection(int(sys.argv[1]))
    workers: set[int] = set()
    while True:
        try:
            order = pipe.recv()
            if isinstance(order, _End):
                # A number that was given back may be another process's by now.
                pipe.send(_end(order.process) if order.process in workers else 0)
                workers.discard(order.process)
                continue
            handle = recv_handle(pipe)
            # Loaded once here, it is there for every later worker.
            with contextlib.suppress(Exception):
                importlib.import_module(order.module)
            process = _fork(order, handle, pipe)
            os.close(handle)
            workers.add(process)
            pipe.send(process)
        except (EOFError, OSError):
            for process in workers - {0}:
                _end(process)
            os._exit(0)


def _end(process: int) -> int:
    for kill in (os.killpg, os.kill):  # the group may not be there yet, or no more
        with contextlib.suppress(ProcessLookupError):
            kill(process, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        return os.waitpid(process, 0)[1]
    return 0


def _fork(order: _Start, handle: int, pipe: Connection) -> int:
    parent = os.getpid()
    try:
        process = os.fork()
    except OSError:
        return 0
    if process:
        return process
    try:
        os.setsid()
        pipe.close()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _work(order, Connection(handle), parent)
    finally:
        os._exit(1)


def _work(order: _Start, connection: Connection, parent: int) -> None:
    """Put up the walls, then answer tasks until the connection closes."""
    os.chdir(order.here)
    function = getattr(importlib.import_module(order.module), order.name)
    stand = walls.put_up(order.cage, parent, order.tasks)
    errands.connect(connection)
    connection.send_bytes(answers.write("walls", stand))
    if order.all_walls and not all(wall.stands for wall in stand):
        os._exit(0)
    while True:
        try:
            task = connection.recv()
        except (EOFError, OSError):
            os._exit(0)
        walls.allow_time(order.cage.seconds)
        try:
            answer = answers.write("answer", function(task))
        except MemoryError:
            answer = answers.write("failed", "out-of-memory")
        except Exception as error:  # noqa: BLE001  handed on to the caller, whole
            answer = answers.write("raised", error)
        connection.send_bytes(answer)
