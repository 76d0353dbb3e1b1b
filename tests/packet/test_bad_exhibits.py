"""Exhibits that cannot be opened, as a clerk hears of them: each by name, with the way out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import sample_cases
from tests.acceptance.conftest import Clerk
from tests.stamping.hazards import HAZARDS

CASE = "JX-400317"

BAD = {
    "garbage_after_header": "damaged",
    "password_protected": "encrypted",
    "no_pages": "no-pages",
    "truncated": "truncated",
}
"""What each exhibit suffers from, and the code of what is told."""


@pytest.fixture
def clerk(tmp_path: Path) -> Clerk:
    return Clerk(tmp_path / "home", tmp_path)


@pytest.fixture
def record(clerk: Clerk) -> tuple[Path, Callable[[list[dict[str, str]]], None]]:
    """A case folder, and what adds exhibits to its record."""
    folder = clerk.here / "case of ünusual näme"
    shutil.copytree(sample_cases.folder("misdemeanor"), folder)

    def add(exhibits: list[dict[str, str]]) -> None:
        yaml = YAML()
        values = yaml.load(folder / "case.yaml")
        whole = {"dated": "2026-04-02", "source": "Scan", "custodian": "Records Division"}
        values["exhibits"] += [whole | exhibit for exhibit in exhibits]
        yaml.dump(values, folder / "case.yaml")

    return folder, add


def test_every_exhibit_that_cannot_be_opened_is_told_at_once(
    clerk: Clerk, record: tuple[Path, Callable[[list[dict[str, str]]], None]], tmp_path: Path
) -> None:
    folder, add = record
    exhibits = []
    for designator, name in zip("BCDE", BAD, strict=True):
        file = f"exhibits/{name} – Kopie.pdf"
        shutil.copyfile(HAZARDS[name](tmp_path), folder / file)
        exhibits.append({"designator": designator, "title": f"Scan {designator}", "file": file})
    add(exhibits)
    taken = clerk.run("intake", folder)
    assert taken.returncode == 0, taken.stderr
    found = {
        each["where"]: each
        for each in clerk.json("check", CASE)["findings"]
        if each["code"] in BAD.values()
    }
    assert {where: each["code"] for where, each in found.items()} == {
        f"Ex. {exhibit['designator']} ({exhibit['file']})": code
        for exhibit, code in zip(exhibits, BAD.values(), strict=True)
    }
    for each in found.values():
        assert each["severity"] == "blocking"
        assert each["remedy"]
    refused = clerk.run("packet", CASE, "-o", "out")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert not (clerk.here / "out").exists()


def test_an_exhibit_without_a_byte_and_a_designator_twice_are_told_before_anything_is_taken(
    clerk: Clerk, record: tuple[Path, Callable[[list[dict[str, str]]], None]]
) -> None:
    folder, add = record
    (folder / "exhibits/empty.pdf").write_bytes(b"")
    add([{"designator": "A", "title": "Scan", "file": "exhibits/empty.pdf"}])
    done = clerk.run("intake", folder)
    assert done.returncode == 4
    assert "[file-empty]" in done.stderr
    assert "[designator-duplicate]" in done.stderr
    assert clerk.json("cases") == []
