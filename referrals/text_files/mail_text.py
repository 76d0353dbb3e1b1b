"""A message as blocks: every header, and every part printed, listed or named.

In: the bytes of an `.eml` file. Out: a `WrittenForm` (RFC 5322, RFC 2045 to 2047). A message
that breaks the rules is read as far as it goes, as mail programs do. Nothing is fetched:
what a page would load from elsewhere is named.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message

from lxml import html as lxml_html
from lxml.etree import ParserError

from referrals.errors import InputError
from referrals.text_files.text_encodings import decoded_text
from referrals.text_files.written_form import (
    Account,
    Block,
    WrittenForm,
    guessed,
    ink,
    preformatted,
    printable,
)
from stamping.notices import Notice, Severity

FIRST = ("From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Date", "Subject", "Message-ID")
"""The headers that stand above the text, in this order; all stand behind it."""

_DEEPEST = 8
_MOST_PARTS = 2_000
_LINES = frozenset(
    {"p", "div", "br", "li", "tr", "table", "ul", "ol", "blockquote", "pre", "hr", "section"}
) | {f"h{level}" for level in range(1, 7)}
_SILENT = frozenset({"script", "style", "head", "title", "template"})
_STRUCK = ("del", "s", "strike")
_OPENED = {"sup": "^(", "sub": "_("} | dict.fromkeys(_STRUCK, "[struck through: ")
_CLOSED = {"sup": ")", "sub": ")"} | dict.fromkeys(_STRUCK, "]")
"""How what changes the meaning of letters is written in plain text."""

_LONGEST_HEADER = 1_000
_LOADING = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)


@dataclass
class _Found:
    """What the parts of a message gave."""

    blocks: list[Block] = field(default_factory=list)
    attached: list[str] = field(default_factory=list)
    remote: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    parts: int = 0
    held: int = 0


def mail_form(content: bytes, name: str) -> WrittenForm:
    """Return the message `content`, which the record calls `name`.

    Raises:
        InputError: it holds no header, or more parts than a message has.
    """
    # The lenient policy: the other one refuses what mail programs show.
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    if not message.keys():
        raise InputError(
            f"{name} holds no e-mail header.", remedy="Export the message again as .eml."
        )
    found = _Found()
    _part(message, found, 0)
    header = [(title, _short(text)) for title in FIRST for text in _values(message, title) if text]
    if found.attached:
        header.append(("Attachments", "; ".join(found.attached)))
    if found.remote:
        header.append(("Not loaded", "; ".join(dict.fromkeys(found.remote))))
    blocks = found.blocks or [Block("preformatted", "(no text)")]
    raw = "\n".join(f"{key}: {_header_text(value)}" for key, value in message.raw_items())
    blocks = [*blocks, Block("heading", "All headers"), *preformatted(printable(raw))]
    if found.attached:
        found.notices.append(
            Notice(
                Severity.NOTE,
                "mail-attachments",
                f"Attached to the message, in the original: {'; '.join(found.attached)}.",
            )
        )
    shown = sum(ink(block.text) for block in found.blocks)
    return WrittenForm(
        "E-mail",
        tuple(header),
        tuple(blocks),
        tuple(found.notices),
        Account(found.held, min(shown, found.held)),
    )


def _short(text: str) -> str:
    """Return a header's text as it stands above the message; the whole stands behind it."""
    if len(text) <= _LONGEST_HEADER:
        return text
    return f"{text[:_LONGEST_HEADER]} … (whole under All headers)"


def _part(part: Message, found: _Found, depth: int) -> None:
    found.parts += 1
    if found.parts > _MOST_PARTS or depth > _DEEPEST:
        raise InputError(
            "The message has more parts, one in another, than can be shown.",
            remedy="Export its parts one by one.",
        )
    kind = part.get_content_type()
    if kind == "message/rfc822" and part.is_multipart():
        inner = part.get_payload(0)
        if isinstance(inner, Message):
            _forwarded(inner, found, depth)
        return
    if part.is_multipart():
        children = [each for each in part.get_payload() if isinstance(each, Message)]
        if kind == "multipart/alternative":
            _alternatives(children, found, depth)
        else:
            for child in children:
                _part(child, found, depth + 1)
        return
    if part.get_content_maintype() == "text" and not _is_attached(part):
        _text(part, found)
        return
    found.attached.append(_named(part))


def _forwarded(inner: Message, found: _Found, depth: int) -> None:
    subject = next(iter(_values(inner, "Subject")), "") or "without a subject"
    found.blocks.append(Block("heading", f"Forwarded message: {subject}"))
    raw = "\n".join(f"{key}: {_header_text(value)}" for key, value in inner.raw_items())
    found.held += ink(printable(raw))
    found.blocks += preformatted(printable(raw))
    _part(inner, found, depth + 1)


def _alternatives(children: list[Message], found: _Found, depth: int) -> None:
    """Show the plain form, and each other form that says more than those shown."""
    said: set[str] = set()
    plain_first = sorted(children, key=lambda child: child.get_content_type() != "text/plain")
    for child in plain_first:
        if child.get_content_maintype() == "text" and not _is_attached(child):
            text, _ = _readable(child, _Found())
            words = set(text.split())
            if said and words <= said:
                continue
            said |= words
        _part(child, found, depth + 1)


def _text(part: Message, found: _Found) -> None:
    text, notice = _readable(part, found)
    if notice is not None:
        found.notices.append(notice)
    text = text.strip("\n")
    if not text.strip():
        return
    found.held += ink(text)
    kind = part.get_content_type()
    if found.blocks:
        told = "Text" if kind in ("text/plain", "text/html") else f"Part of the kind {kind}"
        found.blocks.append(Block("heading", f"{told}, part {found.parts}"))
    found.blocks += preformatted(text)


def _readable(part: Message, found: _Found) -> tuple[str, Notice | None]:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return printable(str(part.get_payload())), None
    label = str(part.get_param("charset") or "")
    read = decoded_text(content, label)
    notice = guessed(read.encoding, f"part {found.parts}") if read.guessed else None
    text = read.text
    if part.get_content_subtype() == "html":
        text = _text_of_html(text, found)
    return printable(text).expandtabs(8), notice


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _named(part: Message) -> str:
    kind = part.get_content_type()
    content = part.get_payload(decode=True)
    size = len(content) if isinstance(content, bytes) else 0
    name = _header_text(part.get_filename() or "").strip()
    if not name and kind in ("application/pkcs7-signature", "application/pgp-signature"):
        name = "a signature"
    return f"{printable(name) or 'without a name'} ({kind}, {size:,} bytes)"


def _values(message: Message, title: str) -> Iterator[str]:
    for key, value in message.raw_items():
        if key.lower() == title.lower():
            yield printable(" ".join(_header_text(value).split()))


def _header_text(value: object) -> str:
    """Return a header's words decoded; what no rule decodes stays as it was sent."""
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


def _unescaped(text: str) -> str:
    """Return what was sent as bytes beyond ASCII, which Python keeps as surrogates."""
    if text.isprintable():
        return text
    return decoded_text(text.encode("utf-8", "surrogateescape")).text


def _text_of_html(markup: str, found: _Found) -> str:
    """Return the text of a page in its order, its cells apart, and note what it would load."""
    try:
        root = lxml_html.document_fromstring(markup)
    except (ParserError, ValueError):
        return "" if not markup.strip() else markup
    lines = [""]
    for event, element in _walk(root):
        # A comment has no name and says nothing, but text may follow it.
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag:
            lines[-1] += (element.tail or "") if event == "end" else ""
            continue
        if event == "start":
            for key in ("src", "background", "data", "poster"):
                if _LOADING.match(element.get(key, "")):
                    found.remote.append(printable(element.get(key, "")))
            if tag in _LINES:
                lines.append("")
            elif tag in ("td", "th"):
                lines[-1] += "\t"
            elif tag == "img" and element.get("alt"):
                lines[-1] += f"[{element.get('alt')}]"
            lines[-1] += _OPENED.get(tag, "") + (element.text or "")
        else:
            lines[-1] += _CLOSED.get(tag, "")
            if tag in _LINES - {"br"}:
                lines.append("")
            lines[-1] += element.tail or ""
    texts = ("\t".join(" ".join(cell.split()) for cell in line.split("\t")) for line in lines)
    kept: list[str] = []
    for text in (each.strip() for each in texts):
        if text or (kept and kept[-1]):
            kept.append(text)
    return "\n".join(kept).strip()


def _walk(root: lxml_html.HtmlElement) -> Iterator[tuple[str, lxml_html.HtmlElement]]:
    stack: list[tuple[str, lxml_html.HtmlElement]] = [("start", root)]
    while stack:
        event, element = stack.pop()
        if event == "start" and element.tag in _SILENT:
            stack.append(("end", element))
            continue
        yield event, element
        if event == "start":
            stack.append(("end", element))
            stack.extend(("start", child) for child in reversed(element))
