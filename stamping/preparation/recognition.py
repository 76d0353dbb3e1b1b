"""Give text to pages that have none (the extra `ocr`: ocrmypdf and tesseract).

In: renditions whose `pages_without_text` are known. Out: renditions with an
invisible text layer on just those pages; all other pages keep their bytes'
meaning. Results are kept beside the rendition under its content's digest, so
that no page is recognised twice. Each rendition is worked on in a cage of its own,
which may start Python and tesseract and no other program. Without the extra nothing
changes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from os import sched_getaffinity
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream

from stamping.cage import STOPPED, Cage, run_one
from stamping.cage.outputs import outbox, take
from stamping.notice_codes import notice
from stamping.objects.saving import save
from stamping.pages.text_layer import has_text
from stamping.preparation.archival import archival_faults
from stamping.preparation.awaited_text import awaits_text, can_recognise
from stamping.values import Rendition

# Seconds for one page; measured 2.5–5 on one core.
SECONDS_A_PAGE = 60.0
SUFFIX = "-text.pdf"
# How ocrmypdf names the layer it lays over a page.
_RANDOM_LAYER = re.compile(r"/OCR-[\w-]+")


def recognise_all(
    renditions: Sequence[Rendition],
    *,
    languages: Sequence[str] = ("eng",),
    workers: int | None = None,
    progress: Callable[[Rendition], None] | None = None,
) -> list[Rendition]:
    """Return the renditions, in order, with text on the pages that had none.

    `languages` are tesseract's codes. `progress` is called after each rendition
    that was worked on. What cannot be recognised stays as it was, with a notice.
    """
    if not can_recognise():
        return list(renditions)

    def work(rendition: Rendition) -> Rendition:
        if not awaits_text(rendition):
            return rendition
        result = recognise(rendition, languages=languages)
        if progress is not None:
            progress(rendition)
        return result

    with ThreadPoolExecutor(workers or len(sched_getaffinity(0))) as pool:
        return list(pool.map(work, renditions))


@dataclass(frozen=True, slots=True)
class Reading:
    """One file to be read by the program: its pages without text, and where the result goes."""

    source: Path
    pages: tuple[int, ...]
    result: Path
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What came of a reading: what went wrong or nothing, pages still without text, faults."""

    problem: str = ""
    remaining: tuple[int, ...] = ()
    archival_faults: tuple[str, ...] = ()


def recognise(rendition: Rendition, *, languages: Sequence[str] = ("eng",)) -> Rendition:
    """Return `rendition` with text on its `pages_without_text`; needs the extra `ocr`."""
    source, pages = rendition.path, rendition.pages_without_text
    assert source is not None
    result = source.with_name(source.stem + SUFFIX)
    with outbox(source.parent) as box:
        made = box / result.name
        wanted = Reading(source, pages, result if result.exists() else made, tuple(languages))
        read = run_one(
            read_pages,
            wanted,
            Cage(
                reads=(source, result),
                folder=box,
                programs=_programs(),
                seconds=SECONDS_A_PAGE * (2 + len(pages)),
            ),
            failed=_stopped,
        )
        if read.problem:
            message = f"The pages could not be recognised: {read.problem}."
            failed = notice("recognition-failed", message)
            return replace(rendition, notices=(*rendition.notices, failed))
        if wanted.result == made:
            take(made, box, result)
    remaining = tuple(page for page in pages if page in read.remaining)
    kept = tuple(item for item in rendition.notices if item.code != "no-text")
    done = len(pages) - len(remaining)
    said = [notice("text-recognised", f"Text was recognised on {done:,} pages by a program.")]
    if remaining and len(kept) < len(rendition.notices):
        named = ", ".join(map(str, remaining[:12]))
        said.append(notice("no-text", f"No text was found on pages that show something: {named}."))
    return replace(
        rendition,
        path=result,
        identical=False,
        notices=(*kept, *said),
        pages_without_text=remaining,
        archival_faults=read.archival_faults,
    )


def read_pages(wanted: Reading) -> Read:
    """Recognise the pages if there is no result yet, and look at the result; the worker's task."""
    if not wanted.result.exists():
        problem = _run(wanted.source, wanted.result, wanted.pages, wanted.languages)
        if problem:
            return Read(problem)
    remaining = _still_without_text(wanted.result, wanted.pages)
    return Read("", remaining, _archival_faults(wanted.result))


def _programs() -> tuple[Path, ...]:
    return tuple(Path(name) for name in (sys.executable, shutil.which("tesseract")) if name)


def _stopped(wanted: Reading, code: str) -> Read:
    return Read(STOPPED[code])


def _archival_faults(path: Path) -> tuple[str, ...]:
    with Pdf.open(path) as pdf:
        return archival_faults(pdf)


def _run(source: Path, result: Path, pages: Sequence[int], languages: Sequence[str]) -> str:
    """Recognise `pages` of `source` into `result`; return what went wrong, or nothing."""
    with tempfile.TemporaryDirectory(dir=result.parent) as place:
        made = Path(place) / "made.pdf"
        command = [
            sys.executable,
            "-m",
            "ocrmypdf",
            "--mode=skip",
            "--output-type=pdf",
            "--optimize=0",
            "--jobs=1",
            "--rasterizer=pypdfium",
            "--quiet",
            f"--language={'+'.join(languages)}",
            f"--pages={','.join(map(str, pages))}",
            str(source),
            str(made),
        ]
        try:
            finished = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS_A_PAGE * (1 + len(pages)),
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "it took too long"
        if finished.returncode or not made.exists():
            words = finished.stderr.decode("utf-8", "replace").strip().splitlines()
            return words[-1].replace(str(source), source.name) if words else "no reason was given"
        _settle(made, result)
    return ""


def _settle(made: Path, result: Path) -> None:
    """Write `made` without its time and random names, under its final name."""
    settled = made.with_name("settled.pdf")
    with Pdf.open(made) as pdf:
        for key in (Name.Info, Name.ID):
            if key in pdf.trailer:
                del pdf.trailer[key]
        if Name.Metadata in pdf.Root:
            del pdf.Root[Name.Metadata]
        for page in pdf.pages:
            _rename_layer(page)
        save(
            pdf,
            settled,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            preserve_pdfa=False,
        )
    settled.replace(result)


def _rename_layer(page: Page) -> None:
    """Give the layer of text, which has a random name, the same name on every run."""
    resources = page.obj.get(Name.Resources)
    forms = resources.get(Name.XObject) if isinstance(resources, Dictionary) else None
    if not isinstance(forms, Dictionary):
        return
    contents = page.obj.get(Name.Contents)
    streams = list(contents) if isinstance(contents, Array) else [contents]
    layers = [key for key in list(forms.keys()) if _RANDOM_LAYER.fullmatch(key)]
    for number, key in enumerate(layers, 1):
        name = f"/RecognisedText{number}"
        forms[name] = forms[key]
        del forms[key]
        for stream in streams:
            if isinstance(stream, Stream) and key.encode() in (data := stream.read_bytes()):
                stream.write(data.replace(key.encode(), name.encode()))


def _still_without_text(path: Path, pages: Sequence[int]) -> tuple[int, ...]:
    document = pdfium.PdfDocument(path)
    try:
        return tuple(number for number in pages if not has_text(document[number - 1]))
    finally:
        document.close()
