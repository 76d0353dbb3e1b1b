"""`referrals preflight`, as a clerk runs it on files and on a delivery."""

from __future__ import annotations

import json
from pathlib import Path

import pypdf

from tests.acceptance.conftest import Clerk
from tests.preflight.filed_sets import CASE, filed, spoilt
from tests.preflight.test_preflight import SPOILT


def _named(folder: Path) -> Path:
    return filed(folder, name=f"{CASE}_Exhibits_1_of_1.pdf")


def test_a_clean_file_and_a_spoilt_one(clerk: Clerk) -> None:
    path = _named(clerk.here)
    clean = clerk.run("preflight", path.name, "--court", "efileil-trial", "--case", CASE)
    assert clean.returncode == 0, clean.stderr
    assert "grounds of rejection was found." in clean.stdout
    spoilt(path, SPOILT["a script by name"][1])
    words = ("preflight", path.name, "--court", "efileil-trial", "--case", CASE)
    told = clerk.run(*words)
    assert told.returncode == 1
    assert "STOP  active-content" in told.stdout
    value = clerk.json(*words)
    (objection,) = value["objections"]
    assert (objection["code"], objection["file"]) == ("active-content", path.name)
    assert "active-content" in value["looked_for"]


def test_fix_writes_new_files_and_a_report(clerk: Clerk) -> None:
    path = spoilt(_named(clerk.here), SPOILT["an embedded file"][1])
    before = path.read_bytes()
    words = ("preflight", path.name, "--court", "efileil-trial", "--case", CASE, "--fix")
    value = clerk.json(*words, "-o", "mended", "--report", "report.pdf")
    assert value["objections"] == []
    assert value["mended"][0]["extracted"] == [f"attachments/{path.stem}-001-notes.txt"]
    assert path.read_bytes() == before
    assert len(pypdf.PdfReader(clerk.here / "mended" / path.name).pages) == 3
    assert "was found" in pypdf.PdfReader(clerk.here / "report.pdf").pages[0].extract_text()
    again = clerk.run(*words, "-o", "mended")
    assert again.returncode == 2
    assert clerk.run(*words).returncode == 2


def test_the_folder_of_a_court_set_is_read_as_it_says(clerk: Clerk) -> None:
    payload = clerk.here / "set" / "data"
    payload.mkdir(parents=True)
    path = _named(payload)
    (payload / "loose.pdf").write_bytes(b"is not filed")
    stated = {"case": CASE, "files": [{"file": path.name}], "envelopes": [[path.name]]}
    (payload / "filing.json").write_text(json.dumps(stated), "utf-8")
    value = clerk.json("preflight", "set", "--court", "efileil-trial")
    assert (value["case"], [each["file"] for each in value["files"]]) == (CASE, [path.name])
    assert value["objections"] == []
    (payload / "filing.json").write_text('{"case": 1, "files": [{"file": "../a.pdf"}]}', "utf-8")
    refused = clerk.run("preflight", "set", "--court", "efileil-trial")
    assert refused.returncode == 4
    assert "filing.json" in refused.stderr


def test_unsigned_statements_of_a_packet_are_told(clerk: Clerk) -> None:
    payload = clerk.here / "packet" / "data"
    payload.mkdir(parents=True)
    path = _named(payload)
    stated = {
        "case": CASE,
        "files": [{"path": "anything"}],
        "volumes": [{"file": path.name}],
        "attestations": [
            {"key": "S1", "required": True, "state": "unsigned"},
            {"key": "S2", "required": True, "state": "signed"},
        ],
    }
    (payload / "packet.json").write_text(json.dumps(stated), "utf-8")
    value = clerk.json("preflight", "packet", "--court", "efileil-trial")
    (objection,) = value["objections"]
    assert objection["code"] == "unsigned"
    assert "Statement S1." in objection["message"]
    empty = clerk.here / "empty"
    empty.mkdir()
    assert clerk.run("preflight", "empty", "--court", "efileil-trial").returncode == 2
