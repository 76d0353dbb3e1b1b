"""An office whose evidence lies in a bucket: taken in, proven, delivered, never half."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from pypdf import PdfReader

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


def test_a_bucket_that_is_lost_before_a_packet_is_issued_loses_nothing(
    bucket: str, clerk: Clerk
) -> None:
    here = {"REFERRALS_EVIDENCE": bucket}
    nowhere = {**here, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    case = ready_to_issue(clerk, here)
    for kept in ("fetched", "renditions"):
        shutil.rmtree(clerk.home / kept, ignore_errors=True)
    done = clerk.run("packet", case, "-o", "out", **nowhere)
    assert done.returncode == 5, done.stderr
    assert "cannot be reached" in done.stderr
    assert list(clerk.here.glob("*out*")) == []
    assert clerk.json("show", case)["Packets"] == []
    assert clerk.run("packet", case, "-o", "out", **here).returncode == 0
    values = json.loads((clerk.here / "out/data/packet.json").read_text("utf-8"))
    first = int(values["bates"]["first"].rpartition("-")[2])
    for number in range(1, first):
        assert clerk.json("find", f"LPD-{number:06d}")["state"] == "void"
    assert clerk.run("audit", "verify").returncode == 0
    assert clerk.run("verify", "out").returncode == 0


def ready_to_issue(clerk: Clerk, place: dict[str, str]) -> str:
    """Take a sample in and have it signed; return its number."""
    assert clerk.run("intake", sample_cases.states("later_supplement")[0], **place).returncode == 0
    case = str(clerk.json("cases")[0]["number"])
    for key, scan in sample_cases.signed_scans("later_supplement").items():
        made = clerk.run("attest", case, key, "--form", "forms", "--json", **place)
        page = PdfReader(clerk.here / json.loads(made.stdout)[0]).pages[0].extract_text()
        digest = re.search(r"[0-9a-f]{64}", "".join(page.split()))
        assert digest
        done = clerk.run(
            *("attest", case, key, "--signed", scan, "--on", "2026-03-20"),
            *("--digest", digest[0]),
            **place,
        )
        assert done.returncode == 0, done.stderr
    return case


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
