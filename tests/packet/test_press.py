"""Pages laid out side by side are the pages laid out at once, whichever process drew them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from pypdf import PdfReader

from referrals.errors import MachineError
from referrals.packet import press
from referrals.packet.layout import number
from referrals.packet.plan import PartKind, Plan, PlannedPart, PlannedVolume, VolumeKind
from stamping.bates import BatesSeries

KEYS = ("memo", "summary", "index", "certificate")
SERIES = BatesSeries("LPD", "-", 6)
PLAN = Plan(
    (
        PlannedVolume(
            VolumeKind.MAIN,
            tuple(
                PlannedPart(key, PartKind.SECTION, key.title(), number=place)
                for place, key in enumerate(KEYS, start=1)
            ),
        ),
    )
)
SECTIONS = [
    Markup(
        f'<section id="part:{key}" class="part"><h1>{key.title()}</h1>'
        f'<p id="footage-{key}">Ends at <span class="late" data-late="last:certificate">'
        "LPD-000000</span></p>" + '<p style="break-before: page">more</p>' * place + "</section>"
    )
    for place, key in enumerate(KEYS)
]


def _drawn(folder: Path) -> dict[str, tuple[list[str], dict[str, int]]]:
    """Return the text of each part's pages and its anchors."""
    folder.mkdir()
    with press.laid_out("JX-1-1", SECTIONS) as pages:
        layout = number(PLAN, pages.counts, SERIES, 1)
        written, findings = pages.draw(press.Numbers(layout, VolumeKind.MAIN, {}), folder)
    assert findings == []
    found = {}
    for key, part in written.items():
        reader = PdfReader(part.file)
        first, last = part.pages
        texts = [page.extract_text() for page in reader.pages[first - 1 : last]]
        found[key] = (texts, dict(part.anchors))
    return found


def test_shares_side_by_side_draw_what_one_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = _drawn(tmp_path / "alone")
    monkeypatch.setattr(press, "WEIGHT", 20)
    several = _drawn(tmp_path / "several")
    assert len(list((tmp_path / "alone").iterdir())) == 1
    assert len(list((tmp_path / "several").iterdir())) > 1
    assert several == alone
    assert list(alone) == list(KEYS)
    for place, (texts, anchors) in enumerate(alone.values(), start=1):
        assert len(texts) == place
        assert "LPD-000010" in texts[0]
        assert set(anchors.values()) == {1}


def test_a_process_that_is_stopped_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "WEIGHT", 20)
    monkeypatch.setattr(press, "ENTRY", "import os; os.kill(os.getpid(), 9)")
    with (
        pytest.raises(MachineError, match="was stopped"),
        press.laid_out("JX-1-1", SECTIONS),
    ):
        pass


def test_what_goes_wrong_in_a_process_is_raised_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "WEIGHT", 20)
    without_part = [*SECTIONS[:-1], Markup("<p>nothing</p>" * 30)]
    with pytest.raises(ValueError, match="zip"), press.laid_out("JX-1-1", without_part):
        pass


@given(st.lists(st.integers(0, 30_000), min_size=1, max_size=60))
def test_shares_hold_every_part_once_in_order(weights: list[int]) -> None:
    runs = press.divide(weights)
    assert [place for run in runs for place in run] == list(range(len(weights)))
    assert 1 <= len(runs) <= press.MOST
    assert all(len(run) for run in runs)
