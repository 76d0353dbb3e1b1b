"""Files of every kind as pages: what is text is written, all else is prepared by the engine.

In: files that nobody vouches for, and a folder. Out: a `Rendition` each, in order. All of
it is done in worker processes with limits: whatever a file does, the answer is a rendition
or a notice that names the file and the cause. Knows no case.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from pikepdf import Pdf

from referrals.errors import InputError
from referrals.renditions.pages_read_back import tally_of_pages
from referrals.text_files.reading import written_form
from referrals.text_files.written_form import WrittenForm
from referrals.text_files.written_suffixes import WRITTEN_SUFFIXES
from referrals.typesetting.rendering import draw, lay_out, page_environment
from referrals.typesetting.typefaces import WRITTEN_OUT, missing, named
from stamping.cage import Cage, run_all
from stamping.cage.outputs import outbox, take
from stamping.notice_codes import NOTICE_CODES, notice
from stamping.notices import Notice, Severity
from stamping.preparation.archival import archival_faults
from stamping.preparation.prepare import prepare_all
from stamping.values import Limits, Rendition, StampStyle, Tally


@dataclass(frozen=True, slots=True)
class FileToPrepare:
    """A file: where its bytes are, what its owner calls it, the title of its pages."""

    path: Path
    name: str
    title: str
    sha256: str

    @property
    def suffix(self) -> str:
        """How its name ends, in small letters."""
        return PurePosixPath(self.name).suffix.lower()


@dataclass(frozen=True, slots=True)
class _Writing:
    """One file to be written as pages, and the place where a caged worker may write them."""

    file: FileToPrepare
    target: Path


def prepare_files(
    files: Sequence[FileToPrepare],
    folder: Path,
    style: StampStyle,
    progress: Callable[[int, str], None] = lambda amount, file: None,
) -> list[Rendition]:
    """Return every file as pages, or why it has none; `progress` hears of each: one, its name.

    Raises:
        OSError: `folder` cannot be written.
    """
    limits = Limits()
    done: dict[int, Rendition] = {}
    places = [place for place, file in enumerate(files) if file.suffix in WRITTEN_SUFFIXES]
    written = _write_all([files[place] for place in places], folder, limits, progress)
    done.update(zip(places, written, strict=True))
    places = [place for place in range(len(files)) if place not in done]
    originals = [_with_its_ending(files[place], folder) for place in places]
    names = {path: files[place].name for path, place in zip(originals, places, strict=True)}
    prepared = (
        prepare_all(originals, folder, style=style, progress=lambda path: progress(1, names[path]))
        if originals
        else []
    )
    done.update(zip(places, prepared, strict=True))
    return [done[place] for place in range(len(files))]


def _write_all(
    files: Sequence[FileToPrepare],
    folder: Path,
    limits: Limits,
    progress: Callable[[int, str], None],
) -> list[Rendition]:
    """Return text files as pages in `folder`; they are read and laid out in a cage."""
    if not files:
        return []
    with outbox(folder) as box:
        tasks = [_Writing(file, box / f"{place}.pdf") for place, file in enumerate(files)]
        made = run_all(
            write_pages,
            tasks,
            Cage(
                reads=tuple(file.path for file in files),
                folder=box,
                seconds=limits.seconds,
                memory_bytes=limits.memory_bytes,
            ),
            failed=_failed,
            progress=lambda task: progress(1, task.file.name),
        )
        return [_taken(each, task, box, folder) for each, task in zip(made, tasks, strict=True)]


def _taken(made: Rendition, task: _Writing, box: Path, folder: Path) -> Rendition:
    if made.path is None:
        return replace(made, source=task.file.path)
    # The name is given here: a file that takes a worker over must not choose another's.
    beside = folder / f".{task.file.sha256}-{task.target.name}"
    take(task.target, box, beside)
    with beside.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    target = folder / f"written-{digest}.pdf"
    beside.replace(target)
    return replace(made, source=task.file.path, path=target)


def write_pages(wanted: _Writing) -> Rendition:
    """Write one text file as pages; the worker's task. Never raises for what it holds."""
    file = wanted.file
    try:
        return _written(file, wanted.target)
    except InputError as error:
        return _unreadable(file, str(error), error.remedy)
    except (MemoryError, RecursionError):
        return _failed(wanted, "out-of-memory")
    except Exception as error:  # noqa: BLE001 – one file must not stop the others, whatever it does
        words = (
            f"{PurePosixPath(file.name).name} cannot be shown as pages ({type(error).__name__})."
        )
        return _unreadable(file, words, "Ask for it as PDF, or accept a page that stands for it.")


def _written(file: FileToPrepare, target: Path) -> Rendition:
    name = PurePosixPath(file.name).name
    form = written_form(file.path, name)
    html = (
        page_environment()
        .get_template("written/written.html")
        .render(form=form, title=file.title, name=name, sha256=file.sha256)
    )
    document = lay_out(html)
    target.write_bytes(draw(document))
    with Pdf.open(target) as pdf:
        faults = archival_faults(pdf)
    account = (*form.account.tallies, tally_of_pages(target, _all_said(form, file, name)))
    return Rendition(
        file.path,
        target,
        len(document.pages),
        identical=False,
        tagged=True,
        notices=(*_differences(account), *_notices(form)),
        archival_faults=faults,
        account=account,
    )


def _all_said(form: WrittenForm, file: FileToPrepare, name: str) -> str:
    """Return all that the template is given to print, as it prints it."""
    told = [f"{each.message} {each.remedy}" for each in form.notices]
    head = f"{form.kind} shown as pages. Original: {name}, SHA-256 {file.sha256}"
    return "\n".join((head, *told, file.title, form.text))


def _differences(account: Sequence[Tally]) -> Iterator[Notice]:
    """Yield a notice for what is neither shown nor named: it stands in the way of a packet."""
    for tally in account:
        if tally.unexplained:
            place = f" of {tally.where}" if tally.where else ""
            yield Notice(
                Severity.BLOCKING,
                "not-accounted-for",
                f"{tally.unexplained:,} of {tally.held:,} {tally.what}{place} are not on the "
                "pages.",
                remedy="Ask for it as PDF; if it cannot be had, say who accepts it as it is, in "
                "'placeholder_waived_by'.",
            )


def _notices(form: WrittenForm) -> Iterator[Notice]:
    yield from form.notices
    yield Notice(
        Severity.NOTE,
        "written-as-pages",
        f"{form.kind} shown as pages.",
    )
    if without := missing(form.text):
        yield Notice(
            Severity.WARNING,
            WRITTEN_OUT,
            "Characters that no bundled font can draw are shown as their numbers: "
            f"{named(without)}.",
            "Read them in the original.",
        )


def _failed(wanted: _Writing, code: str) -> Rendition:
    return _without_pages(wanted.file, notice(code, NOTICE_CODES[code].meaning))


def _unreadable(file: FileToPrepare, words: str, remedy: str) -> Rendition:
    return _without_pages(file, Notice(Severity.BLOCKING, "unreadable", words, remedy))


def _without_pages(file: FileToPrepare, told: Notice) -> Rendition:
    return Rendition(file.path, None, 0, identical=False, tagged=False, notices=(told,))


def _with_its_ending(file: FileToPrepare, folder: Path) -> Path:
    """Return a path to the file that ends as its owner's name does.

    A store knows no endings, and an ending that belies the content is to be reported.
    """
    if file.path.suffix.lower() == file.suffix:
        return file.path
    link = folder / f"{file.path.name}{file.suffix}"
    if not link.is_symlink():
        link.symlink_to(file.path.absolute())
    return link
