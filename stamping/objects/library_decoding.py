"""Streams with filters of every kind, and whole pages, decoded by pikepdf."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Name, Object, Page, Pdf, Stream

from stamping.objects.balance import UNREADABLE, Balance
from stamping.objects.content_brackets import balance_of

UNDECODABLE = (pikepdf.PikepdfError, UnicodeDecodeError)
"""What pikepdf raises at a stream it cannot decode: the message itself may be no UTF-8."""


def decoded_by_library(coded: bytes, coding: str, parameters: str) -> bytes | None:
    """Return the decoded bytes; filters and parameters are given as PDF writes them."""
    with Pdf.new() as pdf:
        made = Stream(pdf, coded)
        made[Name.Filter] = Object.parse(coding.encode("latin-1"))
        if parameters != "null":
            made[Name.DecodeParms] = Object.parse(parameters.encode("latin-1"))
        try:
            return made.read_bytes()
        except UNDECODABLE:
            return None


def page_balance(page: Page) -> Balance:
    """Return how the content of a page that pikepdf holds keeps its brackets."""
    contents = page.obj.get("/Contents")
    streams = list(contents) if isinstance(contents, Array) else [contents]
    try:
        pieces = [each.read_bytes() for each in streams if isinstance(each, Stream)]
    except UNDECODABLE:
        return UNREADABLE
    return balance_of(b"\n".join(pieces))
