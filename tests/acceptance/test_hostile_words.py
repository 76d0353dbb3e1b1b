"""What others typed reaches a terminal as text; what an office keeps is its own."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cli
from referrals.commands.console import Console, finding_text
from referrals.findings import Finding, Severity
from referrals.plain_words import plain_cell, plain_line, plain_words
from tests.acceptance.conftest import Clerk

ACTING = "\x1b[2J\x07\u202egnp.exe\u2066\r\x9b31m"


@given(st.text())
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    line = plain_line(text)
    assert line.isprintable() or not set(line) & {chr(code) for code in range(32)}
    assert "\n" not in line
    assert not set(plain_words(text)) & set("\x1b\x07\r\u202e\u2066\x9b")


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1"])
def test_a_cell_that_looks_like_a_formula_is_quoted(text: str) -> None:
    assert plain_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+1.5", "text", "1=1", ""])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert plain_cell(text) == text


def test_a_file_name_cannot_forge_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    forged = Finding(Severity.NOTE, "note", "m", f"a\nSTOP  b{ACTING}", "r")
    assert len(finding_text(forged).splitlines()) == 2
    Console().table(("Name",), [(f"x{ACTING}",)])
    Console().say(ACTING)
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\\x1b" in out


def test_what_an_office_keeps_is_its_own(clerk: Clerk, tmp_path: Path) -> None:
    clerk.run("sample", "felony_referral", "--into", str(tmp_path / "work"))
    clerk.run("intake", str(tmp_path / "work/felony_referral"))
    clerk.run("packet", "JX-400112", "--draft", "-o", str(tmp_path / "packet"))
    for place in (clerk.home, tmp_path / "packet"):
        for path in (place, *place.rglob("*")):
            assert not stat.S_IMODE(path.lstat().st_mode) & 0o007 or path.is_symlink(), path


def test_a_terminated_command_ends_as_one_that_is_interrupted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*args: object, **extra: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr("click.Group.main", stopped)
    before, mask = signal.getsignal(signal.SIGTERM), os.umask(0o077)
    try:
        with pytest.raises(SystemExit) as ended:
            cli.main.main([])
    finally:
        signal.signal(signal.SIGTERM, before)
        os.umask(mask)
    assert ended.value.code == 130
    assert "Stopped" in capsys.readouterr().err


def test_an_original_is_never_the_output(clerk: Clerk) -> None:
    original = clerk.here / "note.txt"
    original.write_text("as it was")
    done = clerk.run("stamp", "note.txt", "-o", "note.txt")
    assert done.returncode == 2
    assert "never altered" in done.stderr
    assert original.read_text() == "as it was"


def test_a_pipe_is_refused_and_a_name_without_letters_is_numbered(clerk: Clerk) -> None:
    os.mkfifo(clerk.here / "pipe.txt")
    assert clerk.run("stamp", "pipe.txt", "-o", "out.pdf").returncode == 2
    odd = os.fsencode(clerk.here) + b"/bad\xff.txt"
    Path(os.fsdecode(odd)).write_text("SEEN")
    assert clerk.run("stamp", os.fsdecode(odd), "-o", "out.pdf").returncode == 0
