"""What a PDF holds besides its pages' content: what acts, reaches out or is coded oddly.

    catalog ─┐
    bookmarks┼─► actions, files, media, fields ─┐
    pages ───┘                                  ├─► Trait: kind, words, page
    resources ───► fonts, codings of pictures ──┘

In: an open document. Out: traits, those of pages with their page. Changes nothing.
Keys and types are those of ISO 32000-2 § 12.3–12.7, § 7.11, § 9 and § 13. Stands
apart from `sanitise`, which removes such things, so that each can disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pikepdf import Array, Dictionary, Name, Object, ObjectSet, Pdf, Stream, String

_STEPS = 2000
"""How many chained actions or nested fields are followed."""

_DEEPEST = 12
"""How deep forms within forms are followed."""


class TraitKind(StrEnum):
    """A kind of thing that a plain page does not need."""

    ACTION = "action"
    LINK_ACROSS = "link-across"
    LINK_OUT = "link-out"
    ATTACHMENT = "attachment"
    MEDIA = "media"
    FIELD = "field"
    ANNOTATION = "annotation"
    UNEMBEDDED_FONT = "unembedded-font"
    JPEG_2000 = "jpeg-2000"
    JBIG2 = "jbig2"


@dataclass(frozen=True, slots=True)
class Trait:
    """One such thing; `page` counts from one and is 0 for what is of the whole file."""

    kind: TraitKind
    what: str
    page: int = 0


_MEDIA_ACTIONS = frozenset({"/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView"})
_MEDIA_ANNOTATIONS = frozenset({"/Screen", "/Movie", "/Sound", "/RichMedia", "/3D"})
_OUTSIDE = "content kept outside the file"
_CODINGS = {"/JPXDecode": TraitKind.JPEG_2000, "/JBIG2Decode": TraitKind.JBIG2}
_FONT_FILES = (Name.FontFile, Name.FontFile2, Name.FontFile3)


def file_traits(pdf: Pdf) -> list[Trait]:
    """Return the traits of the whole file, then those of each page, each once."""
    found = dict.fromkeys(_of_catalog(pdf))
    resources = _Resources()
    for number, page in enumerate(pdf.pages, 1):
        found.update(dict.fromkeys(_of_page(page.obj, number)))
        for kind, what in sorted(resources.of_page(page.obj)):
            found[Trait(kind, what, number)] = None
    return list(found)


def _of_catalog(pdf: Pdf) -> Iterator[Trait]:
    catalog = pdf.Root
    opening = catalog.get(Name.OpenAction)
    if isinstance(opening, Dictionary):
        yield from _action(opening, 0)
    yield from _events(catalog, 0)
    names = catalog.get(Name.Names)
    if isinstance(names, Dictionary):
        if Name.JavaScript in names:
            yield Trait(TraitKind.ACTION, "a script of the whole file")
        if Name.EmbeddedFiles in names:
            yield Trait(TraitKind.ATTACHMENT, "files of the whole file")
        if Name.Renditions in names:
            yield Trait(TraitKind.MEDIA, "sound or film of the whole file")
    if Name.Collection in catalog:
        yield Trait(TraitKind.ATTACHMENT, "a portfolio of files")
    if Name.AF in catalog:
        yield Trait(TraitKind.ATTACHMENT, "files of the whole file")
    yield from _of_form(catalog.get(Name.AcroForm))
    yield from _of_outline(catalog.get(Name.Outlines))


def _of_form(form: object) -> Iterator[Trait]:
    """Yield what is in fields, which need not be on any page."""
    if not isinstance(form, Dictionary):
        return
    if Name.XFA in form:
        yield Trait(TraitKind.FIELD, "an XFA form")
    for field in _tree(form.get(Name.Fields), Name.Kids):
        yield from _events(field, 0)
        if field.get(Name.Subtype) != Name.Widget and Name.Kids not in field:
            yield Trait(TraitKind.FIELD, "a field without a place")


def _of_outline(outline: object) -> Iterator[Trait]:
    if not isinstance(outline, Dictionary):
        return
    seen = ObjectSet()
    waiting: list[object] = [outline.get(Name.First)]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, Dictionary) or not seen.add(item):
            continue
        action = item.get(Name.A)
        if isinstance(action, Dictionary):
            yield from _action(action, 0, "of a bookmark")
        waiting += [item.get(Name.First), item.get(Name.Next)]


def _tree(roots: object, below: Name) -> Iterator[Dictionary]:
    seen = ObjectSet()
    waiting = list(roots) if isinstance(roots, Array) else []
    for _ in range(_STEPS * 10):
        if not waiting:
            return
        item = waiting.pop()
        if not isinstance(item, Dictionary) or (item.is_indirect and not seen.add(item)):
            continue
        yield item
        kids = item.get(below)
        waiting += list(kids) if isinstance(kids, Array) else []


def _of_page(page: Dictionary, number: int) -> Iterator[Trait]:
    yield from _events(page, number)
    if Name.AF in page:
        yield Trait(TraitKind.ATTACHMENT, "a file of the page", number)
    contents = page.get(Name.Contents)
    for stream in list(contents) if isinstance(contents, Array) else [contents]:
        if isinstance(stream, Stream) and _lies_outside(stream):
            yield Trait(TraitKind.ACTION, _OUTSIDE, number)
    annotations = page.get(Name.Annots)
    for each in annotations if isinstance(annotations, Array) else ():
        if isinstance(each, Dictionary):
            yield from _of_annotation(each, number)


def _lies_outside(stream: Stream) -> bool:
    """Whether a stream's bytes, or a page it stands for, are in another file."""
    return Name.Ref in stream or isinstance(stream.get(Name.F), (String, Dictionary))


def _of_annotation(annotation: Dictionary, number: int) -> Iterator[Trait]:
    kind = str(annotation.get(Name.Subtype, "/unknown"))
    if kind == "/Widget":
        yield Trait(TraitKind.FIELD, "a form field", number)
    elif kind == "/FileAttachment":
        yield Trait(TraitKind.ATTACHMENT, "a file pinned to the page", number)
    elif kind in _MEDIA_ANNOTATIONS:
        yield Trait(TraitKind.MEDIA, kind.lstrip("/"), number)
    elif kind not in ("/Link", "/Popup"):
        yield Trait(TraitKind.ANNOTATION, kind.lstrip("/"), number)
    if Name.AF in annotation:
        yield Trait(TraitKind.ATTACHMENT, "a file of an annotation", number)
    yield from _events(annotation, number)
    for key in (Name.A, Name.PA):
        action = annotation.get(key)
        if isinstance(action, Dictionary):
            yield from _action(action, number)


def _events(holder: Object, number: int) -> Iterator[Trait]:
    """Yield the actions that run by themselves (§ 12.6.3)."""
    events = holder.get(Name.AA)
    if isinstance(events, Dictionary):
        for _, action in events.items():
            if isinstance(action, Dictionary):
                yield from _action(action, number, "that runs by itself", itself=True)


def _action(
    action: Dictionary, number: int, which: str = "", *, itself: bool = False
) -> Iterator[Trait]:
    """Yield what an action and those chained to it would do (§ 12.6.4)."""
    seen = ObjectSet()
    waiting: list[object] = [action]
    for _ in range(_STEPS):
        if not waiting:
            return
        item = waiting.pop()
        if isinstance(item, Array):
            waiting += list(item)
            continue
        if not isinstance(item, Dictionary) or (item.is_indirect and not seen.add(item)):
            continue
        kind = str(item.get(Name.S, "/unknown"))
        if kind != "/GoTo" or itself:
            yield _what_it_does(item, kind, which, number)
        waiting.append(item.get(Name.Next))


def _what_it_does(action: Dictionary, kind: str, which: str, number: int) -> Trait:
    words = f"{kind.lstrip('/')} {which}".strip()
    if kind == "/URI":
        return Trait(TraitKind.LINK_OUT, _address(action.get(Name.URI)), number)
    if kind in ("/GoToR", "/GoToE", "/GoToDp"):
        return Trait(TraitKind.LINK_ACROSS, _address(action.get(Name.F)) or words, number)
    if kind in _MEDIA_ACTIONS:
        return Trait(TraitKind.MEDIA, words, number)
    return Trait(TraitKind.ACTION, words, number)


def _address(target: object) -> str:
    if isinstance(target, Dictionary):
        target = target.get(Name.UF, target.get(Name.F))
    text = " ".join(str(target).split()) if isinstance(target, String) else ""
    return text if len(text) <= 80 else f"{text[:79]}…"


class _Resources:
    """Looks into each resource dictionary and form once, however many pages share it."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], frozenset[tuple[TraitKind, str]]] = {}

    def of_page(self, page: Dictionary) -> set[tuple[TraitKind, str]]:
        """Return what the page draws with: fonts that are not embedded, odd codings."""
        node: object = page
        found: set[tuple[TraitKind, str]] = set()
        for _ in range(_STEPS):
            if not isinstance(node, Dictionary):
                break
            if Name.Resources in node:
                found |= self._within(node[Name.Resources], 0)
                break
            node = node.get(Name.Parent)
        annotations = page.get(Name.Annots)
        for each in annotations if isinstance(annotations, Array) else ():
            appearance = each.get(Name.AP) if isinstance(each, Dictionary) else None
            if isinstance(appearance, Dictionary):
                for stream in _streams(appearance):
                    found |= self._of_stream(stream, 0)
        return found

    def _within(self, resources: object, depth: int) -> frozenset[tuple[TraitKind, str]]:
        if not isinstance(resources, Dictionary) or depth > _DEEPEST:
            return frozenset()
        key = resources.objgen
        if key != (0, 0) and key in self._known:
            return self._known[key]
        if key != (0, 0):
            self._known[key] = frozenset()
        found: set[tuple[TraitKind, str]] = set()
        for font in _entries(resources, Name.Font):
            found |= self._of_font(font, depth)
        for kind in (Name.XObject, Name.Pattern):
            for each in _entries(resources, kind):
                if isinstance(each, Stream):
                    found |= self._of_stream(each, depth)
        for state in _entries(resources, Name.ExtGState):
            mask = state.get(Name.SMask) if isinstance(state, Dictionary) else None
            group = mask.get(Name.G) if isinstance(mask, Dictionary) else None
            if isinstance(group, Stream):
                found |= self._of_stream(group, depth)
        if key != (0, 0):
            self._known[key] = frozenset(found)
        return frozenset(found)

    def _of_stream(self, stream: Stream, depth: int) -> frozenset[tuple[TraitKind, str]]:
        key = stream.objgen
        if key in self._known:
            return self._known[key]
        self._known[key] = frozenset()
        found: set[tuple[TraitKind, str]] = set()
        if _lies_outside(stream):
            found.add((TraitKind.ACTION, _OUTSIDE))
        if stream.get(Name.Subtype) == Name.Image:
            found |= set(_coding(stream))
            for mask in (stream.get(Name.SMask), stream.get(Name.Mask)):
                found |= set(_coding(mask)) if isinstance(mask, Stream) else set()
        elif stream.get(Name.Subtype) == Name.PS or stream.get(Name.Subtype2) == Name.PS:
            found.add((TraitKind.ACTION, "PostScript for a printer"))
        else:
            found |= self._within(stream.get(Name.Resources), depth + 1)
        self._known[key] = frozenset(found)
        return self._known[key]

    def _of_font(self, font: object, depth: int) -> frozenset[tuple[TraitKind, str]]:
        if not isinstance(font, Dictionary):
            return frozenset()
        if font.get(Name.Subtype) == Name.Type3:
            return self._within(font.get(Name.Resources), depth + 1)
        below = font.get(Name.DescendantFonts)
        faces = list(below) if isinstance(below, Array) else [font]
        if all(_is_embedded(face) for face in faces):
            return frozenset()
        return frozenset({(TraitKind.UNEMBEDDED_FONT, str(font.get(Name.BaseFont, "/?"))[1:])})


def _entries(resources: Dictionary, kind: Name) -> list[object]:
    held = resources.get(kind)
    return [value for _, value in held.items()] if isinstance(held, Dictionary) else []


def _streams(appearance: Dictionary) -> Iterator[Stream]:
    for _, value in appearance.items():
        if isinstance(value, Stream):
            yield value
        elif isinstance(value, Dictionary):
            yield from (each for _, each in value.items() if isinstance(each, Stream))


def _is_embedded(font: object) -> bool:
    descriptor = font.get(Name.FontDescriptor) if isinstance(font, Dictionary) else None
    return isinstance(descriptor, Dictionary) and any(
        isinstance(descriptor.get(key), Stream) for key in _FONT_FILES
    )


def _coding(image: Stream) -> Iterator[tuple[TraitKind, str]]:
    value = image.get(Name.Filter)
    for name in list(value) if isinstance(value, Array) else [value]:
        if str(name) in _CODINGS:
            yield _CODINGS[str(name)], f"{image.get(Name.Width)} × {image.get(Name.Height)} pixels"
