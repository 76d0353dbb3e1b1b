"""What docs/engine.md says of the engine is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

import stamping
from stamping.notice_codes import NOTICE_CODES
from tests.stamping.hazards import HAZARDS

PAGE = (Path(__file__).parents[2] / "docs/engine.md").read_text("utf-8")


def test_its_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evidence").mkdir()
    for name in ("scanned_page", "tiff_fax_pages"):
        HAZARDS[name](tmp_path / "evidence")
    example = re.search(r"```python\n(.*?)```", PAGE, re.S)
    assert example is not None
    exec(compile(example[1], "docs/engine.md", "exec"), {})
    reader = PdfReader("exhibits.pdf")
    assert reader.page_labels[0] == "LPD-000001"
    last = reader.page_labels[-1]
    assert f"LPD-000001 – {last} {len(reader.pages)} " in capsys.readouterr().out


def test_its_table_names_every_notice_with_its_weight() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \| (\w+) \|", PAGE, re.M)
    assert told == [(code, known.severity.value) for code, known in NOTICE_CODES.items()]


def test_everything_that_is_offered_is_there() -> None:
    for name in stamping.__all__:
        assert getattr(stamping, name).__name__ == name
