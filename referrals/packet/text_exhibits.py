"""Exhibits that are text: `.txt`, `.eml` and `.docx` as pages.

In: the bytes of the original. Out: a `WrittenForm`, its parts as plain values
for one template. The pages are a rendition and say so: the original goes with
the delivery, byte for byte.
"""

from __future__ import annotations

import email
import email.policy
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from referrals.errors import InputError

TEXT_SUFFIXES = frozenset({".txt", ".log", ".md"})
WRITTEN_SUFFIXES = TEXT_SUFFIXES | {".eml", ".docx"}


@dataclass(frozen=True, slots=True)
class Block:
    """A run of the text: `kind` is heading, paragraph, preformatted or table."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """A text as its template prints it: what it is, its header lines, its blocks."""

    kind: str
    header: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """All that it says, without its order."""
        cells = [cell for block in self.blocks for row in block.rows for cell in row]
        words = [block.text for block in self.blocks]
        return "\n".join((*(text for _, text in self.header), *words, *cells))


def written_form(path: Path, name: str) -> WrittenForm:
    """Return the text of the file at `path`, which the record calls `name`.

    Raises:
        InputError: the file cannot be read as what its name says.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".docx":
        return _word(path, name)
    if suffix == ".eml":
        return _mail(path.read_bytes(), name)
    return WrittenForm("Text file", (), (Block("preformatted", _decoded(path.read_bytes(), name)),))


def _decoded(content: bytes, name: str) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if b"\0" in content:
            raise InputError(
                f"{name} is called a text file and holds other data.",
                remedy="Give the file the ending of what it is, or export it again as text.",
            ) from None
        text = content.decode("cp1252", errors="replace")
    return _printable(text).expandtabs(8)


def _printable(text: str) -> str:
    """Drop the control characters that no page can show."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return "".join(character for character in text if character in "\n\t" or character >= " ")


def _mail(content: bytes, name: str) -> WrittenForm:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    if not message.keys():
        raise InputError(
            f"{name} holds no e-mail header.", remedy="Export the message again as .eml."
        )
    header = [
        (field, _printable(str(message[field])))
        for field in ("From", "To", "Cc", "Date", "Subject", "Message-ID")
        if message[field]
    ]
    attached = [part.get_filename() or "without a name" for part in message.iter_attachments()]
    if attached:
        header.append(("Attachments", ", ".join(attached) + " (in the original file)"))
    body = message.get_body(preferencelist=("plain", "html"))
    text = _printable(str(body.get_content())) if isinstance(body, EmailMessage) else ""
    if isinstance(body, EmailMessage) and body.get_content_subtype() == "html":
        text = _text_of_html(text)
    return WrittenForm("E-mail", tuple(header), (Block("preformatted", text.strip() or "(empty)"),))


def _text_of_html(markup: str) -> str:
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.lines = [""]
            self.silent = 0

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.silent += tag in ("script", "style")
            if tag in ("p", "div", "br", "li", "tr", "h1", "h2", "h3"):
                self.lines.append("")

        def handle_endtag(self, tag: str) -> None:
            self.silent -= tag in ("script", "style")

        def handle_data(self, data: str) -> None:
            if not self.silent:
                self.lines[-1] += data

    reader = Reader()
    reader.feed(markup)
    return "\n".join(" ".join(line.split()) for line in reader.lines)


def _word(path: Path, name: str) -> WrittenForm:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with path.open("rb") as stream:
            document = docx.Document(stream)
            blocks = tuple(_word_blocks(document))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise InputError(
            f"{name} cannot be read as a Word document.",
            remedy="Open it in Word, save it again as .docx, and take it in again.",
        ) from error
    return WrittenForm("Word document", (), blocks or (Block("paragraph", "(empty)"),))


def _word_blocks(document: object) -> Iterator[Block]:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    for item in document.iter_inner_content():  # type: ignore[attr-defined]  # python-docx has no types
        if isinstance(item, Paragraph) and item.text.strip():
            style = (item.style.name or "") if item.style else ""
            heading = style.startswith(("Heading", "Title"))
            yield Block("heading" if heading else "paragraph", _printable(item.text))
        elif isinstance(item, Table):
            rows = tuple(tuple(_printable(cell.text) for cell in row.cells) for row in item.rows)
            yield Block("table", rows=rows)
