"""How a reader gets about: bookmarks, links, the first view.

In: the output's pages in order. Out: an outline with an entry a part and the
source's own bookmarks below it; links that were written as `packet:` addresses
leading to their pages, in this file or in one beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from stamping.objects.object_writer import ObjectWriter
from stamping.objects.pdf_syntax import Ref, Value, text_string, written
from stamping.objects.source_objects import SourceObjects
from stamping.values import Elsewhere

ADDRESS = "packet:"
_DEEPEST = 50
# A tree of names or numbers deeper than this is damaged.
_DEEPEST_TREE = 40

Corner = tuple[Ref, float, float]
"""A page of the output, and the left and the top of what is visible of it."""


@dataclass(slots=True)
class Bookmark:
    """An entry of the outline: its title as a text string is coded (§ 7.9.2.2).

    `page` counts from zero in the output, None for none.
    """

    title: bytes
    page: int | None
    below: list[Bookmark] = field(default_factory=list)


class Destinations:
    """Where a source's links and bookmarks lead: pages, named or by reference."""

    def __init__(self, source: SourceObjects, pages: Sequence[Ref]) -> None:
        self._source = source
        self._places = {page: place for place, page in enumerate(pages)}
        self._named: dict[bytes, Value] | None = None

    def explicit(self, destination: Value) -> list[Value] | None:
        """Return a destination as an array that begins with a page, or None."""
        held = self._source.resolve(destination)
        if type(held) is str:
            held = held.encode("latin-1")
        if type(held) is bytes:
            if self._named is None:
                self._named = _named_destinations(self._source)
            held = self._source.resolve(self._named.get(held))
        if type(held) is dict:
            held = self._source.resolve(held.get("D"))
        if type(held) is list and held and type(held[0]) is Ref:
            return held
        return None

    def page(self, destination: Value) -> int | None:
        """Return the page that a destination names, counted from zero in the source."""
        explicit = self.explicit(destination)
        return None if explicit is None else self._places.get(explicit[0])


def source_bookmarks(source: SourceObjects, destinations: Destinations) -> list[Bookmark]:
    """Return the bookmarks of a source; their pages count from zero within it."""
    catalog = source.dictionary(source.trailer.get("Root"))
    root = source.dictionary(catalog.get("Outlines"))
    top: list[Bookmark] = []
    seen: set[Ref] = set()
    stack: list[tuple[Value, list[Bookmark], int]] = [(root.get("First"), top, 1)]
    while stack:
        ref, siblings, depth = stack.pop()
        while type(ref) is Ref and ref not in seen:
            seen.add(ref)
            item = source.dictionary(ref)
            aim = item.get("Dest")
            action = source.dictionary(item.get("A"))
            if aim is None and source.resolve(action.get("S")) == "GoTo":
                aim = action.get("D")
            title = source.resolve(item.get("Title"))
            bookmark = Bookmark(
                title if type(title) is bytes else b"",
                None if aim is None else destinations.page(aim),
            )
            siblings.append(bookmark)
            if "First" in item and depth < _DEEPEST:
                stack.append((item["First"], bookmark.below, depth + 1))
            ref = item.get("Next")
    return top


def write_outline(
    writer: ObjectWriter, pages: Sequence[Corner], bookmarks: Sequence[Bookmark]
) -> Ref:
    """Write the outline; entries below the first level stay closed (§ 12.3.3)."""
    root = writer.reserve()
    refs = [writer.reserve() for _ in bookmarks]
    shown = len(refs) + sum(len(bookmark.below) for bookmark in bookmarks)
    entries: dict[str, Value] = {"Type": "Outlines", "Count": shown}
    if refs:
        entries |= {"First": refs[0], "Last": refs[-1]}
    writer.put(root, written(entries))
    stack: list[tuple[Ref, Sequence[Bookmark], list[Ref], int]] = [(root, bookmarks, refs, 0)]
    while stack:
        parent, siblings, refs, level = stack.pop()
        for place, (ref, bookmark) in enumerate(zip(refs, siblings, strict=True)):
            entries = {"Title": bookmark.title, "Parent": parent}
            if place:
                entries["Prev"] = refs[place - 1]
            if place + 1 < len(refs):
                entries["Next"] = refs[place + 1]
            if bookmark.page is not None:
                page, left, top = pages[bookmark.page]
                entries["Dest"] = [page, "XYZ", left, top, None]
            if bookmark.below:
                below = [writer.reserve() for _ in bookmark.below]
                count = len(below) if level == 0 else -len(below)
                entries |= {"First": below[0], "Last": below[-1], "Count": count}
                stack.append((ref, bookmark.below, below, level + 1))
            writer.put(ref, written(entries))
    return root


def opening_view(first: Corner) -> dict[str, Value]:
    """Return the catalog's entries to open at the first page at 100 %, outline shown."""
    page, left, top = first
    return {
        "OpenAction": [page, "XYZ", left, top, 1],
        "PageMode": "UseOutlines",
        "ViewerPreferences": {"DisplayDocTitle": True},
    }


@dataclass(slots=True)
class Aim:
    """A link's annotation that is written once its page is known; it counts from one."""

    annotation: Ref
    entries: dict[str, Value]
    page: int
    label: str


def write_aims(writer: ObjectWriter, pages: Sequence[Corner], aims: Sequence[Aim]) -> None:
    """Write the links that lead to pages of other parts."""
    for aim in aims:
        page, left, top = pages[aim.page - 1]
        entries = aim.entries | {
            "A": {"S": "GoTo", "D": [page, "XYZ", left, top, None]},
            "Contents": text_string(f"Go to {aim.label}"),
        }
        writer.put(aim.annotation, written(entries))


def lead_elsewhere(annotation: dict[str, Value], place: Elsewhere) -> None:
    """Let a link lead to a page of another file that lies beside this one (§ 12.6.4.3)."""
    name = text_string(place.file)
    annotation["A"] = {
        "S": "GoToR",
        "F": {"Type": "Filespec", "F": place.file.encode(), "UF": name},
        "D": [place.page - 1, "XYZ", None, None, None],
        "NewWindow": True,
    }
    annotation["Contents"] = text_string(f"Go to {place.label} in {place.file}")


def address(source: SourceObjects, annotation: Mapping[str, Value]) -> str:
    """Return the URI that a link opens, or nothing."""
    if source.resolve(annotation.get("Subtype")) != "Link":
        return ""
    uri = source.resolve(source.dictionary(annotation.get("A")).get("URI"))
    return uri.decode("latin-1") if type(uri) is bytes else ""


def keep_destination(
    source: SourceObjects,
    annotation: dict[str, Value],
    destinations: Destinations,
    present: Callable[[Ref], bool],
) -> bool:
    """Write a link's destination as a page; return whether that page is in the output.

    A link to a page that is not is made inert.
    """
    action = source.dictionary(annotation.get("A"))
    if action:
        if source.resolve(action.get("S")) != "GoTo":
            return True
        held = action.get("D")
    elif "Dest" in annotation:
        held = annotation["Dest"]
    else:
        return True
    destination = destinations.explicit(held)
    make_inert(annotation)
    if destination is None or not present(destination[0]):
        # The annotation stays: the tags of its text refer to it.
        return False
    if action:
        annotation["A"] = {"S": "GoTo", "D": destination}
    else:
        annotation["Dest"] = destination
    return True


def make_inert(annotation: dict[str, Value]) -> None:
    """Take away where a link leads."""
    annotation.pop("A", None)
    annotation.pop("Dest", None)


def _named_destinations(source: SourceObjects) -> dict[bytes, Value]:
    """Return the named destinations of both kinds (§ 12.3.2.4)."""
    catalog = source.dictionary(source.trailer.get("Root"))
    old = source.dictionary(catalog.get("Dests"))
    named: dict[bytes, Value] = {key.encode("latin-1"): value for key, value in old.items()}
    names = source.dictionary(catalog.get("Names"))
    seen: set[Ref] = set()
    stack: list[tuple[Value, int]] = [(names.get("Dests"), 0)]
    while stack:
        ref, depth = stack.pop()
        if type(ref) is Ref:
            if ref in seen or depth > _DEEPEST_TREE:
                continue
            seen.add(ref)
        node = source.dictionary(ref)
        stack.extend((kid, depth + 1) for kid in source.array(node.get("Kids")))
        pairs = source.array(node.get("Names"))
        for key, value in zip(pairs[0::2], pairs[1::2], strict=False):
            key = source.resolve(key)
            if type(key) is bytes:
                named[key] = value
    return named
