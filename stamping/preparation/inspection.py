"""Open a PDF with care and say what it is.

In: a path and limits. Out: an open pikepdf document whose page tree and streams
have been checked against the limits, and notices of damage, encryption,
signatures, XFA, portfolios and hidden layers. Changes nothing; knows nothing of
stamps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectSet, Pdf, Stream
from pikepdf.settings import set_qpdf_limits

from stamping.errors import UnreadableInputError
from stamping.notice_codes import notice
from stamping.notices import Notice
from stamping.preparation.pdfium_reader import pages_by_second_reader
from stamping.values import Limits, Signature

# Deflate cannot grow data by more than this (zlib, "Maximum Compression Factor").
DEFLATE_FACTOR = 1032
_UINT32_MAX = 2**32 - 1
_TAIL = 2048
# What the library warns of without anything being lost or guessed.
_HARMLESS = re.compile(
    r"reported number of objects|Resources is missing|handled correctly|extraneous whitespace"
    r"|invalid /Type entry|carriage return only|duplicated key /PageMode",
)
# What the library says of a page tree that loops or nests without end.
_ENDLESS = re.compile(r"loop detected|too deeply nested", re.IGNORECASE)
_COMPRESSED = frozenset({"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"})


_COPIED = (
    "The PDF is damaged; its pages were copied one by one, and nothing else of it could be kept."
)


class RefusedInputError(UnreadableInputError):
    """No page can be made of a file; `notice` says why and what to do."""

    def __init__(self, reason: Notice, source: Path) -> None:
        super().__init__(reason.message, source=source, remedy=reason.remedy)
        self.notice = reason


def refuse(source: Path, code: str, message: str) -> RefusedInputError:
    """Return the error that refuses `source` with the notice `code`."""
    return RefusedInputError(notice(code, message), source)


@contextmanager
def bounded_decoding(limits: Limits) -> Iterator[None]:
    """Hold every decoder of the PDF library to a share of the memory limit."""
    share = min(stream_limit(limits), _UINT32_MAX)
    previous = set_qpdf_limits(
        flate_max_memory=share,
        dct_max_memory=share,
        png_max_memory=share,
        run_length_max_memory=share,
        tiff_max_memory=share,
    )
    try:
        yield
    finally:
        set_qpdf_limits(**previous)  # type: ignore[arg-type]  # as its documentation shows


def stream_limit(limits: Limits) -> int:
    """Return how many bytes one stream may unpack to."""
    return limits.memory_bytes // 4


def open_pdf(source: Path, limits: Limits) -> tuple[Pdf, list[Notice]]:
    """Open `source` and return it with what was noticed; the caller closes it.

    Raises:
        RefusedInputError: it cannot be opened, or exceeds a limit.
    """
    notices: list[Notice] = []
    pdf = _open(source, notices)
    try:
        count = len(pdf.pages)
        if count == 0:
            raise refuse(source, "no-pages", "The PDF has no page.")
        if count > limits.pages:
            raise refuse(
                source,
                "too-many-pages",
                f"The PDF has {count:,} pages; the limit is {limits.pages:,}.",
            )
        if _is_dynamic_xfa(pdf):
            raise refuse(
                source,
                "xfa-dynamic",
                "The PDF is a dynamic XFA form; the only page in it asks for another program.",
            )
        repaired = repairs(pdf, source)
        if repaired:
            notices.append(repaired)
        if pdf.is_encrypted:
            notices.append(
                notice(
                    "decrypted",
                    "The PDF opens without a password but restricts "
                    f"{_restrictions(pdf)}; the rendition carries no restriction.",
                )
            )
    except RefusedInputError:
        pdf.close()
        raise
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError) as error:
        pdf.close()
        raise refuse(
            source, "damaged", f"The PDF's page tree cannot be read ({_reason(error, source)})."
        ) from error
    return pdf, notices


def repairs(pdf: Pdf, source: Path) -> Notice | None:
    """Return what the library has mended since it was last asked; None where nothing."""
    warnings = [text for text in map(str, pdf.get_warnings()) if not _HARMLESS.search(text)]
    return notice("repaired", _repair_message(source, len(warnings))) if warnings else None


def open_by_second_reader(source: Path, limits: Limits) -> tuple[Pdf, list[Notice]]:
    """Open the pages that the second reader finds; the caller closes it.

    Raises:
        RefusedInputError: it finds none, or more than the limit.
    """
    pages = pages_by_second_reader(source)
    if pages is None or not 0 < len(pages.pages) <= limits.pages:
        raise refuse(source, "damaged", "No other reader finds the pages of the PDF.")
    return pages, [notice("repaired", _COPIED)]


def _open(source: Path, notices: list[Notice]) -> Pdf:
    """Open with the library, else take the pages from a second reader that opens the file."""
    try:
        return Pdf.open(source)
    except pikepdf.PasswordError as error:
        pages = pages_by_second_reader(source)
        if pages is None:
            raise refuse(
                source, "encrypted", "The PDF opens only with a password, and none was given."
            ) from error
        notices.append(
            notice(
                "partly-encrypted",
                "The PDF's pages open without a password; files inside it do not.",
            )
        )
        return pages
    except pikepdf.PikepdfError as error:
        reason = _reason(error, source)
        if _ENDLESS.search(reason):
            raise refuse(source, "too-deep", f"The PDF cannot be opened ({reason}).") from error
        pages = pages_by_second_reader(source)
        if pages is not None:
            notices.append(notice("repaired", _COPIED))
            return pages
        if not _has_end(source):
            raise refuse(
                source, "truncated", "The PDF ends too early: its end marker (%%EOF) is missing."
            ) from error
        raise refuse(source, "damaged", f"The PDF cannot be opened ({reason}).") from error


def _reason(error: Exception, source: Path) -> str:
    """Return the library's words without the path, which would differ by machine."""
    text = str(error).replace(str(source), "").strip(" :\n")
    return text.splitlines()[0][:200] if text else type(error).__name__


def _has_end(source: Path) -> bool:
    with source.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - _TAIL))
        return b"%%EOF" in stream.read()


def _repair_message(source: Path, count: int) -> str:
    times = "one place" if count == 1 else f"{count:,} places"
    if _has_end(source):
        return f"The PDF was damaged in {times} and has been repaired."
    return f"The PDF ends too early and was repaired in {times}; pages may be missing."


def _restrictions(pdf: Pdf) -> str:
    allow = pdf.allow
    names = {
        "printing": allow.print_highres and allow.print_lowres,
        "copying text": allow.extract,
        "changes": allow.modify_other and allow.modify_assembly,
        "comments": allow.modify_annotation,
        "filling in forms": allow.modify_form,
    }
    return ", ".join(name for name, allowed in names.items() if not allowed) or "nothing"


def check_streams(pdf: Pdf, source: Path, limits: Limits) -> None:
    """Refuse streams that would unpack beyond the limits.

    A stream is unpacked here only where its packed length leaves doubt.

    Raises:
        RefusedInputError: a picture has too many pixels, or a stream is a bomb.
    """
    bound = stream_limit(limits)
    for item in pdf.objects:
        if not isinstance(item, Stream):
            continue
        if item.get(Name.Subtype) == Name.Image:
            pixels = _number(item.get(Name.Width)) * _number(item.get(Name.Height))
            if pixels > limits.pixels:
                raise refuse(
                    source,
                    "too-many-pixels",
                    f"A picture in the PDF has {pixels:,.0f} pixels; "
                    f"the limit is {limits.pixels:,}.",
                )
        filters = _filters(item)
        layers = sum(name in _COMPRESSED for name in filters)
        if not layers:
            continue
        # A direct /Length may lie; the limit counts on what the bytes can become.
        packed = len(item.read_raw_bytes()) if layers > 1 else _number(item.get(Name.Length))
        if packed * float(DEFLATE_FACTOR) ** layers <= bound:
            continue
        if item.get(Name.Subtype) == Name.Image and layers == 1:
            continue  # its unpacked size is bounded by its pixels
        if not _unpacks_within(item, bound):
            raise refuse(
                source,
                "decompression-bomb",
                f"A stream of {packed:,.0f} bytes in the PDF unpacks to more than {bound:,} bytes.",
            )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int) else 0.0


def _filters(stream: Stream) -> list[str]:
    value = stream.get(Name.Filter)
    if isinstance(value, Name):
        return [str(value)]
    if isinstance(value, Array):
        return [str(item) for item in value]
    return []


def _unpacks_within(stream: Stream, bound: int) -> bool:
    try:
        return len(stream.read_bytes()) <= bound
    except pikepdf.PikepdfError as error:
        # The decoder stops at `bounded_decoding`; other faults are damage, not bombs.
        return "limit" not in str(error).lower() and "memory" not in str(error).lower()


def _is_dynamic_xfa(pdf: Pdf) -> bool:
    """Whether the pages are only a placeholder for an XFA form (ISO 32000-1 § 12.7.8)."""
    form = pdf.Root.get(Name.AcroForm)
    if not isinstance(form, Dictionary) or Name.XFA not in form:
        return False
    rendered_elsewhere: object = pdf.Root.get(Name.NeedsRendering)
    if rendered_elsewhere is True:
        return True
    fields = form.get(Name.Fields)
    empty = not isinstance(fields, Array) or len(fields) == 0
    return empty and len(pdf.pages) == 1 and b"wait" in _shown_text(pdf).lower()


def _shown_text(pdf: Pdf) -> bytes:
    """Return the strings that the first page shows, for words in simple encodings."""
    try:
        found = pikepdf.parse_content_stream(pdf.pages[0], "Tj TJ ' \"")
    except pikepdf.PikepdfError:
        return b""
    words = bytearray()
    for instruction in found:
        for operand in instruction.operands:
            parts = operand if isinstance(operand, Array) else [operand]
            words += b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
    return bytes(words)


def is_tagged(pdf: Pdf) -> bool:
    """Whether the document has a structure tree with content (ISO 32000-2 § 14.7)."""
    tree = pdf.Root.get(Name.StructTreeRoot)
    return isinstance(tree, Dictionary) and Name.K in tree


def signatures(pdf: Pdf, limits: Limits) -> tuple[Signature, ...]:
    """Return what each signed signature field says of itself (ISO 32000-2 § 12.8.1)."""
    form = pdf.Root.get(Name.AcroForm)
    if not isinstance(form, Dictionary):
        return ()
    found = []
    for name, field in form_fields(form, limits.depth):
        value = field.get(Name.V)
        if field.get(Name.FT) == Name.Sig and isinstance(value, Dictionary):
            found.append(
                Signature(
                    signer=_text(value.get(Name.Name)),
                    signed_at=_date(_text(value.get(Name.M))),
                    field_name=name,
                )
            )
    return tuple(found)


def form_fields(form: Dictionary, depth: int) -> Iterator[tuple[str, Dictionary]]:
    """Yield each field of an AcroForm with its full name, at most `depth` levels down."""
    fields = form.get(Name.Fields)
    if not isinstance(fields, Array):
        return
    seen = ObjectSet()
    stack = [(field, "", 0) for field in reversed(list(fields))]
    while stack:
        field, parent, level = stack.pop()
        if not isinstance(field, Dictionary) or level > depth or not seen.add(field):
            continue
        own = _text(field.get(Name.T))
        name = f"{parent}.{own}" if parent and own else parent or own
        yield name, field
        kids = field.get(Name.Kids)
        if isinstance(kids, Array):
            stack.extend((kid, name, level + 1) for kid in reversed(list(kids)))


def _text(value: object) -> str:
    return str(value) if isinstance(value, pikepdf.String) else ""


def _date(value: str) -> str:
    """Return a PDF date (ISO 32000-2 § 7.9.4) as ISO 8601; as it stands if it is none."""
    match = re.fullmatch(
        r"D?:?(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:(Z)|([+-])(\d\d)'?(\d\d)?'?)?.*", value
    )
    if match is None:
        return value
    year, month, day, hour, minute, second, utc, sign, zone_hour, zone_minute = match.groups()
    zone = "Z" if utc else f"{sign}{zone_hour}:{zone_minute or '00'}" if sign else ""
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}{zone}"


def hidden_layers(pdf: Pdf) -> tuple[str, ...]:
    """Return the names of layers that the default configuration hides (ISO 32000-2 § 8.11.4)."""
    properties = pdf.Root.get(Name.OCProperties)
    if not isinstance(properties, Dictionary):
        return ()
    groups = properties.get(Name.OCGs)
    default = properties.get(Name.D)
    if not isinstance(groups, Array) or not isinstance(default, Dictionary):
        return ()
    off = _members(default.get(Name.OFF))
    if default.get(Name.BaseState) == Name.OFF:
        on = _members(default.get(Name.ON))
        hidden = [group for group in groups if isinstance(group, Dictionary) and group not in on]
    else:
        hidden = [group for group in groups if isinstance(group, Dictionary) and group in off]
    return tuple(_text(group.get(Name.Name)) or "(unnamed)" for group in hidden)


def _members(value: object) -> ObjectSet:
    members = ObjectSet()
    if isinstance(value, Array):
        for item in value:
            if isinstance(item, Dictionary):
                members.add(item)
    return members
