"""The headers of a message as a reader sees them, whatever breaks the rules in them.

In: header values as they were sent (RFC 5322, RFC 2047, RFC 2231). Out: text. What no rule
decodes stays as it was sent; nothing is raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value

from referrals.text_files.text_encodings import decoded_text
from referrals.text_files.written_form import printable


def header_values(message: Message, title: str) -> Iterator[str]:
    """Yield the values of every header of a name, each on one line."""
    for key, value in message.raw_items():
        if key.lower() == title.lower():
            yield printable(" ".join(header_text(value).split()))


def all_headers(message: Message) -> str:
    """Return every header in its order, a line or more each."""
    items = (f"{key}: {header_text(value)}" for key, value in message.raw_items())
    return printable("\n".join(items))


def header_text(value: object) -> str:
    """Return a header's words decoded."""
    text = str(value)
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError):
        return _unescaped(text)
    words = []
    for piece, label in pieces:
        if isinstance(piece, bytes):
            words.append(decoded_text(piece, label or "").text)
        else:
            words.append(_unescaped(piece))
    return "".join(words)


def parameter(message: Message, name: str) -> str:
    """Return a parameter of the content type, empty where there is none."""
    try:
        value = message.get_param(name)
        return collapse_rfc2231_value(value) if value else ""
    except (ValueError, LookupError, TypeError, IndexError):
        return ""


def file_name(message: Message) -> str:
    """Return the name of the file that a part is, empty where it has none."""
    try:
        given = message.get_filename() or ""
    except (ValueError, LookupError, TypeError, IndexError):
        return ""
    return printable(" ".join(header_text(given).split()))


def _unescaped(text: str) -> str:
    """Return what was sent as bytes beyond ASCII, which Python keeps as surrogates."""
    try:
        content = text.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        content = text.encode("utf-8", "surrogateescape")
    return text if content.isascii() else decoded_text(content).text
