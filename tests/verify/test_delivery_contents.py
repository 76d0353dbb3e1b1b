"""What a delivery brings along for strangers and for programs."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pypdf import PdfReader

from referrals.delivery.load_files import dat
from tests.acceptance.conftest import Built
from tests.verify.conftest import FELONY, SUPPLEMENT

PACKETS = (FELONY, "JX-400230-1", SUPPLEMENT)


@pytest.fixture(scope="module", params=PACKETS)
def folder(request: pytest.FixtureRequest, delivered: Built) -> Path:
    """The folder of a delivery."""
    return delivered.folder(str(request.param))


@pytest.fixture(scope="module")
def values(folder: Path) -> Any:
    """What its packet.json says."""
    return json.loads((folder / "data" / "packet.json").read_text("utf-8"))


def test_the_statement_follows_the_schema_that_goes_with_it(folder: Path, values: Any) -> None:
    schema = json.loads((folder / "data" / "packet.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(values)


def test_the_schema_describes_every_key(folder: Path, values: Any) -> None:
    schema = json.loads((folder / "data" / "packet.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(_closed(schema)).validate(values)


def _closed(schema: Any) -> Any:
    """Return the schema with no room for keys that it does not name."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if "properties" in closed:
        closed["additionalProperties"] = False
    return closed


def test_a_derivative_keeps_the_digest_of_what_it_was_made_from(delivered: Built) -> None:
    reader = PdfReader(delivered.main(FELONY))
    printed = "".join("".join(page.extract_text().split()) for page in reader.pages)
    sums = (delivered.folder(FELONY) / "manifest-sha256.txt").read_text("utf-8").splitlines()
    [parent] = [line[:64] for line in sums if "/footage/V3_" in line]
    [own] = [line[:64] for line in sums if "/footage/V4_" in line]
    assert own != parent
    assert f"DerivedfromV3,SHA-256{parent}" in printed
    assert own in printed


def test_the_readme_says_what_works_with_stock_tools_alone(folder: Path) -> None:
    text = (folder / "data" / "README.txt").read_text("utf-8")
    commands = [line.strip() for line in text.splitlines() if line.startswith("         ")]
    said = [
        subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, check=True)
        for command in commands
    ]
    lists, counts, digest = said[:2], said[2:4], said[4]
    assert all(line.endswith(": OK") for each in lists for line in each.stdout.splitlines())
    assert counts[0].stdout.strip() == counts[1].stdout.strip()
    tags = (folder / "tagmanifest-sha256.txt").read_bytes()
    assert digest.stdout.split()[0] == hashlib.sha256(tags).hexdigest()


def test_the_head_of_the_audit_log_is_printed_and_in_the_log(
    delivered: Built, folder: Path, values: Any
) -> None:
    from sqlalchemy import create_engine, text

    assert values["audit_head"] in (folder / "data" / "README.txt").read_text("utf-8")
    engine = create_engine(f"sqlite:///{delivered.clerk.home / 'referrals.sqlite'}")
    tags = (folder / "tagmanifest-sha256.txt").read_bytes()
    with engine.connect() as opened:
        entries = opened.execute(
            text("SELECT what, digest, before, after FROM audit_entry ORDER BY sequence")
        ).all()
    (begun,) = [each for each in entries if each.digest == values["audit_head"]]
    assert begun.what == "packet begun"
    assert begun.after == values["identity"]
    (written,) = [each for each in entries if each.before == begun.digest]
    assert written.what == "packet written"
    assert written.after == hashlib.sha256(tags).hexdigest()


def test_what_was_attested_has_the_digest_that_was_signed(folder: Path, values: Any) -> None:
    assert values["attestations"]
    for each in values["attestations"]:
        content = (folder / "data" / each["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == each["sha256"] == each["signed_sha256"]
        assert (folder / "data" / each["scan"]).is_file()


def _rows(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf\xc3\xbeDOCID\xc3\xbe\x14")
    assert content.endswith(b"\xc3\xbe\r\n")
    lines = content.decode("utf-8-sig").split("\r\n")[:-1]
    table = [[field[1:-1] for field in line.split("\x14")] for line in lines]
    assert all(field[0] == field[-1] == "þ" for line in lines for field in line.split("\x14"))
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def test_the_concordance_file_has_a_row_a_part_and_finds_every_original(
    folder: Path, values: Any
) -> None:
    data = folder / "data"
    rows = _rows((data / f"{folder.name}.dat").read_bytes())
    assert len({row["DOCID"] for row in rows}) == len(rows)
    numbered = [row for row in rows if row["BEGDOC"]]
    parts = [part for volume in values["volumes"] for part in volume["parts"]]
    assert [(row["BEGDOC"], row["ENDDOC"]) for row in numbered] == [
        (part["first"], part["last"]) for part in parts
    ]
    natives = {row["NATIVEPATH"]: row["NATIVESHA256"] for row in rows if row["NATIVEPATH"]}
    assert len(natives) == len(values["natives"])
    for name, sha256 in natives.items():
        content = (data / name.replace("\\", "/")).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256
    for row in numbered:
        assert (data / row["PDFPATH"]).is_file()
        family = [each for each in numbered if each["BEGATTACH"] == row["BEGATTACH"] != ""]
        assert not row["EXHIBIT"] or next(each["PARTTYPE"] for each in family) == "slip_sheet"
    confidential = {row["PDFPATH"] for row in numbered if row["CONFIDENTIAL"] == "Y"}
    assert confidential == {f"{folder.name}_Confidential.pdf"}


def test_the_opticon_file_has_a_line_a_page(folder: Path, values: Any) -> None:
    text = (folder / "data" / f"{folder.name}.opt").read_bytes().decode("ascii")
    lines = [line.split(",") for line in text.split("\r\n")[:-1]]
    assert all(len(line) == 7 for line in lines)
    assert len(lines) == sum(volume["pages"] for volume in values["volumes"])
    begins = [(line[0], line[6]) for line in lines if line[3] == "Y"]
    assert begins == [
        (part["first"], str(part["pages"]))
        for volume in values["volumes"]
        for part in volume["parts"]
    ]
    for volume in values["volumes"]:
        own = [line[0] for line in lines if line[2] == volume["file"]]
        assert [own[0], own[-1], len(own)] == [volume["first"], volume["last"], volume["pages"]]


def test_a_title_cannot_break_a_row(values: Any) -> None:
    part = values["volumes"][0]["parts"][0]
    hostile = {**part, "title": "Þór's þing\x14 in two\r\nlines ®"}
    volume = {**values["volumes"][0], "parts": [hostile]}
    rows = _rows(dat({**values, "volumes": [volume], "natives": []}))
    assert [row["TITLE"] for row in rows] == ["Þór's thing  in two®lines (R)"]
