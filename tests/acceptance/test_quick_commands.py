"""Commands that only read load no library of PDF, pictures, video, layout or migrations."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.acceptance.conftest import Built

QUICK = (
    ("--help",),
    ("cases",),
    ("show", "JX-400112"),
    ("check", "JX-400112"),
    ("find", "LPD-000001"),
    ("stats",),
    ("retention",),
    ("audit", "verify"),
)
HEAVY = (
    *("pikepdf", "pypdf", "pypdfium2", "img2pdf", "PIL", "av", "numpy", "c2pa", "pyhanko"),
    *("weasyprint", "fontTools", "tinycss2", "jinja2", "docx", "lxml", "highspy", "vl_convert"),
    *("alembic", "fsspec", "phonenumbers", "cryptography"),
)
FORKED = f"""
import json, os, sys
import sqlmodel
for words in {QUICK!r}:
    sys.stdout.flush()
    child = os.fork()
    if not child:
        sys.stdout = open(os.devnull, "w")
        sys.argv = ["referrals", *words]
        import cli
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code
        loaded = sorted(set({HEAVY!r}) & set(sys.modules))
        os.write(1, json.dumps([words, code, loaded]).encode() + b"\\n")
        os._exit(0)
    os.waitpid(child, 0)
"""
"""Runs each command in a process that has loaded nothing but SQLModel and what it runs."""


@pytest.fixture(scope="module")
def answers(built: Built) -> dict[tuple[str, ...], tuple[int, list[str]]]:
    """The exit code of each command, and which heavy libraries it had loaded at its end."""
    done = subprocess.run(
        [sys.executable, "-c", FORKED],
        env={**os.environ, "REFERRALS_HOME": str(built.clerk.home)},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = map(json.loads, done.stdout.splitlines())
    return {tuple(words): (code, loaded) for words, code, loaded in lines}


@pytest.mark.parametrize("words", QUICK, ids=" ".join)
def test_a_command_that_reads_loads_no_heavy_library(
    words: tuple[str, ...], answers: dict[tuple[str, ...], tuple[int, list[str]]]
) -> None:
    assert answers[words] == (0, [])
