"""Pages that a stamp must survive, each built by code: geometry, state, sharing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf

# A mark near each corner, so that a turn or a shift shows, clear of the stamp's zone.
INK = (
    b"q 0.8 0.1 0.1 rg 40 60 60 40 re f Q q 0.1 0.1 0.8 rg 300 300 90 30 re f Q "
    b"BT /F1 18 Tf 60 400 Td (Alleged facts) Tj ET\n"
)
BOX = [0, 0, 420, 500]


def _page(pdf: Pdf, content: bytes | list[bytes] = INK, **entries: Any) -> Any:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pieces = content if isinstance(content, list) else [content]
    streams = [pdf.make_stream(piece) for piece in pieces]
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array(BOX),
        Resources=Dictionary(Font=Dictionary(F1=font)),
        Contents=Array(streams) if isinstance(content, list) else streams[0],
    )
    for name, value in entries.items():
        page[f"/{name}"] = value
    return pdf.make_indirect(page)


def _one(**entries: Any) -> Callable[[Pdf], list[Any]]:
    return lambda pdf: [_page(pdf, **entries)]


def _ink(content: bytes | list[bytes]) -> Callable[[Pdf], list[Any]]:
    return lambda pdf: [_page(pdf, content)]


def _shared_page(pdf: Pdf) -> list[Any]:
    page = _page(pdf)
    return [page, page]


def _shared_contents(pdf: Pdf) -> list[Any]:
    first = _page(pdf)
    return [first, _page(pdf, Contents=first.Contents, Resources=first.Resources)]


def _inherited(pdf: Pdf) -> list[Any]:
    page = _page(pdf)
    for name in ("/MediaBox", "/Resources"):
        pdf.Root.Pages[name] = page[name]
        del page[name]
    pdf.Root.Pages.Rotate = 90
    return [page]


def _without_resources(pdf: Pdf) -> list[Any]:
    page = _page(pdf, b"0.5 g 50 200 100 100 re f")
    del page.Resources
    return [page]


def _without_contents(pdf: Pdf) -> list[Any]:
    page = _page(pdf)
    del page.Contents
    return [page]


_IMAGE = b"q 80 0 0 80 100 100 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x00\x80\xc0\x40 EI Q "

VARIANTS: dict[str, Callable[[Pdf], list[Any]]] = {
    "plain": _one(),
    **{f"rotate {turn}": _one(Rotate=turn) for turn in (90, 180, 270, -90, 450)},
    "crop off origin": _one(CropBox=Array([20, 30, 400, 470])),
    "crop turned": _one(CropBox=Array([20, 30, 400, 470]), Rotate=90),
    "crop beyond media": _one(CropBox=Array([-50, -50, 900, 900])),
    "negative box": _one(MediaBox=Array([-100, -50, 420, 500])),
    "corners swapped": _one(MediaBox=Array([420, 500, 0, 0])),
    "user unit 2": _one(UserUnit=2),
    "user unit turned": _one(UserUnit=1.5, Rotate=270),
    "receipt": _one(MediaBox=Array([0, 0, 144, 300])),
    "inherited": _inherited,
    "shared page": _shared_page,
    "shared contents": _shared_contents,
    "no resources": _without_resources,
    "no contents": _without_contents,
    "open q": _ink(b"q 0.5 0 0 0.5 9 9 cm " + INK),
    "open qs": _ink(b"q q q 2 0 0 2 0 0 cm " + INK),
    "surplus Q": _ink(INK + b"Q Q 0.5 0 0 0.5 0 0 cm " + INK),
    "leaked matrix": _ink(b"0.5 0 0 0.5 50 50 cm " + INK),
    "leaked clip": _ink(INK + b"300 300 50 50 re W n"),
    "leaked text state": _ink(INK + b"BT 300 Tz 9 Tc 30 Tw 12 Ts 3 Tr ET"),
    "leaked colour": _ink(INK + b"1 1 1 rg 1 1 1 RG"),
    "open BT": _ink(INK + b"BT /F1 18 Tf 60 300 Td (open) Tj"),
    "open mark": _ink(b"/Span BMC " + INK),
    "surplus EMC": _ink(INK + b"EMC"),
    "inline image": _ink(_IMAGE + INK),
    "split tokens": _ink([b"q 0.8 0.1 0.1 rg 40 60 ", b"60 40 re", b"f Q", INK]),
    "split state": _ink([b"q 0.5 0 0 0.5 0 0 cm", INK, b"Q", INK]),
    "no final space": _ink([INK.rstrip(), b"0 g 200 200 9 9 re f"]),
    "comment at end": _ink(INK + b"% no line end"),
    "own artifact": _ink(b"/Artifact <</Type /Pagination>> BDC " + INK + b" EMC"),
}


def write_variant(name: str, path: Path) -> Path:
    """Write the variant `name` to `path`."""
    with Pdf.new() as pdf:
        kids = VARIANTS[name](pdf)
        for page in kids:
            page.Parent = pdf.Root.Pages
        pdf.Root.Pages.Kids = Array(kids)
        pdf.Root.Pages.Count = len(kids)
        pdf.save(path, deterministic_id=True)
    return path
