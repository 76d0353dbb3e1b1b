"""The contenders that are Python libraries: NAME NUMBERS OUTPUT FILES…

Run as a script, in an interpreter that has the library.
"""

from __future__ import annotations

import sys
from pathlib import Path


def engine(numbers: Path, output: Path, files: list[Path]) -> None:
    """Number with the engine."""
    from stamping.assembly.engine import assemble
    from stamping.bates import BatesSeries
    from stamping.values import Document, Order, Part

    parts = [Part(file, title=file.stem) for file in files]
    assemble(parts, Order(BatesSeries("BENCH"), 1, Document("Bench", identity="00")), output)


def pypdf(numbers: Path, output: Path, files: list[Path]) -> None:
    """Number with pypdf, by laying pages over."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.constants import PageLabelStyle

    writer = PdfWriter()
    for file in files:
        writer.append(file, outline_item=file.stem)
    for page, number in zip(writer.pages, PdfReader(numbers).pages, strict=True):
        page.merge_page(number)
    last, start = len(writer.pages) - 1, 0
    while start <= last:
        digits = len(str(start + 1))
        stop = min(last, 10**digits - 2)
        prefix = "BENCH-" + "0" * (6 - digits)
        writer.set_page_label(
            start, stop, style=PageLabelStyle.DECIMAL, prefix=prefix, start=start + 1
        )
        start = stop + 1
    writer.write(output)


def pymupdf(numbers: Path, output: Path, files: list[Path]) -> None:
    """Number with PyMuPDF, which draws the text itself."""
    import pymupdf as library  # type: ignore[import-not-found]  # in an environment of its own

    made, outline = library.open(), []
    for file in files:
        outline.append([1, file.stem, made.page_count + 1])
        with library.open(file) as source:
            made.insert_pdf(source)
    for number, page in enumerate(made, start=1):
        page.insert_text((530, 772), f"BENCH-{number:06}", fontsize=9)
    made.set_toc(outline)
    rules, power = [], 1
    while power <= made.page_count:
        prefix = "BENCH-" + "0" * (6 - len(str(power)))
        rules.append(
            {"startpage": power - 1, "prefix": prefix, "style": "D", "firstpagenum": power}
        )
        power *= 10
    made.set_page_labels(rules)
    made.save(output)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    # Its own folder comes first on the path, where this file's neighbours would be found.
    sys.path = [place for place in sys.path if Path(place or ".") != Path(__file__).parent]
    {"engine": engine, "pypdf": pypdf, "pymupdf": pymupdf}[sys.argv[1]](
        Path(sys.argv[2]), Path(sys.argv[3]), [Path(name) for name in sys.argv[4:]]
    )
