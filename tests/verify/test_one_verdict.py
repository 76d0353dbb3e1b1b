"""`verify.html` and `referrals verify` give the same verdict on the files of a delivery.

Each way to tamper is tried at three strengths: nothing covered up, the lists recomputed,
and everything recomputed. The digest that was told by another way is the genuine one.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from referrals.findings import Severity
from referrals.verify.bag_files import check_files
from tests.verify.conftest import FELONY
from tests.verify.forgery import Forgery, Strength

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
if BROWSER is None:
    pytest.skip("no Chromium here: apt-get install chromium", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

TRACK = "natives/Ex-L_vehicle-track.csv"


def _moved(forgery: Forgery, *places: str) -> None:
    """Put the genuine packet deeper, and another in its place."""
    genuine = forgery.main.read_bytes()
    forgery.main.write_bytes(genuine + b"%forged\n")
    for place in places:
        target = forgery.folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(genuine)


def _appended(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def _renamed(path: Path, name: str) -> None:
    path.rename(path.with_name(name))


PACKET = f"data/{FELONY}_Packet.pdf"
TAMPERINGS: dict[str, Callable[[Forgery], object]] = {
    "the genuine packet in a folder below": lambda f: _moved(f, f"data/zz/{PACKET}"),
    "the genuine packet in a folder before": lambda f: _moved(f, f"a/{PACKET}"),
    "the genuine packet twice below": lambda f: _moved(f, f"zz/{PACKET}", f"zz/zz/{PACKET}"),
    "a whole genuine data folder below": lambda f: (
        shutil.copytree(f.data, f.folder / "zz" / "data"),
        _appended(f.main),
    ),
    "a copy of a listed file": lambda f: shutil.copyfile(f.data / TRACK, f.data / "copy.csv"),
    "a copy of a listed file in the root": lambda f: shutil.copyfile(
        f.data / TRACK, f.folder / "copy.csv"
    ),
    "a file added to the payload": lambda f: (f.data / "note.txt").write_text("x"),
    "a file added in the root": lambda f: (f.folder / "note.txt").write_text("x"),
    "a folder of one file added": lambda f: (
        (f.folder / "more").mkdir(),
        (f.folder / "more/note.txt").write_text("x"),
    ),
    "a byte changed": lambda f: _appended(f.data / TRACK),
    "a file emptied": lambda f: (f.data / TRACK).write_bytes(b""),
    "a file removed": lambda f: (f.data / TRACK).unlink(),
    "a twin in capitals": lambda f: _renamed(f.data / TRACK, "EX-L_VEHICLE-TRACK.CSV"),
    "a twin beside it": lambda f: (
        (f.data / TRACK).with_name("Ex-l_vehicle-track.csv").write_text("x")
    ),
    "a name with a blank behind it": lambda f: _renamed(f.data / TRACK, "Ex-L_vehicle-track.csv "),
    "two files exchanged": lambda f: (
        _renamed(f.main, "x"),
        _renamed(f.archive, f.main.name),
        _renamed(f.data / "x", f.archive.name),
    ),
    "verify.html changed": lambda f: _appended(f.folder / "verify.html"),
    "bag-info.txt changed": lambda f: _appended(f.folder / "bag-info.txt"),
    "bagit.txt changed": lambda f: _appended(f.folder / "bagit.txt"),
    "packet.json changed": lambda f: _appended(f.data / "packet.json"),
    "the list changed": lambda f: _appended(f.folder / "manifest-sha256.txt"),
    "the list of lists changed": lambda f: _appended(f.folder / "tagmanifest-sha256.txt"),
    "the list of lists removed": lambda f: (f.folder / "tagmanifest-sha256.txt").unlink(),
    "a second list of lists": lambda f: shutil.copyfile(
        f.folder / "tagmanifest-sha256.txt", f.data / "tagmanifest-sha256.txt"
    ),
    "the load file changed": lambda f: _appended(f.data / f"{FELONY}.dat"),
    "the memo changed": lambda f: _appended(f.data / f"{FELONY}_Transmittal_memo.docx"),
    "the README changed": lambda f: _appended(f.data / "README.txt"),
    "a recording changed": lambda f: _appended(f.data / "footage/V1_bwc-1012.mp4"),
    "the confidential volume removed": lambda f: (f.data / f"{FELONY}_Confidential.pdf").unlink(),
    "the archive changed": lambda f: _appended(f.archive),
}
HARMLESS: dict[str, Callable[[Forgery], object]] = {
    "nothing": lambda f: None,
    "what a file manager leaves": lambda f: (
        (f.folder / ".DS_Store").write_bytes(b"x"),
        (f.data / "Thumbs.db").write_bytes(b"x"),
    ),
}


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    """A page of a Chromium without a window."""
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield started.new_page()
        started.close()


def _judged(page: Any) -> None:
    """Wait until the page has read everything."""
    done = re.compile(r"^(All \d+ files match|\d+ files? (does|do) not agree)")
    sync_api.expect(page.locator("#result")).to_have_text(done, timeout=30_000)


def told_by_page(page: Any, genuine: Path, folder: Path, digest: str) -> bool:
    """Return whether the genuine page says that the folder is the delivery that was sent."""
    page.goto((genuine / "verify.html").as_uri())
    page.set_input_files("#folder", folder)
    _judged(page)
    page.get_by_label("What the sender told you").fill(digest)
    said = str(page.locator("#told-result").inner_text())
    whole = str(page.locator("#result").inner_text()).startswith("All ")
    assert said.startswith("SAME") <= whole
    return said.startswith("SAME")


def told_by_command(folder: Path, digest: str) -> bool:
    """Return whether the command finds the files of the folder to be those that were sent."""
    digests, findings = check_files(folder, lambda amount: None)
    blocking = [each for each in findings if each.severity is Severity.BLOCKING]
    return not blocking and digests.get("tagmanifest-sha256.txt") == digest


def _digest(folder: Path) -> str:
    return hashlib.sha256((folder / "tagmanifest-sha256.txt").read_bytes()).hexdigest()


@pytest.mark.parametrize("strength", Strength)
@pytest.mark.parametrize("name", TAMPERINGS)
def test_both_find_that_it_is_not_what_was_sent(
    name: str, strength: Strength, forgery: Forgery, genuine: Path, page: Any
) -> None:
    TAMPERINGS[name](forgery)
    if strength is not Strength.NONE:
        try:
            forgery.cover_up(strength)
        except (OSError, ValueError, KeyError):
            pytest.skip("this forger cannot bring the rest into line")
    told = _digest(genuine)
    assert told_by_command(forgery.folder, told) is False
    assert told_by_page(page, genuine, forgery.folder, told) is False


@pytest.mark.parametrize("name", HARMLESS)
def test_both_find_that_it_is_what_was_sent(
    name: str, forgery: Forgery, genuine: Path, page: Any
) -> None:
    HARMLESS[name](forgery)
    told = _digest(genuine)
    assert told_by_command(forgery.folder, told) is True
    assert told_by_page(page, genuine, forgery.folder, told) is True


def test_a_file_given_before_or_after_the_folder_fills_no_gap(
    forgery: Forgery, genuine: Path, page: Any
) -> None:
    (forgery.data / TRACK).unlink()
    page.goto((genuine / "verify.html").as_uri())
    loose = genuine / "data" / TRACK
    page.set_input_files("#loose", loose)
    page.set_input_files("#folder", forgery.folder)
    page.set_input_files("#loose", loose)
    _judged(page)
    assert "does not agree" in page.locator("#result").inner_text()


def test_a_link_is_found(forgery: Forgery) -> None:
    path = forgery.data / TRACK
    away = forgery.folder.parent / "away.csv"
    path.replace(away)
    path.symlink_to(away)
    assert told_by_command(forgery.folder, _digest(forgery.folder)) is False
