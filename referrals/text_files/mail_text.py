"""A message as blocks: every header, and every part printed, listed or named.

In: the bytes of an `.eml` file. Out: a `WrittenForm` (RFC 5322, RFC 2045 to 2047). A message
that breaks the rules is read as far as it goes, as mail programs do. Nothing is fetched:
what a page would load from elsewhere is named.
"""

from __future__ import annotations

import codecs
import email
import email.policy
import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import Message

from referrals.errors import InputError
from referrals.text_files.account import Account, tally_of_text
from referrals.text_files.html_text import page_text
from referrals.text_files.mail_headers import (
    all_headers,
    file_name,
    header_text,
    header_values,
    parameter,
)
from referrals.text_files.text_encodings import decoded_text
from referrals.text_files.written_form import (
    Block,
    WrittenForm,
    guessed,
    own_text,
    preformatted,
    printable,
)
from stamping.notices import Notice, Severity
from stamping.values import Tally

FIRST = ("From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Date", "Subject", "Message-ID")
"""The headers that stand above the text, in this order; all stand behind it."""

_DEEPEST = 8
_MOST_PARTS = 2_000
_LONGEST_HEADER = 1_000
_LONGEST_NAME = 300
_PLAIN = ("text/plain", "text/html")
# Without the lists of the system, which differ from one machine to another.
_ENDINGS = mimetypes.MimeTypes(filenames=())


@dataclass(frozen=True, slots=True)
class _Readable:
    """The text of a part, the text that it holds by another count, and what was noticed."""

    text: str
    held: str
    notice: Notice | None = None
    remote: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass
class _Found:
    """What the parts of a message gave."""

    blocks: list[Block] = field(default_factory=list)
    attached: list[str] = field(default_factory=list)
    remote: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    parts: int = 0

    def show(self, title: str, text: str, held: str) -> None:
        """Show a text of the message below a title, empty where nothing stands before it."""
        part = f"part {self.parts}, {title}" if title else f"part {self.parts}"
        self.held[part] = self.held.get(part, "") + held
        if not text.strip():
            return
        if title:
            self.blocks.append(Block("heading", title, own=False))
        self.blocks += preformatted(text.strip("\n"), part)


def mail_form(content: bytes, name: str) -> WrittenForm:
    """Return the message `content`, which the record calls `name`.

    Raises:
        InputError: it holds no header, or more parts than a message has.
    """
    # The lenient policy: the other one refuses what mail programs show.
    message = email.message_from_bytes(_begun(content), policy=email.policy.compat32)
    if not message.keys():
        raise InputError(
            f"{name} holds no e-mail header.", remedy="Export the message again as .eml."
        )
    found = _Found()
    _part(message, found, 0)
    shown = found.blocks or [Block("preformatted", "(no text)", own=False)]
    headers = all_headers(message)
    blocks = [
        *shown,
        *_links(found.links),
        Block("heading", "All headers", own=False),
        *preformatted(headers, "headers"),
    ]
    return WrittenForm(
        "E-mail",
        tuple(_header(message, found)),
        tuple(blocks),
        tuple(_notices(found)),
        Account.of(_tallies(found, headers, blocks)),
    )


def _begun(content: bytes) -> bytes:
    """Return the message from its first header on, in bytes that extend ASCII."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = decoded_text(content).text.encode("utf-8")
    return content.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n")


def _header(message: Message, found: _Found) -> Iterator[tuple[str, str]]:
    for title in FIRST:
        yield from ((title, _short(text)) for text in header_values(message, title) if text)
    if found.attached:
        yield "Attachments", "; ".join(found.attached)
    if found.remote:
        yield "Not loaded", "; ".join(dict.fromkeys(found.remote))


def _short(text: str) -> str:
    """Return a header's text as it stands above the message; the whole stands behind it."""
    if len(text) <= _LONGEST_HEADER:
        return text
    return f"{text[:_LONGEST_HEADER]} … (whole under All headers)"


def _links(links: Sequence[tuple[str, str]]) -> Iterator[Block]:
    """Yield where links lead that do not say so themselves."""
    told = [(text, target) for text, target in dict.fromkeys(links) if text != target]
    if told:
        yield Block("heading", "Where links of the message lead", own=False)
        for text, target in told:
            line = f"{text}: {target}" if text else target
            yield from preformatted(printable(line), "", own=False)


def _notices(found: _Found) -> Iterator[Notice]:
    yield from found.notices
    if found.attached:
        yield Notice(
            Severity.NOTE,
            "mail-attachments",
            f"Attached to the message, in the original: {'; '.join(found.attached)}.",
        )
    if found.remote:
        yield Notice(
            Severity.NOTE,
            "remote-content",
            "The message would load content from elsewhere; it was not loaded, and is named.",
        )


def _tallies(found: _Found, headers: str, blocks: Sequence[Block]) -> Iterator[Tally]:
    yield tally_of_text(
        "headers", headers, own_text(block for block in blocks if block.part == "headers")
    )
    for part, held in found.held.items():
        yield tally_of_text(part, held, own_text(each for each in blocks if each.part == part))
    yield Tally("attachments", "", len(found.attached), 0, why="in the original, listed by name")
    yield Tally(
        "alternative forms",
        "",
        found.repeated,
        0,
        why="each says nothing that another form of the text does not say",
    )
    remote = len(dict.fromkeys(found.remote))
    yield Tally("remote contents", "", remote, 0, why="never loaded, named")


def _part(part: Message, found: _Found, depth: int) -> None:
    found.parts += 1
    if found.parts > _MOST_PARTS or depth > _DEEPEST:
        raise InputError(
            "The message has more parts, one in another, than can be shown.",
            remedy="Export its parts one by one.",
        )
    kind = part.get_content_type()
    children = _children(part)
    if kind == "message/rfc822" and children:
        _forwarded(part, children[0], found, depth)
    elif part.get_content_maintype() == "message" and children:
        _report(kind, children, found, depth)
    elif children:
        _many(part, kind, children, found, depth)
    elif part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment":
        _text(part, found)
    else:
        found.attached.append(_named(part, found.parts))


def _children(part: Message) -> list[Message]:
    if not part.is_multipart():
        return []
    return [each for each in part.get_payload() if isinstance(each, Message)]


def _many(part: Message, kind: str, children: list[Message], found: _Found, depth: int) -> None:
    around = [str(text) for text in (part.preamble, part.epilogue) if text and text.strip()]
    for text in around:
        outside = printable(header_text(text))
        found.show("Text outside the parts", outside, outside)
    if kind == "multipart/alternative":
        _alternatives(children, found, depth)
    else:
        for child in children:
            _part(child, found, depth + 1)


def _forwarded(part: Message, inner: Message, found: _Found, depth: int) -> None:
    if not inner.keys() and isinstance(packed := inner.get_payload(), str):
        # Encoded, against RFC 2046 § 5.2.1: mail programs decode it all the same.
        again = Message()
        again["Content-Transfer-Encoding"] = part.get("Content-Transfer-Encoding", "7bit")
        again.set_payload(packed)
        content = again.get_payload(decode=True)
        if isinstance(content, bytes):
            inner = email.message_from_bytes(content, policy=email.policy.compat32)
    subject = next(header_values(inner, "Subject"), "") or "without a subject"
    name = file_name(part)
    headers = all_headers(inner)
    title = f"Forwarded message: {subject}{f' ({name})' if name else ''}"
    found.show(title, headers, headers)
    _part(inner, found, depth + 1)


def _report(kind: str, children: Sequence[Message], found: _Found, depth: int) -> None:
    """Show what a mail server reports: groups of fields that look like headers (RFC 3464)."""
    for child in children:
        fields = all_headers(child)
        found.show(f"Report of the kind {kind}", fields, fields)
        if child.is_multipart() or str(child.get_payload()).strip():
            _part(child, found, depth + 1)


def _alternatives(children: Sequence[Message], found: _Found, depth: int) -> None:
    """Show the plain form, and each other form that says more than those shown."""
    said: list[str] = []
    for child in sorted(children, key=lambda child: child.get_content_type() != "text/plain"):
        if child.get_content_maintype() == "text" and not child.is_multipart():
            words = _readable(child, found.parts).text.split()
            if said and _says_nothing_more(words, said):
                found.parts += 1
                found.repeated += 1
                continue
            said += words
        _part(child, found, depth + 1)


def _says_nothing_more(words: Sequence[str], said: Sequence[str]) -> bool:
    """Whether all words stand in `said`, in this order."""
    left = iter(said)
    return all(word in left for word in words)


def _text(part: Message, found: _Found) -> None:
    read = _readable(part, found.parts)
    if read.notice is not None:
        found.notices.append(read.notice)
    found.remote += read.remote
    found.links += read.links
    kind, name = part.get_content_type(), file_name(part)
    title = ""
    if name:
        title = f"{name}, part {found.parts}"
        found.attached.append(_named(part, found.parts))
    elif found.blocks:
        told = "Text" if kind in _PLAIN else f"Part of the kind {kind}"
        title = f"{told}, part {found.parts}"
    found.show(title, read.text, read.held)


def _readable(part: Message, place: int) -> _Readable:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        text = printable(str(part.get_payload()))
        return _Readable(text, text)
    read = decoded_text(content, parameter(part, "charset"))
    notice = guessed(read.encoding, f"part {place}") if read.guessed else None
    if part.get_content_subtype() != "html":
        text = printable(read.text).expandtabs(8)
        return _Readable(text, text, notice)
    page = page_text(read.text)
    return _Readable(
        printable(page.text).expandtabs(8),
        printable(page.held),
        notice,
        tuple(printable(address) for address in page.remote),
        tuple((printable(text), printable(target)) for text, target in page.links),
    )


def _named(part: Message, place: int) -> str:
    kind = part.get_content_type()
    content = part.get_payload(decode=True)
    size = len(content) if isinstance(content, bytes) else 0
    name = file_name(part)
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_LONGEST_NAME]} … (a name of {len(name):,} characters)"
    if not name and kind in ("application/pkcs7-signature", "application/pgp-signature"):
        name = "a signature"
    if not name:
        ending = _ENDINGS.guess_extension(kind) or ""
        name = f"part {place}{ending}, named by nobody"
    return f"{name} ({printable(kind)}, {size:,} bytes)"
