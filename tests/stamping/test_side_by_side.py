"""Files that are put together at once are those that are put together one by one."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from stamping.assembly import side_by_side
from stamping.assembly.engine import assemble
from stamping.assembly.side_by_side import Job, assemble_all
from stamping.errors import StampingError, UnreadableInputError
from stamping.values import Assembly, Part
from tests.stamping.test_assemble import order, plain, tagged


def jobs(folder: Path, count: int) -> list[Job]:
    sources = [tagged(folder / "tagged.pdf", "One", "Two"), plain(folder / "plain.pdf", 3)]
    return [
        Job(tuple(Part(source) for source in sources), order(first), folder / f"{first}.pdf")
        for first in range(1, count + 1)
    ]


def test_the_bytes_are_those_of_one_by_one(tmp_path: Path) -> None:
    asked = jobs(tmp_path, 3)
    made = assemble_all(asked)
    assert [each.path for each in made] == [job.output for job in asked]
    for job, assembly in zip(asked, made, strict=True):
        alone = assemble(job.parts, job.order, tmp_path / "alone.pdf")
        assert alone.sha256 == assembly.sha256
        assert alone.path.read_bytes() == job.output.read_bytes()


def test_what_one_of_them_cannot_do_is_said(tmp_path: Path) -> None:
    asked = jobs(tmp_path, 2)
    broken = Job((Part(tmp_path / "none.pdf"),), order(), tmp_path / "broken.pdf")
    with pytest.raises(UnreadableInputError) as caught:
        assemble_all([*asked, broken])
    assert caught.value.source == tmp_path / "none.pdf"


def test_a_process_that_is_killed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "assemble_one", killed)
    with pytest.raises(StampingError, match=r"[12]\.pdf was not put together: reader-crashed"):
        assemble_all(jobs(tmp_path, 2))


def killed(job: Job) -> Assembly:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError(job)
