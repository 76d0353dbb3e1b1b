"""Pages compared with pictures that a person looked at, so that a broken layout fails.

`./run approve` keeps the pages as they are now; look at them before committing.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageChops

import sample_cases
from tests.acceptance.conftest import Clerk

PICTURES = Path(__file__).parent / "pictures"
DOTS = 50
"""Dots an inch: enough to see a layout, too few to see how a glyph is smoothed."""

PAGES = {
    "memo": "memo",
    "summary": "summary",
    "elements": "elements",
    "chronology": "chronology",
    "personnel": "personnel",
    "witnesses": "witnesses",
    "index": "index",
    "slip-sheet": "slip-C",
    "photograph": "exhibit-C",
    "placeholder": "exhibit-L",
    "foundation": "foundation",
}


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft of the fullest sample as of a fixed instant."""
    root = tmp_path_factory.mktemp("pictures")
    clerk = Clerk(root / "home", root)
    taken = clerk.run("intake", sample_cases.folder("felony_referral"))
    assert taken.returncode == 0, taken.stderr
    made = clerk.run(
        *("packet", "JX-400112", "--draft", "--as-of", "2026-04-02T15:00:00-05:00", "-o", "draft")
    )
    assert made.returncode == 0, made.stderr
    return root / "draft" / "data"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_looks_as_it_was_approved(
    draft: Path, name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    shown = _page(draft, PAGES[name], tmp_path)
    kept = PICTURES / f"{name}.png"
    if request.config.getoption("--approve"):
        PICTURES.mkdir(exist_ok=True)
        shown.save(kept, optimize=True)
        return
    with Image.open(kept) as approved:
        assert shown.size == approved.size
        difference = ImageChops.difference(shown, approved.convert("L"))
    marked = sum(difference.point(lambda value: value > 90).histogram()[1:])
    assert marked <= 0.004 * shown.width * shown.height, f"{name} differs in {marked} pixels"


def _page(data: Path, key: str, folder: Path) -> Image.Image:
    parts = json.loads((data / "packet.json").read_text("utf-8"))["volumes"][0]["parts"]
    number = next(part["first_page"] for part in parts if part["key"] == key)
    volume = next(data.glob("*_Packet.pdf"))
    subprocess.run(
        [
            *("pdftoppm", "-r", str(DOTS), "-f", str(number), "-l", str(number)),
            *("-gray", "-png", "-singlefile", volume, folder / "page"),
        ],
        check=True,
    )
    with Image.open(folder / "page.png") as picture:
        return picture.convert("L")
