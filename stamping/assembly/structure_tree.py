"""One structure tree out of many (ISO 32000-2 § 14.7, § 14.8).

In: the trees of the sources, and the runs of pages in output order. Out: one
/Document with a /Part a run, its elements in reading order; marked-content and
annotation references renumbered in one parent tree; IDs, roles and classes kept
apart by source. A page without tags becomes a /Figure with an alternative text:
honest for a picture of a page, no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from stamping.assembly.plain_element import PlainElement, plain_element
from stamping.objects.file_reader import Stream
from stamping.objects.object_copier import ObjectCopier
from stamping.objects.object_writer import ObjectWriter
from stamping.objects.pdf_syntax import Ref, Value, parse, text_string, written, written_text
from stamping.objects.source_objects import SourceObjects
from stamping.pages.viewport import Box

_DEEPEST = 500
_WRAPPERS = ("Document", "DocumentFragment", "Part", "Sect", "Div", "Art")
# Entries of one leaf of the parent tree.
_LEAF = 250
_FIGURE = (
    b"<</Type /StructElem /S /Figure /P %d 0 R /Pg %d 0 R /K 0"
    b" /Alt %b /A <</O /Layout /Placement /Block /BBox [%b]>>>>"
)


@dataclass
class SourceTree:
    """The tree of one source: its top elements, and its parent tree as a mapping.

    `roles` and `classes` hold the names that had to change to stay apart, `attributes`
    what was made of the attributes of plain elements.
    """

    copier: ObjectCopier
    prefix: str
    root: dict[str, Value]
    parents: dict[int, Value]
    elements: list[Value]
    roles: dict[str, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    attributes: dict[bytes, str] = field(default_factory=dict)

    @classmethod
    def read(cls, copier: ObjectCopier, catalog: Mapping[str, Value], prefix: str) -> SourceTree:
        """Read the top of the tree that `catalog` names."""
        source = copier.source
        root = source.dictionary(catalog.get("StructTreeRoot"))
        parents = _number_tree(source, root.get("ParentTree"))
        return cls(copier, prefix, root, parents, _top_elements(source, root))

    def look(self, named: Value) -> Value:
        """Return what `named` is or refers to: a plain element as such, all else as it is."""
        source = self.copier.source
        if type(named) is Ref:
            text = source.text(named)
            plain = plain_element(text, named) if text else None
            if plain is not None:
                return plain
        return source.resolve(named)

    def kids(self, found: PlainElement | dict[str, Value]) -> list[Value]:
        """Return the kids of an element as they are named."""
        if isinstance(found, PlainElement):
            return found.kids
        return _listed(self.copier.source, found.get("K"))


class TreeBuilder:
    """Builds the tree of the output, its parts in output order."""

    def __init__(self, writer: ObjectWriter, language: str, titles: Iterable[str]) -> None:
        """Begin a part for each of `titles`; an empty title is left out."""
        self.writer = writer
        self.root = writer.reserve()
        self.document = writer.reserve()
        self.language = language
        self.parts: list[Ref] = []
        self._entries: list[dict[str, Value]] = []
        self._kids: list[list[Value]] = []
        for title in titles:
            entries: dict[str, Value] = {"Type": "StructElem", "S": "Part", "P": self.document}
            if title:
                entries["T"] = text_string(title)
            self.parts.append(writer.reserve())
            self._entries.append(entries)
            self._kids.append([])
        # What the parent tree says of each number, as it is written.
        self._parent_numbers: list[str] = []
        self._identifiers: dict[bytes, Ref] = {}
        self._roles: dict[str, Value] = {}
        self._classes: dict[str, Value] = {}
        self._namespaces: list[Value] = []

    def merge_maps(self, tree: SourceTree) -> None:
        """Take over what the source's own names for roles and classes mean."""
        for name, merged, renamed in (
            ("RoleMap", self._roles, tree.roles),
            ("ClassMap", self._classes, tree.classes),
        ):
            for key, value in tree.copier.source.dictionary(tree.root.get(name)).items():
                carried = tree.copier.carry(value)
                if merged.setdefault(key, carried) != carried:
                    renamed[key] = f"{key}-{tree.prefix}"
                    merged[renamed[key]] = carried
        for namespace in tree.copier.source.array(tree.root.get("Namespaces")):
            self._namespaces.append(tree.copier.carry(namespace))

    def speak(self, part: int, language: Value) -> None:
        """Say in which language a part is, where it is not the output's."""
        if type(language) is bytes and language != self.language.encode():
            self._entries[part]["Lang"] = language

    def take_over(
        self,
        part: int,
        tree: SourceTree,
        elements: Iterable[Value],
        present: Callable[[Value], bool],
    ) -> None:
        """Hang `elements` of a source's tree into a part, with all that is below them.

        `present` says of a page of the source whether it is in the output; what
        speaks of another page is left out.
        """
        copier = tree.copier
        stack: list[tuple[PlainElement | dict[str, Value], Ref, Ref, int]] = []

        def hang(
            kid: Value, found: PlainElement | dict[str, Value], parent: Ref, depth: int
        ) -> Ref | None:
            """Give an element its number; None where it has its place already."""
            if type(kid) is Ref:
                if copier.placed(kid) is not None:
                    return None
                ref = copier.place(kid)
            else:
                ref = self.writer.reserve()
            stack.append((found, ref, parent, depth))
            return ref

        for element in elements:
            ref = hang(element, tree.look(element) or {}, self.parts[part], 0)
            if ref is not None:
                self._kids[part].append(ref)
            while stack:
                found, ref, parent, depth = stack.pop()
                page = found.page if isinstance(found, PlainElement) else found.get("Pg")
                kids: list[Value] = []
                for kid in tree.kids(found):
                    inner = tree.look(kid)
                    if type(inner) is int:
                        if present(page):
                            kids.append(inner)
                    elif _is_element(inner):
                        below = hang(kid, inner, ref, depth + 1) if depth < _DEEPEST else None
                        if below is not None:
                            kids.append(below)
                    elif type(inner) is dict and present(inner.get("Pg", page)):
                        kids.append(_reference(tree, inner))
                if isinstance(found, PlainElement):
                    head = self._plain_head(found, tree, present)
                else:
                    head = self._head(found, ref, tree, present)
                held = f" /K {written(kids if len(kids) > 1 else kids[0])}" if kids else ""
                self.writer.put(ref, f"<<{head} /P {parent:d} 0 R{held}>>")
        copier.copy_waiting()

    def _plain_head(
        self, element: PlainElement, tree: SourceTree, present: Callable[[Value], bool]
    ) -> str:
        """Return what an element says of itself, as it is written."""
        page, role = element.page, tree.roles.get(element.role, element.role)
        head = f"/Type /StructElem /S /{role}"
        if page is not None and present(page):
            head += f" /Pg {tree.copier.place(page):d} 0 R"
        if element.attributes:
            if element.attributes not in tree.attributes:
                value, _ = parse(element.attributes)
                tree.attributes[element.attributes] = written(self._attributes(tree, value))
            head += f" /A {tree.attributes[element.attributes]}"
        return head

    def _head(
        self,
        entries: dict[str, Value],
        ref: Ref,
        tree: SourceTree,
        present: Callable[[Value], bool],
    ) -> str:
        """Return the same of an element that says more."""
        copier, source = tree.copier, tree.copier.source
        made: dict[str, Value] = {"Type": "StructElem"}
        for key, value in entries.items():
            if key in ("P", "K", "Type"):
                continue
            if key == "Pg":
                if present(value):
                    made["Pg"] = copier.place(value)
            elif key == "S":
                role = source.resolve(value)
                made["S"] = tree.roles.get(role, role)
            elif key == "C":
                made["C"] = _renamed(source, value, tree.classes)
            elif key == "ID":
                made["ID"] = self._apart(tree, value)
                self._identifiers[made["ID"]] = ref
            elif key == "A":
                made["A"] = self._attributes(tree, value)
            elif key == "Ref":
                made["Ref"] = [
                    copier.place(each) for each in source.array(value) if type(each) is Ref
                ]
            else:
                made[key] = copier.carry(value)
        return written(made)[2:-2]

    def tagged_page(self, page: dict[str, Value], tree: SourceTree) -> int | None:
        """Take a tagged page's number from it and return the one it has in the output."""
        number = page.pop("StructParents", None)
        if type(number) is int and number in tree.parents:
            return self._number(written(self._parent(tree, number)))
        return None

    def tagged_annotation(self, annotation: dict[str, Value], tree: SourceTree) -> None:
        """Number a tagged page's annotation anew."""
        number = annotation.pop("StructParent", None)
        if type(number) is int and number in tree.parents:
            annotation["StructParent"] = self._number(written(self._parent(tree, number)))

    def figure(self, part: int, page: Ref, alternative_text: str, box: Box) -> int:
        """Describe a page without tags by one figure that holds all its content.

        Return its number in the parent tree.
        """
        figure = self.writer.reserve()
        text = written_text(alternative_text).encode("latin-1")
        self.writer.put_bytes(figure, _FIGURE % (self.parts[part], page, text, _edges(box)))
        self._kids[part].append(figure)
        return self._number(f"[{written(figure)}]")

    def link(self, part: int, page: Ref, annotation: Ref) -> int:
        """Give a link on a page without tags its own element; return its number."""
        element = self.writer.add(
            {
                "Type": "StructElem",
                "S": "Link",
                "P": self.parts[part],
                "Pg": page,
                "K": [{"Type": "OBJR", "Obj": annotation, "Pg": page}],
            }
        )
        self._kids[part].append(element)
        return self._number(written(element))

    def finish(self) -> dict[str, Value]:
        """Write the tree's top, the maps and the parent tree; return the catalog's entries."""
        writer = self.writer
        for ref, entries, kids in zip(self.parts, self._entries, self._kids, strict=True):
            writer.put(ref, written(entries | {"K": kids}))
        document: dict[str, Value] = {
            "Type": "StructElem",
            "S": "Document",
            "P": self.root,
            "K": self.parts,
            "Lang": text_string(self.language),
        }
        writer.put(self.document, written(document))
        root: dict[str, Value] = {
            "Type": "StructTreeRoot",
            "K": [self.document],
            "ParentTree": self._parent_tree(),
            "ParentTreeNextKey": len(self._parent_numbers),
        }
        if self._identifiers:
            names: list[Value] = []
            for key in sorted(self._identifiers):
                names += [key, self._identifiers[key]]
            root["IDTree"] = writer.add({"Names": names})
        for name, merged in (("RoleMap", self._roles), ("ClassMap", self._classes)):
            if merged:
                root[name] = merged
        if self._namespaces:
            root["Namespaces"] = self._namespaces
        writer.put(self.root, written(root))
        return {"StructTreeRoot": self.root, "MarkInfo": {"Marked": True}}

    def _parent_tree(self) -> Ref:
        leaves: list[Value] = []
        for first in range(0, len(self._parent_numbers), _LEAF):
            values = self._parent_numbers[first : first + _LEAF]
            pairs = " ".join([f"{number} {value}" for number, value in enumerate(values, first)])
            limits = written([first, first + len(values) - 1])
            leaf = self.writer.reserve()
            self.writer.put(leaf, f"<</Limits {limits} /Nums [{pairs}]>>")
            leaves.append(leaf)
        return self.writer.add({"Kids": leaves} if leaves else {"Nums": []})

    def _number(self, value: str) -> int:
        self._parent_numbers.append(value)
        return len(self._parent_numbers) - 1

    def _parent(self, tree: SourceTree, number: int) -> Value:
        """Return what the source's parent tree says, for the elements that were taken over."""
        held = tree.parents[number]
        value = tree.copier.source.resolve(held)
        if type(value) is list:
            return [tree.copier.placed(each) or self._apart_from_tree(tree, each) for each in value]
        return tree.copier.placed(held) or self._apart_from_tree(tree, held)

    def _apart_from_tree(self, tree: SourceTree, held: Value) -> Ref | None:
        """Keep an element that content names and no other element holds, as it was: apart.

        Some programs tag running heads so, which are to be shown and not read out.
        """
        copier, entries = tree.copier, tree.copier.source.dictionary(held)
        role = copier.source.resolve(entries.get("S"))
        if type(held) is not Ref or role is None:
            return None
        made: dict[str, Value] = {
            key: copier.carry(value)
            for key, value in entries.items()
            if key in ("Alt", "ActualText", "E", "Lang")
        }
        made |= {"Type": "StructElem", "S": tree.roles.get(role, role), "P": self.document}
        kept = copier.place(held)
        self.writer.put(kept, written(made))
        return kept

    @staticmethod
    def _apart(tree: SourceTree, identifier: Value) -> bytes:
        held = tree.copier.source.resolve(identifier)
        return f"{tree.prefix}-".encode() + (held if type(held) is bytes else b"")

    def _attributes(self, tree: SourceTree, value: Value) -> Value:
        """Return attributes with the IDs that they name kept apart by source."""
        source = tree.copier.source
        held = source.resolve(value)
        if type(held) is list:
            return [self._attributes(tree, each) for each in held]
        if type(held) is not dict or "Headers" not in held:
            return tree.copier.carry(value)
        headers = [self._apart(tree, each) for each in source.array(held["Headers"])]
        return {**tree.copier.carry({**held, "Headers": None}), "Headers": headers}


@lru_cache(maxsize=64)
def _edges(box: Box) -> bytes:
    return b" ".join([b"%g" % edge for edge in box])


def first_page(source: SourceObjects, element: Value) -> Value:
    """Return the first page that an element speaks of, None where there is none."""
    stack, seen = [(element, 0)], set()
    while stack:
        held, depth = stack.pop()
        if type(held) is Ref:
            if held in seen:
                continue
            seen.add(held)
        entries = source.dictionary(held)
        if type(entries.get("Pg")) is Ref:
            return entries["Pg"]
        if depth < _DEEPEST:
            kids = _listed(source, entries.get("K"))
            stack.extend((kid, depth + 1) for kid in reversed(kids) if type(kid) is not int)
    return None


def _reference(tree: SourceTree, entries: dict[str, Value]) -> Value:
    """Return a marked-content or object reference as it stands in the output."""
    copier = tree.copier
    made: dict[str, Value] = {}
    for key, value in entries.items():
        annotation = key == "Obj" and not isinstance(copier.source.resolve(value), Stream)
        if type(value) is Ref and (key == "Pg" or annotation):
            made[key] = copier.place(value)
        else:
            made[key] = copier.carry(value)
    return made


def _renamed(source: SourceObjects, value: Value, classes: Mapping[str, str]) -> Value:
    held = source.resolve(value)
    if type(held) is list:
        return [_renamed(source, each, classes) for each in held]
    return classes.get(held, held) if type(held) is str else held


def _top_elements(source: SourceObjects, root: Mapping[str, Value]) -> list[Value]:
    """Return the elements below the wrappers that hold nothing but each other."""
    elements, depth = _elements(source, root.get("K")), 0
    while len(elements) == 1 and depth < _DEEPEST:
        only = source.dictionary(elements[0])
        if only.get("S") not in _WRAPPERS:
            break
        below = _elements(source, only.get("K"))
        if not below or len(below) != len(_listed(source, only.get("K"))):
            break
        elements, depth = below, depth + 1
    return elements


def _elements(source: SourceObjects, kids: Value) -> list[Value]:
    """Return the kids that are elements, not marked content or object references."""
    return [kid for kid in _listed(source, kids) if _is_element(source.resolve(kid))]


def _is_element(held: Value) -> bool:
    """Return whether a kid is an element, not marked content or a reference to an object."""
    if type(held) is not dict:
        return type(held) is PlainElement
    return "S" in held and held.get("Type") not in ("MCR", "OBJR")


def _listed(source: SourceObjects, named: Value) -> list[Value]:
    """Return the kids of an element as they are named."""
    if type(named) is list:
        return named
    held = source.resolve(named)
    return held if type(held) is list else [] if held is None else [named]


def _number_tree(source: SourceObjects, root: Value) -> dict[int, Value]:
    """Return a number tree as a mapping (§ 7.9.7)."""
    found: dict[int, Value] = {}
    stack, seen = [(root, 0)], set()
    while stack:
        held, depth = stack.pop()
        if type(held) is Ref:
            if held in seen:
                continue
            seen.add(held)
        node = source.dictionary(held)
        if depth < _DEEPEST:
            stack.extend((kid, depth + 1) for kid in source.array(node.get("Kids")))
        pairs = source.array(node.get("Nums"))
        for number, value in zip(pairs[0::2], pairs[1::2], strict=False):
            if type(number) is int:
                found[number] = value
    return found
