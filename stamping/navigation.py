"""How a reader gets about: bookmarks, page labels, links, the first view.

In: the output's pages in order. Out: an outline with an entry a part and the
source's own bookmarks below it; labels that equal the stamped numbers; links
that were written as `packet:` addresses leading to their pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pikepdf import Array, Dictionary, Name, NameTree, NumberTree, OutlineItem, Page, Pdf, String

from stamping.bates import BatesRange
from stamping.notices import Notice, Severity
from stamping.structure_tree import page_annotations
from stamping.viewport import viewport

ADDRESS = "packet:"
_DEEPEST = 50


@dataclass
class Bookmark:
    """An entry of the outline: `page` counts from zero in the output, None for none."""

    title: str
    page: int | None
    below: list[Bookmark] = field(default_factory=list)


def source_bookmarks(pdf: Pdf) -> list[Bookmark]:
    """Return the bookmarks of a source; their pages count from zero within it."""
    places = {page.objgen: number for number, page in enumerate(pdf.pages)}
    named = _named_destinations(pdf)
    with pdf.open_outline(max_depth=_DEEPEST) as outline:
        return [_bookmark(item, places, named) for item in outline.root]


def write_outline(pdf: Pdf, pages: Sequence[Page], bookmarks: Sequence[Bookmark]) -> None:
    """Write the outline to the output's `pages`; entries below the first level stay closed."""
    with pdf.open_outline() as outline:
        outline.root.extend(_item(pages, bookmark, level=0) for bookmark in bookmarks)


def write_labels(pdf: Pdf, numbers: BatesRange) -> None:
    """Label every page with its stamped number.

    A label has no fixed width (ISO 32000-2 § 12.4.2), so the zeros stand in the
    prefix and a new range begins at each power of ten.
    """
    series = numbers.series
    tree = NumberTree.new(pdf)
    starts = [numbers.first]
    starts += [
        10**power for power in range(1, series.width) if numbers.first < 10**power <= numbers.last
    ]
    for start in starts:
        zeros = "0" * (series.width - len(str(start)))
        tree[start - numbers.first] = Dictionary(
            S=Name.D, P=String(f"{series.stem}{zeros}"), St=start
        )
    pdf.Root.PageLabels = tree.obj


def open_upright(pdf: Pdf, first: Page) -> None:
    """Open at the first page at 100 %, with the outline shown."""
    view = viewport(first)
    top = view.box[3]
    pdf.Root.OpenAction = Array([first.obj, Name.XYZ, view.box[0], top, 1])
    pdf.Root.PageMode = Name.UseOutlines
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def resolve_links(
    pdf: Pdf, pages: Sequence[Page], targets: Mapping[str, int], numbers: BatesRange
) -> list[Notice]:
    """Lead every link to its page; return a notice for each that leads nowhere.

    A `packet:` address becomes the page that `targets` names. A source's own
    link keeps its page, by reference and no longer by name; one to a page that
    is not in the output is made inert.
    """
    named = _named_destinations(pdf)
    present = {page.objgen for page in pages}
    notices = []
    for place, page in enumerate(pages):
        lost = 0
        for annotation in page_annotations(page):
            if annotation.get("/Subtype") != Name.Link:
                continue
            address = _address(annotation)
            if address in targets:
                _lead(annotation, pages, targets[address], numbers)
            elif address.startswith(ADDRESS):
                _make_inert(annotation)
                notices.append(
                    Notice(
                        Severity.BLOCKING,
                        "link-without-target",
                        f"A link to {address.removeprefix(ADDRESS)} leads nowhere.",
                        page=place + 1,
                    )
                )
            elif not _keep_destination(annotation, named, present):
                # The annotation stays: the tags of its text refer to it.
                _make_inert(annotation)
                lost += 1
        if lost:
            notices.append(
                Notice(
                    Severity.NOTE,
                    "links-removed",
                    f"{lost} of the page's links led to pages that are not in this file.",
                    page=place + 1,
                )
            )
    if "/Names" in pdf.Root:
        del pdf.Root.Names
    return notices


def _lead(annotation: Any, pages: Sequence[Page], target: int, numbers: BatesRange) -> None:
    aimed = pages[target - 1]
    box = viewport(aimed).box
    annotation.A = Dictionary(S=Name.GoTo, D=Array([aimed.obj, Name.XYZ, box[0], box[3], None]))
    annotation.Contents = String(f"Go to {numbers.series.label(numbers.first + target - 1)}")


def _keep_destination(annotation: Any, named: Mapping[str, Any], present: set[Any]) -> bool:
    """Write a link's destination as a page; return whether that page is in the output."""
    action = annotation.get("/A")
    if isinstance(action, Dictionary):
        if action.get("/S") != Name.GoTo:
            return True
        holder, key = action, "/D"
    elif "/Dest" in annotation:
        holder, key = annotation, "/Dest"
    else:
        return True
    destination = _explicit(holder.get(key), named)
    if destination is None or destination[0].objgen not in present:
        return False
    holder[key] = destination
    return True


def _make_inert(annotation: Any) -> None:
    for name in ("/A", "/Dest"):
        if name in annotation:
            del annotation[name]


def _address(annotation: Any) -> str:
    action = annotation.get("/A")
    if annotation.get("/Subtype") != Name.Link or not isinstance(action, Dictionary):
        return ""
    return str(action.get("/URI", ""))


def _named_destinations(pdf: Pdf) -> dict[str, Any]:
    named: dict[str, Any] = {}
    old = pdf.Root.get("/Dests")
    if isinstance(old, Dictionary):
        named.update({key.lstrip("/"): value for key, value in old.items()})
    names = pdf.Root.get("/Names")
    if isinstance(names, Dictionary) and isinstance(names.get("/Dests"), Dictionary):
        named.update(dict(NameTree(names.Dests).items()))
    return named


def _bookmark(item: OutlineItem, places: Mapping[Any, int], named: Mapping[str, Any]) -> Bookmark:
    held: Any = item.destination
    if held is None and item.action is not None:
        held = item.action.get("/D")
    destination = _explicit(held, named)
    page = None if destination is None else places.get(destination[0].objgen)
    return Bookmark(item.title, page, [_bookmark(each, places, named) for each in item.children])


def _explicit(destination: Any, named: Mapping[str, Any]) -> Any:
    """Return a destination as an array that begins with a page, or None."""
    if isinstance(destination, (str, Name, String)):
        destination = named.get(str(destination).lstrip("/"))
    if isinstance(destination, Dictionary):
        destination = destination.get("/D")
    if isinstance(destination, Array) and len(destination):
        return destination if isinstance(destination[0], Dictionary) else None
    return None


def _item(pages: Sequence[Page], bookmark: Bookmark, level: int) -> OutlineItem:
    if bookmark.page is None:
        item = OutlineItem(bookmark.title)
    else:
        page = pages[bookmark.page]
        box = viewport(page).box
        item = OutlineItem(bookmark.title, Array([page.obj, Name.XYZ, box[0], box[3], None]))
    item.is_closed = level >= 1
    item.children.extend(_item(pages, each, level + 1) for each in bookmark.below)
    return item
