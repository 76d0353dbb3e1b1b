"""Every text that a file's bytes hold, whether or not a reader would show it.

In: bytes of any file. Out: texts, each with where it stands. Of a PDF all objects
are read as they lie in the file, so that earlier revisions and what nothing refers
to are among them; streams are unpacked, attachments and archives looked into. Of
pictures coded as JPEG or JPEG 2000, of colour profiles and fonts the readable runs
are taken; the pixels of other pictures hold no text and are passed over. Repairs
nothing and follows no cross-reference.
"""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stamping.pages.carried_texts import carried_texts

Piece = tuple[str, str]
"""What holds a text, and the text."""

DEEPEST = 4
"""Archives within attachments within archives; what lies deeper is not looked into."""

_MOST_BYTES = 512 * 1024**2
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_END = re.compile(rb"\s*endstream")
_LENGTH = re.compile(rb"/Length\s+(\d+)(?!\s+\d+\s+R)")
_FILTERS = re.compile(rb"/(FlateDecode|Fl|ASCIIHexDecode|AHx|ASCII85Decode|A85)(?![A-Za-z0-9])")
_NO_TEXT = re.compile(rb"/Type\s*/XRef|/FunctionType")
_PIXELS = re.compile(rb"/Subtype\s*/Image(?![A-Za-z0-9])")
_CODED = re.compile(rb"/(?:DCTDecode|DCT|JPXDecode)(?![A-Za-z0-9])")
_FONT = re.compile(rb"/Subtype\s*/(?:Type1C|CIDFontType0C|OpenType)(?![A-Za-z0-9])|/Length1\s")
_PROFILE = b"acsp"
_INNER = rb"(?:\\.|[^\\()])"
_NESTED = rb"\((?:" + _INNER + rb"|\((?:" + _INNER + rb"|\((?:" + _INNER + rb")*\))*\))*\)"
_TOKEN = re.compile(
    rb"(?P<name>/[^\s/<>\[\](){}%]+)|(?P<literal>" + _NESTED + rb")"
    rb"|<(?P<hex>[0-9A-Fa-f\s]+)>(?!>)",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_SHOWN = re.compile(rb"(?:Tj|TJ|'|\")(?:\s|$)")
_PLACES = {
    "Alt": "an alternative text",
    "ActualText": "a replacement text",
    "E": "the expansion of an abbreviation",
    "Title": "a title or bookmark",
    "T": "a title or field name",
    "Contents": "an annotation",
    "RC": "an annotation",
    "V": "a form value",
    "DV": "a form value",
    "F": "an attachment's name",
    "UF": "an attachment's name",
    "Desc": "an attachment's description",
    "Author": "the document information",
    "Subject": "the document information",
    "Keywords": "the document information",
    "URI": "a link",
}


@dataclass(frozen=True, slots=True)
class ByteText:
    """Texts that lie together; `joined` where they follow one another as one text.

    `on_page` says that the text may be drawn on a page.
    """

    pieces: tuple[Piece, ...]
    joined: bool = False
    on_page: bool = False

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(text for _, text in self.pieces)

    def place(self, test: Callable[[str], bool]) -> str:
        """Return what holds the text that meets `test`, empty where none does."""
        for place, text in self.pieces:
            if test(text):
                return place
        return self.pieces[0][0] if self.joined and test(self.text) else ""


def byte_texts(content: bytes, where: str = "", depth: int = 0) -> Iterator[ByteText]:
    """Yield the texts of a file's bytes; `where` names the file if it is in another."""
    if depth > DEEPEST:
        return
    if content.startswith(b"PK\x03\x04"):
        yield from _archive(content, where, depth)
    elif b"%PDF-" in content[:1024]:
        yield from _pdf(content, where, depth)
    else:
        yield _plain(content, where or "the file")


def _archive(content: bytes, where: str, depth: int) -> Iterator[ByteText]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield ByteText(tuple(("a name in an archive", name) for name in archive.namelist()))
            for entry in archive.infolist():
                if entry.file_size <= _MOST_BYTES:
                    within = where or "a file in an archive"
                    yield from byte_texts(archive.read(entry), within, depth + 1)
    except (zipfile.BadZipFile, RuntimeError, zlib.error):
        yield _plain(content, where or "an archive")


def _plain(content: bytes, where: str) -> ByteText:
    texts = [content.decode("utf-8", "replace"), content.decode("latin-1")]
    if b"\x00" in content:
        texts += [content.decode(coding, "replace") for coding in ("utf-16-le", "utf-16-be")]
    if b"<" in content:
        texts.append(html.unescape(re.sub(r"<[^>]*>", "", texts[0])))
    return ByteText(tuple((where, text) for text in texts))


def _pdf(content: bytes, where: str, depth: int) -> Iterator[ByteText]:
    begun = 0
    while found := _STREAM.search(content, begun):
        before = content[begun : found.start()]
        yield from _objects(before, where)
        entries = before[max(0, before.rfind(b" obj")) :]
        end = _stream_end(content, found.end(), entries)
        yield from _stream(entries, content[found.end() : end], where, depth)
        begun = end
    yield from _objects(content[begun:], where)


def _stream_end(content: bytes, start: int, entries: bytes) -> int:
    """Return where a stream's data ends: where its length says so, else at its end mark."""
    length = _LENGTH.search(entries)
    if length and _END.match(content, start + int(length.group(1))):
        return start + int(length.group(1))
    end = content.find(b"endstream", start)
    return len(content) if end < 0 else end


def _stream(entries: bytes, data: bytes, where: str, depth: int) -> Iterator[ByteText]:
    if _NO_TEXT.search(entries):
        return
    if _PIXELS.search(entries) and not _CODED.search(entries):
        return
    content = _unpacked(data, _FILTERS.findall(entries))
    if held := _besides_text(entries, content):
        yield ByteText(tuple((where or held, text) for text in carried_texts(content)))
        return
    if re.search(rb"/Type\s*/ObjStm", entries):
        yield from _objects(content, where)
    elif re.search(rb"/Type\s*/EmbeddedFile", entries) or content.startswith((b"%PDF-", b"PK\3\4")):
        yield from byte_texts(content, "an attachment", depth + 1)
    elif re.search(rb"/Type\s*/Metadata", entries) or content.lstrip().startswith(b"<"):
        yield _plain(content, where or "the metadata")
    elif b"begincmap" not in content:
        drawn = _SHOWN.search(content) is not None
        strings = tuple(
            (where or ("the content of a page" if drawn else place), text)
            for place, text in _strings(content)
        )
        yield ByteText(strings, joined=True, on_page=True)
        # A stream of another kind, and remarks within content.
        yield ByteText(
            ((where or "the content of a page", content.decode("latin-1")),), on_page=True
        )


def _besides_text(entries: bytes, content: bytes) -> str:
    """Return what a stream is whose bytes are no text but may carry some, empty for others."""
    if _CODED.search(entries):
        return "the data of a picture"
    if _FONT.search(entries):
        return "the data of a font"
    return "the data of a colour profile" if content[36:40] == _PROFILE else ""


def _objects(content: bytes, where: str) -> Iterator[ByteText]:
    pieces = tuple((where or place, text) for place, text in _strings(content))
    yield ByteText((*pieces, (where or "the file's bytes", content.decode("latin-1"))))


def _unpacked(data: bytes, filters: list[bytes]) -> bytes:
    for name in filters:
        try:
            if name in (b"FlateDecode", b"Fl"):
                data = zlib.decompressobj().decompress(data, _MOST_BYTES)
            elif name in (b"ASCIIHexDecode", b"AHx"):
                data = binascii.unhexlify(re.sub(rb"[\s>]", b"", data))
            else:
                data = base64.a85decode(data.strip().removesuffix(b"~>"))
        except (zlib.error, ValueError):
            return data
    return data


def _strings(content: bytes) -> Iterator[Piece]:
    """Yield every string and name, with the place that the name before it stands for."""
    place = "the file's bytes"
    for token in _TOKEN.finditer(content):
        if name := token.group("name"):
            key = re.sub(
                rb"#([0-9A-Fa-f]{2})", lambda code: binascii.unhexlify(code[1]), name[1:]
            ).decode("utf-8", "replace")
            place = _PLACES.get(key, "an object of the file")
            yield "a name", key
        elif (literal := token.group("literal")) is not None:
            yield place, _text(_ESCAPE.sub(_unescaped, literal[1:-1]))
        else:
            digits = re.sub(rb"\s", b"", token.group("hex"))
            yield place, _text(binascii.unhexlify(digits + b"0" * (len(digits) % 2)))


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found.group(1)
    if code[:1] in b"01234567":
        return bytes([int(code, 8) & 255])
    return b"" if code in (b"\n", b"\r", b"\r\n") else _ESCAPED.get(code, code)


def _text(string: bytes) -> str:
    """Return a text string by its mark (ISO 32000-2 § 7.9.2.2)."""
    if string.startswith(b"\xfe\xff"):
        return string[2:].decode("utf-16-be", "replace")
    if string.startswith(b"\xff\xfe"):
        return string[2:].decode("utf-16-le", "replace")
    if string.startswith(b"\xef\xbb\xbf"):
        return string[3:].decode("utf-8", "replace")
    return string.decode("latin-1")
