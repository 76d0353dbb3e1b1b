"""Keep a structure tree right while annotations leave it.

In: a document with tags, and each annotation that is drawn or dropped. Out: the
drawing marked as content of the structure element that had held the annotation
(ISO 32000-2 § 14.7.5), or the reference to it removed. Does nothing in a
document without tags.
"""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, NumberTree, Page, Pdf


class AnnotationTags:
    """The structure tree's view of annotations, while they are flattened."""

    def __init__(self, pdf: Pdf) -> None:
        tree = pdf.Root.get(Name.StructTreeRoot)
        parents = tree.get(Name.ParentTree) if isinstance(tree, Dictionary) else None
        self._pdf = pdf
        self._root = tree
        self._parents = NumberTree(parents) if isinstance(parents, Dictionary) else None
        self._removed: list[int] = []

    def wrap(self, page: Page, annotation: Dictionary, content: bytes) -> bytes:
        """Return `content` marked as what `annotation` was in the tree."""
        element = self._element(annotation)
        if element is None or self._parents is None:
            # Without a place in the tree it must not count as real content.
            return b"/Artifact BMC\n" + content + b"EMC\n" if self._root is not None else content
        mark = self._next_mark(page, element)
        reference = Dictionary(Type=Name.MCR, Pg=page.obj, MCID=mark)
        self._replace(element, annotation, reference)
        if element.get(Name.S) == Name.Form:
            element[Name.A] = Dictionary(O=Name.PrintField, Role=_field_role(annotation))
        elif element.get(Name.S) in (Name.Link, Name.Annot):
            element[Name.S] = Name.Span
        return b"/Span <</MCID %d>> BDC\n" % mark + content + b"EMC\n"

    def drop(self, annotation: Dictionary) -> None:
        """Remove `annotation` from the tree; the text beside it stays."""
        element = self._element(annotation)
        if element is None:
            return
        self._replace(element, annotation, None)
        if element.get(Name.S) in (Name.Link, Name.Form, Name.Annot):
            element[Name.S] = Name.Span

    def finish(self) -> None:
        """Take the removed annotations out of the parent tree."""
        for key in self._removed:
            if self._parents is not None and key in self._parents:
                del self._parents[key]

    def _element(self, annotation: Dictionary) -> Dictionary | None:
        key = annotation.get(Name.StructParent)
        if self._parents is None or not isinstance(key, int) or key not in self._parents:
            return None
        element = self._parents[key]
        if not isinstance(element, Dictionary):
            return None
        self._removed.append(key)
        return element

    def _next_mark(self, page: Page, element: Dictionary) -> int:
        """Return the page's next marked-content number, now leading to `element`."""
        assert self._parents is not None
        own: object = page.obj.get(Name.StructParents)
        if isinstance(own, int):
            key = own
        else:
            key = max((number for number, _ in self._parents.items()), default=-1) + 1
            page.obj[Name.StructParents] = key
            if isinstance(self._root, Dictionary):
                self._root[Name.ParentTreeNextKey] = key + 1
        # The tree raises IndexError, not KeyError: `get` cannot be used.
        owners = self._parents[key] if key in self._parents else None  # noqa: SIM401
        if not isinstance(owners, Array):
            owners = self._pdf.make_indirect(Array())
            self._parents[key] = owners
        owners.append(element)
        return len(owners) - 1

    @staticmethod
    def _replace(element: Dictionary, annotation: Dictionary, reference: Dictionary | None) -> None:
        """Put `reference` where `element` refers to `annotation`, or remove that entry."""
        kids = element.get(Name.K)
        listed = list(kids) if isinstance(kids, Array) else [] if kids is None else [kids]
        result: list[object] = []
        for kid in listed:
            if isinstance(kid, Dictionary) and kid.get(Name.Type) == Name.OBJR:
                target = kid.get(Name.Obj)
                if isinstance(target, Dictionary) and target.same_owner_as(annotation):
                    same = target.objgen == annotation.objgen
                    if same and reference is not None:
                        result.append(reference)
                    if same:
                        continue
            result.append(kid)
        element[Name.K] = Array(result)


def _field_role(annotation: Dictionary) -> Name:
    """Return the PrintField role of a form field (ISO 32000-2 Table 384)."""
    node: object = annotation
    for _ in range(20):
        if not isinstance(node, Dictionary):
            break
        kind = node.get(Name.FT)
        if kind == Name.Btn:
            flags = node.get(Name.Ff, 0)
            flags = flags if isinstance(flags, int) else 0
            if flags & (1 << 16):
                return Name.pb
            return Name.rb if flags & (1 << 15) else Name.cb
        if kind == Name.Ch:
            return Name.lb
        node = node.get(Name.Parent)
    return Name.tv
