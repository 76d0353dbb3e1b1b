"""Print form fields and annotations into the page.

In: a sanitised document. Out: the same with every annotation drawn as it would be
printed and then removed, except links to pages of the same file; what was drawn
or left out is noted in `Removals`. In a tagged document the drawing takes the
annotation's place in the structure tree (ISO 32000-2 § 12.5.5, § 14.7.5.4).
"""

from __future__ import annotations

from pikepdf import Annotation, Array, Dictionary, Name, Page, Pdf, Stream, String

from stamping.objects.library_decoding import page_balance
from stamping.pages.value_font import ValueFont
from stamping.preparation.annotation_appearance import draw_markup
from stamping.preparation.annotation_tags import AnnotationTags
from stamping.preparation.field_appearance import draw_missing_values
from stamping.preparation.sanitise import Removals

_HIDDEN = 2
_PRINT = 4
_NO_VIEW = 32
_INTERNAL = frozenset({"/GoTo"})
_MEDIA = frozenset({"/Screen", "/Movie", "/Sound", "/RichMedia", "/3D"})
# Carried by another annotation or by the program; they have no looks of their own.
_WITHOUT_LOOKS = frozenset({"/Popup", "/Link", "/TrapNet", "/FileAttachment"})


def flatten(pdf: Pdf, removals: Removals) -> bool:
    """Flatten every page of `pdf`; return whether anything changed."""
    pages = [(number, page) for number, page in enumerate(pdf.pages, 1) if Name.Annots in page.obj]
    form = pdf.Root.get(Name.AcroForm)
    font = ValueFont(pdf)
    changed = False
    if isinstance(form, Dictionary):
        changed = True
        if Name.XFA in form:
            removals.add("xfa-removed")
        draw_missing_values(pdf, removals, font)
    if pages:
        tags = AnnotationTags(pdf)
        for number, page in pages:
            changed |= _flatten_page(pdf, page, number, form, font, tags, removals)
        tags.finish()
    if Name.AcroForm in pdf.Root:
        del pdf.Root[Name.AcroForm]
    return changed


def _flatten_page(
    pdf: Pdf,
    page: Page,
    number: int,
    form: object,
    font: ValueFont,
    tags: AnnotationTags,
    removals: Removals,
) -> bool:
    annotations = page.obj.get(Name.Annots)
    kept: list[Dictionary] = []
    drawn: list[bytes] = []
    found = list(annotations) if isinstance(annotations, Array) else []
    for annotation in found:
        if not isinstance(annotation, Dictionary):
            continue
        if _is_internal_link(annotation):
            kept.append(annotation)
            continue
        content = _draw(pdf, page, number, annotation, form, font, removals)
        if content:
            drawn.append(tags.wrap(page, annotation, content))
        else:
            tags.drop(annotation)
    if len(kept) == len(found) and isinstance(annotations, Array):
        return False
    if kept:
        page.obj[Name.Annots] = Array(kept)
    else:
        del page.obj[Name.Annots]
    if drawn:
        held = page_balance(page)
        page.contents_add(b"q\n" * (1 + held.surplus), prepend=True)
        closing = b"ET\n" * held.open_text + b"EMC\n" * held.open_marks
        closing += b"Q\n" * (1 + held.open_states)
        page.contents_add(b"\n" + closing + b"".join(drawn), prepend=False)
    return True


def _is_internal_link(annotation: Dictionary) -> bool:
    """Whether a link leads to a page of the same file (others have lost their action)."""
    if annotation.get(Name.Subtype) != Name.Link:
        return False
    if _flags(annotation) & _HIDDEN:
        return False
    if Name.Dest in annotation:
        return Name.A not in annotation
    action = annotation.get(Name.A)
    return isinstance(action, Dictionary) and str(action.get(Name.S, "")) in _INTERNAL


def _draw(
    pdf: Pdf,
    page: Page,
    number: int,
    annotation: Dictionary,
    form: object,
    font: ValueFont,
    removals: Removals,
) -> bytes:
    """Return the content that draws `annotation`; note what it was."""
    kind = str(annotation.get(Name.Subtype, "/unknown"))
    where = f"{kind.lstrip('/')} on page {number}"
    if kind in _MEDIA:
        removals.add("multimedia-removed", where)
    if not _is_shown(annotation, kind):
        if kind not in _WITHOUT_LOOKS and kind not in _MEDIA:
            removals.add("annotations-not-printed", where)
        return b""
    appearance = Annotation(annotation).get_appearance_stream(Name.N)
    if not isinstance(appearance, Stream) and Name.AP not in annotation:
        made = draw_markup(pdf, annotation, font)
        if made is not None:
            annotation[Name.AP] = Dictionary(N=made)
            appearance = made
    if not isinstance(appearance, Stream):
        if kind not in _WITHOUT_LOOKS and not _is_bare_field(annotation, kind):
            removals.add("annotation-without-appearance", where)
        return b""
    _complete(appearance, annotation, form if kind == "/Widget" else None)
    name = _resource_name(page)
    rotate = page.obj.get(Name.Rotate, 0)
    content = Annotation(annotation).get_page_content_for_appearance(
        name, rotate if isinstance(rotate, int) else 0, 0, _HIDDEN
    )
    if not content:
        return b""
    page.add_resource(appearance, Name.XObject, name)
    content = content.strip() + b"\n"
    if kind == "/Highlight":
        content = _multiplied(page, content)
    if kind == "/Widget":
        removals.add("form-flattened", "")
    elif kind != "/Link":
        removals.add("annotations-flattened", where)
    return content


def _multiplied(page: Page, content: bytes) -> bytes:
    """Return `content` drawn like a marker pen, so that the text below stays readable.

    Readers do so for highlights, whatever their appearance says.
    """
    state = Dictionary(Type=Name.ExtGState, BM=Name.Multiply)
    name = page.add_resource(state, Name.ExtGState, Name.FlattenedMarker)
    return b"q %s gs\n" % str(name).encode("ascii") + content + b"Q\n"


def _flags(annotation: Dictionary) -> int:
    flags = annotation.get(Name.F, 0)
    return flags if isinstance(flags, int) else 0


def _is_shown(annotation: Dictionary, kind: str) -> bool:
    """Whether print shows it (ISO 32000-2 § 12.5.3); a field also where only the screen does.

    Many forms are made without the print flag on their fields; a value that the
    reader of the form sees must not be lost.
    """
    flags = _flags(annotation)
    if flags & _HIDDEN:
        return False
    if flags & _PRINT:
        return True
    return kind == "/Widget" and not flags & _NO_VIEW


def _is_bare_field(annotation: Dictionary, kind: str) -> bool:
    """Whether a field has nothing to show: no value, or an unpressed button."""
    if kind != "/Widget":
        return False
    node: object = annotation
    for _ in range(20):
        if not isinstance(node, Dictionary):
            break
        if node.get(Name.FT) in (Name.Btn, Name.Sig):
            return True
        value = node.get(Name.V)
        if isinstance(value, String) and str(value).strip():
            return False
        node = node.get(Name.Parent)
    return True


def _complete(appearance: Stream, annotation: Dictionary, form: object) -> None:
    """Give an appearance what readers supply by themselves: its type, its fonts, its layer."""
    appearance[Name.Type] = Name.XObject
    appearance[Name.Subtype] = Name.Form
    if Name.OC in annotation and Name.OC not in appearance:
        appearance[Name.OC] = annotation[Name.OC]
    defaults = form.get(Name.DR) if isinstance(form, Dictionary) else None
    if not isinstance(defaults, Dictionary):
        return
    if not isinstance(appearance.get(Name.Resources), Dictionary):
        appearance[Name.Resources] = Dictionary()
    resources = appearance[Name.Resources]
    for category, entries in defaults.items():
        if not isinstance(entries, Dictionary):
            continue
        if not isinstance(resources.get(category), Dictionary):
            resources[category] = Dictionary()
        own = resources[category]
        for key, value in entries.items():
            if key not in own:
                own[key] = value


def _resource_name(page: Page) -> Name:
    """Return a name that the page's XObjects do not use yet; the same on every run."""
    resources = page.obj.get(Name.Resources)
    used = resources.get(Name.XObject) if isinstance(resources, Dictionary) else None
    number = 1
    while isinstance(used, Dictionary) and f"/Flattened{number}" in used:
        number += 1
    return Name(f"/Flattened{number}")
