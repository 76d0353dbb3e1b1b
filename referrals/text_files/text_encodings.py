"""Bytes of a text as letters: by what is declared, by what is certain, by a guess that is told.

In: bytes and the label that came with them, if any. Out: a `DecodedText`. Labels mean what
mail programs and browsers take them for (WHATWG Encoding Standard § 4.2): `gb2312` is read
as GB 18030, `iso-8859-1` as windows-1252. Nothing is ever refused, and nothing guessed in
silence.
"""

from __future__ import annotations

import codecs
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
# One zero byte in this many says that two bytes make a letter.
_ZEROS = 8
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
    if any(escape in content for escape in (b"\x1b$B", b"\x1b$@")):
        text = _strictly(content, "iso2022_jp")
        if text is not None:
            return DecodedText(text, "iso2022_jp", guessed=True)
    text = None if _has_wide_letters(content) else _strictly(content, "utf-8")
    if text is not None:
        # ASCII is UTF-8 and nearly every other encoding as well.
        return DecodedText(text, "utf-8", guessed=bool(label) and not content.isascii())
    return _guessed(content)


def _guessed(content: bytes) -> DecodedText:
    wide = _wide_codec(content)
    text = _strictly(content, wide) if wide else None
    if text is not None:
        return DecodedText(text, wide, guessed=True)
    if sum(byte > 127 for byte in content[:_SAMPLE]) >= _TELLING:
        best = from_bytes(content[:_SAMPLE], cp_isolation=_LIKELY).best()
        text = _strictly(content, best.encoding) if best is not None else None
        if best is not None and text is not None:
            return DecodedText(text, best.encoding, guessed=True)
    return DecodedText(_windows_1252(content), _LAST_RESORT, guessed=True)


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


def _has_wide_letters(content: bytes) -> bool:
    return content.count(b"\0") * _ZEROS > len(content)


def _wide_codec(content: bytes) -> str:
    """Return which UTF-16 a text without a mark is in, by where its zero bytes stand."""
    if len(content) % 2 or not _has_wide_letters(content):
        return ""
    even, odd = content[0::2].count(0), content[1::2].count(0)
    return "utf-16-le" if odd > even else "utf-16-be"
