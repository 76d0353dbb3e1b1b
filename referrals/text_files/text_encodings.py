"""Bytes of a text as letters: by what is declared, by what is certain, by a guess that is told.

In: bytes and the label that came with them, if any. Out: a `DecodedText`. Labels mean what
mail programs and browsers take them for (WHATWG Encoding Standard § 4.2): `gb2312` is read
as GB 18030, `iso-8859-1` as windows-1252. Nothing is ever refused, and nothing guessed in
silence.
"""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass

import webencodings
from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LAST_RESORT = "cp1252"
# What a file without a label may be in; of rare encodings any bytes seem to make words.
_LIKELY = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp874"),
    *("cp932", "euc_jp", "iso2022_jp", "cp949", "gb18030", "big5", "koi8_r", "cp437", "mac_roman"),
]
# Fewer bytes beyond ASCII than these tell nothing of a language.
_TELLING = 4
# What no plain text holds; one byte in this many says that several bytes make a letter.
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")
_CONTROL_SHARE = 8
_ASCII_SHARE = 0.85
_NO_TEXT = frozenset({"Cc", "Cn", "Co", "Cs"})
_ESCAPES = {b"\x1b$B": "iso2022_jp", b"\x1b$@": "iso2022_jp", b"\x1b$)C": "iso2022_kr"}
_SAMPLE = 200_000


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text, its encoding, and whether that was guessed."""

    text: str
    encoding: str
    guessed: bool


def decoded_text(content: bytes, label: str = "") -> DecodedText:
    """Return the text of `content`; `label` is the encoding that its sender names."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            text = _strictly(content, encoding)
            if text is not None:
                return DecodedText(text.removeprefix("\ufeff"), encoding.upper(), guessed=False)
    declared = _codec(label)
    text = _strictly(content, declared) if declared else None
    if text is not None:
        return DecodedText(text, declared, guessed=False)
    for escape, encoding in _ESCAPES.items():
        text = _strictly(content, encoding) if escape in content else None
        if text is not None:
            return DecodedText(text, encoding, guessed=True)
    return _told_by_nobody(content, declared=bool(label))


def _told_by_nobody(content: bytes, *, declared: bool) -> DecodedText:
    sample = content[:_SAMPLE]
    controls = sum(sample.count(byte) for byte in _CONTROLS)
    odd = controls * _CONTROL_SHARE > len(sample)
    plain = _strictly(content, "utf-8")
    if odd or (plain is None and controls and _is_hardly_ascii(sample)):
        wide = _wide(content)
        if wide is not None:
            return wide
    if plain is not None:
        # ASCII is UTF-8 and nearly every other encoding as well.
        return DecodedText(plain, "utf-8", guessed=odd or (declared and not content.isascii()))
    if sum(byte > 127 for byte in sample) >= _TELLING:
        best = from_bytes(sample, cp_isolation=_LIKELY).best()
        text = _strictly(content, best.encoding) if best is not None else None
        if best is not None and text is not None:
            return DecodedText(text, best.encoding, guessed=True)
    return DecodedText(_windows_1252(content), _LAST_RESORT, guessed=True)


def _wide(content: bytes) -> DecodedText | None:
    """Return a text of letters of two or four bytes, as the one that mixes the fewest scripts."""
    found: list[tuple[int, int, str, str]] = []
    for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        text = _strictly(content, encoding)
        if text and not any(unicodedata.category(each) in _NO_TEXT for each in _unbroken(text)):
            usual = sum(each.isascii() for each in text)
            found.append((len(_scripts(text[:_SAMPLE])), -usual, encoding, text))
    if not found:
        return None
    _, _, encoding, text = min(found, key=lambda each: each[:2])
    return DecodedText(text, encoding, guessed=True)


def _scripts(text: str) -> set[str]:
    """Return the first words of the names of letters, which are those of their scripts."""
    return {unicodedata.name(each, "").partition(" ")[0] for each in set(text) if each.isalpha()}


def _unbroken(text: str) -> str:
    return "".join(text.split())


def _is_hardly_ascii(sample: bytes) -> bool:
    return sum(32 <= byte < 127 for byte in sample) < _ASCII_SHARE * len(sample)


def _codec(label: str) -> str:
    """Return the codec that a label means; empty where it means none."""
    if not label or label.strip().lower() in ("us-ascii", "ascii"):
        # What is not ASCII in it was not declared at all.
        return ""
    known = webencodings.lookup(label.strip().strip("\"'"))
    name = known.name if known is not None else label.strip()
    if name in ("gbk", "gb18030"):
        return "gb18030"
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return codecs.lookup(known.codec_info.name).name if known is not None else ""


def _strictly(content: bytes, encoding: str) -> str | None:
    if encoding == _LAST_RESORT:
        return _windows_1252(content)
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _windows_1252(content: bytes) -> str:
    """Return the text with the five bytes that Python leaves out as the standard has them."""
    return (
        "".join(bytes([byte]).decode(_LAST_RESORT, "ignore") or chr(byte) for byte in content)
        if any(byte in content for byte in b"\x81\x8d\x8f\x90\x9d")
        else content.decode(_LAST_RESORT)
    )
