"""Signature fields that stand ready in a tagged page, and its claim of PDF/A and PDF/UA.

In: a tagged PDF that a renderer wrote, and where each field is to stand. Out: the
same with empty fields, each a Form element inside the table cell of its row (ISO
14289-1 § 7.18.4), so that signing later only fills what is there. Signs nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from stamping.assembly.metadata import xmp_packet
from stamping.errors import UnreadableInputError
from stamping.values import Document

SIGNATURES_EXIST, APPEND_ONLY = 1, 2
"""Flags of a form (ISO 32000-2 table 225)."""

PRINT, LOCKED = 4, 128
"""Flags of an annotation (ISO 32000-2 table 167)."""


@dataclass(frozen=True, slots=True)
class SignatureField:
    """A field to sign: its name, its row's label, and what a screen reader says of it."""

    name: str
    label: str
    spoken: str


@dataclass(frozen=True, slots=True)
class PlacedField:
    """A field with its page, counted from zero, and its box in points."""

    field: SignatureField
    page: int
    box: tuple[float, float, float, float]


def place_fields(source: bytes, fields: Sequence[PlacedField], document: Document) -> bytes:
    """Return `source` with `fields` in the last table's rows, and `document`'s metadata.

    The same values give the same bytes.

    Raises:
        UnreadableInputError: the last table has fewer rows with a cell than there are fields.
    """
    with pikepdf.open(io.BytesIO(source)) as pdf:
        cells = _last_cells(pdf.Root.StructTreeRoot)
        if len(cells) < len(fields):
            raise UnreadableInputError("The form has no row for each signature.")
        widgets = [
            _widget(pdf, placed, cell)
            for placed, cell in zip(fields, cells[-len(fields) :], strict=True)
        ]
        pdf.Root.AcroForm = pdf.make_indirect(
            Dictionary(Fields=Array(widgets), SigFlags=APPEND_ONLY)
        )
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.Root.Lang = String(document.language)
        _describe(pdf, document)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return out.getvalue()


def _widget(pdf: Pdf, placed: PlacedField, cell: Dictionary) -> Dictionary:
    page = pdf.pages[placed.page]
    tree = pdf.Root.StructTreeRoot
    key = int(tree.get(Name.ParentTreeNextKey, _next_key(tree)))
    left, bottom, right, top = placed.box
    nothing = pdf.make_stream(
        b"",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, right - left, top - bottom]),
        Resources=Dictionary(),
    )
    widget = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(placed.field.name),
            TU=String(placed.field.spoken),
            Contents=String(placed.field.spoken),
            F=PRINT | LOCKED,
            Rect=Array([left, bottom, right, top]),
            P=page.obj,
            StructParent=key,
            AP=Dictionary(N=nothing),
        )
    )
    if Name.Annots not in page:
        page.Annots = Array([])
    page.Annots.append(widget)
    page.Tabs = Name.S
    element = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=cell,
            Pg=page.obj,
            Alt=String(placed.field.spoken),
            K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page.obj),
        )
    )
    cell.K = Array([*_kids(cell), element])
    tree.ParentTree.Nums.append(key)
    tree.ParentTree.Nums.append(element)
    tree.ParentTreeNextKey = key + 1
    return widget


def _next_key(tree: pikepdf.Object) -> int:
    numbers = [int(key) for key in list(tree.ParentTree.Nums)[::2]]
    return max(numbers, default=-1) + 1


def _last_cells(tree: pikepdf.Object) -> list[Dictionary]:
    """Return the data cell of each row of the document's last table."""
    tables = [element for element in _elements(tree) if element.get(Name.S) == Name.Table]
    return [each for each in _elements(tables[-1]) if each.get(Name.S) == Name.TD] if tables else []


def _elements(parent: pikepdf.Object) -> Iterator[Dictionary]:
    for kid in _kids(parent):
        if isinstance(kid, Dictionary) and Name.S in kid:
            yield kid
            yield from _elements(kid)


def _kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    held = element.get(Name.K)
    if held is None:
        return []
    return list(held) if isinstance(held, Array) else [held]


def _describe(pdf: Pdf, document: Document) -> None:
    """Write XMP that claims what `document` claims, and information that agrees with it."""
    pdf.Root.Metadata = pdf.make_stream(
        xmp_packet(document).encode(), Type=Name.Metadata, Subtype=Name.XML
    )
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    pdf.docinfo.Title = String(document.title)
    pdf.docinfo.Producer = String(document.producer)
    if document.author:
        pdf.docinfo.Author = String(document.author)
