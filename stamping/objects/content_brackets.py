"""How a page's content keeps its brackets: q and Q, BT and ET, BMC and EMC.

In: decoded content. Out: what it leaves open and what it closes beyond its own
(ISO 32000-2 § 8.4.2, § 9.4.1, § 14.6), and the content without its marks. Any
bytes have an answer: operators are looked for, never understood.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from stamping.objects.balance import EVEN, UNREADABLE, Balance, is_plainly_even

_SPACE = rb"[\0\t\n\f\r ]"
_REGULAR = rb"[^\0\t\n\f\r ()<>\[\]{}/%]"
_BEGINS = rb"(?<![^\0\t\n\f\r ()<>\[\]{}%])"
_ENDS = rb"(?!" + _REGULAR + rb")"
# Brackets within a string, and dictionaries within one, that are followed.
_LEVELS = 6
_NOTHING: Mapping[str, bytes] = MappingProxyType({})


def balance_of(content: bytes) -> Balance:
    """Return how `content` keeps its brackets."""
    if is_plainly_even(content):
        return EVEN
    outside, open_end = _outside(content)
    if open_end or _is_open(outside, b"[]") or _is_open(outside, b"<>"):
        return UNREADABLE
    depth = lowest = marks = 0
    text = marked = False
    for word in _BRACKET.findall(outside):
        if word == b"q":
            depth += 1
        elif word == b"Q":
            depth -= 1
            lowest = min(lowest, depth)
        elif word == b"BT":
            text = True
        elif word == b"ET":
            text = False
        elif word == b"EMC":
            marks = max(0, marks - 1)
        else:
            marked = True
            marks += word in (b"BMC", b"BDC")
    return Balance(-lowest, depth - lowest, text, marks, marked)


def _outside(content: bytes) -> tuple[bytes, bool]:
    """Return what is not a string, comment or picture, and whether the last of these is open."""
    pieces, end, last = [], 0, b""
    for found in _SKIPPED.finditer(content):
        pieces.append(content[end : found.start()])
        end, last = found.end(), found[0]
    pieces.append(content[end:])
    if end < len(content) or last.startswith(b"%"):
        return b" ".join(pieces), False
    is_open = bool(last) and not (_WHOLE_STRING.fullmatch(last) or last.endswith(b"EI"))
    return b" ".join(pieces), is_open


def _is_open(content: bytes, pair: bytes) -> bool:
    """Return whether the first of a pair of brackets waits for the second."""
    brackets = content.translate(None, bytes(code for code in range(256) if code not in pair))
    while pair in brackets:
        brackets = brackets.replace(pair, b"")
    return brackets.endswith(pair[:1])


def without_marks(content: bytes, replaced: Mapping[str, bytes] = _NOTHING) -> bytes:
    """Return `content` without its marks; those of layers, and what they say in words, stay.

    A mark with replacement text (§ 14.9.4) says what its glyphs stand for, and is what a
    search finds: it stays, without its place in the structure. `replaced` maps the names of
    the page's property lists that hold such text to that text as PDF writes it.
    """
    open_marks: list[bool] = []

    def kept(found: re.Match[bytes]) -> bytes:
        operator, made = found[3], found[0]
        if operator in (b"BMC", b"BDC"):
            stays = name_of(found[1]) == "OC"
            text = _REPLACEMENT.search(found[2] or b"")
            named = name_of(found[2]) if (found[2] or b"").startswith(b"/") else ""
            if not stays and operator == b"BDC" and (text or named in replaced):
                own = text[0] if text else b"/ActualText " + replaced[named]
                stays, made = True, b"/Span <<%s>> BDC" % own
            open_marks.append(stays)
        elif made == b"EMC":
            stays = open_marks.pop() if open_marks else False
        elif operator is None:
            return made
        else:
            stays = name_of(found[1]) == "OC"
        return made if stays else b" "

    return _MARKING.sub(kept, content)


def name_of(written: bytes) -> str:
    """Return the value of a name as content writes it, slash and escapes resolved (§ 7.3.5)."""
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), written[1:]).decode("latin-1")


def _strings(end: bytes) -> bytes:
    inner = rb"[^()\\]++|\\."
    pattern = inner
    for _ in range(_LEVELS):
        pattern = inner + rb"|\((?:" + pattern + rb")*+\)"
    return rb"\((?:" + pattern + rb")*+" + end


def _dictionaries() -> bytes:
    inner = rb"[^<>()]++|" + _STRINGS + rb"|<[0-9A-Fa-f\s]*+>"
    pattern = inner
    for _ in range(_LEVELS):
        pattern = inner + rb"|<<(?:" + pattern + rb")*+>>"
    return rb"<<(?:" + pattern + rb")*+>>"


# One that does not end takes the rest, as it does for a reader.
_STRINGS = _strings(rb"(?:\)|\Z)")
_WHOLE_STRING = re.compile(_strings(rb"\)"), re.DOTALL)
_COMMENTS = rb"%[^\r\n]*+"
# What follows an inline image's data reads like content; the two letters that
# end it may well stand among its samples.
_IMAGE_DATA = (
    _BEGINS
    + rb"ID"
    + _SPACE
    + rb"(?:.*?"
    + _SPACE
    + rb"EI(?="
    + _SPACE
    + rb"[\t\n\r -~]{0,10}+(?:[\t\n\r -~]|\Z)|\Z)|.*+\Z)"
)
_NO_OPERATORS = _STRINGS + rb"|" + _COMMENTS + rb"|" + _IMAGE_DATA
_SKIPPED = re.compile(_NO_OPERATORS, re.DOTALL)
_BRACKET = re.compile(_BEGINS + rb"(?:[qQ]|BT|ET|B[MD]C|EMC|[MD]P)" + _ENDS)
_MARKING = re.compile(
    rb"(/"
    + _REGULAR
    + rb"*+)"
    + _SPACE
    + rb"*+(?:(/"
    + _REGULAR
    + rb"*+|"
    + _dictionaries()
    + rb")"
    + _SPACE
    + rb"*+)?+(B[MD]C|[MD]P)"
    + _ENDS
    + rb"|"
    + _BEGINS
    + rb"EMC"
    + _ENDS
    + rb"|"
    + _NO_OPERATORS,
    re.DOTALL,
)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_REPLACEMENT = re.compile(
    rb"/ActualText" + _SPACE + rb"*+(?:" + _strings(rb"\)") + rb"|<[0-9A-Fa-f\s]*+>)", re.DOTALL
)
