"""Whether a page's content closes what it opens: the answer, and a quick proof.

In: decoded content. Out: a `Balance`; or, for most pages, a proof in a few passes
that run in C that everything is closed (ISO 32000-2 § 8.4.2, § 9.4.1, § 14.6).
Content that is not so plain is for `stamping.objects.content_brackets`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Balance:
    """What a page's content leaves open, and what it closes beyond its own.

    `marked` is true where it holds marks, which may be those of layers alone.
    Content that is not `readable`, which no filter yields or which leaves a string, a
    list or a picture open, takes whatever follows it for its own.
    """

    surplus: int = 0
    open_states: int = 0
    open_text: bool = False
    open_marks: int = 0
    marked: bool = False
    readable: bool = True


EVEN = Balance()
UNREADABLE = Balance(readable=False)

# All but brackets, those of states too.
_OTHERS = bytes(code for code in range(256) if code not in b"qQ()[]<>")
_APART = frozenset(b"\0\t\n\f\r ()<>[]{}")
# An expression that begins with one letter is found much faster than one with a choice.
_MARK_WITH_M = re.compile(rb"M(?:P|(?<=[BE]M)C)")
_MARK_WITH_D = re.compile(rb"D(?:P|(?<=ID)|(?<=BD)C)")
_WITHIN = rb"(?:(?<=[^\0\t\n\f\r ()<>\[\]{}].)|(?=[^\0\t\n\f\r ()<>\[\]{}]))"
_Q_WITHIN = re.compile(rb"q" + _WITHIN, re.DOTALL)
_CAPITAL_Q_WITHIN = re.compile(rb"Q" + _WITHIN, re.DOTALL)
_STRING = re.compile(rb"\([^()]*+\)")
# Strings within strings that are followed.
_LEVELS = 4
_ESCAPING_STRING = re.compile(rb"(?<!\\)\((?:[^()\\]++|\\.)*+\)", re.DOTALL)


def is_plainly_even(content: bytes) -> bool:
    """Return whether everything opened is certainly closed.

    No operator but q and Q holds either letter (ISO 32000-2 Annex A). False
    says nothing: the content may be even all the same.
    """
    if _is_doubtful(content):
        # What stands in strings does no harm.
        content = _without_strings(content)
        if _is_doubtful(content):
            return False
    brackets = content.translate(None, _OTHERS)
    brackets = brackets.replace(b"()", b"")
    while b"(" in brackets:
        fewer = _STRING.sub(b"", brackets)
        if len(fewer) == len(brackets):
            return False
        brackets = fewer
    if b"q" in brackets and not _are_states_words(content):
        return False
    while brackets:
        fewer = brackets.replace(b"qQ", b"").replace(b"[]", b"").replace(b"<>", b"")
        if len(fewer) == len(brackets):
            return False
        brackets = fewer
    return _ends_outside_text(content)


def _is_doubtful(content: bytes) -> bool:
    """Return whether there may be comments, escapes, marks or inline images."""
    return (
        b"\\" in content
        or b"%" in content
        or (b"M" in content and _MARK_WITH_M.search(content) is not None)
        or (b"D" in content and _MARK_WITH_D.search(content) is not None)
    )


def _without_strings(content: bytes) -> bytes:
    """Return content without its strings, where that leaves neither escapes nor comments.

    Strings go from within: one begins at a bracket that nothing escapes. What stands
    before the first of them is never taken for a string, so that a comment or a
    picture stays to be seen.
    """
    for _ in range(_LEVELS):
        if b"(" not in content:
            break
        content = _ESCAPING_STRING.sub(b" ", content)
    return content


def _are_states_words(content: bytes) -> bool:
    """Return whether each q outside of strings stands alone; elsewhere it is part of a name."""
    while not _are_words(content):
        if b"(" not in content:
            return False
        content = _STRING.sub(b" ", content)
    return True


def _are_words(content: bytes) -> bool:
    return _Q_WITHIN.search(content) is None and _CAPITAL_Q_WITHIN.search(content) is None


def _ends_outside_text(content: bytes) -> bool:
    """Return whether no text object is open at the end, for certain."""
    begun = content.rfind(b"BT")
    if begun < 0:
        return True
    ended = content.rfind(b"ET")
    if ended < begun:
        return False
    tail = b"(" + content[ended:] if ended else content
    return (
        content[ended - 1] in _APART
        and (ended + 2 == len(content) or content[ended + 2] in _APART)
        # A closing bracket behind it may mean that these letters are a string's.
        and tail.find(b")", 1) < 0
    )
