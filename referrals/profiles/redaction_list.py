"""What must not appear in a filing: lists of redaction rules, with their source.

In: a list's key. Out: a validated `RedactionList`. A list is a TOML file; a new
court is a new file and no code. Knows nothing of pages or of how identifiers look.
"""

from __future__ import annotations

import tomllib
from enum import StrEnum
from pathlib import Path

from pydantic import Field, ValidationError

from referrals.errors import InputError, UsageError
from referrals.profiles.section import Section
from referrals.refusals import path_text, refusals

SHIPPED = Path(__file__).parent / "redaction_lists"
"""The folder of the lists that come with the program."""


class Identifier(StrEnum):
    """A kind of personal identifier that can be found in text."""

    SSN = "ssn"
    ITIN = "itin"
    LICENCE = "licence"
    ACCOUNT = "account"
    CARD = "card"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    BIRTH_DATE = "birth-date"
    A_NUMBER = "a-number"
    MINOR = "minor"
    PRIVATE_PERSON = "private-person"


class RedactionRule(Section):
    """One kind that must not appear: the label on its box, and why."""

    identifier: Identifier
    label: str = Field(min_length=1, max_length=24)
    reason: str = Field(min_length=1)
    source: str = Field(min_length=1)
    confirmed: bool = True


class RedactionList(Section):
    """Everything that one court or recipient does not want to see."""

    key: str
    title: str
    rules: tuple[RedactionRule, ...]

    def rule_called(self, kind: str) -> RedactionRule | None:
        """Return the rule for a kind of identifier, or None where it may stay."""
        return next((rule for rule in self.rules if rule.identifier.value == kind), None)


def redaction_list(key: str) -> RedactionList:
    """Return the list called `key`.

    Raises:
        UsageError: there is no such list; the message names those that exist.
        InputError: the file is not a valid list; its findings name each key.
    """
    files = {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}
    if key not in files:
        raise UsageError(
            f"There is no redaction list called '{key}'.", remedy=f"Lists: {', '.join(files)}."
        )
    return read_redaction_list(files[key])


def read_redaction_list(path: Path) -> RedactionList:
    """Return the list that the file at `path` holds.

    Raises:
        InputError: the file cannot be read, is not TOML, or a key is refused.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"The redaction list {path} cannot be read: {error}.",
            remedy="Fix the line named; docs/redaction.md describes the form.",
        ) from error
    try:
        return RedactionList.model_validate(values)
    except ValidationError as error:
        found = refusals(error, RedactionList, lambda way: f"{path.name}, {path_text(way)}")
        raise InputError(
            f"The redaction list {path} is refused.", findings=found, remedy="Fix the keys named."
        ) from error
