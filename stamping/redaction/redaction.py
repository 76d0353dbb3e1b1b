"""Burns black bars into pages: what stood beneath them is gone from the file.

    page ─► picture, erased beneath the bars ─► text recognised ─► bars and labels drawn

In: a PDF that `prepare` made safe, the bars, and a way to hide words in what is
not a page. Out: a PDF of the same pages. A page with bars becomes a picture of
itself and keeps nothing else: no text, annotation, tag or thumbnail; the others
keep their content. What speaks of the file as a whole (information, metadata,
names) is dropped, and words are hidden in bookmarks, layers and alternative
texts. Without the extra `ocr` the burnt pages hold no text but their labels.
Knows no case.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pikepdf import Array, Dictionary, Name, Object, Pdf, StreamDecodeLevel, String

from stamping.errors import UnreadableInputError
from stamping.objects.saving import save
from stamping.pages.page_text import viewports
from stamping.pages.value_font import ValueFont
from stamping.pages.viewport import Viewport
from stamping.preparation.awaited_text import can_recognise
from stamping.preparation.recognition import recognise
from stamping.redaction.burnt_page import Bar, bars_content, image_object, merged, page_picture
from stamping.redaction.carried_metadata import drop_carried_metadata
from stamping.redaction.structure_pruning import describe_page, prune_structure
from stamping.values import Rendition

FIGURE_TEXT = "Image of the page, with redactions"
"""What is read out of a burnt page where the file has tags."""

_FONT = "RedactionLabel"
_PICTURE = "RedactedPage"
# Entries of the catalog that pages need; all others speak of the file as a whole.
_KEPT_OF_FILE = frozenset(
    {"/Type", "/Pages", "/Outlines", "/StructTreeRoot", "/MarkInfo", "/Lang", "/OCProperties"}
)
_DROPPED_OF_PAGES = ("/Thumb", "/PieceInfo", "/Metadata", "/AA", "/LastModified", "/B")
_MOST_BOOKMARKS = 100_000


def redact(
    source: Path,
    bars: Sequence[Bar],
    target: Path,
    hide: Callable[[str], str] = str,
    *,
    read_again: bool = True,
) -> tuple[int, ...]:
    """Write `source` with `bars` burnt in to `target`; return the burnt pages without text.

    `hide` returns a text without the words that must not appear. Text is recognised
    on the burnt pages if `read_again` and the extra is there; labels count for none.

    Raises:
        UnreadableInputError: `source` cannot be opened, or lacks a page of the bars.
    """
    by_page: dict[int, list[Bar]] = {}
    for bar in merged(bars):
        by_page.setdefault(bar.page, []).append(bar)
    views = viewports(source)
    if by_page and not 1 <= min(by_page) <= max(by_page) <= len(views):
        raise UnreadableInputError(
            f"{source.name} has {len(views)} pages, and page {max(by_page)} is to be redacted",
            source=source,
            remedy="Withdraw the redaction and record it for the page that it is on.",
        )
    with tempfile.TemporaryDirectory(dir=target.parent) as place:
        erased, labelled = Path(place) / "erased.pdf", Path(place) / "labelled.pdf"
        _erase(source, by_page, views, hide, erased)
        again = tuple(by_page) if read_again and can_recognise() else ()
        read, silent = _recognised(erased, again, len(views))
        _label(source, read, by_page, views, labelled)
        shutil.move(labelled, target)
    return silent if again else tuple(by_page)


def _erase(
    source: Path,
    by_page: Mapping[int, Sequence[Bar]],
    views: Sequence[Viewport],
    hide: Callable[[str], str],
    target: Path,
) -> None:
    """Write the pages with what is beneath the bars erased, and words hidden elsewhere."""
    with Pdf.open(source) as pdf:
        gone = [pdf.pages[number - 1].obj for number in by_page]
        prune_structure(pdf, gone, hide)
        for number, bars in by_page.items():
            page, view = pdf.pages[number - 1].obj, views[number - 1]
            for key in list(page.keys()):
                if key not in ("/Type", "/Parent"):
                    del page[key]
            page.MediaBox = Array([0, 0, view.width, view.height])
            # An entry that the page inherits must not come back.
            page.CropBox, page.Rotate = page.MediaBox, 0
            picture = page_picture(source, number, view, bars, "white")
            page.Resources = Dictionary(XObject=Dictionary())
            page.Resources.XObject[f"/{_PICTURE}"] = image_object(pdf, picture)
            size = f"{view.width:.4f} 0 0 {view.height:.4f} 0 0"
            page.Contents = pdf.make_stream(f"q {size} cm /{_PICTURE} Do Q\n".encode())
            if describe_page(pdf, page, FIGURE_TEXT) is not None:
                marked = b"/Figure <</MCID 0>> BDC " + page.Contents.read_bytes() + b"EMC\n"
                page.Contents = pdf.make_stream(marked)
        for each in pdf.pages:
            for key in _DROPPED_OF_PAGES:
                if key in each.obj:
                    del each.obj[key]
        drop_carried_metadata(pdf)
        _drop_what_speaks_of_the_file(pdf)
        _hide_names(pdf, hide)
        _write(pdf, target)


def _drop_what_speaks_of_the_file(pdf: Pdf) -> None:
    names = pdf.Root.get(Name.Names)
    named = names.get(Name.Dests) if isinstance(names, Dictionary) else None
    for key in list(pdf.Root.keys()):
        if key not in _KEPT_OF_FILE and key != "/Dests":
            del pdf.Root[key]
    if named is not None:
        pdf.Root.Names = Dictionary(Dests=named)
    for entry in (Name.Info, Name.ID):
        if entry in pdf.trailer:
            del pdf.trailer[entry]


def _hide_names(pdf: Pdf, hide: Callable[[str], str]) -> None:
    """Hide words in the titles of bookmarks and the names of layers."""
    layers = pdf.Root.get(Name.OCProperties)
    for layer in layers.get(Name.OCGs, []) if isinstance(layers, Dictionary) else []:
        _hide(layer, Name.Name, hide)
    waiting = [pdf.Root.get(Name.Outlines)]
    seen: set[tuple[int, int]] = set()
    while waiting and len(seen) < _MOST_BOOKMARKS:
        item = waiting.pop()
        if not isinstance(item, Dictionary) or item.objgen in seen:
            continue
        seen.add(item.objgen)
        _hide(item, Name.Title, hide)
        waiting += [item.get(Name.First), item.get(Name.Next)]


def _hide(holder: Object, key: Name, hide: Callable[[str], str]) -> None:
    held = holder.get(key)
    if isinstance(held, String):
        holder[key] = String(hide(str(held)))


def _recognised(path: Path, pages: tuple[int, ...], count: int) -> tuple[Path, tuple[int, ...]]:
    """Return a file in which `pages` have text, as far as it can be, and those without."""
    if not pages:
        return path, ()
    rendition = Rendition(
        path, path, count, identical=False, tagged=False, pages_without_text=pages
    )
    result = recognise(rendition)
    return result.path or path, result.pages_without_text


def _label(
    source: Path,
    erased: Path,
    by_page: Mapping[int, Sequence[Bar]],
    views: Sequence[Viewport],
    target: Path,
) -> None:
    """Write the bars and their labels onto the pages, and into their pictures."""
    with Pdf.open(erased) as pdf:
        font = ValueFont(pdf)
        for number, bars in by_page.items():
            page, view = pdf.pages[number - 1], views[number - 1]
            picture = page_picture(source, number, view, bars, "black")
            page.obj.Resources.XObject[f"/{_PICTURE}"] = image_object(pdf, picture)
            page.obj.Resources.Font = page.obj.Resources.get(Name.Font, Dictionary())
            page.obj.Resources.Font[f"/{_FONT}"] = font.object
            drawn = bars_content(bars, view, _FONT)
            if Name.StructParents in page.obj:
                drawn = b"/Artifact BMC " + drawn + b"EMC\n"
            page.contents_add(drawn)
        _write(pdf, target)


def _write(pdf: Pdf, path: Path) -> None:
    save(
        pdf,
        path,
        encryption=False,
        compress_streams=False,
        stream_decode_level=StreamDecodeLevel.none,
        preserve_pdfa=False,
    )
