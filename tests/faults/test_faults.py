"""A dozen seeded faults, and eight builds at once: nothing is lost, nothing is used twice.

`./run faults` does the same two hundred times, and on PostgreSQL too.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.commands import Command
from tests.faults.__main__ import run
from tests.faults.crowds import different_cases
from tests.faults.offices import NUMBER, ready
from tests.faults.promises import broken_promises

TRIALS, SEED = 12, 22


def test_after_a_dozen_faults_everything_holds(tmp_path: Path) -> None:
    trials = list(run(tmp_path, TRIALS, SEED))
    assert [trial for trial in trials if trial.broken] == []
    kinds = {trial.what for trial in trials}
    assert {"intake killed", "packet killed", "evidence scan killed", "attest killed"} <= kinds
    full = [trial.said for trial in trials if "full disk" in trial.what]
    assert any(said.startswith("exit 5") for said in full), full
    assert "packet to a read-only place" in kinds
    # How many kills come in time depends on the machine; some must.
    assert sum(trial.said.startswith("killed") for trial in trials) > 1


def test_eight_cases_at_once_are_all_issued_without_a_gap(tmp_path: Path) -> None:
    assert different_cases(tmp_path).broken == ()


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with an issued packet, to be broken by hand."""
    root = tmp_path_factory.mktemp("broken")
    made = ready(root)
    home = made.home("packet", root / "home")
    words = ["packet", NUMBER, "-o", str(root / "out/packet"), "--home", str(home)]
    assert Command(words, root / "said").wait() == 0
    assert broken_promises(home, root / "out") == []
    return root


def test_the_trials_see_what_is_broken(broken: Path) -> None:
    """A judge that finds nothing proves nothing: break each promise, and be told."""
    out = broken / "out"

    def told(statement: str = "") -> str:
        copy = broken / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(broken / "home", copy)
        if statement:
            with sqlite3.connect(copy / "referrals.sqlite") as records:
                for table in ("audit_entry", "bates_range", "packet"):
                    for name in ("is_not_changed", "is_not_removed"):
                        records.execute(f"DROP TRIGGER {table}_{name}")
                records.execute(statement)
        return "\n".join(broken_promises(copy, out))

    assert told() == ""
    assert "audit:" in told("DELETE FROM audit_entry WHERE sequence = 2")
    assert "follow" in told("UPDATE bates_range SET first = 3, after = 2 WHERE state = 'committed'")
    assert "without a reason" in told("UPDATE bates_range SET state = 'void' WHERE first = 1")
    assert "without their packet" in told("UPDATE packet SET name = 'other'")
    assert "not the one that was recorded" in told("UPDATE packet SET manifest_sha256 = 'x'")
    part = out / "packet/data/packet.json"
    kept = part.read_bytes()
    part.write_bytes(b"half")
    assert "is not whole" in told()
    part.write_bytes(kept)
    (out / "half").mkdir()
    (out / "half/manifest-sha256.txt").write_text("")
    assert "half is seen but was never recorded" in told()
    shutil.rmtree(out / "half")
    evidence = next(path for path in (broken / "home/evidence").rglob("*") if path.is_file())
    evidence.chmod(0o644)
    evidence.write_bytes(b"another")
    assert "evidence:" in told()
