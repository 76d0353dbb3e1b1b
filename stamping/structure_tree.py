"""One structure tree out of many (ISO 32000-2 § 14.7, § 14.8).

In: the trees of the sources, copied beside their pages, and the runs of pages
in output order. Out: one /Document with a /Part a run, its elements in reading
order; marked-content and annotation references renumbered in one parent tree;
IDs, roles and classes kept apart by source. A page without tags becomes a
/Figure with an alternative text: honest for a picture of a page, no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, NumberTree, Page, Pdf, String

_DEEPEST = 500
_WRAPPERS = ("/Document", "/DocumentFragment", "/Part", "/Sect", "/Div", "/Art")


@dataclass
class SourceTree:
    """The copied tree of one source and its old parent tree, as a mapping."""

    root: Any
    parents: dict[int, Any]
    prefix: str
    elements: list[Any] = field(default_factory=list)

    @classmethod
    def copied(cls, pdf: Pdf, root: Any, prefix: str) -> SourceTree:
        """Take over a tree that was copied into `pdf`."""
        parents: dict[int, Any] = {}
        if isinstance(root.get("/ParentTree"), Dictionary):
            parents = dict(NumberTree(root.ParentTree).items())
        tree = cls(root, parents, prefix)
        tree.elements = _top_elements(root)
        return tree


class TreeBuilder:
    """Builds the tree of the output, part by part, in output order."""

    def __init__(self, pdf: Pdf, language: str) -> None:
        self.pdf = pdf
        self.root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.document = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=self.root, K=Array(), Lang=language)
        )
        self.root.K = Array([self.document])
        self.parent_numbers: list[Any] = []
        self.identifiers: dict[str, Any] = {}
        self.roles = Dictionary()
        self.classes = Dictionary()

    def part(self, title: str) -> Any:
        """Begin a part and return its element."""
        element = Dictionary(Type=Name.StructElem, S=Name.Part, P=self.document, K=Array())
        if title:
            element.T = String(title)
        made = self.pdf.make_indirect(element)
        self.document.K.append(made)
        return made

    def take_over(self, part: Any, tree: SourceTree, elements: Iterable[Any]) -> None:
        """Hang `elements` of a source's tree into `part`."""
        for element in elements:
            element.P = part
            part.K.append(element)
            for below in _walk(element):
                self._make_apart(below, tree.prefix)

    def merge_maps(self, tree: SourceTree) -> None:
        """Take over what the source's own names for roles and classes mean."""
        for name, own, merged in (
            ("/RoleMap", tree.root.get("/RoleMap"), self.roles),
            ("/ClassMap", tree.root.get("/ClassMap"), self.classes),
        ):
            if not isinstance(own, Dictionary):
                continue
            for key, value in own.items():
                if key not in merged:
                    merged[key] = value
                elif merged[key] != value:
                    _rename(tree, name, key, f"{key}-{tree.prefix}")
                    merged[f"{key}-{tree.prefix}"] = value

    def tagged_page(self, page: Page, tree: SourceTree) -> None:
        """Number a tagged page and its annotations anew."""
        old = page.obj.get("/StructParents")
        if old is not None and int(old) in tree.parents:
            page.obj.StructParents = self._number(tree.parents[int(old)])
        elif "/StructParents" in page.obj:
            del page.obj["/StructParents"]
        for annotation in page_annotations(page):
            number = annotation.get("/StructParent")
            if number is None:
                continue
            if int(number) in tree.parents:
                annotation.StructParent = self._number(tree.parents[int(number)])
            else:
                del annotation["/StructParent"]
        if page_annotations(page):
            page.obj.Tabs = Name.S

    def figure(self, part: Any, page: Page, alternative_text: str, box: Any) -> None:
        """Describe a page without tags by one figure that holds all its content."""
        figure = self.pdf.make_indirect(
            Dictionary(
                Type=Name.StructElem,
                S=Name.Figure,
                P=part,
                Pg=page.obj,
                K=0,
                Alt=String(alternative_text),
                A=Dictionary(O=Name.Layout, Placement=Name.Block, BBox=Array(list(box))),
            )
        )
        part.K.append(figure)
        page.obj.StructParents = self._number(self.pdf.make_indirect(Array([figure])))

    def link(self, part: Any, page: Page, annotation: Any) -> None:
        """Give a link on a page without tags its own element."""
        element = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Link, P=part, Pg=page.obj)
        )
        element.K = Array([Dictionary(Type=Name.OBJR, Obj=annotation, Pg=page.obj)])
        part.K.append(element)
        if not annotation.get("/Contents"):
            annotation.Contents = String("Link")
        annotation.StructParent = self._number(element)
        page.obj.Tabs = Name.S

    def finish(self) -> None:
        """Write the maps and the parent tree, and name the root in the catalog."""
        numbers = Array()
        for number, value in enumerate(self.parent_numbers):
            numbers.append(number)
            numbers.append(value)
        self.root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=numbers))
        self.root.ParentTreeNextKey = len(self.parent_numbers)
        if self.identifiers:
            names = Array()
            for key in sorted(self.identifiers):
                names.append(String(key))
                names.append(self.identifiers[key])
            self.root.IDTree = self.pdf.make_indirect(Dictionary(Names=names))
        for name, merged in (("/RoleMap", self.roles), ("/ClassMap", self.classes)):
            if len(merged.keys()):
                self.root[name] = merged
        self.pdf.Root.StructTreeRoot = self.root
        self.pdf.Root.MarkInfo = Dictionary(Marked=True)

    def _number(self, value: Any) -> int:
        self.parent_numbers.append(value)
        return len(self.parent_numbers) - 1

    def _make_apart(self, element: Any, prefix: str) -> None:
        identifier = element.get("/ID")
        if identifier is not None:
            apart = f"{prefix}-{_text(identifier)}"
            element.ID = String(apart)
            self.identifiers[apart] = element
        attributes = element.get("/A")
        entries = attributes if isinstance(attributes, Array) else [attributes]
        for entry in entries:
            if isinstance(entry, Dictionary) and isinstance(entry.get("/Headers"), Array):
                entry.Headers = Array(
                    [String(f"{prefix}-{_text(header)}") for header in entry.Headers]
                )


def page_annotations(page: Page) -> list[Any]:
    """Return the annotations of a page that are dictionaries."""
    held = page.obj.get("/Annots")
    return [each for each in held if isinstance(each, Dictionary)] if held is not None else []


def first_page(element: Any) -> tuple[int, int] | None:
    """Return the object number of the first page that an element speaks of."""
    for below in _walk(element):
        page = below.get("/Pg")
        if isinstance(page, Dictionary):
            return page.objgen
    return None


def remove_marks(page: Page, pdf: Pdf) -> None:
    """Take the marks out of a page's content; layers stay (ISO 32000-2 § 14.6)."""
    kept: list[Any] = []
    open_marks: list[bool] = []
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BMC", "BDC"):
            layer = instruction.operands[0] == Name.OC
            open_marks.append(layer)
            if not layer:
                continue
        elif operator == "EMC":
            if not open_marks:
                continue
            if not open_marks.pop():
                continue
        elif operator in ("MP", "DP"):
            continue
        kept.append(instruction)
    page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))


def _top_elements(root: Any) -> list[Any]:
    """Return the elements below the wrappers that hold nothing but each other."""
    elements, depth = _kids(root), 0
    while len(elements) == 1 and depth < _DEEPEST and str(elements[0].get("/S")) in _WRAPPERS:
        below = _kids(elements[0])
        if not below or len(below) != _count(elements[0]):
            break
        elements, depth = below, depth + 1
    return elements


def _count(element: Any) -> int:
    kids = element.get("/K")
    return len(kids) if isinstance(kids, Array) else int(kids is not None)


def _kids(element: Any) -> list[Any]:
    """Return the kids that are elements, not marked content or object references."""
    kids = element.get("/K")
    entries = kids if isinstance(kids, Array) else [kids]
    return [
        kid
        for kid in entries
        if isinstance(kid, Dictionary) and "/S" in kid and kid.get("/Type") != Name.MCR
    ]


def _walk(element: Any) -> Iterator[Any]:
    stack = [(element, 0)]
    while stack:
        current, depth = stack.pop()
        yield current
        if depth < _DEEPEST:
            stack.extend((kid, depth + 1) for kid in reversed(_kids(current)))


def _rename(tree: SourceTree, which: str, old: str, new: str) -> None:
    key = "/S" if which == "/RoleMap" else "/C"
    for element in tree.elements:
        for below in _walk(element):
            if str(below.get(key, "")) == old:
                below[key] = Name(new)


def _text(value: Any) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, String) else str(value)
