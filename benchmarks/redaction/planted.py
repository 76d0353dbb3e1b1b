"""Identifiers and look-alikes, made up by code, each in a sentence.

In: a seed and a number. Out: sentences, each with what is planted in it. No number
and no person is real. Knows no page.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from referrals.profiles.redaction_list import Identifier
from referrals.records.fields import PersonFields, Role

PERSONS = (
    PersonFields(key="P1", name="Marisol Quintanilla", role=Role.WITNESS),
    PersonFields(key="P2", name="Zofia Wałęska", role=Role.COMPLAINANT),
    PersonFields(key="P3", name="Tobias Renn Akintola", role=Role.ALLEGED_VICTIM),
    PersonFields(key="P4", name="Ines Farrow-Bright", role=Role.WITNESS, minor=True),
    PersonFields(key="P5", name="Kwame Odell", role=Role.WITNESS, minor=True),
)


@dataclass(frozen=True, slots=True)
class Planted:
    """A sentence and the identifier in it; a look-alike has no `kind`."""

    sentence: str
    text: str
    kind: Identifier | None


def _number(rng: random.Random, length: int, first: str = "123456789") -> str:
    return rng.choice(first) + "".join(rng.choices("0123456789", k=length - 1))


def _ssn(rng: random.Random) -> tuple[str, str]:
    value = f"{rng.randint(101, 665)}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}"
    form = rng.choice(["SSN {}", "Social Security no. {}", "on file as {}", "SSN: {}"])
    return form, rng.choice([value, value, value.replace("-", " ")])


def _bare_ssn(rng: random.Random) -> tuple[str, str]:
    return "Social Security number {}", f"{rng.randint(101, 665)}{_number(rng, 6)}"


def _itin(rng: random.Random) -> tuple[str, str]:
    value = f"9{rng.randint(10, 99)}-{rng.randint(70, 88)}-{rng.randint(1000, 9999)}"
    return rng.choice(["ITIN {}", "taxpayer number {}", "given as {}"]), value


def _licence(rng: random.Random) -> tuple[str, str]:
    letter = rng.choice("ABCDEFGHJKLMNPRSTW")
    value = f"{letter}{_number(rng, 3)}-{_number(rng, 4)}-{_number(rng, 4)}"
    return rng.choice(["driver's license {}", "DL {}", "showed {}"]), value


def _account(rng: random.Random) -> tuple[str, str]:
    form = rng.choice(["account no. {}", "acct {}", "routing number {}", "checking account {}"])
    return form, _number(rng, rng.randint(8, 12))


def _card(rng: random.Random) -> tuple[str, str]:
    start = rng.choice("45") + _number(rng, 14)
    check = next(str(d) for d in range(10) if _checked(start + str(d)))
    value = start + check
    parted = " ".join(value[i : i + 4] for i in range(0, 16, 4))
    return rng.choice(["card {}", "Visa {}", "paid with {}"]), rng.choice([parted, value])


def _checked(digits: str) -> bool:
    doubled = (int(d) * 2 if place % 2 else int(d) for place, d in enumerate(reversed(digits)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _phone(rng: random.Random) -> tuple[str, str]:
    area, office, line = (
        rng.choice(["312", "773", "847"]),
        _number(rng, 3, "23456"),
        _number(rng, 4),
    )
    form = rng.choice(
        ["{0}-{1}-{2}", "({0}) {1}-{2}", "{0}.{1}.{2}", "+1 {0} {1} {2}", "1-{0}-{1}-{2}"]
    )
    return rng.choice(["phone {}", "reached at {}", "then {} answered"]), form.format(
        area, office, line
    )


def _email(rng: random.Random) -> tuple[str, str]:
    name = rng.choice(["m.quint", "zofia_w", "t-akin", "odell.k"])
    return "wrote from {}", f"{name}{rng.randint(1, 999)}@example.{rng.choice(['com', 'org'])}"


def _address(rng: random.Random) -> tuple[str, str]:
    street = rng.choice(["Maple Street", "Kedzie Ave", "Lake Shore Drive", "55th Place"])
    flat = rng.choice(["", "", ", Apt 3B", " Unit 12"])
    way = rng.choice(["N", "South", "W."])
    return "lives at {}", f"{rng.randint(100, 9999)} {way} {street}{flat}"


def _birth(rng: random.Random) -> tuple[str, str]:
    year, month, day = rng.randint(1950, 2012), rng.randint(1, 12), rng.randint(1, 28)
    value = rng.choice(
        [
            f"{month:02}/{day:02}/{year}",
            f"{year}-{month:02}-{day:02}",
            f"May {day}, {year}",
            f"{day} June {year}",
        ]
    )
    return rng.choice(["DOB {}", "date of birth: {}", "born {}", "born on {}"]), value


def _a_number(rng: random.Random) -> tuple[str, str]:
    value = f"A{_number(rng, 3)}-{_number(rng, 3)}-{_number(rng, 3)}"
    return rng.choice(["A-number {}", "noted {}"]), value


def _name(rng: random.Random) -> tuple[str, str]:
    words = rng.choice(PERSONS).name.split()
    first, last = words[0], words[-1]
    ways = [
        f"{first} {last}",
        f"{last}, {first}",
        f"{first[0]}. {last}",
        f"Ms. {last}",
        f"{first} {last}".upper(),
    ]
    return rng.choice(["spoke with {} there", "{} stood by", "statement of {}"]), rng.choice(ways)


_POSITIVE: list[tuple[Identifier, Callable[[random.Random], tuple[str, str]]]] = [
    (Identifier.SSN, _ssn),
    (Identifier.SSN, _bare_ssn),
    (Identifier.ITIN, _itin),
    (Identifier.LICENCE, _licence),
    (Identifier.ACCOUNT, _account),
    (Identifier.CARD, _card),
    (Identifier.PHONE, _phone),
    (Identifier.EMAIL, _email),
    (Identifier.ADDRESS, _address),
    (Identifier.BIRTH_DATE, _birth),
    (Identifier.A_NUMBER, _a_number),
    (Identifier.PRIVATE_PERSON, _name),
]
_LOOK_ALIKE = [
    ("Case no. {}", "JX-######"),
    ("badge {}", "#####"),
    ("Bates {}", "CPD-######"),
    ("event number {}", "##########"),
    ("serial no. {}", "###-##-####"),
    ("tracking number {}", "################"),
    ("invoice no. {}", "###-###-####"),
    ("evidence item {}", "A#########"),
    ("warrant no. {}", "##########"),
    ("inventory {}", "#########"),
    ("the {} block of Maple Street", "##00"),
    ("hearing on {}", "0#/1#/2026"),
    ("digest {}", "4f1c29aa03b7########"),
    ("report {}", "A########"),
    ("reference {}", "###.###.####"),
    ("time code {}", "0#:1#:1#.###"),
    ("50 ILCS 706/10-20 and Public Act {}", "102-00##"),
    ("version {}", "1.2.#.####"),
    ("Springfield, Illinois {}", "6####-####"),
    ("720 ILCS 5/{}", "12-3.0#"),
    ("a fee of {}", "$#,###,###.00"),
    ("logged from {}", "10.##.1#.##"),
    ("at {} by the map", "41.8####, -87.6####"),
    ("order {}", "4500######"),
    ("from {} hours", "0#15-1#45"),
    ("lot {} of the store", "####-##-###"),
    ("channel {} MHz", "4##.#125"),
    ("CPD-{} was stamped", "0000##-0000##"),
]


def planted(seed: int, positives: int, look_alikes: int) -> list[Planted]:
    """Return sentences with identifiers of all kinds, and with look-alikes, mixed."""
    rng = random.Random(seed)
    made = []
    for index in range(positives):
        kind, make = _POSITIVE[index % len(_POSITIVE)]
        form, text = make(rng)
        made.append(Planted(form.format(text), text, kind))
    for index in range(look_alikes):
        form, pattern = _LOOK_ALIKE[index % len(_LOOK_ALIKE)]
        text = "".join(rng.choice("123456789") if sign == "#" else sign for sign in pattern)
        made.append(Planted(form.format(text), text, None))
    rng.shuffle(made)
    return made
