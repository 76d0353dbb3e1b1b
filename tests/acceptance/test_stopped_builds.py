"""A build that is stopped or cannot write: nothing half-done, no number used twice."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

import sample_cases
from tests.acceptance.conftest import Clerk

CASE = "JX-400230"
PACKET = f"{CASE}-1"
KILLED = -9

DRIVER = """
import os, sys
import cli
from referrals import bag
from referrals.office import issue

def then_die(call):
    def dying(*words, **named):
        value = call(*words, **named)
        if STOP != "delivery in place" or (words[0] / "out").exists():
            os.kill(os.getpid(), 9)
        return value
    return dying

def refuse(*words):
    raise OSError("the database was lost")

def take_one_file_and_die(folder, **named):
    if os.path.isdir(folder) and "out" in os.path.basename(folder):
        os.remove(os.path.join(folder, "data", "packet.json"))
        os.kill(os.getpid(), 9)

STOP = sys.argv.pop(1)
if STOP == "delivery taken away":
    issue.finish_packet = refuse
    bag.shutil.rmtree = take_one_file_and_die
elif STOP == "numbers reserved":
    issue.reserve = then_die(issue.reserve)
elif STOP == "delivery announced":
    bag._flush = then_die(bag._flush)
else:
    bag._flush_folder = then_die(bag._flush_folder)
sys.argv[0] = "referrals"
cli.main()
"""
"""Runs the command in a process that kills itself at one step of an issuing build."""


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Clerk:
    """An office with a case that is ready to be issued."""
    root = tmp_path_factory.mktemp("ready")
    clerk = Clerk(root / "home", root)
    folder = sample_cases.states("later_supplement")[0]
    assert clerk.run("intake", folder).returncode == 0
    for key, scan in sample_cases.signed_scans("later_supplement").items():
        forms = clerk.json("attest", CASE, key, "--form", "forms")
        done = clerk.run(
            *("attest", CASE, key, "--signed", scan, "--on", "2026-03-20"),
            *("--digest", _digest(clerk.here / forms[0])),
        )
        assert done.returncode == 0, done.stderr
    return clerk


@pytest.fixture
def ready(signed: Clerk, tmp_path: Path) -> Clerk:
    """A copy of that office."""
    shutil.copytree(signed.home, tmp_path / "home")
    return Clerk(tmp_path / "home", tmp_path)


@pytest.mark.parametrize("stop", ["numbers reserved", "delivery announced", "delivery taken away"])
def test_a_build_killed_before_its_delivery_is_in_place_never_was(ready: Clerk, stop: str) -> None:
    assert _killed(ready, stop) == KILLED
    assert not (ready.here / "out").exists()
    done = ready.run("packet", CASE, "-o", "out")
    assert done.returncode == 0, done.stderr
    first = json.loads((ready.here / "out" / "data" / "packet.json").read_text())["bates"]["first"]
    void = ready.json("find", first[:-6] + "000001")
    assert void["state"] == "void"
    assert "stopped before its end" in void["reason"]
    assert ready.json("find", first)["packet"] == PACKET
    left = [path.name for path in ready.here.iterdir() if path.name.startswith(".out")]
    assert left == []


def test_a_build_killed_after_its_delivery_is_in_place_is_issued(ready: Clerk) -> None:
    assert _killed(ready, "delivery in place") == KILLED
    first = json.loads((ready.here / "out" / "data" / "packet.json").read_text())["bates"]["first"]
    found = ready.json("find", first)
    assert (found["state"], found["packet"]) == ("committed", PACKET)
    again = ready.run("packet", CASE, "-o", "again")
    assert again.returncode == 2
    assert "was issued already" in again.stderr
    same = ready.run("packet", CASE, "--again", "-o", "same")
    assert "Byte for byte" in same.stdout


@pytest.mark.parametrize("size", [60_000, 200_000])
def test_a_disk_without_space_delivers_nothing_and_voids_the_numbers(
    ready: Clerk, size: int
) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    done = ready.run("packet", CASE, "-o", "out", before=limited)
    assert done.returncode == 5, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not (ready.here / "out").exists()
    assert ready.run("packet", CASE, "-o", "out").returncode == 0


def test_a_target_that_cannot_be_written_is_said_in_words(ready: Clerk) -> None:
    (ready.here / "a file").write_text("")
    done = ready.run("packet", CASE, "-o", "a file/out")
    assert done.returncode == 5
    assert "cannot be written" in done.stderr
    assert "--output" in done.stderr
    assert ready.run("packet", CASE, "-o", "out").returncode == 0


def _digest(form: Path) -> str:
    text = "".join(page.extract_text() for page in PdfReader(form).pages)
    return re.search(r"(?:[0-9a-f]{8}\s+){7}[0-9a-f]{8}", text)[0]


def _killed(clerk: Clerk, stop: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, stop, "packet", CASE, "-o", "out"],
        cwd=clerk.here,
        env={**os.environ, "REFERRALS_HOME": str(clerk.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == KILLED, done.stdout + done.stderr
    return done.returncode
