"""The sweep itself, over the page variants that a stamp must survive."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.stamping.page_variants import VARIANTS, write_variant


def test_every_page_variant_passes_the_sweep(tmp_path: Path) -> None:
    for place, name in enumerate(VARIANTS):
        write_variant(name, tmp_path / f"{place:02} {name.replace('/', ' ')}.pdf")
    sweep = Path(__file__).with_name("test_sweep.py")
    words = (
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        str(sweep),
        "--corpus",
        str(tmp_path),
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(VARIANTS)}  stamped as it is (passed)" in done.stdout
