"""Inputs of the four kinds, built by code, the same at each run.

Text files; scans of about 220 KB, whose pixels nothing compresses; one long
file; tagged documents as WeasyPrint writes them.
"""

from __future__ import annotations

import random
from pathlib import Path

from pikepdf import Dictionary, Name, Pdf

LINES = 45
SCAN_BYTES = 220_000
_SCAN_SIZE = (400, SCAN_BYTES // 400)


def text_files(folder: Path, files: int, pages: int) -> list[Path]:
    """Write `files` files of text pages; each has words of its own."""
    folder.mkdir(parents=True)
    return [_text(folder / f"{seed:05}.pdf", pages, seed) for seed in range(files)]


def scans(folder: Path, files: int) -> list[Path]:
    """Write `files` files of one page that is a picture."""
    folder.mkdir(parents=True)
    return [_scan(folder / f"{seed:05}.pdf", seed) for seed in range(files)]


def tagged_files(folder: Path, files: int, pages: int) -> list[Path]:
    """Write `files` tagged documents: headings, paragraphs, a table a page."""
    from weasyprint import HTML

    folder.mkdir(parents=True)
    paths = []
    for seed in range(files):
        rows = "".join(f"<tr><th>Row {row}</th><td>Value {seed}</td></tr>" for row in range(12))
        sections = "".join(
            f"<section><h1>Part {number}</h1><p>Reported item {seed}.{number}.</p>"
            f"<table>{rows}</table></section>"
            for number in range(pages)
        )
        style = "<style>section { break-before: page } @page { size: letter }</style>"
        path = folder / f"{seed:05}.pdf"
        page = f"<html lang=en><title>Document {seed}</title>{style}<body>{sections}</body></html>"
        HTML(string=page).write_pdf(path, pdf_variant="pdf/ua-1")
        paths.append(path)
    return paths


def _text(path: Path, pages: int, seed: int) -> Path:
    with Pdf.new() as pdf:
        font = pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        )
        for number in range(pages):
            text = "".join(
                f"q BT /F1 10 Tf 72 {740 - 14 * line} Td (Reported item {seed}.{number}.{line}) Tj"
                " ET Q\n"
                for line in range(LINES)
            )
            page = pdf.add_blank_page(page_size=(612, 792))
            page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
            page.obj.Contents = pdf.make_stream(text.encode())
        pdf.save(path, deterministic_id=True)
    return path


def _scan(path: Path, seed: int) -> Path:
    width, height = _SCAN_SIZE
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        image = pdf.make_stream(random.Random(seed).randbytes(width * height))
        image.Type, image.Subtype = Name.XObject, Name.Image
        image.Width, image.Height = width, height
        image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 8
        page.obj.Resources = Dictionary(XObject=Dictionary(Im0=image))
        page.obj.Contents = pdf.make_stream(b"q 612 0 0 792 0 0 cm /Im0 Do Q")
        # Random bytes do not compress: coded or not, a scan is as large.
        pdf.save(path, deterministic_id=True, compress_streams=False)
    return path
