"""A task that dies, hangs or grows is answered for; the others are not touched."""

from __future__ import annotations

import os
import signal
import time

import pytest

from stamping.cage import Cage, run_all


def obey(task: str) -> str:
    """Do what the task says, in the worker."""
    if task == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if task == "exit":
        os._exit(0)
    if task == "hang":
        time.sleep(600)
    if task == "grow":
        bytearray(8 * 1024**3)
    if task == "raise":
        raise LookupError("from the worker")
    if task == "noise":
        print("noise", flush=True)  # noqa: T201  a library may do so
    return f"{task}: done"


def run(tasks: list[str], *, seconds: float = 30.0, workers: int = 2) -> list[str]:
    return run_all(
        obey,
        tasks,
        Cage(seconds=seconds, memory_bytes=1024**3),
        failed=lambda task, code: f"{task}: {code}",
        workers=workers,
    )


def test_answers_keep_the_order_of_the_tasks() -> None:
    tasks = [f"task {number}" for number in range(25)]
    assert run(tasks) == [f"{task}: done" for task in tasks]


@pytest.mark.parametrize(
    ("task", "code"),
    [("crash", "reader-crashed"), ("exit", "reader-crashed"), ("grow", "out-of-memory")],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_task_that_fails_is_alone(task: str, code: str, workers: int) -> None:
    answers = run(["before", task, "after", "last"], workers=workers)
    assert answers == ["before: done", f"{task}: {code}", "after: done", "last: done"]


def test_a_task_that_hangs_is_ended() -> None:
    answers = run(["hang", "a", "b"], seconds=1.0)
    assert answers == ["hang: out-of-time", "a: done", "b: done"]


def test_what_a_library_prints_does_not_disturb() -> None:
    assert run(["noise", "a"]) == ["noise: done", "a: done"]


def test_an_error_of_the_function_is_not_swallowed() -> None:
    with pytest.raises(LookupError, match="from the worker"):
        run(["a", "raise", "b"])


def test_nothing_to_do_starts_nothing() -> None:
    assert run([]) == []


def test_progress_names_each_task_once() -> None:
    seen: list[str] = []
    run_all(
        obey,
        ["a", "crash", "b"],
        Cage(seconds=30, memory_bytes=1024**3),
        failed=lambda task, code: code,
        workers=2,
        progress=seen.append,
    )
    assert sorted(seen) == ["a", "b", "crash"]
