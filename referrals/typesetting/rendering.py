"""From a template to laid-out pages to PDF, the same on every machine.

In: HTML written by our templates. Out: a WeasyPrint document, then PDF bytes.
Only the bundled fonts are seen, nothing is fetched but what lies in the
template folder, and nothing is asked of the clock.
"""

from __future__ import annotations

import atexit
import functools
import gc
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import templates
from referrals.errors import MachineError
from referrals.typesetting.typefaces import FALLBACKS, FAMILIES, written_out

VARIANT = "pdf/a-2a"
"""The kind of PDF whose writing brings tags and embedded fonts."""

BOX = 3
"""Where a laid-out link names its box."""

POINTS = 0.75
"""Points in a CSS pixel."""

_SHARED = ("XObject", "Font")
"""What pages draw by name and must not carry for each other."""

_NAME = re.compile(rb"/([!-'*-.0-;=?-Z\\^-z|~]+)")
"""A name in content (ISO 32000-2 § 7.3.5)."""

Box = tuple[float, float, float, float]

SYSTEM_LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

_FOLDERS = "referrals-fonts-"
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>{folder}</dir>
<cachedir>{cache}</cachedir>
{aliases}</fontconfig>
"""
_ALIAS = """<alias binding="same"><family>{family}</family><accept>{fallbacks}</accept></alias>
"""


def page_environment() -> Environment:
    """Return the template environment: escaped, strict about unknown names.

    A character that no bundled face can draw is printed as its number.
    """
    return Environment(
        loader=FileSystemLoader(templates.folder()),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=written_out,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def lay_out(html: str) -> Any:
    """Return the laid-out WeasyPrint document of `html`.

    Raises:
        MachineError: a system library is missing.
    """
    weasyprint = _weasyprint()
    with _uncollected():
        document = weasyprint.HTML(
            string=html, base_url=templates.folder().as_uri() + "/", url_fetcher=_fetcher()
        ).render(font_config=_font_configuration(), pdf_variant=VARIANT)
    for page in document.pages:
        # An element inside a link would bear a second link, outside the Link tag (ISO 14289-1
        # § 7.18.5).
        page.links[:] = [link for link in page.links if link[BOX].link]
    return document


def draw(document: Any, look: Callable[[Any], object] = lambda pdf: None) -> bytes:
    """Return the PDF of a laid-out document.

    `look` is shown WeasyPrint's PDF when it is complete, before it is written.
    """

    def finish(document: Any, pdf: Any) -> None:
        _finish(document, pdf)
        look(pdf)

    with _uncollected():
        return bytes(document.write_pdf(pdf_variant=VARIANT, finisher=finish))


def draw_picture(document: Any) -> bytes:
    """Return the PDF of a laid-out document without tags, to be drawn inside another page."""
    with _uncollected():
        return bytes(document.write_pdf(pdf_tags=False))


def boxes(document: Any, names: Sequence[str]) -> dict[str, tuple[int, Box]]:
    """Return where the elements with these anchors stand: page from zero, box in points.

    A box is left, bottom, right, top, from the page's lower left corner.
    """
    found = {}
    for number, page in enumerate(document.pages):
        for name in names:
            if name in page.anchors:
                left, top, right, bottom = (value * POINTS for value in page.anchors[name])
                height = page.height * POINTS
                found[name] = (number, (left, height - bottom, right, height - top))
    return found


def section_pages(document: Any) -> dict[str, tuple[int, int]]:
    """Return the first and last page of every part, by key, counted from one.

    A part begins where the anchor of its key stands; the pages up to the next
    part's are its own.
    """
    starts: dict[str, int] = {}
    for number, page in enumerate(document.pages, start=1):
        for name in page.anchors:
            if name.startswith("part:"):
                starts.setdefault(name.removeprefix("part:"), number)
    order = sorted(starts.items(), key=lambda entry: entry[1])
    ends = [first - 1 for _, first in order[1:]] + [len(document.pages)]
    return {key: (first, last) for (key, first), last in zip(order, ends, strict=True)}


def _finish(document: Any, pdf: Any) -> None:
    """Fix what WeasyPrint leaves: content of margins, and resources of other pages."""
    _mark_running_heads(pdf)
    _part_resources(pdf)


def _part_resources(pdf: Any) -> None:
    """Give each page the pictures and fonts that it uses, and no other page's.

    WeasyPrint writes one dictionary for all pages, so that a file made of some of
    them would carry what the others show.
    """
    held_as = {held.reference: held for held in pdf.objects}
    made: dict[tuple[bytes, ...], bytes] = {}
    for page in map(held_as.__getitem__, pdf.page_references):
        content = b"\n".join(
            each if isinstance(each, bytes) else str(each).encode("latin-1", "replace")
            for each in held_as[page["Contents"]].stream
        )
        named = {name.decode("latin-1") for name in _NAME.findall(content)}
        whole = held_as[page["Resources"]]
        entries = {kind: whole.get(kind, {}) for kind in _SHARED}
        shared = {
            kind: held_as[value] if isinstance(value, bytes) else value
            for kind, value in entries.items()
        }
        used = {kind: sorted(named & known.keys()) for kind, known in shared.items()}
        key = (page["Resources"], *(name.encode() for names in used.values() for name in names))
        if key not in made:
            # Of the library's own kind, which it writes by itself.
            own = type(whole)(whole)
            for kind, names in used.items():
                own[kind] = type(whole)({name: shared[kind][name] for name in names})
            pdf.add_object(own)
            made[key] = own.reference
        page["Resources"] = made[key]


def _mark_running_heads(pdf: Any) -> None:
    """Make artifacts of what stands in page margins (ISO 14289-1 § 7.8).

    WeasyPrint gives that content elements which it leaves out of the tree: neither
    read out nor marked as something to skip.
    """
    held_as = {held.reference: held for held in pdf.objects}
    tree = held_as[pdf.catalog["StructTreeRoot"]]
    read: set[bytes] = set()
    waiting = list(tree["K"])
    while waiting:
        kid = waiting.pop()
        if isinstance(kid, bytes):
            read.add(kid)
            waiting.extend(held_as[kid].get("K", ()))
    elements_of_pages = held_as[tree["ParentTree"]]["Nums"][1::2]
    for page, elements in zip(pdf.page_references, elements_of_pages, strict=False):
        unread = {place for place, element in enumerate(elements) if element not in read}
        content = held_as[held_as[page]["Contents"]].stream
        for place, operator in enumerate(content):
            if operator == b"BDC" and content[place - 1]["MCID"] in unread:
                content[place - 2 : place + 1] = ["/Artifact", b"", b"BMC"]
        elements[:] = [each if each in read else "null" for each in elements]


def _sweep() -> None:
    """Remove the folders of processes that are gone, as far as they are this user's."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDERS}*-*"):
        number = folder.name.removeprefix(_FOLDERS).partition("-")[0]
        if number.isdigit() and not Path(f"/proc/{number}").exists() and Path("/proc").is_dir():
            shutil.rmtree(folder, ignore_errors=True)


@functools.cache
def _weasyprint() -> Any:
    # The folder is this process's own and goes with it; that of a killed one goes here.
    _sweep()
    held = tempfile.TemporaryDirectory(prefix=f"{_FOLDERS}{os.getpid()}-")
    atexit.register(held.cleanup)
    cache = Path(held.name)
    settings = cache / "fonts.conf"
    fallbacks = "".join(f"<family>{family}</family>" for family in FALLBACKS)
    aliases = "".join(_ALIAS.format(family=family, fallbacks=fallbacks) for family in FAMILIES)
    folder = escape(str(templates.fonts()))
    settings.write_text(_FONTS.format(folder=folder, cache=escape(str(cache)), aliases=aliases))
    os.environ["FONTCONFIG_FILE"] = str(settings)
    try:
        import weasyprint
    except OSError as error:
        raise MachineError(
            "A system library for drawing pages is missing.",
            remedy=f"On Debian or Ubuntu: apt-get install {SYSTEM_LIBRARIES}",
        ) from error
    return weasyprint


@functools.cache
def _font_configuration() -> Any:
    """Return the one font configuration of the process: a second one costs memory."""
    _weasyprint()
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@functools.cache
def _fetcher() -> Any:
    _weasyprint()
    from weasyprint.urls import URLFetcher

    allowed = templates.folder().resolve()

    class BundledOnly(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
        """Fetches from the template folder, and data that the page itself holds."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlsplit(url)
            if parts.scheme != "data":
                path = Path(unquote(parts.path)).resolve()
                if parts.scheme != "file" or not path.is_relative_to(allowed):
                    raise ValueError(f"pages may not fetch {url}")
            return super().fetch(url, headers)

    return BundledOnly(allowed_protocols={"file", "data"})


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the cyclic collector away from the box tree, which it walks in vain."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
