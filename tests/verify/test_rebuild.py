"""The same delivery from the same records, in another environment, byte for byte."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from referrals.delivery.comparison import compare
from referrals.packet.layout import LaidPart, Layout
from referrals.packet.plan import PartKind, PlannedPart, VolumeKind
from stamping.bates import BatesRange, BatesSeries
from tests.acceptance.conftest import Built, Clerk
from tests.verify.conftest import FELONY, SUPPLEMENT
from tests.verify.forgery import Forgery, Strength, edit_json
from tests.verify.test_tampering import append_update, restamp

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two new virtual environments with the wheel in each, the libraries shared."""
    root = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    source = root / "source"
    shutil.copytree(
        ROOT, source, ignore=shutil.ignore_patterns(".*", "build", "tests", "*.egg-info")
    )
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", root, source], check=True
    )
    (wheel,) = root.glob("*.whl")
    pythons = []
    for folder in (root / "one", root / "two"):
        venv.create(folder, symlinks=True)
        (site,) = folder.glob("lib/python*/site-packages")
        subprocess.run([*pip, "install", "--no-deps", "--target", site, wheel], check=True)
        (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))
        pythons.append(folder / "bin" / "python")
    return pythons


def _run(python: Path, home: Path, here: Path, *words: object, **more: str) -> None:
    """Run the command of an environment as another user in another place would."""
    user = here / "user"
    user.mkdir(parents=True, exist_ok=True)
    own = f"assert cli.__file__.startswith({str(python.parents[1])!r}), cli.__file__"
    done = subprocess.run(
        [python, "-c", f"import cli; {own}; cli.main()", *map(str, words)],
        cwd=here,
        env={
            "PATH": os.environ["PATH"],
            "REFERRALS_HOME": str(home),
            "HOME": str(user),
            "XDG_CACHE_HOME": str(user / "cache"),
            **more,
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_two_fresh_environments_make_the_same_bytes(
    environments: list[Path], tmp_path: Path
) -> None:
    one, two = environments
    here = tmp_path / "here"
    _run(
        *(one, tmp_path / "home", here, "sample", "later_supplement", "--build", "--into", "out"),
        LC_ALL="C",
        TZ="UTC",
        LOGNAME="first",
        PYTHONHASHSEED="1",
    )
    moved = tmp_path / "another home"
    shutil.copytree(tmp_path / "home", moved)
    shutil.rmtree(moved / "renditions")
    for packet in ("JX-400230-1", SUPPLEMENT):
        _run(
            *(two, moved, tmp_path / "there", "rebuild", here / "out" / "packets" / packet),
            LC_ALL="C.UTF-8",
            TZ="Pacific/Kiritimati",
            LOGNAME="second",
            PYTHONHASHSEED="4242",
        )


def test_the_issued_delivery_is_what_the_records_give(delivered: Built) -> None:
    value = delivered.clerk.json("rebuild", delivered.folder(FELONY))
    assert value["same"]
    assert value["digest"] == delivered.clerk.json("verify", delivered.folder(FELONY))["digest"]


def test_a_lie_that_agrees_with_itself_is_found_by_the_records(
    delivered: Built, forgery: Forgery
) -> None:
    path = forgery.data / "attested-confidential" / "S2_facts.json"
    edit_json(path, lambda facts: facts["facts"].update(force=[]))
    forgery.cover_up(Strength.ALL)
    done = delivered.clerk.run("rebuild", forgery.folder)
    assert done.returncode == 3
    # The forger's archive says it too, and is the first of the files that differ.
    assert "data/JX-400112-1_Packet_Archive.pdf: It differs from byte" in done.stderr
    assert "more files differ" in done.stderr
    assert "Traceback" not in done.stderr


def _layout(folder: Path) -> Layout:
    """Return the layout of a delivery as its packet.json tells it."""
    values = json.loads((folder / "data" / "packet.json").read_text("utf-8"))
    series = BatesSeries(values["bates"]["stem"], "", values["bates"]["width"])
    laid = []
    for volume in values["volumes"]:
        for part in volume["parts"]:
            planned = PlannedPart(part["key"], PartKind(part["kind"]), part["title"])
            numbers = BatesRange(series, series.parse(part["first"]), series.parse(part["last"]))
            laid.append(LaidPart(planned, VolumeKind(volume["kind"]), part["first_page"], numbers))
    whole = BatesRange(series, laid[0].range.first, laid[-1].range.last)
    return Layout(tuple(laid), whole)


def _first(forgery: Forgery, genuine: Path) -> str:
    (finding,) = compare(forgery.folder, genuine, _layout(genuine)).findings
    return f"{finding.where}: {finding.message}"


def test_the_first_page_that_differs_is_named_with_its_part(
    forgery: Forgery, genuine: Path
) -> None:
    restamp(forgery)
    forgery.cover_up(Strength.ALL)
    said = _first(forgery, genuine)
    assert said.startswith("data/JX-400112-1_Packet.pdf: It differs on page 16, LPD-000016")
    assert "in Case report JX-400112 (exhibit-A) (" in said


def test_a_missing_page_is_told(forgery: Forgery, genuine: Path) -> None:
    with forgery.volume() as pdf:
        count = len(pdf.pages)
        del pdf.pages[-1]
    assert f"has {count - 1} pages, not {count}" in _first(forgery, genuine)


def test_a_file_that_differs_beside_its_pages_is_told_by_byte(
    forgery: Forgery, genuine: Path
) -> None:
    append_update(forgery)
    assert "in no page" in _first(forgery, genuine)


def test_missing_and_added_files_are_named(forgery: Forgery, genuine: Path) -> None:
    (forgery.data / "natives" / "Ex-L_vehicle-track.csv").unlink()
    assert "Ex-L_vehicle-track.csv: It is missing from the delivery" in _first(forgery, genuine)
    (forgery.data / "natives" / "Ex-A_more.txt").write_text("more")
    assert "Ex-A_more.txt: It is nothing that the records give" in _first(forgery, genuine)


def test_a_packet_that_the_records_do_not_know_is_refused(
    delivered: Built, forgery: Forgery, tmp_path: Path
) -> None:
    stranger = Clerk(tmp_path / "other home", tmp_path)
    done = stranger.run("rebuild", forgery.folder)
    assert done.returncode == 2
    assert "know of no issued packet JX-400112-1" in done.stderr
    assert delivered.clerk.run("rebuild", forgery.data).returncode == 4


def test_a_draft_is_rebuilt_from_the_record_as_it_stands(delivered: Built, tmp_path: Path) -> None:
    draft = tmp_path / "draft"
    made = delivered.clerk.run("packet", "JX-400112", "--draft", "-o", draft)
    assert made.returncode == 0, made.stderr
    values = json.loads((draft / "data" / "packet.json").read_text("utf-8"))
    assert values["audit_head"] == ""
    assert delivered.clerk.run("rebuild", draft).returncode == 0
    assert delivered.clerk.run("verify", draft).returncode == 0
