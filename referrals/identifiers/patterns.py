"""Finds personal identifiers in a page's text by their form, checksum and context.

In: text and the kinds looked for. Out: hits with their place in the text and a
confidence. Numbers that only look alike (case, badge, Bates, serial numbers)
are told apart by the label that stands nearest before them. Names are found by
`person_names`. Knows no page and no record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import phonenumbers

from referrals.profiles.redaction_list import Identifier

# How far before a number its label may stand, in characters.
_REACH = 48


@dataclass(frozen=True, slots=True)
class Hit:
    """An identifier in a text: where it begins and ends, and how sure it is (0 to 1)."""

    identifier: Identifier
    start: int
    end: int
    confidence: float


_LABELS: dict[Identifier, str] = {
    Identifier.SSN: r"ssn|s\.s\.n\.?|soc(?:ial)?\.? sec(?:urity)?",
    Identifier.ITIN: r"itin|taxpayer|tin",
    Identifier.LICENCE: r"(?:driver'?s?|driving|state) ?(?:licen[sc]e|lic\.?|id)|licen[sc]e"
    r"|dln?|d\.l\.|oln|driver’s licen[sc]e|(?:illinois|state) (?:id|identification)(?: card)?",
    Identifier.CARD: r"(?:credit|debit|bank|payment) card|card|visa|mastercard|amex",
    Identifier.ACCOUNT: r"account|acct\.?|a/c|routing|iban|checking|savings",
    Identifier.PHONE: r"phone|telephone|tel\.?|mobile|cell|fax|call(?:ed)?|reached at|text(?:ed)?",
    Identifier.BIRTH_DATE: r"birth ?date|date of birth|birth|dob|d\.o\.b\.?|born(?: on)?|birthday",
    Identifier.A_NUMBER: r"a-?number|a-?no\.?|alien(?: registration)?|a#|uscis",
}
# Labels of numbers that identify no private person.
_OTHER = (
    r"case|rd|event|badge|star|beat|bates|serial|exhibit|evidence|invoice|tracking|order|docket"
    r"|report|incident|unit|policy|page|model|part|version|sku|vin|plate|warrant|ticket"
    r"|file (?:no|number)|citation|uuid|inventory|employee|log|reference|ref|receipt|item"
    r"|permit|asset|device"
)
_LABEL = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    + "|".join(f"(?P<{kind.name}>{words})" for kind, words in _LABELS.items())
    + rf"|(?P<OTHER>{_OTHER}))(?![A-Za-z0-9])",
    re.IGNORECASE,
)
# What may follow a label on the next line of a narrow cell.
_UNFINISHED = re.compile(
    r"\W*(?:(?:security|number|no|nr|num|card|licen[sc]e|account|as|of|on|item|id)\b\W*)*",
    re.IGNORECASE,
)
_STREET = (
    r"(?:Street|St|Avenue|Ave|Boulevard|Blvd|Road|Rd|Drive|Dr|Lane|Ln|Court|Ct|Place|Pl"
    r"|Parkway|Pkwy|Terrace|Ter|Circle|Cir|Way|Highway|Hwy|Square|Sq)"
)
_MONTH = r"(?i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DATE = (
    rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})|\d{{4}}-\s?\d{{2}}-\s?\d{{2}}"
    rf"|\d{{4}}/\d{{2}}/\d{{2}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[\s-]*{_MONTH}[\s,-]*\d{{4}})"
)
# What parts the groups of a number: a blank, a dot, a dash of any width, a line end after it.
_PART = r"(?:[.\u2010-\u2015-]\s?|\s)"
_BEFORE, _AFTER = r"(?<![\w#/.-])", r"(?![\w/]|[-.]\w)"


def find(text: str, kinds: Collection[Identifier]) -> list[Hit]:
    """Return the identifiers of `kinds` in `text`, in order; a place has one hit at most."""
    found: list[Hit] = []
    for kind, (pattern, judge) in _DETECTORS.items():
        if kind not in kinds:
            continue
        for match in pattern.finditer(text):
            if confidence := judge(match, _label(text, *match.span())):
                found.append(Hit(kind, match.start(), match.end(), confidence))
    return apart(found)


def apart(found: Iterable[Hit]) -> list[Hit]:
    """Return the hits in order, those that share characters as one: the surest one's kind.

    The one reaches as far as they all do, so that no end of an identifier stays.
    """
    kept: list[Hit] = []
    for hit in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
            continue
        last = kept[-1]
        surest = max(last, hit, key=lambda each: each.confidence)
        kept[-1] = Hit(surest.identifier, last.start, max(last.end, hit.end), surest.confidence)
    return kept


def _label(text: str, start: int, end: int) -> str:
    """Return the kind of label that a number from `start` to `end` has, empty for none.

    It stands before it on the same line; or on those above, where nothing but blanks
    or the end of a broken label ("no.") stands before the number, as in a table's cell;
    or around it, where the label of a narrow cell is broken and its number stands
    beside the middle.
    """
    before = text[max(0, start - _REACH) : start].replace("\r", "")
    *above, near = before.split("\n")
    while above and _UNFINISHED.fullmatch(near):
        near = f"{above.pop()} {near}"
    # A label belongs to one number: what stands before an earlier number is not ours.
    near = re.split(r"\d[\d-]{3,}|[;]", near)[-1]
    return _last_label(near) or _last_label(_around(text, start, end))


def _around(text: str, start: int, end: int) -> str:
    """Return the lines above and below a number that is alone on its line, as one.

    Nothing where one of them holds a number itself: a label belongs to one.
    """
    first, last = text.rfind("\n", 0, start), text.find("\n", end)
    last = len(text) if last < 0 else last
    if first < 0 or re.search(r"\w", text[first:start] + text[end:last]):
        return ""
    above = text[:first].rpartition("\n")[2]
    below = text[last + 1 :].partition("\n")[0]
    lines = f"{above.strip()} {below.strip()}"
    return "" if re.search(r"\d", lines) else lines[-2 * _REACH :]


def _last_label(words: str) -> str:
    name = ""
    for match in _LABEL.finditer(words):
        name = match.lastgroup or ""
    return name


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"\D", "", match.group())


def _ssn(match: re.Match[str], label: str) -> float:
    digits = _digits(match)
    possible = digits[:3] not in ("000", "666") and digits[0] != "9"
    if not (possible and digits[3:5] != "00" and digits[5:] != "0000"):
        return 0.0
    if label == Identifier.SSN.name:
        return 0.99
    written_so = len(match.group()) > len(digits)
    return 0.9 if written_so and label not in ("OTHER", "PHONE", "ACCOUNT") else 0.0


def _itin(match: re.Match[str], label: str) -> float:
    group = int(_digits(match)[3:5])
    # IRS: the fourth and fifth digits run 50–65, 70–88, 90–92 and 94–99.
    if not (50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or 94 <= group <= 99):
        return 0.0
    if label in (Identifier.ITIN.name, Identifier.SSN.name):
        return 0.99
    return 0.85 if len(match.group()) > len(_digits(match)) and label != "OTHER" else 0.0


def _licence(match: re.Match[str], label: str) -> float:
    if label == Identifier.LICENCE.name:
        return 0.95 if len(_digits(match)) >= 5 else 0.0
    illinois = re.fullmatch(r"[A-Z]\d{3}-\s?\d{4}-\s?\d{4}", match.group())
    return 0.85 if illinois and label != "OTHER" else 0.0


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def _card(match: re.Match[str], label: str) -> float:
    digits = _digits(match)
    if not 13 <= len(digits) <= 19 or digits[0] not in "23456" or not _luhn(digits):
        return 0.0
    if label == Identifier.CARD.name:
        return 0.99
    return 0.9 if label not in ("OTHER", "ACCOUNT") else 0.0


def _account(match: re.Match[str], label: str) -> float:
    return 0.95 if label == Identifier.ACCOUNT.name and len(_digits(match)) >= 6 else 0.0


def _phone(match: re.Match[str], label: str) -> float:
    written = match.group()
    if written.startswith("+"):
        try:
            number = phonenumbers.parse(written)
        except phonenumbers.NumberParseException:
            return 0.0
        return 0.95 if phonenumbers.is_possible_number(number) else 0.0
    if label == Identifier.PHONE.name:
        return 0.97
    parted = re.search(r"\D", written) is not None
    # Ten digits without a break are a telephone number only where a label says so.
    return 0.88 if parted and label not in ("OTHER", "ACCOUNT", "LICENCE") else 0.0


def _always(match: re.Match[str], label: str) -> float:
    return 0.98


def _address(match: re.Match[str], label: str) -> float:
    # A block names no house (domain practice of published crime data).
    return 0.0 if re.search(r"\bblock\b", match.group(), re.IGNORECASE) else 0.9


def _birth_date(match: re.Match[str], label: str) -> float:
    return 0.97 if label == Identifier.BIRTH_DATE.name else 0.0


def _a_number(match: re.Match[str], label: str) -> float:
    if label == Identifier.A_NUMBER.name:
        return 0.98
    if label == "OTHER" or not match.group()[0].isalpha():
        return 0.0
    return 0.9 if len(_digits(match)) == 9 else 0.0


_Judge = Callable[[re.Match[str], str], float]
_NINE = rf"{_BEFORE}(?:\d{{3}}{_PART}\d{{2}}{_PART}\d{{4}}|\d{{9}}){_AFTER}"
_DETECTORS: dict[Identifier, tuple[re.Pattern[str], _Judge]] = {
    Identifier.SSN: (re.compile(_NINE), _ssn),
    Identifier.ITIN: (
        re.compile(_NINE.replace(r"\d{3}", r"9\d{2}").replace(r"\d{9}", r"9\d{8}")),
        _itin,
    ),
    Identifier.LICENCE: (
        re.compile(
            rf"{_BEFORE}(?:[A-Z]{{0,2}}\d(?:(?:-\s?)?\d){{4,14}}|\d{{3}}\s\d{{3}}\s\d{{3}}){_AFTER}"
        ),
        _licence,
    ),
    Identifier.ACCOUNT: (
        re.compile(
            rf"{_BEFORE}(?:[A-Z]{{2}}\d{{2}}[A-Z0-9 ]{{10,30}}|\d(?:[ -]?\d){{5,16}}){_AFTER}"
        ),
        _account,
    ),
    Identifier.CARD: (
        re.compile(
            rf"{_BEFORE}(?:\d{{4}}(?:{_PART}\d{{4}}){{3}}|\d{{4}}{_PART}\d{{6}}{_PART}\d{{5}}"
            rf"|\d(?:[ -]?\d){{12,18}}){_AFTER}"
        ),
        _card,
    ),
    Identifier.PHONE: (
        re.compile(
            r"(?<![\w#/.-])(?:\+(?!1\b)\d[\d ().-]{7,18}\d"
            r"|(?:\+?1[-. ]?)?"
            rf"(?:\([2-9]\d{{2}}\)\s?|[2-9]\d{{2}}{_PART}?)[2-9]\d{{2}}{_PART}?\d{{4}}){_AFTER}"
        ),
        _phone,
    ),
    Identifier.EMAIL: (
        re.compile(
            r"(?<![\w.+-])[A-Za-z0-9][\w.+%-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
            # Written for people only: "ana (at) example (dot) com".
            r"|(?<![\w.+-])[A-Za-z0-9][\w.+%-]*\s?[(\[]at[)\]]\s?"
            r"[A-Za-z0-9-]+(?:(?:\s?[(\[]dot[)\]]\s?|\.)[A-Za-z0-9-]+)+"
        ),
        _always,
    ),
    Identifier.ADDRESS: (
        re.compile(
            # USPS Publication 28, section 28: post office boxes.
            r"(?<!\w)(?:P\.?\s?O\.?|Post\s+Office)\s+Box\s+(?:no\.?\s+)?\d{1,6}(?!\w)"
            r"|(?<![\w#/.-])\d{1,5}(?:-\d{1,5})?\s(?:block\sof\s)?"
            r"(?:(?:[NSEW]\.?|North|South|East|West)\s)?"
            rf"(?:\d{{1,3}}(?:st|nd|rd|th)\s|(?:[A-Z][\w'’.]+\s){{1,3}}){_STREET}\b\.?"
            r"(?:,? (?:Apt|Apartment|Unit|Suite|Ste|#)\.? ?\w+)?"
        ),
        _address,
    ),
    Identifier.BIRTH_DATE: (re.compile(rf"(?<!\w){_DATE}(?!\w)"), _birth_date),
    Identifier.A_NUMBER: (
        re.compile(
            rf"{_BEFORE}(?:A[-# ]{{0,2}})?\d{{2,3}}(?:-\s?|\s)?\d{{3}}(?:-\s?|\s)?\d{{3}}{_AFTER}"
        ),
        _a_number,
    ),
}
