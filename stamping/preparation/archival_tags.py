"""Whether the tags that a PDF brings may stand in a file that claims PDF/UA-1 (ISO 14289-1).

In: an open, tagged PDF that was prepared. Out: the reasons why not, none where
all is well. Only plain structures are looked into; any other is a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, NumberTree, Page, Pdf, String

_DEEPEST = 200
_HEADINGS = tuple(f"/H{level}" for level in range(1, 7))
_GROUPS = frozenset({"/Document", "/Part", "/Sect", "/Div", "/Art", "/BlockQuote", "/NonStruct"})
_TEXTS = frozenset({"/P", "/Span", "/Quote", "/Link", "/Caption", "/Figure", *_HEADINGS})
_BELOW = {
    "/Table": frozenset({"/TR", "/THead", "/TBody", "/TFoot", "/Caption"}),
    "/THead": frozenset({"/TR"}),
    "/TBody": frozenset({"/TR"}),
    "/TFoot": frozenset({"/TR"}),
    "/TR": frozenset({"/TH", "/TD"}),
    "/L": frozenset({"/LI", "/L", "/Caption"}),
    "/LI": frozenset({"/Lbl", "/LBody"}),
}
_ONLY_IN = {
    "/TR": frozenset({"/Table", "/THead", "/TBody", "/TFoot"}),
    "/THead": frozenset({"/Table"}),
    "/TBody": frozenset({"/Table"}),
    "/TFoot": frozenset({"/Table"}),
    "/TH": frozenset({"/TR"}),
    "/TD": frozenset({"/TR"}),
    "/LI": frozenset({"/L"}),
    "/Lbl": frozenset({"/LI"}),
    "/LBody": frozenset({"/LI"}),
}
_KNOWN = _GROUPS | _TEXTS | frozenset(_BELOW) | frozenset(_ONLY_IN)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_PAINTING = frozenset(
    {"Tj", "TJ", "'", '"', "Do", "sh", "INLINE IMAGE"}
    | {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s"}
)


def tag_faults(pdf: Pdf) -> tuple[str, ...]:
    """Return why the tags of `pdf` may not be claimed to keep PDF/UA-1, in plain words."""
    root = pdf.Root.StructTreeRoot
    faults: dict[str, None] = {}
    held = root.get("/RoleMap")
    roles = {key: str(value) for key, value in held.items()} if held is not None else {}
    if any(name in _KNOWN for name in roles):
        faults["its tags give standard names another meaning"] = None
    faults.update(dict.fromkeys(_structure(root, roles)))
    parents = dict(NumberTree(root.ParentTree).items()) if "/ParentTree" in root else {}
    for page in pdf.pages:
        faults.update(dict.fromkeys(_content(page, parents)))
    return tuple(faults)


def _structure(root: Any, roles: dict[str, str]) -> Iterator[str]:
    level = 0
    for element, kind, parent, depth in _walk(root, roles):
        if depth > _DEEPEST:
            yield "its tags are nested too deeply"
            return
        if kind not in _KNOWN:
            yield f"its tags use {kind.lstrip('/')}, which is not looked into"
        if parent in _BELOW and kind not in _BELOW[parent]:
            yield f"its tags put {kind.lstrip('/')} into {parent.lstrip('/')}"
        if kind in _ONLY_IN and parent not in _ONLY_IN[kind]:
            yield f"its tags put {kind.lstrip('/')} into {parent.lstrip('/')}"
        if kind in _HEADINGS:
            found = _HEADINGS.index(kind) + 1
            if found > level + 1:
                yield "its headings leave out a level"
            level = found
        if (named := _text(element, "/Lang")) and not _LANGUAGE.fullmatch(named):
            yield "its tags name a language that is none"
        if kind == "/Figure" and not (_text(element, "/Alt") or _text(element, "/ActualText")):
            yield "a picture of it has no description"
        if kind == "/Table":
            yield from _table(element, roles)


def _table(table: Any, roles: dict[str, str]) -> Iterator[str]:
    rows = [_cells(row, roles) for row in _rows(table, roles)]
    widths = {sum(_attribute(cell, "/ColSpan", 1) for cell, _ in row) for row in rows}
    spans_rows = any(_attribute(cell, "/RowSpan", 1) != 1 for row in rows for cell, _ in row)
    if len(widths) > 1 or spans_rows:
        yield "a table of it is not a plain grid"
    cells = [entry for row in rows for entry in row]
    scoped = all(_attribute(cell, "/Scope", None) for cell, kind in cells if kind == "/TH")
    headed = all(_attribute(cell, "/Headers", None) for cell, kind in cells if kind == "/TD")
    if not scoped and not headed:
        yield "a table of it does not say which headings its cells have"


def _rows(element: Any, roles: dict[str, str]) -> Iterator[Any]:
    for below in _elements(element):
        kind = _kind(below, roles)
        if kind == "/TR":
            yield below
        elif kind in ("/THead", "/TBody", "/TFoot"):
            yield from _rows(below, roles)


def _cells(row: Any, roles: dict[str, str]) -> list[tuple[Any, str]]:
    return [(below, _kind(below, roles)) for below in _elements(row)]


def _content(page: Page, parents: dict[int, Any]) -> Iterator[str]:
    """Yield what is wrong with the marks of a page (ISO 14289-1 § 7.1)."""
    number = page.obj.get("/StructParents")
    own = parents.get(int(number)) if number is not None else None
    known = len(own) if isinstance(own, Array) else 0
    marks: list[bool | None] = []
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BMC", "BDC"):
            marks.append(_mark(instruction, known))
            if marks[-1] is False:
                yield "a mark of its tags leads to no tag"
            if marks[-1] is True and True in marks[:-1]:
                yield "the marks of its tags are nested"
        elif operator == "EMC" and marks:
            marks.pop()
        elif operator in _PAINTING and not any(mark is not None for mark in marks):
            yield "not all of its content is tagged"
            break
    for annotation in page.obj.get("/Annots", []):
        if annotation.get("/Subtype") == Name.Link and not _is_linked(annotation, parents):
            yield "a link of it is not tagged or has no description"


def _mark(instruction: Any, known: int) -> bool | None:
    """Return whether a mark is sound; None where it marks neither a tag nor an artifact."""
    operands = list(instruction.operands)
    if operands[0] == Name.Artifact:
        return True
    properties = operands[1] if len(operands) > 1 else None
    if isinstance(properties, Dictionary) and "/MCID" in properties:
        return int(properties.MCID) < known
    return None


def _is_linked(annotation: Any, parents: dict[int, Any]) -> bool:
    number = annotation.get("/StructParent")
    parent = parents.get(int(number)) if number is not None else None
    described = bool(_text(annotation, "/Contents"))
    return isinstance(parent, Dictionary) and parent.get("/S") == Name.Link and described


def _walk(root: Any, roles: dict[str, str]) -> Iterator[tuple[Any, str, str, int]]:
    """Yield each element in reading order, with its kind, its parent's kind and its depth."""
    stack = [(below, "", 0) for below in reversed(_elements(root))]
    while stack:
        element, parent, depth = stack.pop()
        kind = _kind(element, roles)
        yield element, kind, parent, depth
        if depth <= _DEEPEST:
            # What a NonStruct holds stands where it stands itself.
            above = parent if kind == "/NonStruct" and parent else kind
            stack.extend((below, above, depth + 1) for below in reversed(_elements(element)))


def _elements(element: Any) -> list[Any]:
    held = element.get("/K")
    entries = held if isinstance(held, Array) else [held]
    return [entry for entry in entries if isinstance(entry, Dictionary) and "/S" in entry]


def _kind(element: Any, roles: dict[str, str]) -> str:
    kind = str(element.S)
    return roles.get(kind, kind)


def _text(holder: Any, key: str) -> str:
    value = holder.get(key)
    return str(value).strip() if isinstance(value, String) else ""


def _attribute(element: Any, key: str, default: Any) -> Any:
    held = element.get("/A")
    for entry in held if isinstance(held, Array) else [held]:
        if isinstance(entry, Dictionary) and key in entry:
            value = entry[key]
            return int(value) if isinstance(default, int) else value
    return default
