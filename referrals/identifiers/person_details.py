"""Everything by which the record knows a person, found in text however it is written.

In: a person of the record. Out: hits for the names, telephone numbers, e-mail
and street addresses and the birth date, whatever separators, abbreviations and
forms of a date the text has. Who counts as a private person is said here too.
Pure.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from referrals.identifiers.patterns import Hit
from referrals.identifiers.person_names import bare_text, names_in
from referrals.profiles.redaction_list import Identifier
from referrals.records.fields import PersonFields, Role

SURE = 0.98

_PRIVATE = frozenset({Role.ALLEGED_VICTIM, Role.COMPLAINANT, Role.WITNESS})
_EITHER = frozenset({Role.MEDICAL, Role.CUSTODIAN})
"""Private, unless a rank, star or unit says that the person acted for an office."""

_WRITTEN = (
    ("street", "st"),
    ("avenue", "ave", "av"),
    ("boulevard", "blvd"),
    ("road", "rd"),
    ("drive", "dr"),
    ("lane", "ln"),
    ("court", "ct"),
    ("place", "pl"),
    ("parkway", "pkwy"),
    ("terrace", "ter"),
    ("north", "n"),
    ("south", "s"),
    ("east", "e"),
    ("west", "w"),
)
"""Words of an address that stand for each other."""

_GAP = r"[\s\u00a0]+"


def kind_of(person: PersonFields) -> Identifier | None:
    """Return what a person's name is for a redaction list; None for who acts for an office."""
    if person.minor:
        return Identifier.MINOR
    official = bool(person.rank or person.star or person.unit)
    if person.role in _PRIVATE or (person.role in _EITHER and not official):
        return Identifier.PRIVATE_PERSON
    return None


def details_in(
    text: str, persons: Sequence[PersonFields], kinds: Collection[Identifier]
) -> Iterator[Hit]:
    """Yield where `text` holds a detail of one of `persons`, of the `kinds` looked for.

    A name is of the kind that its person is; an official's is of none.
    """
    names = {person.name: kind for person in persons if (kind := kind_of(person)) in kinds if kind}
    others = [person.name for person in persons if person.name not in names]
    yield from names_in(text, names, others)
    plain = bare_text(text)
    for person in persons:
        for kind, pattern in _patterns(
            person.phone, person.email, person.address, person.birth_date
        ):
            if kind in kinds:
                for match in pattern.finditer(plain):
                    yield Hit(kind, match.start(), match.end(), SURE)


def person_in(text: str, person: PersonFields, kind: Identifier) -> Iterator[Hit]:
    """Yield where `text` holds the name or any other detail of `person`; all are of `kind`."""
    yield from names_in(text, {person.name: kind})
    for hit in details_in(text, [person], list(Identifier)):
        yield Hit(kind, hit.start, hit.end, hit.confidence)


@functools.lru_cache(maxsize=1024)
def _patterns(
    phone: str, email: str, address: str, born: date | None
) -> tuple[tuple[Identifier, re.Pattern[str]], ...]:
    found = []
    digits = re.sub(r"\D", "", phone)
    if len(digits) >= 7:
        found.append((Identifier.PHONE, _digits_pattern(digits)))
    if email:
        pattern = rf"(?<![\w.+-]){re.escape(bare_text(email))}(?![\w-])"
        found.append((Identifier.EMAIL, re.compile(pattern, re.IGNORECASE)))
    if pattern := _address_pattern(address):
        found.append((Identifier.ADDRESS, re.compile(pattern, re.IGNORECASE)))
    if born:
        found.append((Identifier.BIRTH_DATE, re.compile(_date_pattern(born), re.IGNORECASE)))
    return tuple(found)


def _digits_pattern(digits: str) -> re.Pattern[str]:
    own = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    body = r"[\s().\-/\u00a0\u2010-\u2015]{0,3}".join(own)
    return re.compile(rf"(?<![\d])(?:\+?1[\s.\-]?)?\(?{body}(?!\d)")


def _address_pattern(address: str) -> str:
    """Return what meets the first line of an address: its number and its street."""
    words = bare_text(address.split(",")[0]).replace(".", " ").split()
    if len(words) < 2 or not words[0][0].isdigit():
        return ""
    parts = [re.escape(words[0])]
    for word in words[1:]:
        same = next((each for each in _WRITTEN if word.lower() in each), (word.lower(),))
        parts.append(f"(?:{'|'.join(map(re.escape, same))})\\.?")
    return rf"(?<![\w-]){_GAP.join(parts)}(?!\w)"


def _date_pattern(born: date) -> str:
    month = f"(?:{born:%B}|{born:%b}\\.?)"
    year = f"(?:{born:%Y}|{born:%y})"
    forms = (
        rf"0?{born.month}[/.-]0?{born.day}[/.-]{year}",
        f"{born:%Y-%m-%d}",
        rf"{month}{_GAP}{born.day}(?:st|nd|rd|th)?,?{_GAP}{born.year}",
        rf"{born.day}(?:st|nd|rd|th)?{_GAP}{month},?{_GAP}{born.year}",
    )
    return rf"(?<![\w/]){'(?:' + '|'.join(forms) + ')'}(?![\w/])"
