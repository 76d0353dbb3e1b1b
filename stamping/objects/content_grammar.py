"""Whether a page's content is written as it must be: each operator known, with its operands.

In: decoded content. Out: yes or no (ISO 32000-2 Annex A). Some readers stop at the first
operator that they do not know, or that lacks an operand, and show nothing that follows in
the same content: a number drawn behind it would be seen by some readers only.
"""

from __future__ import annotations

import re

_SPACE = rb"[\0\t\n\f\r ]"
_REGULAR = rb"[^\0\t\n\f\r ()<>\[\]{}/%]"
_GAP = rb"(?:" + _SPACE + rb"++|%[^\r\n]*+)*+"
_END = rb"(?!" + _REGULAR + rb")"
_NUMBER = rb"[+-]?+(?:\d++(?:\.\d*+)?+|\.\d++)" + _END + _GAP
_NAME = rb"/" + _REGULAR + rb"*+" + _GAP
# Strings within strings, and lists and dictionaries within one, that are followed.
_LEVELS = 4


def _nested(inner: bytes, opening: bytes, closing: bytes) -> bytes:
    pattern = inner
    for _ in range(_LEVELS):
        pattern = inner + rb"|" + opening + rb"(?:" + pattern + rb")*+" + closing
    return opening + rb"(?:" + pattern + rb")*+" + closing


_STRING = (
    rb"(?:" + _nested(rb"[^()\\]++|\\.", rb"\(", rb"\)") + rb"|<[0-9A-Fa-f\0\t\n\f\r ]*+>)" + _GAP
)
_LIST = rb"\[" + _GAP + rb"(?:" + _NUMBER + rb"|" + _STRING + rb")*+\]" + _GAP
_VALUE = _NUMBER + rb"|" + _NAME + rb"|" + _STRING + rb"|(?:true|false|null)" + _END + _GAP
_VALUE = _nested(_VALUE + rb"|" + _LIST, rb"\[" + _GAP, rb"\]" + _GAP) + rb"|" + _VALUE
_DICTIONARY = _nested(_VALUE, rb"<<" + _GAP, rb">>" + _GAP)
_IMAGE = rb"BI" + _END + _GAP + rb"(?:" + _VALUE + rb")*+ID" + _SPACE + rb".*?" + _SPACE + rb"EI"


def _operators(operands: bytes, *names: bytes) -> bytes:
    return operands + rb"(?:" + rb"|".join(map(re.escape, names)) + rb")"


def _numbers(count: int) -> bytes:
    return rb"(?:" + _NUMBER + rb"){%d}" % count


_OPERATIONS = (
    _operators(_LIST, b"TJ"),
    _operators(_STRING, b"Tj", b"'"),
    _operators(_numbers(2), b"Td", b"m", b"l", b"TD", b"d0"),
    _operators(_NAME + _NUMBER, b"Tf"),
    _operators(_numbers(6), b"Tm", b"cm", b"c", b"d1"),
    _operators(_numbers(4), b"re", b"k", b"K", b"v", b"y"),
    _operators(
        _numbers(1),
        *(b"Tc", b"Tw", b"Tz", b"TL", b"Tr", b"Ts", b"w", b"g", b"G", b"J", b"j"),
        *(b"M", b"i"),
    ),
    _operators(_numbers(3), b"rg", b"RG"),
    _operators(_NAME, b"Do", b"gs", b"cs", b"CS", b"ri", b"sh", b"BMC", b"MP"),
    _operators(rb"(?:" + _NUMBER + rb")++(?:" + _NAME + rb")?+", b"scn", b"SCN", b"sc", b"SC"),
    _operators(_NAME, b"scn", b"SCN"),
    _operators(_NAME + rb"(?:" + _NAME + rb"|" + _DICTIONARY + rb")", b"BDC", b"DP"),
    _operators(_LIST + _NUMBER, b"d"),
    _operators(_NUMBER + _NUMBER + _STRING, b'"'),
    _operators(
        b"",
        *(b"BT", b"ET", b"T*", b"q", b"Q", b"EMC", b"f*", b"f", b"F", b"S", b"s", b"n", b"h"),
        *(b"W*", b"W", b"B*", b"B", b"b*", b"b"),
    ),
    _IMAGE,
)
_CONTENT = re.compile(
    _GAP + rb"(?:(?:" + rb"|".join(_OPERATIONS) + rb")" + _END + _GAP + rb")*+\Z", re.DOTALL
)


def is_well_formed(content: bytes) -> bool:
    """Return whether every reader goes through `content` to its end.

    Compatibility sections (BX, EX) are not followed: content with one counts as unusual.
    """
    return _CONTENT.match(content) is not None
