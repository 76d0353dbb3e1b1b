"""A structure element in the form that nearly all have, read by one expression.

In: an element's text. Out: what it is and holds; None where it says more than that,
for the whole syntax to read (ISO 32000-2 § 14.7.2).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from stamping.objects.pdf_syntax import Ref

_ELEMENT = re.compile(
    rb"(?:(\d++) 0 obj)?+\s*+<<\s*+(?:"
    rb"/Type\s*+/StructElem(?=[\s/>])"
    rb"|/S\s*+/([A-Za-z0-9]++)(?=[\s/>])"
    rb"|/K\s*+(\d++(?:\s++0\s++R)?+(?=[\s/>])|\[\s*+(?:\d++(?:\s++0\s++R)?+\s*+)*+\])"
    rb"|/Pg\s++(\d++)\s++0\s++R(?=[\s/>])"
    rb"|/P\s++\d++\s++0\s++R(?=[\s/>])"
    rb"|/A\s*+(<<[^<>]*+>>)"
    rb"|\s++)++>>\s*+(?:endobj\s*+)?+\Z"
)
_KID = re.compile(rb"(\d++)(\s++0\s++R)?+")


class PlainElement(NamedTuple):
    """What an element is and holds: kids are marked content, as numbers, or references.

    `attributes` is the text of a dictionary, empty where there is none.
    """

    role: str
    kids: list[int]
    page: Ref | None
    attributes: bytes


def plain_element(text: bytes, ref: Ref) -> PlainElement | None:
    """Return the element that the text of the object `ref` describes, where it is a plain one."""
    found = _ELEMENT.match(text)
    if found is None:
        return None
    number, role, kids, page, attributes = found.groups()
    if role is None or (number is not None and int(number) != ref):
        return None
    return PlainElement(
        role.decode("ascii"),
        [Ref(kid) if at else int(kid) for kid, at in _KID.findall(kids or b"")],
        None if page is None else Ref(page),
        attributes or b"",
    )
