"""Streams with filters of every kind, decoded by pikepdf."""

from __future__ import annotations

import pikepdf
from pikepdf import Name, Object, Pdf

UNDECODABLE = (pikepdf.PikepdfError, UnicodeDecodeError)
"""What pikepdf raises at a stream it cannot decode: the message itself may be no UTF-8."""


def decoded_by_library(coded: bytes, coding: str, parameters: str) -> bytes | None:
    """Return the decoded bytes; filters and parameters are given as PDF writes them."""
    with Pdf.new() as pdf:
        made = pikepdf.Stream(pdf, coded)
        made[Name.Filter] = Object.parse(coding.encode("latin-1"))
        if parameters != "null":
            made[Name.DecodeParms] = Object.parse(parameters.encode("latin-1"))
        try:
            return made.read_bytes()
        except UNDECODABLE:
            return None
