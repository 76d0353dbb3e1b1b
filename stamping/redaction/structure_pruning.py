"""Takes pages out of a structure tree (ISO 32000-2 § 14.7): their tags and what these say.

In: an open PDF, the pages that go, and a way to hide words. Out: the document
changed in place. An element that loses some of its content loses the texts that
stood for the whole of it; the others keep theirs with the words hidden. Knows no
bar and no rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pikepdf import Array, Dictionary, Name, NumberTree, Object, Pdf, String

SPOKEN = ("/Alt", "/ActualText", "/E", "/T", "/Summary", "/Contents")
"""Entries whose text a reader hears or copies in place of content."""

_DEEPEST = 500


def prune_structure(pdf: Pdf, gone: Sequence[Object], hide: Callable[[str], str]) -> None:
    """Remove from the tree what speaks of the pages `gone`, and hide words in the rest.

    To be called while these pages still have their entries.
    """
    root = pdf.Root.get(Name.StructTreeRoot)
    if not isinstance(root, Dictionary):
        return
    pages = {page.objgen for page in gone}
    if Name.IDTree in root:
        del root[Name.IDTree]
    kept = [each for each in _listed(root.get(Name.K)) if _keep(each, None, pages, hide, 0)]
    root[Name.K] = Array(kept)
    if Name.ParentTree in root:
        numbers = set(_numbers(gone))
        parents = dict(NumberTree(root.ParentTree).items())
        pairs = [
            item for key, held in parents.items() if key not in numbers for item in (key, held)
        ]
        root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(pairs)))


def describe_page(pdf: Pdf, page: Object, text: str) -> int | None:
    """Hang one figure with the alternative `text` into the tree for all content of `page`.

    Return the number that the content is to be marked with; None without a tree.
    """
    root = pdf.Root.get(Name.StructTreeRoot)
    if not isinstance(root, Dictionary):
        return None
    tops = _listed(root.get(Name.K))
    parent = tops[0] if len(tops) == 1 and isinstance(tops[0], Dictionary) else root
    figure = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Figure,
            P=parent,
            Pg=page,
            K=0,
            Alt=String(text),
            A=Dictionary(O=Name.Layout, Placement=Name.Block, BBox=page.MediaBox),
        )
    )
    parent[Name.K] = Array([*_listed(parent.get(Name.K)), figure])
    tree = NumberTree(root.ParentTree) if Name.ParentTree in root else NumberTree.new(pdf)
    number = max((int(key) for key in tree), default=-1) + 1
    tree[number] = Array([figure])
    root.ParentTree = tree.obj
    page.StructParents = number
    return 0


def _keep(element: Any, page: Any, gone: set[Any], hide: Callable[[str], str], depth: int) -> bool:
    """Prune one kid of the tree; return whether anything of it stays."""
    if isinstance(element, int):
        return page not in gone
    if not isinstance(element, Dictionary) or depth > _DEEPEST:
        return False
    own = element.get(Name.Pg)
    here = own.objgen if own is not None else page
    if Name.S not in element:
        return here not in gone
    kids = _listed(element.get(Name.K))
    kept = [each for each in kids if _keep(each, here, gone, hide, depth + 1)]
    if kids and not kept:
        return False
    lost = len(kept) < len(kids)
    if own is not None and here in gone:
        del element[Name.Pg]
        lost = lost or not kids
    if lost:
        element[Name.K] = Array(kept)
    for holder in (element, *_attributes(element)):
        _silence(holder, hide, lost=lost)
    return True


def _silence(holder: Dictionary, hide: Callable[[str], str], *, lost: bool) -> None:
    for key in SPOKEN:
        held = holder.get(key)
        if isinstance(held, String):
            if lost:
                del holder[key]
            elif (hidden := hide(str(held))) != str(held):
                holder[key] = String(hidden)


def _attributes(element: Dictionary) -> Iterator[Dictionary]:
    for each in _listed(element.get(Name.A)):
        if isinstance(each, Dictionary):
            yield each


def _numbers(pages: Sequence[Object]) -> Iterator[int]:
    """Yield the numbers by which the parent tree knows the pages and their annotations."""
    for page in pages:
        if Name.StructParents in page:
            yield int(page.StructParents)
        for annotation in _listed(page.get(Name.Annots)):
            if isinstance(annotation, Dictionary) and Name.StructParent in annotation:
                yield int(annotation.StructParent)


def _listed(held: Any) -> list[Any]:
    if held is None:
        return []
    return list(held) if isinstance(held, Array) else [held]
