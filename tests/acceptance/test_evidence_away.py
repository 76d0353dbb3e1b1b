"""An office whose evidence lies in a bucket: taken in, proven, delivered, never half."""

from __future__ import annotations

from pathlib import Path

import sample_cases
from tests.acceptance.conftest import Clerk


def test_a_packet_is_built_of_a_bucket_as_of_a_folder(
    bucket: str, clerk: Clerk, tmp_path: Path
) -> None:
    folder = sample_cases.folder("later_supplement/first")
    instant = "2026-04-02T15:00:00-05:00"
    sums = []
    for name, place in (("away", {"REFERRALS_EVIDENCE": f"{bucket}/e"}), ("here", {})):
        home = Clerk(tmp_path / name, clerk.here)
        assert home.run("intake", folder, **place).returncode == 0
        case = home.json("cases")[0]["number"]
        done = home.run("evidence", "scan", **place)
        assert done.returncode == 0, done.stderr
        done = home.run("packet", case, "--draft", "--as-of", instant, "-o", name, **place)
        assert done.returncode == 0, done.stderr
        data = clerk.here / name / "data"
        sums.append({path.name: path.read_bytes() for path in data.glob("natives*/*")})
        sums[-1] |= {path.name: path.read_bytes() for path in data.glob("footage/*")}
    assert sums[0] == sums[1]
    assert not (tmp_path / "away/evidence").exists()


def test_a_bucket_that_is_not_reached_loses_nothing(bucket: str, clerk: Clerk) -> None:
    folder = sample_cases.folder("misdemeanor")
    nowhere = {"REFERRALS_EVIDENCE": bucket, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    done = clerk.run("intake", folder, **nowhere)
    assert done.returncode == 5
    assert "cannot be reached" in done.stderr
    assert "run the same command again" in done.stderr
    assert clerk.json("cases") == []
    assert clerk.run("intake", folder, REFERRALS_EVIDENCE=bucket).returncode == 0


def test_the_audit_log_of_an_office_is_whole_until_its_end_is_cut_off(clerk: Clerk) -> None:
    clerk.run("intake", sample_cases.folder("misdemeanor"), "--by", "R. Muster")
    clerk.run("evidence", "scan", "--by", "R. Muster")
    report = clerk.json("audit", "verify")
    assert (report["whole"], report["entries"]) == (True, 2)
    entries = clerk.json("audit", "list")
    assert [(entry["who"], entry["what"]) for entry in entries] == [
        ("R. Muster", "intake: taken in"),
        ("R. Muster", "evidence scan"),
    ]
    assert all(len(entry["after"]) == 64 for entry in entries)
    assert clerk.run("audit", "verify", "--head", report["head"][:12]).returncode == 0
    done = clerk.run("audit", "verify", "--head", "0123456789abcdef")
    assert done.returncode == 1
    assert "cut off" in done.stdout
    assert clerk.run("audit", "verify", "--head", "abc").returncode == 2


def test_a_changed_file_exits_with_three(clerk: Clerk) -> None:
    clerk.run("intake", sample_cases.folder("misdemeanor"))
    line = clerk.json("evidence", "list")[0]
    kept = clerk.home / "evidence" / line["sha256"][:2] / line["sha256"]
    kept.chmod(0o644)
    kept.write_bytes(b"another")
    done = clerk.run("evidence", "scan")
    assert done.returncode == 3
    assert "STOP" in done.stdout
    assert clerk.json("evidence", "list")[0]["proven"] is None
