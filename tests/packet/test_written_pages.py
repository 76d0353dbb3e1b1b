"""Pages laid out side by side are the pages laid out at once, whichever process drew them."""

from __future__ import annotations

import os
import signal
from itertools import pairwise
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from pypdf import PdfReader

from referrals.errors import MachineError
from referrals.packet import written_pages as press
from referrals.packet.layout import number
from referrals.packet.plan import PartKind, Plan, PlannedPart, PlannedVolume, VolumeKind
from referrals.typesetting.page_batch import PageBatch
from stamping.bates import BatesSeries
from stamping.pages.page_differences import differing_pages
from stamping.redaction.burnt_page import Bar

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
    pages = press.lay_out_volume("JX-1-1", VolumeKind.MAIN, SECTIONS, folder)
    layout = number(PLAN, pages.counts, SERIES, 1)
    written, findings = pages.number(press.Numbers(layout, VolumeKind.MAIN, {}), folder)
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
    assert len(list((tmp_path / "alone").glob("numbered-*"))) == 1
    assert len(list((tmp_path / "several").glob("numbered-*"))) > 1
    assert several == alone
    assert list(alone) == list(KEYS)
    for place, (texts, anchors) in enumerate(alone.values(), start=1):
        assert len(texts) == place
        assert "LPD-000010" in texts[0]
        assert set(anchors.values()) == {1}


def test_a_number_that_names_nothing_is_told_and_left_as_it_was(tmp_path: Path) -> None:
    stray = '<span class="late" data-late="page:memo:7">LPD-000000</span>'
    sections = [*SECTIONS[:2], Markup(str(SECTIONS[2]).replace("more", stray)), *SECTIONS[3:]]
    pages = press.lay_out_volume("JX-1-1", VolumeKind.MAIN, sections, tmp_path)
    layout = number(PLAN, pages.counts, SERIES, 1)
    written, findings = pages.number(press.Numbers(layout, VolumeKind.MAIN, {}), tmp_path)
    assert [finding.code for finding in findings] == ["cite-unresolved"] * 2
    assert {finding.where for finding in findings} == {"part index"}
    assert "page 7 of memo" in findings[0].message
    index = written["index"]
    texts = [page.extract_text() for page in PdfReader(index.file).pages]
    assert "LPD-000000" in texts[index.pages[0]]
    assert "LPD-000010" in texts[index.pages[0] - 1]


@pytest.mark.parametrize(("words", "left"), [("LPD-000010", ""), ("LPD-0000", "10")])
def test_only_shares_under_bars_are_drawn_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, left: str
) -> None:
    monkeypatch.setattr(press, "WEIGHT", 20)
    numbers, pages, full = _full(tmp_path)
    covered = pages.cover(numbers, tmp_path, {"index": [_place(full["index"], words)]}, [])
    assert list(covered) == ["index"]
    before, after = _texts(full["index"]), _texts(covered["index"])
    assert "Ends at LPD-000010" in before[0]
    assert "Ends at" in after[0]
    assert "LPD" not in after[0]
    assert left in after[0]
    assert after[1:] == before[1:]


def test_pages_beside_those_with_bars_look_as_in_the_full_set(tmp_path: Path) -> None:
    numbers, pages, full = _full(tmp_path)
    bar = _place(full["index"], "Ends at LPD-000010")
    covered = pages.cover(numbers, tmp_path, {"index": [bar]}, [])
    assert list(covered) == list(KEYS)
    barred = covered["index"].pages[0]
    assert differing_pages(full["index"].file, covered["index"].file) == (barred,)


def _full(folder: Path) -> tuple[press.Numbers, press.WrittenPages, dict[str, press.WrittenPart]]:
    pages = press.lay_out_volume("JX-1-1", VolumeKind.MAIN, SECTIONS, folder)
    numbers = press.Numbers(number(PLAN, pages.counts, SERIES, 1), VolumeKind.MAIN, {})
    return numbers, pages, pages.number(numbers, folder)[0]


def test_a_process_that_is_stopped_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "WEIGHT", 20)
    monkeypatch.setattr(press, "draw_share", killed)
    with pytest.raises(MachineError, match="was stopped"):
        press.lay_out_volume("JX-1-1", VolumeKind.MAIN, SECTIONS, tmp_path)


def killed(share: PageBatch) -> None:
    """End this process as the system does where memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_goes_wrong_in_a_process_is_raised_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "WEIGHT", 20)
    without_part = [*SECTIONS[:-1], Markup("<p>nothing</p>" * 30)]
    with pytest.raises(ValueError, match="zip"):
        press.lay_out_volume("JX-1-1", VolumeKind.MAIN, without_part, tmp_path)


@given(st.lists(st.integers(0, 30_000), min_size=1, max_size=60))
def test_shares_hold_every_part_once_in_order(weights: list[int]) -> None:
    runs = press.divide(weights)
    assert [place for run in runs for place in run] == list(range(len(weights)))
    for run in runs:
        assert len(run) == 1 or sum(weights[place] for place in run) <= press.WEIGHT
    for one, other in pairwise(runs):
        assert sum(weights[place] for place in (*one, other[0])) > press.WEIGHT


def _texts(part: press.WrittenPart) -> list[str]:
    first, last = part.pages
    return [page.extract_text() for page in PdfReader(part.file).pages[first - 1 : last]]


def _place(part: press.WrittenPart, words: str) -> Bar:
    """Return a bar over words on the first page of a part."""
    with pdfium.PdfDocument(part.file) as pdf:
        page = pdf[part.pages[0] - 1].get_textpage()
        found = page.search(words).get_next()
        assert found is not None
        letters = [page.get_charbox(found[0] + place) for place in range(found[1])]
    lefts, bottoms, rights, tops = zip(*letters, strict=True)
    box = (min(lefts), min(bottoms), max(rights), max(tops))
    return Bar(1, box, "R")
