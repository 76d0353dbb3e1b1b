"""Every exhibit as pages that can be merged, or the reason why it has none.

In: the exhibits of a snapshot and the files of the evidence store. Out: one
`PreparedExhibit` each. Preparing is a pure function of the file, so its result
is kept by digest and may be deleted at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from referrals.packet.kept_renditions import keep_rendition, kept_rendition
from referrals.packet.prepared_exhibit import PreparedExhibit, exhibit_key
from referrals.records.fields import ExhibitFields
from referrals.records.snapshot import Snapshot
from referrals.renditions.prepared_files import FileToPrepare, prepare_files
from stamping.preparation.awaited_text import awaits_text, can_recognise
from stamping.preparation.recognition import recognise_all
from stamping.values import Rendition, StampStyle


def prepare_exhibits(
    snapshot: Snapshot,
    designators: Sequence[str],
    source: Callable[[str], Path],
    folder: Path,
    style: StampStyle,
    progress: Callable[[int, str], None] = lambda amount, file: None,
) -> dict[str, PreparedExhibit]:
    """Return each named exhibit prepared, by designator.

    `source` gives the path of a file's bytes by SHA-256; `folder` keeps what
    was made. `progress` hears of each exhibit as it is done: one, and its file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        exhibit.designator: exhibit
        for exhibit in snapshot.record.exhibits
        if exhibit.designator in set(designators)
    }
    entries = {key: snapshot.file(exhibit.file) for key, exhibit in wanted.items()}
    records = {
        key: folder / f"{exhibit_key(entries[key], exhibit, style)}.json"
        for key, exhibit in wanted.items()
    }
    done: dict[str, Rendition] = {}
    waiting: dict[str, FileToPrepare] = {}
    for key, exhibit in wanted.items():
        path = source(entries[key].sha256)
        kept = kept_rendition(records[key], path)
        if kept is not None:
            done[key] = kept
            progress(1, exhibit.file)
        else:
            waiting[key] = FileToPrepare(path, exhibit.file, exhibit.title, entries[key].sha256)
    renditions = prepare_files(list(waiting.values()), folder, style, progress)
    done.update(zip(waiting, renditions, strict=True))
    made = {*waiting, *_recognise(done, wanted, progress)}
    for key in made:
        keep_rendition(done[key], records[key])
    return {
        key: PreparedExhibit(exhibit, entries[key], done[key]) for key, exhibit in wanted.items()
    }


def _recognise(
    done: dict[str, Rendition],
    wanted: Mapping[str, ExhibitFields],
    progress: Callable[[int, str], None],
) -> list[str]:
    """Give text to scanned pages where the extra `ocr` is installed; return whose they are."""
    keys = [key for key, rendition in done.items() if can_recognise() and awaits_text(rendition)]
    files = {done[key].source: wanted[key].file for key in keys}
    recognised = recognise_all(
        [done[key] for key in keys],
        progress=lambda rendition: progress(0, f"{files[rendition.source]}, text recognised"),
    )
    done.update(zip(keys, recognised, strict=True))
    return keys
