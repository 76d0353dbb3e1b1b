"""An office with the felony sample taken in, and the keys of its fictional officers."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import sample_cases
from tests.acceptance.conftest import Clerk
from tests.attest.fictional_keys import PASSPHRASE, Person, authority, person

CASE = "JX-400112"
OFFICER, SUPERVISOR = "Zoë Ó Briain-Đặng", "Ada Muster"
"""P1, who attests to S1, and P3."""

ASKED = re.compile(r"Where does it stand\? “(.*?)” \(", re.S)
CITE = re.compile(r"\s*\[\[(?:ex|footage):([^\]]*)\]\]")


@dataclass(frozen=True)
class Desk:
    """Where an officer and a supervisor sign: an office's home, keys, an authority."""

    clerk: Clerk
    keys: Path
    department: Person

    @property
    def authority(self) -> Path:
        return self.keys / "authority.pem"

    def run(self, *words: object, **more: Any) -> subprocess.CompletedProcess[str]:
        return self.clerk.run(*words, **{"REFERRALS_AUTHORITIES": str(self.authority), **more})

    def sign(self, *words: object, key: str = "officer", **more: Any) -> Any:
        """Have S1 signed with a key, its passphrase in a file."""
        place = ("--key", self.keys / f"{key}.p12", "--passphrase-file", self.keys / "passphrase")
        return self.run("attest", CASE, "S1", *place, *words, **more)

    def countersign(self, *words: object, typed: str | None = None, **more: Any) -> Any:
        """Have S1 countersigned, every question answered rightly unless `typed` says otherwise."""
        typed = self.right_answers() if typed is None else typed
        words = ("--countersign", "P3", *words)
        return self.sign(*words, key="supervisor", typed=typed, **more)

    def right_answers(self) -> str:
        """Return what a supervisor types who looked every fact up in the case file."""
        return "".join(f"{places()[words]}\n" for words in self.asked())

    def asked(self) -> list[str]:
        """Return the facts that will be asked for; a copy of the office is asked, not it."""
        copy = Clerk(self.clerk.home.with_name("asked"), self.clerk.here)
        shutil.copytree(self.clerk.home, copy.home)
        done = Desk(copy, self.keys, self.department).countersign(typed="\n" * 9)
        assert done.returncode == 1, done.stderr
        shutil.rmtree(copy.home)
        return [" ".join(words.split()) for words in ASKED.findall(done.stderr)]

    def signed(self) -> Path:
        """Return the signed form of S1, as the evidence store holds it."""
        (path,) = (self.clerk.home / "evidence").rglob(self.facts()["scan"]["sha256"])
        return path

    def facts(self) -> Any:
        """Return what the records say of the signed S1."""
        from referrals.records.case_store import signed_attestations
        from referrals.records.database import open_database, session
        from referrals.settings import Settings

        with session(open_database(Settings(self.clerk.home))) as opened:
            found = {each.attestation: each for each in signed_attestations(opened, CASE)}
        return found["S1"].model_dump(mode="json") if "S1" in found else None


def places() -> dict[str, str]:
    """Return where each fact of the case file stands, by its words, read without our code."""
    text = sample_cases.folder("felony_referral").joinpath("case.yaml").read_text("utf-8")
    found = {}
    pending: list[Any] = [YAML(typ="safe").load(text)]
    while pending:
        value = pending.pop()
        if isinstance(value, dict | list):
            pending += value.values() if isinstance(value, dict) else value
        elif isinstance(value, str) and len(cites := CITE.findall(value)) == 1:
            found[" ".join(CITE.sub("", value).split())] = cites[0]
    return found


@pytest.fixture(scope="session")
def department() -> Person:
    """The authority of the officers' department."""
    return authority()


def make_keys(folder: Path, department: Person) -> None:
    """Write the keys of officers, of a stranger and of the authority into `folder`."""
    (folder / "authority.pem").write_bytes(department.pem)
    (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
    (folder / "wrong").write_text("another\n")
    elsewhere = authority("FICTIONAL Elsewhere CA")
    made = {
        "officer": person(OFFICER, department),
        "supervisor": person(SUPERVISOR, department, curve=True),
        "stranger": person("FICTIONAL Stranger", department, curve=True),
        "elsewhere": person(OFFICER, elsewhere, curve=True),
        "expired": person(OFFICER, department, curve=True, lasts=timedelta(hours=1)),
        "reading": person(OFFICER, department, curve=True, signs=False),
    }
    for name, each in made.items():
        (folder / f"{name}.p12").write_bytes(each.pkcs12)


def take_in(clerk: Clerk) -> None:
    """Take the felony sample in."""
    for words in (("sample", "felony_referral", "--into", "."), ("intake", "felony_referral")):
        done = clerk.run(*words)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory, department: Person) -> Path:
    """A folder with keys."""
    folder = tmp_path_factory.mktemp("keys")
    make_keys(folder, department)
    return folder


@pytest.fixture(scope="session")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the felony sample taken in, to be copied."""
    root = tmp_path_factory.mktemp("office")
    take_in(Clerk(root / "home", root))
    return root


@pytest.fixture
def desk(taken_in: Path, keys: Path, department: Person, tmp_path: Path) -> Desk:
    """A desk of its own for each test."""
    here = tmp_path / "here"
    shutil.copytree(taken_in, here)
    return Desk(Clerk(here / "home", here), keys, department)
