"""Stamping alone: any files in, one numbered PDF out, no case needed.

A file that cannot be opened stops the whole: nothing is left out in silence. For a kind of
file that has no page form, a page stands that names it.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from referrals.errors import UsageError
from referrals.findings import Finding, Severity
from referrals.packet.notice_findings import notice_finding
from referrals.renditions.prepared_files import FileToPrepare, prepare_files
from referrals.renditions.stand_in_page import stand_in_page
from referrals.text_files.written_suffixes import WRITTEN_SUFFIXES
from stamping.assembly.engine import assemble
from stamping.bates import BatesSeries
from stamping.notices import Severity as NoticeSeverity
from stamping.values import Assembly, Document, Order, Part, Rendition, StampStyle


@dataclass(frozen=True, slots=True)
class Stamped:
    """What came of it: the file, or the findings that stand in its way."""

    assembly: Assembly | None
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Whether no file was written."""
        return self.assembly is None

    @property
    def words(self) -> str:
        """One sentence for a person."""
        if self.assembly is None:
            return "Nothing was written: a file cannot be opened."
        pages = self.assembly.pages
        noun = "page" if pages == 1 else "pages"
        return f"{self.assembly.path}: {pages} {noun}, {self.assembly.range}"

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain values."""
        value: dict[str, Any] = {"findings": [finding.as_json() for finding in self.findings]}
        if self.assembly is not None:
            first, last = self.assembly.range.labels
            value |= {
                "path": str(self.assembly.path),
                "pages": self.assembly.pages,
                "bytes": self.assembly.bytes,
                "sha256": self.assembly.sha256,
                "first": first,
                "last": last,
                "files": [
                    {
                        "file": placed.part.title,
                        "first": placed.labels[0],
                        "last": placed.labels[1],
                        "notices": [asdict(notice) for notice in placed.notices],
                    }
                    for placed in self.assembly.placed
                ],
            }
        return value


def stamp_files(
    files: Sequence[Path],
    output: Path,
    series: BatesSeries,
    first: int,
    style: StampStyle,
    *,
    letter: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Stamped:
    """Merge `files` into `output` with a number on every page.

    Raises:
        UsageError: `output` is one of the files, or one of them is a pipe or a device.
    """
    _refuse_own_output(files, output)
    with tempfile.TemporaryDirectory(prefix="referrals-") as folder:
        renditions = prepare_files(
            [FileToPrepare(file, file.name, _title(file), _digest(file)) for file in files],
            Path(folder),
            style,
            lambda amount, name: progress(name) if progress is not None else None,
        )
        renditions = [
            stand_in_page(_title(rendition.source), rendition, Path(folder))
            if _has_no_page_form(rendition)
            else rendition
            for rendition in renditions
        ]
        findings = [
            notice_finding(notice, str(rendition.source))
            for rendition in renditions
            for notice in rendition.notices
        ]
        unusable = [each for each in renditions if not each.usable or each.unexplained]
        findings.extend(_no_pages(rendition) for rendition in unusable)
        if unusable:
            return Stamped(None, tuple(findings))
        parts = [
            Part(
                source=rendition.path,
                title=_title(rendition.source),
                alternative_text=f"Page image of {_title(rendition.source)}",
                pages_to_scale=rendition.pages_to_scale,
            )
            for rendition in renditions
            if rendition.path is not None
        ]
        order = Order(
            series=series,
            first=first,
            document=Document(title=output.stem, identity=_identity(renditions, series, first)),
            style=style,
            letter=letter,
        )
        assembly = assemble(parts, order, output)
    findings.extend(notice_finding(notice, str(output)) for notice in assembly.notices)
    return Stamped(assembly, tuple(findings))


def _has_no_page_form(rendition: Rendition) -> bool:
    """Whether a file is sound, and of a kind that no pages are made of."""
    blocked = any(notice.severity is NoticeSeverity.BLOCKING for notice in rendition.notices)
    return not rendition.usable and not blocked


def _no_pages(rendition: Rendition) -> Finding:
    return Finding(
        Severity.BLOCKING,
        "no-pages",
        "This file has no pages to number."
        if not rendition.usable
        else "This file's pages do not show all that it holds.",
        where=str(rendition.source),
        remedy="Leave it out, or convert it to PDF first.",
    )


def _refuse_own_output(files: Sequence[Path], output: Path) -> None:
    for file in files:
        if output.exists() and file.exists() and output.samefile(file):
            raise UsageError(
                f"{output} is one of the files to be numbered.",
                remedy="Name another file with -o: an original is never altered.",
            )
        if file.exists() and not (file.is_file() or file.is_dir()):
            raise UsageError(
                f"{file} is a pipe or a device, not a file.", remedy="Name the file itself."
            )


def _title(file: Path) -> str:
    """Return the file's name; bytes in it that are no text as the replacement character."""
    return file.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _digest(file: Path) -> str:
    """Return the digest that the pages of a text print; of other files no page prints one."""
    if file.suffix.lower() not in WRITTEN_SUFFIXES or not file.is_file():
        return ""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _identity(renditions: Sequence[Rendition], series: BatesSeries, first: int) -> str:
    """Derive the file's identity from what goes in, so that its bytes do too."""
    digest = hashlib.sha256(series.label(first).encode())
    for rendition in renditions:
        digest.update(hashlib.sha256(rendition.source.read_bytes()).digest())
    return digest.hexdigest()
