"""The page in a real Chromium: axe-core finds nothing, the keyboard reaches all, a phone shows it.

Skipped, with a word, where Chromium, Playwright or axe-core is not to be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TOOLS = Path(__file__).parents[2] / ".tools" / "axe"
AXE = "axe-core@4.10.3"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core, fetched once with npm."""
    script = TOOLS / "node_modules/axe-core/axe.min.js"
    if not script.is_file():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("npm is not installed, which fetches axe-core")
        TOOLS.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [npm, "install", "--prefix", TOOLS, "--no-audit", "--no-fund", "--silent", AXE],
            check=False,
            capture_output=True,
            timeout=180,
        )
        if done.returncode or not script.is_file():
            pytest.skip("npm could not fetch axe-core")
    return script.read_text("utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium without a window."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(
            executable_path=found, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(draft: Path) -> str:
    return (draft / "report-2026-03.html").as_uri()


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(browser: Any, address: str, axe: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    page.evaluate(axe)
    found = page.evaluate("levels => axe.run({runOnly: {type: 'tag', values: levels}})", LEVELS)
    page.close()
    told = [
        (each["id"], each["help"], [node["html"][:120] for node in each["nodes"][:3]])
        for each in found["violations"]
    ]
    assert told == []
    assert len(found["passes"]) > 15


def test_a_phone_shows_the_page_without_scrolling_sideways(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    wide = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
        .filter(each => each.getBoundingClientRect().right > 321 && !each.closest('.scroll, svg')
            && !each.matches('.skip'))
        .map(each => each.outerHTML.slice(0, 80))"""
    )
    page.close()
    assert wide == []


def test_the_keyboard_reaches_every_link_and_every_table(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    expected = page.evaluate("document.querySelectorAll('a[href], [tabindex=\"0\"]').length")
    reached = []
    for _ in range(expected):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => { const at = document.activeElement;
                const style = getComputedStyle(at);
                return [at.tagName, style.outlineStyle !== 'none',
                        [...document.querySelectorAll('*')].indexOf(at)]; }"""
            )
        )
    page.close()
    assert len({place for _, _, place in reached}) == expected
    assert [place for _, _, place in reached] == sorted(place for _, _, place in reached)
    assert all(outlined for _, outlined, _ in reached)


def test_the_page_works_without_scripts_and_asks_for_nothing(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert "Incidents documented" in page.inner_text("main")
    assert [each for each in asked if not each.startswith(("data:", address))] == []
    context.close()


def test_printing_leaves_no_table_cut_off(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 690, "height": 900})
    page.goto(address)
    page.emulate_media(media="print")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('table')]
        .filter(each => each.getBoundingClientRect().right > 691)
        .map(each => each.outerHTML.slice(0, 200))"""
    )
    hidden = page.evaluate("getComputedStyle(document.querySelector('nav')).display")
    page.close()
    assert cut == []
    assert hidden == "none"
