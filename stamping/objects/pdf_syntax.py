"""The syntax of PDF values: bytes to plain Python values, and back.

    null None · boolean bool · integer int · real float · name str (no slash)
    string bytes · array list · dictionary dict[str, …] · reference Ref

In: the bytes of one value. Out: the value, and where it ended (ISO 32000-2
§ 7.3). Strict on purpose: whatever is not plainly well-formed is refused, for a
lenient library to read instead. Knows no file and no stream.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from stamping.errors import StampingError

Value: TypeAlias = Any
"""One of the types that the module's first lines list."""

# Deeper values exist only to exhaust a reader.
_DEEPEST = 120
_GENERATION_SHIFT = 32
_SPACE = rb"[\0\t\n\f\r ]"
_REGULAR = rb"[^\0\t\n\f\r ()<>\[\]{}/%]"
_TOKEN = re.compile(
    _SPACE
    + rb"*+(?:(\d++)"
    + _SPACE
    + rb"++(\d++)"
    + _SPACE
    + rb"++R(?!"
    + _REGULAR
    + rb")|/("
    + _REGULAR
    + rb"*+)|([+-]?+\d++)(?!"
    + _REGULAR
    + rb")|([+-]?+(?:\d++\.\d*+|\.\d++))(?!"
    + _REGULAR
    + rb")|(<<)|(\[)|(>>)|(\])|\(([^()\\\r]*+)\)|<([0-9A-Fa-f\0\t\n\f\r ]*+)>|(true|false|null)(?!"
    + _REGULAR
    + rb")|(\()|([\s\S]|\Z))"
)
_REF, _NAME, _INTEGER, _REAL, _OPEN_DICTIONARY, _OPEN_ARRAY = 2, 3, 4, 5, 6, 7
_CLOSE_DICTIONARY, _CLOSE_ARRAY, _STRING, _HEXADECIMAL, _WORD, _LONG_STRING = 8, 9, 10, 11, 12, 13
_NAMES = frozenset({str})
# A name has one value however it is written (§ 7.3.5): `/Content#73` is `/Contents`. Escapes
# that a name needs stay as they are; with one of these it is
# another name than it looks. As in qpdf, a number sign that begins no escape is itself.
_DELIMITERS = b"()<>[]{}/%#"
_DISGUISED = re.compile(
    b"#(?:"
    + b"|".join(b"(?i:%02x)" % code for code in range(33, 127) if code not in _DELIMITERS)
    + b"|00)"
)
_WORDS = {b"true": True, b"false": False, b"null": None}
_STRING_PIECE = re.compile(
    rb"([^()\\\r]++)|(\()|(\))|\\([0-7]{1,3})|\\(\r\n|\r|\n)|\\(.)|(\r\n?)", re.DOTALL
)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_TO_ESCAPE = re.compile(r"[()\\\r\n]")
_WRITTEN_ESCAPES = {"(": r"\(", ")": r"\)", "\\": r"\\", "\r": r"\r", "\n": r"\n"}


class UnusualFormError(StampingError):
    """The bytes are not plainly well-formed; a lenient library may read them."""


class Ref(int):
    """An indirect reference: the object's number, and its generation above bit 32."""

    __slots__ = ()

    @property
    def number(self) -> int:
        """The object's number."""
        return self & (1 << _GENERATION_SHIFT) - 1

    @property
    def generation(self) -> int:
        """The object's generation, zero in nearly every file."""
        return self >> _GENERATION_SHIFT


def parse(data: bytes, at: int = 0) -> tuple[Value, int]:
    """Return the value that begins at `at`, and where it ends.

    Raises:
        UnusualFormError: it is malformed, nested too deeply, or holds comments.
    """
    stack: list[list[Value]] = []
    current: list[Value] = []
    while True:
        # Something matches everywhere, so that nothing between two tokens is passed over.
        for token in _TOKEN.finditer(data, at):
            kind = token.lastindex
            if kind == _NAME:
                name = token[_NAME]
                if b"#" in name and _DISGUISED.search(name):
                    raise UnusualFormError("a name is written with escapes that it does not need")
                current.append(name.decode("latin-1"))
            elif kind == _REF:
                generation = int(token[2])
                current.append(Ref(int(token[1]) | generation << _GENERATION_SHIFT))
            elif kind == _INTEGER:
                current.append(int(token[_INTEGER]))
            elif kind in (_OPEN_DICTIONARY, _OPEN_ARRAY):
                if len(stack) >= _DEEPEST:
                    raise UnusualFormError("a value is nested too deeply")
                stack.append(current)
                current = []
                continue
            elif kind in (_CLOSE_DICTIONARY, _CLOSE_ARRAY):
                if not stack:
                    raise UnusualFormError("a value is closed that was not begun")
                made = _dictionary(current) if kind == _CLOSE_DICTIONARY else current
                current = stack.pop()
                current.append(made)
            elif kind == _REAL:
                current.append(float(token[_REAL]))
            elif kind == _STRING:
                current.append(token[_STRING])
            elif kind == _HEXADECIMAL:
                digits = b"".join(token[_HEXADECIMAL].replace(b"\0", b" ").split())
                current.append(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")))
            elif kind == _WORD:
                current.append(_WORDS[token[_WORD]])
            elif kind == _LONG_STRING:
                text, at = _string(data, token.end())
                current.append(text)
                if not stack:
                    return text, at
                break
            else:
                raise UnusualFormError("a value is not well-formed")
            if not stack:
                return current[0], token.end()


def _dictionary(flat: list[Value]) -> dict[str, Value]:
    keys, values = flat[0::2], flat[1::2]
    if len(keys) != len(values) or not _NAMES.issuperset(map(type, keys)):
        raise UnusualFormError("a dictionary does not pair names with values")
    made = dict(zip(keys, values, strict=True))
    if len(made) != len(keys):
        raise UnusualFormError("a dictionary names a key twice")
    return made


def _string(data: bytes, at: int) -> tuple[bytes, int]:
    """Return a literal string from behind its opening bracket (§ 7.3.4.2)."""
    pieces: list[bytes] = []
    depth = 1
    while True:
        piece = _STRING_PIECE.match(data, at)
        if piece is None:
            raise UnusualFormError("a string does not end")
        at = piece.end()
        match piece.lastindex:
            case 1:
                pieces.append(piece[1])
            case 2:
                depth += 1
                pieces.append(b"(")
            case 3:
                depth -= 1
                if not depth:
                    return b"".join(pieces), at
                pieces.append(b")")
            case 4:
                pieces.append(bytes([int(piece[4], 8) & 255]))
            case 6:
                pieces.append(_ESCAPES.get(piece[6], piece[6]))
            case 7:
                pieces.append(b"\n")


def written(value: Value) -> str:
    """Return a value as PDF writes it; the text is to be encoded as latin-1."""
    kind = type(value)
    if kind is Ref:
        # An f-string would take three times as long for a subclass of int.
        return str(value) + " 0 R"
    if kind is str:
        return f"/{value}"
    if kind is int:
        return str(value)
    if kind is list:
        return f"[{' '.join([written(each) for each in value])}]"
    if kind is dict:
        entries = [f"/{key} {written(each)}" for key, each in value.items()]
        return f"<<{' '.join(entries)}>>"
    if kind is float:
        return real(value)
    if kind is bytes:
        return f"({_TO_ESCAPE.sub(_escaped, value.decode('latin-1'))})"
    return {None: "null", True: "true", False: "false"}[value]


def real(value: float) -> str:
    """Return a number without an exponent, which PDF does not know (§ 7.3.3)."""
    text = repr(value)
    return text if "e" not in text else f"{value:.12f}"


def _escaped(found: re.Match[str]) -> str:
    return _WRITTEN_ESCAPES[found[0]]


def written_text(text: str) -> str:
    """Return `text` as PDF writes it as a text string."""
    if text.isascii() and not _TO_ESCAPE.search(text):
        return f"({text})"
    return written(text_string(text))


def text_string(text: str) -> bytes:
    """Return `text` as a text string: ASCII as it is, else UTF-16 (§ 7.9.2.2)."""
    return text.encode("ascii") if text.isascii() else b"\xfe\xff" + text.encode("utf-16-be")
