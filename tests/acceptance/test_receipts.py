"""A packet comes back, a supplement answers it, and nothing that was issued changes."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfReader

import sample_cases
from tests.acceptance.conftest import Clerk

CASE = "JX-400230"
FIRST, SECOND = f"{CASE}-1", f"{CASE}-2"


@dataclass(frozen=True)
class Returned:
    """An office whose first packet came back and was supplemented, and what was seen before."""

    clerk: Clerk
    states: list[str]
    files: dict[Path, str]
    row: tuple[object, ...]


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Returned:
    root = tmp_path_factory.mktemp("returned")
    clerk = Clerk(root / "home", root)
    states, (early, late) = [], sample_cases.states("later_supplement")
    assert clerk.run("intake", early).returncode == 0
    states.append(clerk.json("check", CASE)["state"])
    _sign(clerk)
    states.append(clerk.json("check", CASE)["state"])
    assert clerk.run("packet", CASE, "-o", FIRST).returncode == 0
    states.append(_state(clerk))
    files, row = _files(root / FIRST), _row(clerk)
    done = clerk.run(
        *("receipt", FIRST, "--returned", "--reason", "exhibit-missing"),
        *("--reason", "key-evidence", "--note", "Where is Ex. B?", "--by", "clerk"),
        *("--answered-by", "Z. Example (fictional)"),
    )
    assert done.returncode == 0, done.stderr
    assert f"referrals packet {CASE}" in done.stdout
    states.append(_state(clerk))
    assert clerk.run("intake", late, "--update").returncode == 0
    _sign(clerk)
    assert clerk.run("packet", CASE, "-o", SECOND).returncode == 0
    states.append(_state(clerk))
    return Returned(clerk, states, files, row)


def _sign(clerk: Clerk) -> None:
    for key, scan in sample_cases.signed_scans("later_supplement").items():
        form = clerk.here / clerk.json("attest", CASE, key, "--form", "forms")[0]
        text = "".join(PdfReader(form).pages[0].extract_text().split())
        found = re.search(r"[0-9a-f]{64}", text)
        assert found
        clerk.run(
            *("attest", CASE, key, "--signed", scan, "--on", "2026-03-20"),
            *("--digest", found[0]),
        )


def _state(clerk: Clerk) -> str:
    return str(clerk.json("show", CASE)["Packets"][0]["State"])


def _files(folder: Path) -> dict[Path, str]:
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _row(clerk: Clerk) -> tuple[object, ...]:
    with sqlite3.connect(clerk.home / "referrals.sqlite") as records:
        row = records.execute("SELECT * FROM packet WHERE name = ?", (FIRST,)).fetchone()
    return tuple(row)


def test_a_packet_goes_from_draft_to_supplemented(returned: Returned) -> None:
    assert returned.states == ["draft", "ready", "issued", "returned", "supplemented"]


def test_the_return_stays_on_record(returned: Returned) -> None:
    shown = returned.clerk.json("show", CASE)
    assert [line["State"] for line in shown["Packets"]] == ["supplemented", "issued"]
    [receipt] = shown["Receipts"]
    assert (receipt["Packet"], receipt["Answer"]) == (FIRST, "returned")
    assert receipt["Reasons"] == (
        "An exhibit is missing or cannot be read; Key evidence is not summarised"
    )
    assert (receipt["Note"], receipt["By"]) == ("Where is Ex. B?", "Z. Example (fictional)")
    entries = returned.clerk.json("audit", "list")
    assert [each["subject"] for each in entries if each["what"] == "packet returned"] == [FIRST]
    assert returned.clerk.run("audit", "verify").returncode == 0


def test_an_issued_delivery_and_its_row_never_change(returned: Returned) -> None:
    folder = returned.clerk.here / FIRST
    assert len(returned.files) > 10
    assert _files(folder) == returned.files
    assert _row(returned.clerk) == returned.row
    assert returned.clerk.run("verify", folder).returncode == 0
    assert returned.clerk.run("rebuild", folder).returncode == 0


def test_statistics_tell_the_return_and_its_reasons(returned: Returned) -> None:
    clerk = returned.clerk
    found = clerk.json("stats")
    assert (found["first_packets"], found["answered"], found["returned"]) == (1, 1, 1)
    assert (found["share"], found["median_days"]) == (0, 0)
    reasons = [(each["key"], each["count"]) for each in found["return_reasons"]]
    assert reasons == [("exhibit-missing", 1), ("key-evidence", 1)]
    printed = clerk.run("stats").stdout
    assert "Accepted at first look: 0 of 1 answered; too few to tell a share." in printed
    assert "Key evidence is not summarised" in printed
    assert "No first packet was issued." in clerk.run("stats", "--to", "2020-01").stdout


def test_statistics_of_nothing_say_so(clerk: Clerk) -> None:
    done = clerk.run("stats")
    assert done.returncode == 0
    assert "No first packet was issued." in done.stdout
    assert clerk.json("stats")["share"] is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--returned",), "at least one reason"),
        (("--returned", "--reason", "too-long"), "key-evidence, element-without-evidence"),
        (("--accepted", "--reason", "other"), "no reasons"),
        (("--accepted", "--on", "2020-01-01"), "cannot have been answered"),
        (("--accepted", "--on", "yesterday"), "yesterday"),
        (("--accepted", "--note", "see A123456789"), "immigration file number"),
        ((), "--accepted"),
        (("--accepted", "--withdraw", "1"), "--accepted"),
        (("--withdraw", "1"), "--note"),
        (("--withdraw", "99", "--note", "x"), "no answer 99"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_and_not_recorded(
    returned: Returned, words: tuple[str, ...], told: str
) -> None:
    before = returned.clerk.json("show", CASE)["Receipts"]
    done = returned.clerk.run("receipt", FIRST, *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert returned.clerk.json("show", CASE)["Receipts"] == before


@pytest.mark.parametrize("words", [("--from", "2026"), ("--from", "2026-02", "--to", "2026-01")])
def test_months_that_cannot_be_are_refused(clerk: Clerk, words: tuple[str, ...]) -> None:
    assert clerk.run("stats", *words).returncode == 2
