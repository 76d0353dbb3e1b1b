"""The public names are there, load nothing before they are used, and the page's examples run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import referrals
import sample_cases

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "api.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(set(referrals.__all__) - {"__version__"}))
def test_each_public_name_is_there_and_on_the_page(name: str) -> None:
    assert getattr(referrals, name) is not None
    assert f"`{name}`" in PAGE or name.endswith("Error")


def test_a_name_that_is_not_public_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = referrals.nothing


def test_the_names_load_nothing_until_they_are_used() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import referrals, sys; print(len(dir(referrals)), 'sqlmodel' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split()[1] == "False"


def test_the_examples_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(sample_cases.folder("felony_referral"), tmp_path / "felony_referral")
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"^```python\n(.*?)^```", PAGE, re.M | re.S)
    assert len(examples) >= 6
    exec(compile("\n".join(examples), "docs/api.md", "exec"), {"__name__": "api"})
