"""Pages with what is planted: born digital, scanned, photographed.

In: planted sentences. Out: PDFs, and which sentence stands on which page: in running
heads, in prose, in rows of tables. What stands on a page is also put into all places
besides pages that a PDF has.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from html import escape
from pathlib import Path

import pypdfium2 as pdfium
from pikepdf import AttachedFileSpec, Dictionary, Name, OutlineItem, Pdf, String
from PIL import Image, ImageEnhance, ImageFilter

from benchmarks.redaction.planted import Planted
from referrals.typesetting.rendering import draw, lay_out
from stamping.preparation.prepare import prepare
from stamping.preparation.recognition import recognise

LINES = 30
"""Sentences on a page: the first two in its head, then prose and rows of tables."""

_STYLE = """
@page { size: letter; margin: 36pt } body { font-size: 11pt } p { margin: 2pt }
header { font-size: 9pt; border-bottom: 1px solid; display: flex; justify-content: space-between }
section { break-after: page }
"""


def page_of(index: int) -> int:
    """Return the page on which the sentence of that index stands, from one."""
    return index // LINES + 1


def write_pages(path: Path, items: Sequence[Planted]) -> Path:
    """Write the sentences to a PDF, `LINES` on each page."""
    pages = [items[start : start + LINES] for start in range(0, len(items), LINES)]
    body = "".join(map(_page, pages))
    style = f"<title>Planted</title><style>{_STYLE}</style>"
    path.write_bytes(draw(lay_out(f'<html lang="en">{style}{body}</html>')))
    return path


def _page(items: Sequence[Planted]) -> str:
    head = "".join(f"<span>{escape(item.sentence)}</span>" for item in items[:2])
    lines = "".join(_line(item, index) for index, item in enumerate(items[2:]))
    return f"<section><header>{head}</header>{lines}</section>"


def _line(item: Planted, index: int) -> str:
    label, _, rest = item.sentence.partition(item.text)
    if index % 3:
        return f"<p>{escape(item.sentence)}.</p>"
    cells = f"<td>{escape(label)}</td><td>{escape(item.text)}{escape(rest)}</td>"
    return f"<table><tr>{cells}</tr></table>"


def plant_elsewhere(path: Path, words: Sequence[str]) -> None:
    """Put the words into the file's information, metadata, bookmarks, tags and an attachment."""
    with Pdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.docinfo.Subject = String("; ".join(words))
        packet = "".join(f"<x>{escape(each)}</x>" for each in words)
        pdf.Root.Metadata = pdf.make_stream(f"<r>{packet}</r>".encode(), Type=Name.Metadata)
        with pdf.open_outline() as outline:
            outline.root.extend(OutlineItem(each, 0) for each in words)
        pdf.attachments["notes.txt"] = AttachedFileSpec(pdf, "\n".join(words).encode())
        pdf.Root.StructTreeRoot.K[0].Alt = String("; ".join(words))
        pdf.pages[0].obj.PieceInfo = Dictionary(Other=String("; ".join(words)))
        pdf.save(path, fix_metadata_version=False)


def scanned(source: Path, pages: int, folder: Path) -> Path:
    """Return the first pages as a 300 dpi scan, recognised."""
    return _recognised(_pictures(source, pages, 300), folder / "scan.tif", 300)


def photographed(source: Path, pages: int, folder: Path) -> Path:
    """Return the first pages as photographs of paper, recognised: uneven light, blur, a tilt."""
    rng = random.Random(2026)
    shots = []
    for picture in _pictures(source, pages, 250):
        light = Image.linear_gradient("L").resize(picture.size)
        shaded = Image.composite(picture, ImageEnhance.Brightness(picture).enhance(0.75), light)
        blurred = shaded.filter(ImageFilter.GaussianBlur(0.8))
        tilt = rng.uniform(-0.8, 0.8)
        turned = blurred.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=(190, 190, 185))
        stream = io.BytesIO()
        turned.save(stream, "JPEG", quality=80)
        shots.append(Image.open(stream).convert("RGB"))
    return _recognised(shots, folder / "photo.tif", 250)


def _pictures(source: Path, pages: int, dpi: int) -> list[Image.Image]:
    document = pdfium.PdfDocument(source)
    try:
        return [
            document[number].render(scale=dpi / 72).to_pil().convert("RGB")
            for number in range(pages)
        ]
    finally:
        document.close()


def _recognised(pictures: Sequence[Image.Image], path: Path, dpi: int) -> Path:
    pictures[0].save(path, save_all=True, append_images=pictures[1:], dpi=(dpi, dpi))
    folder = path.with_suffix("")
    folder.mkdir()
    rendition = recognise(prepare(path, folder))
    assert rendition.path is not None
    return rendition.path
