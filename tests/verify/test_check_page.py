"""`verify.html` in a real browser, from disk: what a prosecutor sees."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Built
from tests.verify.conftest import SUPPLEMENT
from tests.verify.forgery import Forgery

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
if BROWSER is None:
    pytest.skip("no Chromium here: apt-get install chromium", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

PIECES = (b"", b"abc", b"a" * 55, b"a" * 56, b"a" * 63, b"a" * 64, b"a" * 65, b"a" * 119 + b"b")
"""Lengths around the block and padding bounds of FIPS 180-4 § 5.1.1."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium without a window."""
    with sync_api.sync_playwright() as playwright:
        # Root, as in a container, has no sandbox.
        started = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield started
        started.close()


class Visitor:
    """Someone who opened the page from disk; every request that it makes is kept."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self.folder = folder
        self.page = browser.new_page()
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto((folder / "verify.html").as_uri())

    def choose_folder(self) -> None:
        self.page.set_input_files("#folder", self.folder)

    def choose(self, *paths: Path) -> None:
        self.page.set_input_files("#loose", list(paths))

    def reads(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator("#result")).to_have_text(words, timeout=30_000)

    def result_of(self, name: str) -> str:
        row = self.page.locator("tr", has=self.page.get_by_role("rowheader", name=name, exact=True))
        return str(row.locator("td").first.inner_text())


@pytest.fixture
def visit(browser: Any) -> Iterator[Any]:
    """Open the page of a delivery; no error and no network by the end."""
    visitors: list[Visitor] = []

    def open_page(folder: Path) -> Visitor:
        visitors.append(Visitor(browser, folder))
        return visitors[-1]

    yield open_page
    for visitor in visitors:
        assert visitor.errors == []
        assert all(url.startswith(("file:", "blob:")) for url in visitor.asked)
        visitor.page.close()


def test_a_whole_delivery_matches(visit: Any, genuine: Path) -> None:
    visitor = visit(genuine)
    visitor.reads("Nothing was checked yet.")
    visitor.choose_folder()
    count = sum(path.is_file() for path in genuine.rglob("*"))
    visitor.reads(f"All {count} files match. Nothing is missing, and nothing was added.")
    digest = hashlib.sha256((genuine / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    shown = visitor.page.locator("#delivery-digest").inner_text()
    assert "".join(shown.split()) == digest
    assert visitor.page.evaluate("worker !== null")
    told = visitor.page.get_by_label("What the sender told you")
    told.fill(digest[:8] + " " + digest[8:32].upper())
    expect(visitor.page.locator("#told-result")).to_have_text(re.compile("^SAME"))
    told.fill("0" * 64)
    expect(visitor.page.locator("#told-result")).to_have_text(re.compile("^DIFFERENT"))
    told.fill("soon")
    expect(visitor.page.locator("#told-result")).to_have_text(re.compile("^Type at least"))


def test_changed_missing_and_added_files_are_named(visit: Any, forgery: Forgery) -> None:
    recording = forgery.data / "footage" / "V1_bwc-1012.mp4"
    content = bytearray(recording.read_bytes())
    content[100] ^= 1
    recording.write_bytes(content)
    (forgery.data / "natives" / "Ex-L_vehicle-track.csv").unlink()
    (forgery.data / "natives" / "note.txt").write_text("added")
    visitor = visit(forgery.folder)
    visitor.choose_folder()
    visitor.reads(re.compile("^3 files do not agree"))
    assert visitor.result_of("data/footage/V1_bwc-1012.mp4") == "MISMATCH"
    assert visitor.result_of("data/natives/Ex-L_vehicle-track.csv") == "MISSING"
    assert visitor.result_of(f"{forgery.packet}/data/natives/note.txt") == "NOT IN THE LIST"
    tags = (forgery.folder / "tagmanifest-sha256.txt").read_bytes()
    visitor.page.get_by_label("What the sender told you").fill(hashlib.sha256(tags).hexdigest())
    expect(visitor.page.locator("#told-result")).to_have_text(
        "The digest is the same, but files do not agree with it."
    )


def test_a_changed_list_is_found_by_the_page_itself(visit: Any, forgery: Forgery) -> None:
    path = forgery.folder / "tagmanifest-sha256.txt"
    path.write_text(path.read_text().replace("  verify.html", "  verify.htm"))
    visitor = visit(forgery.folder)
    visitor.choose_folder()
    visitor.reads(re.compile("^2 files do not agree"))
    assert visitor.result_of("verify.html") == "MISMATCH"


def test_a_recording_that_was_not_delivered_is_held_against_its_digest(
    visit: Any, delivered: Built, tmp_path: Path
) -> None:
    recording = delivered.folder("JX-400230-1") / "data" / "footage" / "V1_bwc-1108.mp4"
    renamed, wrong = tmp_path / "export.mp4", tmp_path / "bwc-1108.mp4"
    shutil.copyfile(recording, renamed)
    wrong.write_bytes(recording.read_bytes() + b"\0")
    visitor = visit(delivered.folder(SUPPLEMENT))
    visitor.choose(renamed)
    visitor.reads("1 file matches. The rest was not given.")
    assert visitor.result_of("export.mp4") == "match (recording V1)"
    visitor.choose(wrong)
    visitor.reads(re.compile("^1 file does not agree"))


def test_a_large_file_is_read_in_pieces_with_progress(
    visit: Any, genuine: Path, tmp_path: Path
) -> None:
    large = tmp_path / "large.mp4"
    with large.open("wb") as stream:
        for number in range(40):
            stream.write(bytes([number]) * 1_000_003)
    visitor = visit(genuine)
    visitor.page.evaluate(
        """() => {
          window.seen = new Set();
          const words = document.getElementById("progress-words");
          new MutationObserver(() => seen.add(words.textContent)).observe(
            words, { childList: true });
        }"""
    )
    visitor.choose(large)
    visitor.reads(re.compile("^1 file does not agree"))
    seen = visitor.page.evaluate("[...seen]")
    assert "large.mp4: 0 of 40 MB" in seen
    assert "large.mp4: 40 of 40 MB" in seen
    assert len(seen) >= 5
    digest = hashlib.sha256(large.read_bytes()).hexdigest()
    assert visitor.page.get_by_text(digest).count() == 1


def test_without_a_worker_the_page_reads_files_itself(visit: Any, genuine: Path) -> None:
    visitor = visit(genuine)
    visitor.page.evaluate("worker = null")
    visitor.choose(genuine / "data" / "packet.json")
    visitor.reads("1 file matches. The rest was not given.")


def test_a_dropped_file_is_checked(visit: Any, genuine: Path) -> None:
    visitor = visit(genuine)
    content = list((genuine / "data" / "natives" / "Ex-L_vehicle-track.csv").read_bytes())
    visitor.page.evaluate(
        """(bytes) => {
          const held = new DataTransfer();
          held.items.add(new File([new Uint8Array(bytes)], "Ex-L_vehicle-track.csv"));
          document.dispatchEvent(new DragEvent("drop", { dataTransfer: held, cancelable: true }));
        }""",
        content,
    )
    visitor.reads("1 file matches. The rest was not given.")


def test_the_digest_is_that_of_the_standard_however_the_bytes_arrive(
    visit: Any, genuine: Path
) -> None:
    visitor = visit(genuine)
    for piece in PIECES:
        for step in (1, 7, 64, 1000):
            found = visitor.page.evaluate(
                """([bytes, step]) => {
                  const digest = new Sha256();
                  for (let at = 0; at < bytes.length; at += step) {
                    digest.update(new Uint8Array(bytes.slice(at, at + step)));
                  }
                  return digest.hex();
                }""",
                [list(piece), step],
            )
            assert found == hashlib.sha256(piece).hexdigest()


def test_the_page_can_be_used_without_a_mouse_or_sight(visit: Any, genuine: Path) -> None:
    visitor = visit(genuine)
    page = visitor.page
    assert page.get_attribute("html", "lang") == "en-US"
    assert page.title() == "Check referral packet JX-400112-1"
    for label in ("The delivery’s folder", "Single files, such as recordings"):
        expect(page.get_by_label(label)).to_have_count(1)
    assert page.locator("#result").get_attribute("role") == "status"
    assert page.locator("h1").count() == 1
    assert page.locator("th[scope]").count() == page.locator("th").count()
    focused = []
    for _ in range(3):
        page.keyboard.press("Tab")
        focused.append(page.evaluate("document.activeElement.id"))
    assert focused == ["folder", "loose", "told"]
