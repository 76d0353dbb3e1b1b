"""Every command at a terminal: what it says, what it exits with, what it leaves."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import click
import pikepdf
import pytest
from pypdf import PdfReader

import cli
import sample_cases
from referrals.errors import ReferralsError
from tests.acceptance.conftest import COMMAND, Clerk


def _commands(group: click.Group, before: str = "") -> dict[str, click.Command]:
    """Return every command by its words, those of a group within a group too."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= _commands(command, f"{before}{name} ")
        else:
            found[before + name] = command
    return found


COMMANDS = _commands(cli.main)
DOCS = Path(__file__).parents[2] / "docs"
CASE = "JX-400199"
"""The case of the sample export."""

INSTANT = "2026-04-02T15:00:00-05:00"


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Clerk:
    """An office with the case of the sample export, and its draft in `draft`."""
    root = tmp_path_factory.mktemp("export")
    clerk = Clerk(root / "home", root)
    folder = sample_cases.folder("records_export")
    done = clerk.run("intake", folder, "--map", folder / "map.toml")
    assert done.returncode == 0, done.stderr
    done = clerk.run("packet", CASE, "--draft", "--as-of", INSTANT, "-o", "draft")
    assert done.returncode == 0, done.stderr
    return clerk


@pytest.fixture
def export(drafted: Clerk, clerk: Clerk) -> Clerk:
    """A clerk in a copy of that office."""
    shutil.copytree(drafted.home, clerk.home)
    return clerk


def test_the_commands_are_those_that_the_design_names() -> None:
    named = [
        *("attest", "audit list", "audit verify", "cases", "check"),
        "cite check",
        *("evidence list", "evidence scan", "filing", "find", "hash", "init"),
        *("intake", "new", "packet", "preflight", "profiles list", "profiles show", "rebuild"),
        "receipt",
        *("redact accept", "redact add", "redact build", "redact list"),
        *("redact propose", "redact reject"),
        "rejected",
        *("report diff", "report list", "report publish", "report verify"),
        *("retention", "sample", "schema", "show", "stamp", "stats", "verify"),
    ]
    assert named == sorted(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_has_help_with_an_example_and_json(name: str) -> None:
    command = COMMANDS[name]
    text = command.get_help(click.Context(command, info_name=name))
    assert "Example:" in text
    assert f"referrals {name}" in text
    assert "--json" in text


def test_the_documentation_lists_every_exit_code() -> None:
    text = (DOCS / "errors.md").read_text("utf-8")
    codes = {each.exit_code for each in ReferralsError.__subclasses__()} | {0, 130}
    assert codes == {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}


def test_a_new_folder_is_taken_in_twice_and_changes_nothing(clerk: Clerk) -> None:
    made = clerk.run("new", "JX-1", "case one")
    assert made.returncode == 0
    refused = clerk.run("new", "JX-1", "case one")
    assert refused.returncode == 2
    assert "→" in refused.stderr


def test_taking_in_twice_changes_nothing(export: Clerk) -> None:
    folder = sample_cases.folder("records_export")
    again = export.json("intake", folder, "--map", folder / "map.toml")
    assert again["outcome"] == "unchanged"


def test_schema_is_json_for_an_editor(clerk: Clerk) -> None:
    value = json.loads(clerk.run("schema").stdout)
    assert value["$schema"].startswith("https://json-schema.org/")
    assert "exhibits" in value["properties"]


def test_drafts_of_one_instant_are_the_same_bytes_anywhere(drafted: Clerk, export: Clerk) -> None:
    elsewhere = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "11"}
    words = ("packet", CASE, "--draft", "--as-of", INSTANT, "-o", "two")
    done = export.run(*words, **elsewhere)
    assert done.returncode == 0, done.stderr
    one, two = drafted.here / "draft", export.here / "two"
    files = [path.relative_to(one) for path in one.rglob("*") if path.is_file()]
    assert len(files) > 6
    for path in files:
        assert (one / path).read_bytes() == (two / path).read_bytes(), path


def test_every_page_of_a_draft_says_so(drafted: Clerk) -> None:
    volumes = list((drafted.here / "draft" / "data").glob("*.pdf"))
    assert volumes
    for volume in volumes:
        for page in PdfReader(volume).pages:
            assert re.search(r"DRAFT\s+LPD-\d{6}", page.extract_text())


def test_a_packet_without_signatures_is_refused_and_takes_no_number(export: Clerk) -> None:
    done = export.run("packet", CASE, "-o", "no")
    assert done.returncode == 1
    assert "attestation-unsigned" in done.stderr
    assert not (export.here / "no").exists()
    assert export.run("find", "LPD-000001").returncode == 2


def test_forms_are_written_and_a_wrong_digest_is_refused(export: Clerk) -> None:
    made = export.json("attest", CASE, "S1", "--form", "forms")
    assert [Path(path).suffix for path in made] == [".pdf", ".docx"]
    refused = export.run(
        *("attest", CASE, "S1", "--signed", made[0]),
        *("--on", "2026-03-20", "--digest", "000000000000"),
    )
    assert refused.returncode == 1
    assert "Print the form again" in refused.stderr


def test_changed_evidence_stops_the_build_and_names_the_file(export: Clerk) -> None:
    kept = next(path for path in (export.home / "evidence").rglob("*") if path.is_file())
    kept.chmod(0o644)
    kept.write_bytes(b"X" + kept.read_bytes()[1:])
    done = export.run("packet", CASE, "--draft", "-o", "no")
    assert done.returncode == 3
    assert "evidence-changed" in done.stderr
    assert not (export.here / "no").exists()


def test_a_killed_build_leaves_nothing_and_the_next_one_succeeds(export: Clerk) -> None:
    process = subprocess.Popen(
        [COMMAND, "packet", CASE, "--draft", "-o", "killed"],
        cwd=export.here,
        env={**os.environ, "REFERRALS_HOME": str(export.home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(1.2)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (export.here / "killed").exists()
    assert export.run("packet", CASE, "--draft", "-o", "killed").returncode == 0


def test_an_existing_folder_is_never_written_over(export: Clerk) -> None:
    (export.here / "mine").mkdir()
    done = export.run("packet", CASE, "--draft", "-o", "mine")
    assert done.returncode == 2
    assert "is there already" in done.stderr


def test_stamping_alone(clerk: Clerk) -> None:
    for name, pages in (("a.pdf", 2), ("b.pdf", 1)):
        with pikepdf.new() as pdf:
            for _ in range(pages):
                pdf.add_blank_page(page_size=(612, 792))
            pdf.save(clerk.here / name)
    done = clerk.run(
        *("stamp", "a.pdf", "b.pdf", "-o", "out.pdf"),
        *("--prefix", "CPD-", "--start", 98, "--width", 6),
    )
    assert done.returncode == 0, done.stderr
    reader = PdfReader(clerk.here / "out.pdf")
    assert reader.page_labels == ["CPD-000098", "CPD-000099", "CPD-000100"]
    assert [entry.title for entry in reader.outline] == ["a.pdf", "b.pdf"]
    for page, label in zip(reader.pages, reader.page_labels, strict=True):
        assert label in page.extract_text()


def test_a_file_that_cannot_be_opened_stops_the_stamping(clerk: Clerk) -> None:
    (clerk.here / "bad.pdf").write_bytes(b"%PDF-1.7\nnothing")
    done = clerk.run("stamp", "bad.pdf", "-o", "out.pdf")
    assert done.returncode == 1
    assert "bad.pdf" in done.stdout
    assert not (clerk.here / "out.pdf").exists()


def test_digests_are_those_of_sha256sum(clerk: Clerk) -> None:
    (clerk.here / "ä file.bin").write_bytes(bytes(range(256)) * 5000)
    printed = clerk.run("hash", "ä file.bin").stdout
    (clerk.here / "sums").write_text(printed)
    checked = subprocess.run(["sha256sum", "-c", "sums"], cwd=clerk.here, check=False)
    assert checked.returncode == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show", "JX-0"), 2),
        (("packet", "JX-0"), 2),
        (("profiles", "nowhere"), 2),
        (("sample", "nothing"), 2),
        (("intake", "nowhere"), 2),
        (("packet", "JX-0", "--as-of", "yesterday"), 2),
        (("packet", "JX-0", "--again", "--draft"), 2),
        (("new", "../elsewhere", "made"), 2),
        (("new", "JX-1", "a file/below"), 4),
        (("check", "JX-0\x07; drop"), 2),
        (("find", "LPD-99999999999999999999999"), 2),
        (("find", ""), 2),
        (("hash", "empty"), 2),
        (("hash", "/dev/null"), 4),
        (("intake", "empty"), 4),
        (("intake", "empty", "--map", "a file"), 4),
        (("attest", "JX-0", "S1"), 2),
        (("attest", "JX-0", "S1", "--form", "forms"), 2),
        (("attest", "JX-0", "S1", "--signed", "a file", "--on", "2026-13-40"), 2),
        (("audit", "verify", "--head", "zz"), 2),
        (("evidence", "list", "JX-0"), 2),
        (("rebuild", "empty"), 4),
        (("verify", "empty"), 4),
        (("redact", "list", "JX-0"), 2),
        (("redact", "accept", "JX-0", "zz"), 2),
        (("report", "2026-13", "-o", "out"), 2),
        (("report", "diff", "a", "b"), 2),
        (("report", "verify", "empty"), 4),
        (("retention", "JX-0"), 2),
        (("show", ""), 2),
        (("stamp", "empty", "-o", "out.pdf"), 1),
        (("stamp", "a file", "-o", "out.pdf", "--start", "0"), 2),
        (("stamp", "a file", "-o", "out.pdf", "--width", "13"), 2),
        (("nonsense",), 2),
    ],
)
def test_words_that_do_not_fit_are_refused_without_a_traceback_and_leave_nothing(
    clerk: Clerk, words: tuple[str, ...], code: int
) -> None:
    (clerk.here / "empty").mkdir()
    (clerk.here / "a file").write_bytes(b"\xff\xfe nothing")
    done = clerk.run(*words)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "was not made for" not in done.stderr
    assert sorted(path.name for path in clerk.here.iterdir()) == ["a file", "empty"]


def test_a_home_that_is_a_file_exits_with_five(clerk: Clerk) -> None:
    clerk.home.write_text("in the way")
    done = clerk.run("cases")
    assert done.returncode == 5
    assert "Traceback" not in done.stderr


def test_profiles_are_listed_and_shown(clerk: Clerk) -> None:
    keys = [line["key"] for line in clerk.json("profiles")]
    assert {"ccsao-review", "sample"} <= set(keys)
    assert clerk.json("profiles", "sample")["numbering"]["prefix"] == "LPD"
