"""The rows of a PDF's tables, as PDFium reads its structure tree: the words a reader is told.

In: a PDF. Out: for each row its cells' words. Poppler tells the same, and takes minutes.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium


def rows_of_pdf(path: Path) -> Iterator[list[str]]:
    """Yield the cells of every row, page by page."""
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            told = _marked_words(page)
            tree = pdfium.FPDF_StructTree_GetForPage(page)
            for place in range(pdfium.FPDF_StructTree_CountChildren(tree)):
                yield from _rows(pdfium.FPDF_StructTree_GetChildAtIndex(tree, place), told)
            pdfium.FPDF_StructTree_Close(tree)


def _rows(element: Any, told: dict[int, list[str]]) -> Iterator[list[str]]:
    if _text(pdfium.FPDF_StructElement_GetType, element) == "TR":
        yield [" ".join(_words(cell, told)) for cell in _below(element)]
        return
    for each in _below(element):
        yield from _rows(each, told)


def _words(element: Any, told: dict[int, list[str]]) -> Iterator[str]:
    for place in range(pdfium.FPDF_StructElement_GetMarkedContentIdCount(element)):
        mark = pdfium.FPDF_StructElement_GetMarkedContentIdAtIndex(element, place)
        yield from told.get(mark, ())
    for each in _below(element):
        yield from _words(each, told)


def _below(element: Any) -> Iterator[Any]:
    for place in range(pdfium.FPDF_StructElement_CountChildren(element)):
        # What is not an element is marked content, which its parent names too.
        if each := pdfium.FPDF_StructElement_GetChildAtIndex(element, place):
            yield each


def _marked_words(page: Any) -> dict[int, list[str]]:
    """Return the texts drawn under each mark of a page."""
    told: dict[int, list[str]] = {}
    layer = page.get_textpage()
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
        mark = pdfium.FPDFPageObj_GetMarkedContentID(drawn)
        if mark >= 0:
            told.setdefault(mark, []).append(_text(pdfium.FPDFTextObj_GetText, drawn, layer))
    return told


def _text(call: Callable[..., int], *of: Any) -> str:
    """Return what a call of PDFium writes into a buffer, whose size it tells first."""
    size = call(*of, None, 0)
    buffer = ctypes.create_string_buffer(size)
    call(*of, ctypes.cast(buffer, call.argtypes[len(of)]), size)
    return buffer.raw[: size - 2].decode("utf-16-le")
