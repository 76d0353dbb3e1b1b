"""`referrals verify` at a terminal."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.acceptance.conftest import Built
from tests.verify.conftest import SUPPLEMENT
from tests.verify.forgery import Forgery


def test_a_genuine_delivery_is_accepted_and_its_digest_told(
    delivered: Built, genuine: Path
) -> None:
    done = delivered.clerk.run("verify", genuine)
    assert done.returncode == 0
    assert "all of it agrees" in done.stdout
    value = delivered.clerk.json("verify", genuine)
    assert value["accepted"]
    assert value["digest"] in done.stdout
    volumes = delivered.values(genuine.name)["volumes"]
    assert value["pages"] == sum(volume["pages"] for volume in volumes)
    assert value["files"] == sum(path.is_file() for path in genuine.rglob("*"))
    held = delivered.clerk.run("verify", genuine, "--expect", value["digest"])
    assert "It is the delivery whose digest was given." in held.stdout


def test_another_digest_is_refused_with_three(delivered: Built, genuine: Path) -> None:
    done = delivered.clerk.run("verify", genuine, "--expect", "0" * 64)
    assert done.returncode == 3
    assert "[delivery-digest]" in done.stdout


def test_a_digest_that_is_none_is_refused_with_four(delivered: Built, genuine: Path) -> None:
    assert delivered.clerk.run("verify", genuine, "--expect", "abc").returncode == 4


def test_a_folder_that_is_no_delivery_is_refused_with_four(
    delivered: Built, tmp_path: Path
) -> None:
    done = delivered.clerk.run("verify", tmp_path)
    assert done.returncode == 4
    assert "is not a delivery" in done.stderr


def test_a_broken_volume_is_a_finding_and_no_traceback(delivered: Built, forgery: Forgery) -> None:
    forgery.main.write_bytes(forgery.main.read_bytes()[:5000])
    done = delivered.clerk.run("verify", forgery.folder)
    assert done.returncode == 3
    assert "[file-unreadable]" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_statement_of_another_kind_is_a_finding(delivered: Built, forgery: Forgery) -> None:
    for text in ('{"format": 1}', '{"format": 2}', "[]", "no", '{"format": 2, "bates": 3}'):
        (forgery.data / "packet.json").write_text(text)
        done = delivered.clerk.run("verify", forgery.folder)
        assert done.returncode == 3
        assert "[statement-unreadable]" in done.stdout


def test_recordings_beside_the_delivery(delivered: Built, tmp_path: Path) -> None:
    folder = delivered.folder(SUPPLEMENT)
    recording = delivered.folder("JX-400230-1") / "data" / "footage" / "V1_bwc-1108.mp4"
    beside = tmp_path / "recordings"
    (beside / "export").mkdir(parents=True)
    kept = beside / "export" / "renamed.mp4"
    shutil.copyfile(recording, kept)
    value = delivered.clerk.json("verify", folder, "--footage", beside)
    assert value["accepted"]
    assert "footage-not-checked" not in {each["code"] for each in value["findings"]}
    kept.write_bytes(b"\1" + recording.read_bytes()[1:])
    done = delivered.clerk.run("verify", folder, "--footage", beside)
    assert done.returncode == 3
    assert "[footage-changed]" in done.stdout
    kept.unlink()
    value = delivered.clerk.json("verify", folder, "--footage", beside)
    assert value["accepted"]
    assert "footage-not-checked" in {each["code"] for each in value["findings"]}
