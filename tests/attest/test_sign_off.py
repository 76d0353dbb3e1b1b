"""Before a countersignature a supervisor finds where facts stand; every answer stays."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3

import pytest
from pypdf import PdfReader

import sample_cases
from tests.acceptance.conftest import Clerk
from tests.attest.conftest import ASKED, CASE, Desk, places


def _answers(desk: Desk) -> list[tuple[str, str, int]]:
    with sqlite3.connect(desk.clerk.home / "referrals.sqlite") as database:
        query = "SELECT asked, answered, is_right FROM sign_off_answer ORDER BY id"
        return database.execute(query).fetchall()


def _log(desk: Desk) -> list[tuple[str, str]]:
    with sqlite3.connect(desk.clerk.home / "referrals.sqlite") as database:
        return database.execute("SELECT what, after FROM audit_entry ORDER BY sequence").fetchall()


@pytest.fixture
def signed(desk: Desk) -> Desk:
    assert desk.sign().returncode == 0
    return desk


def test_right_answers_are_recorded_and_the_countersignature_is_made(signed: Desk) -> None:
    asked = signed.asked()
    assert len(set(asked)) == 3
    assert signed.countersign().returncode == 0
    assert [(words, right) for words, _, right in _answers(signed)] == [(e, 1) for e in asked]
    assert [what for what, _ in _log(signed)][-4:] == [
        *["sign-off answered rightly"] * 3,
        "attestation countersigned",
    ]
    shown = signed.clerk.json("show", CASE)["Sign-off answers"]
    assert [each["Right"] for each in shown] == ["yes"] * 3


def test_a_wrong_answer_refuses_is_kept_and_draws_other_facts(signed: Desk) -> None:
    first = signed.asked()
    right = signed.right_answers().splitlines()
    done = signed.countersign(typed=f"{right[0]}\n{right[1]}\nZ p.99\n")
    assert done.returncode == 1
    assert "[sign-off-answer]" in done.stderr
    assert "does not stand at Z p.99" in done.stderr
    assert places()[first[2]] not in done.stderr.split("[sign-off-answer]")[1]
    assert [right for _, _, right in _answers(signed)] == [1, 1, 0]
    log = _log(signed)
    assert [what for what, _ in log].count("sign-off answered wrongly") == 1
    kept = {
        "answered": "Z p.99",
        "asked": first[2],
        "attestation": "S1",
        "cite": _cite(signed),
        "supervisor": "P3",
    }
    text = json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert log[-1] == ("sign-off answered wrongly", hashlib.sha256(text.encode()).hexdigest())
    assert len(signed.facts()["signatures"]) == 1
    assert not set(signed.asked()) & set(first)
    assert signed.countersign().returncode == 0
    assert signed.run("audit", "verify").returncode == 0


def _cite(desk: Desk) -> str:
    with sqlite3.connect(desk.clerk.home / "referrals.sqlite") as database:
        query = "SELECT cite FROM sign_off_answer ORDER BY id DESC LIMIT 1"
        return str(database.execute(query).fetchone()[0])


def test_no_answer_is_no_countersignature(signed: Desk) -> None:
    before = signed.signed().read_bytes()
    assert signed.countersign(typed="\n\n\n").returncode == 1
    assert signed.countersign(typed="").returncode == 130
    assert signed.signed().read_bytes() == before
    assert len(_answers(signed)) == 3


def test_a_form_that_was_changed_in_the_store_is_not_countersigned(signed: Desk) -> None:
    form, answers = signed.signed(), signed.right_answers()
    form.chmod(0o600)
    form.write_bytes(form.read_bytes() + b"\n")
    done = signed.countersign(typed=answers)
    assert (done.returncode, len(signed.facts()["signatures"])) == (3, 1), done.stderr


def test_only_another_supervisor_countersigns_what_is_signed(desk: Desk) -> None:
    done = desk.sign("--countersign", "P3", key="supervisor")
    assert (done.returncode, "is not signed with a key" in done.stderr) == (2, True)
    assert desk.sign().returncode == 0
    for person in ("P1", "P2", "P4"):
        done = desk.sign("--countersign", person, key="supervisor")
        assert (done.returncode, "cannot countersign S1" in done.stderr) == (2, True)
    done = desk.sign("--countersign", "P9", key="supervisor")
    assert (done.returncode, "names no person P9" in done.stderr) == (2, True)
    # A supervisor's own answers with somebody else's key make no countersignature.
    done = desk.sign("--countersign", "P3", typed=desk.right_answers())
    assert (done.returncode, "[key-foreign]" in done.stderr) == (1, True)
    assert len(desk.facts()["signatures"]) == 1
    assert desk.countersign().returncode == 0
    assert desk.countersign(typed="").returncode == 2


def test_a_profile_may_ask_for_countersignatures(desk: Desk) -> None:
    """With a key or with ink: without one, no packet goes out."""
    from referrals.profiles.profile_files import SHIPPED

    profiles = desk.clerk.home / "profiles"
    profiles.mkdir(exist_ok=True)
    shutil.copy(SHIPPED / "sample.toml", profiles)
    text = (profiles / "sample.toml").read_text("utf-8")
    assert text.count("\nrequired = false") == 1
    (profiles / "sample.toml").write_text(text.replace("required = false", "required = true"))
    assert desk.sign().returncode == 0
    found = [each["where"] for each in _uncountersigned(desk)]
    assert found == ["attestation S1"]
    assert desk.run("packet", CASE, "-o", "issued").returncode == 1
    assert desk.run("packet", CASE, "--draft", "-o", "draft").returncode == 0
    (packet,) = (desk.clerk.here / "draft/data").glob("*_Packet.pdf")
    text = "".join(page.extract_text() for page in PdfReader(packet).pages)
    assert text.count("NOT COUNTERSIGNED") == 1
    assert desk.countersign().returncode == 0
    assert _uncountersigned(desk) == []
    form = desk.clerk.json("attest", CASE, "S2", "--form", "forms")[0]
    text = "".join(page.extract_text() for page in PdfReader(desk.clerk.here / form).pages)
    assert "Countersignature of a supervisor" in " ".join(text.split())
    digest = "".join(re.findall(r"[0-9a-f]{8}(?=\s)", text))
    scan = sample_cases.signed_scans("felony_referral")["S2"]
    ink = ("attest", CASE, "S2", "--signed", scan, "--on", "2026-03-20", "--digest", digest)
    assert desk.run(*ink).returncode == 0
    assert [each["where"] for each in _uncountersigned(desk)] == ["attestation S2"]
    assert desk.run(*ink, "--countersign", "P3", typed="\n\n\n").returncode == 1
    assert [each["where"] for each in _uncountersigned(desk)] == ["attestation S2"]
    assert desk.run(*ink, "--countersign", "P3", typed=_lookup(desk, ink)).returncode == 0
    assert _uncountersigned(desk) == []


def _uncountersigned(desk: Desk) -> list[dict[str, str]]:
    found = desk.clerk.json("check", CASE)["findings"]
    return [each for each in found if each["code"] == "attestation-uncountersigned"]


def _lookup(desk: Desk, words: tuple[object, ...]) -> str:
    """Return the right answers to what taking a scan in asks for; a copy of the office is asked."""
    copy = Clerk(desk.clerk.home.with_name("looked up"), desk.clerk.here)
    shutil.copytree(desk.clerk.home, copy.home)
    done = copy.run(*words, "--countersign", "P3", typed="\n" * 9)
    asked = [" ".join(each.split()) for each in ASKED.findall(done.stderr)]
    return "".join(f"{places()[each]}\n" for each in asked)
