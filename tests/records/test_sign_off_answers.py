"""Answers given before a sign-off stay; the migration that keeps them goes both ways."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect
from sqlmodel import text

import sample_cases
from referrals.errors import MachineError
from referrals.intake.case_yaml import read_case_folder
from referrals.records import case_store
from referrals.records.database import open_database, session
from referrals.records.migration import MIGRATIONS
from referrals.records.sign_off_answers import answers_of, record_answers
from referrals.records.snapshot import (
    ElectronicSignature,
    EvidenceFile,
    SignedAttestation,
    canonical_json,
)
from referrals.records.tables import SignOffAnswer
from referrals.settings import Settings

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
CASE = "JX-400112"
INK = SignedAttestation(
    attestation="S1",
    statement_sha256="1" * 64,
    facts={"case": CASE},
    signed_on="2026-03-20",
    scan=EvidenceFile(path="S1.pdf", sha256="2" * 64, bytes=3, taken_in_at=NOW),
)
KEY = ElectronicSignature(
    field="officer",
    person="P1",
    signer="Zoë Ó Briain-Đặng",
    issuer="FICTIONAL CA",
    serial="01",
    certificate_sha256="3" * 64,
    signed_at=NOW,
)


@pytest.fixture
def engine(database: Settings) -> Iterator[Engine]:
    """A database of each kind with a case, an answer and a form signed with ink."""
    made = _filled(open_database(database))
    yield made
    made.dispose()


def _filled(engine: Engine) -> Engine:
    record = read_case_folder(sample_cases.folder("felony_referral")).record
    with session(engine) as opened:
        case_store.save_case(opened, record, [], [], [])
        case_store.record_signed(opened, CASE, INK, NOW)
        case = case_store.case_row(opened, CASE)
        record_answers(opened, [_answer(case.id or 0)])
    return engine


def _answer(case_id: int) -> SignOffAnswer:
    return SignOffAnswer(
        case_id=case_id,
        attestation="S1",
        supervisor="P3",
        asked="A fact.",
        cite="[[ex:A p.2]]",
        answered="B p.1",
        is_right=False,
        at=NOW,
    )


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM sign_off_answer", "UPDATE sign_off_answer SET is_right = true"],
)
def test_nobody_changes_or_removes_an_answer(engine: Engine, statement: str) -> None:
    with pytest.raises(MachineError, match="append-only"), session(engine) as opened:
        opened.connection().execute(text(statement))
    with session(engine) as opened:
        [kept] = answers_of(opened, CASE)
        assert (kept.answered, kept.is_right, kept.at) == ("B p.1", False, NOW)


def test_the_migration_goes_down_and_up_and_forms_stay(engine: Engine) -> None:
    _go(engine, "0004")
    names = inspect(engine).get_table_names()
    assert "signed_form" in names
    assert "sign_off_answer" not in names
    columns = {column["name"] for column in inspect(engine).get_columns("signed_form")}
    assert not columns & {"signatures", "ink_countersigner"}
    _go(engine, "head")
    with session(engine) as opened:
        assert case_store.signed_attestations(opened, CASE) == [INK]
        case = case_store.case_row(opened, CASE)
        record_answers(opened, [_answer(case.id or 0)])
    test_nobody_changes_or_removes_an_answer(engine, "DELETE FROM sign_off_answer")


def _go(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        move = command.upgrade if revision == "head" else command.downgrade
        move(config, revision)


def test_a_form_comes_back_with_its_signatures_and_its_countersigner(engine: Engine) -> None:
    inked = INK.model_copy(update={"ink_countersigner": "P3"})
    keyed = INK.model_copy(update={"attestation": "S2", "signatures": (KEY,)})
    with session(engine) as opened:
        for form in (inked, keyed):
            case_store.record_signed(opened, CASE, form, NOW)
    with session(engine) as opened:
        assert case_store.signed_attestations(opened, CASE) == [inked, keyed]
    assert [form.countersigner for form in (INK, inked, keyed)] == ["", "P3", ""]


def test_a_form_signed_with_ink_is_frozen_as_it_was_before_keys() -> None:
    """The identity of an issued packet is the digest of these bytes."""
    frozen = canonical_json(INK.model_dump(mode="json"))
    names = ["attestation", "facts", "scan", "signed_on", "statement_sha256"]
    assert list(json.loads(frozen)) == names
    again = SignedAttestation.model_validate_json(frozen)
    assert canonical_json(again.model_dump(mode="json")) == frozen
    keyed = INK.model_copy(update={"signatures": (KEY,), "ink_countersigner": "P3"})
    assert set(keyed.model_dump()) == {*names, "signatures", "ink_countersigner"}
