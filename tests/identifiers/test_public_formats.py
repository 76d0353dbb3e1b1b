"""The finder against sentences made from tables of public formats, with a fixed seed.

The tables hold how numbers are written, not how the finder looks for them: `#` is a
digit, `~` a capital letter. Separators are exchanged and broken over line ends.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from referrals.identifiers.patterns import find
from referrals.identifiers.person_names import names_in
from referrals.profiles.redaction_list import Identifier

LEAST_RECALL, LEAST_PRECISION = 0.95, 0.9

_EACH = 12
"""Sentences made of each row."""

_TRUE: tuple[tuple[Identifier, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        Identifier.SSN,  # SSA POMS RM 10201.030: three, two and four digits.
        ("SSN {}.", "Social Security Number: {}", "soc. sec. no. {}", "her SSN is {}"),
        ("219-0#-####", "219 0# ####", "219.0#.####", "219\u20130#\u2013####", "2190#####"),
    ),
    (
        Identifier.PHONE,  # NANP: area code and exchange begin with 2 to 9.
        ("Phone: {}", "call {} after six", "Her cell is {}", "reached at {}"),
        ("(312) 555-01##", "312.555.01##", "312-555-01##", "312 555 01##", "31255501##"),
    ),
    (
        Identifier.LICENCE,  # AAMVA DL/ID: number formats of IL, CA, FL, NY, MI, WI, OH.
        ("DLN: {}", "driver's license no. {}", "Illinois ID card {}", "OLN {}", "DL# {}"),
        ("~###-####-####", "~###########", "~#######", "~###-###-##-###-#", "### ### ###",
         "~~######"),
    ),
    (
        Identifier.CARD,  # ISO/IEC 7812: test numbers that payment networks publish.
        ("card {}", "Visa no. {}", "paid with {}"),
        ("4111 1111 1111 1111", "4111.1111.1111.1111", "5555-5555-5555-4444", "3782 822463 10005"),
    ),
    (
        Identifier.BIRTH_DATE,
        ("DOB {}", "Date of birth: {}", "born on {} in Cicero", "D.O.B. {}"),
        ("02JUN199#", "02-Jun-199#", "06/02/199#", "June 2, 199#", "2 June 199#", "199#-06-02",
         "June 2nd, 199#", "06.02.9#", "199#/06/02"),
    ),
    (
        Identifier.EMAIL,  # RFC 5322, and the usual ways to write it for people only.
        ("write to {}", "E-mail: {}", "her address {} was used"),
        ("a##@example.com", "ana.b##(at)example(dot)com", "ana## [at] mail [dot] example [dot] org",
         "ana## (at) example (dot) net"),
    ),
    (
        Identifier.ADDRESS,  # USPS Publication 28: street addresses and post office boxes.
        ("She lives at {}.", "mail goes to {}", "seen near {}."),
        ("44## S. Kedzie Avenue", "P.O. Box 1##", "PO Box 4###", "Post Office Box 1##",
         "1## West 5th Street"),
    ),
    (
        Identifier.A_NUMBER,  # USCIS: the A-number and the USCIS number have nine digits.
        ("A-number {}", "USCIS # {}", "USCIS number: {}", "alien registration no. {}"),
        ("A### ### ###", "###-###-###", "A#########", "#########"),
    ),
)  # fmt: skip
_FALSE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Docket {}", ("20#4-CR-00####", "24 CR 0#####", "1:24-cv-0####")),
    ("Bates {} to the end", ("ABC-000###", "JX######", "PROD 00000####")),
    ("case no. {}", ("##-#####", "JA######", "2024#####")),
    ("under {}", ("720 ILCS 5/12-3.#", "18 U.S.C. 92#", "42 CFR 2.1#")),
    ("badge no. {}", ("####", "#####")),
    ("at {} hours", ("14##", "09:1#:2#")),
    ("paid {} for it", ("$1,2##.50", "USD 4####.00")),
    ("measured {}", ("12.#4 by 3.#6 cm", "1#.5 mg/L", "41.8781, -87.62##")),
    ("the file has {} bytes", ("3##,4##,###", "3########", "31255501##")),
    ("SHA-256 {}", ("9f86d081884c7d659a2feaa0c55ad0##", "e3b0c44298fc1c149afbf4c8996fb9##")),
    ("serial no. {}", ("SN219-0#-####", "31255501##", "2190#####", "~###########")),
    ("tracking no. {}", ("9400 1### 2### 3### 4###", "1#########")),
    ("version {} was used", ("10.#.1#.2", "2.#1.####")),
    ("pages {}", ("12#-13#", "1#, 2#, 3#")),
    ("evidence receipt {}", ("219.0#.####", "312 555 01##")),
    ("arrested on {}", ("02JUN202#", "06/02/202#", "June 2, 202#")),
)


@dataclass(frozen=True, slots=True)
class _Item:
    """A sentence; `kind` is None where nothing in it is personal."""

    text: str
    kind: Identifier | None
    start: int
    end: int


def _filled(form: str, dice: random.Random) -> str:
    letters = {"#": "123456789", "~": "BDHKMRSW"}
    return "".join(dice.choice(letters[mark]) if mark in letters else mark for mark in form)


def _broken(value: str, dice: random.Random) -> str:
    """Return the value with one of its gaps as a line end, where a page would break it."""
    gaps = [place for place, mark in enumerate(value) if mark in " -\u2013"]
    if not gaps:
        return value
    place = dice.choice(gaps)
    return value[: place + (value[place] != " ")] + "\n" + value[place + 1 :]


def _sentences() -> list[_Item]:
    dice = random.Random(138)
    made: list[_Item] = []
    plain: list[tuple[Identifier | None, str, tuple[str, ...]]] = [
        (kind, label, forms) for kind, labels, forms in _TRUE for label in labels
    ]
    plain += [(None, label, forms) for label, forms in _FALSE]
    for kind, label, forms in plain:
        for form in forms:
            for turn in range(_EACH):
                value = _filled(form, dice)
                if turn % 3 == 2:
                    value = _broken(value, dice)
                before, after = label.split("{}")
                text = f"The officer wrote it down. {before}{value}{after}\nNothing else."
                start = text.index(value)
                made.append(_Item(text, kind, start, start + len(value)))
    return made


def _misses_and_alarms() -> tuple[list[str], list[str], int]:
    """Return what was missed, what was found wrongly, and how many true items there are."""
    missed, alarms, true = [], [], 0
    for item in _sentences():
        hits = find(item.text, list(Identifier))
        if item.kind is None:
            alarms += [f"{hit.identifier}: {item.text!r}" for hit in hits]
            continue
        true += 1
        covered = [hit for hit in hits if hit.start <= item.start and hit.end >= item.end]
        if not covered:
            missed.append(f"{item.kind}: {item.text!r}")
    return missed, alarms, true


@pytest.fixture(scope="module")
def outcome() -> tuple[list[str], list[str], int]:
    return _misses_and_alarms()


def test_items_in_public_formats_are_found(outcome: tuple[list[str], list[str], int]) -> None:
    missed, _, true = outcome
    assert 1 - len(missed) / true >= LEAST_RECALL, missed[::10]


def test_what_only_looks_like_an_identifier_is_left_alone(
    outcome: tuple[list[str], list[str], int],
) -> None:
    missed, alarms, true = outcome
    found = true - len(missed)
    assert found / (found + len(alarms)) >= LEAST_PRECISION, alarms[::5]


@pytest.mark.parametrize(
    "written",
    [
        "Marisol Quin-\ntero",
        "Mari-\nsol Quintero",
        "M A R I S O L  Q U I N T E R O",
        "Quin-\ntero, Marisol",
    ],
)
def test_a_name_hyphenated_or_spaced_out_is_found_whole(written: str) -> None:
    text = f"We heard {written} speak."
    hits = names_in(text, {"Marisol Quintero": Identifier.PRIVATE_PERSON})
    assert written in {text[hit.start : hit.end] for hit in hits}
