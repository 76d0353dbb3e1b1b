"""Lays out and draws the written pages; many of them in several processes side by side.

    shares of HTML ─► lay out ─► proof (pages of each part) … numbers ─► draw ─► PDF

A volume's written parts are divided into shares by their weight alone, so that
the same packet gives the same bytes on every machine. Each share stays laid out
in its own process from its proof until its numbers are known: no page is laid
out twice, and no process holds them all.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from markupsafe import Markup

from referrals.errors import MachineError
from referrals.findings import Finding
from referrals.packet.hidden_words import hider
from referrals.packet.late_bars import cover
from referrals.packet.layout import Layout
from referrals.packet.page_references import fill
from referrals.packet.pages import document
from referrals.packet.plan import VolumeKind
from referrals.records.snapshot import IssuedExhibit
from referrals.rendering import draw, lay_out, section_pages
from stamping.burnt_page import Bar
from stamping.redaction_proof import Secret

ENTRY = "from referrals.packet.press import serve; serve()"
WEIGHT = 8_000
"""Tags from which on a share gets a companion; text and pictures weigh little."""

MOST = 4
"""Shares at most: each costs a process about 120 MB before its first page."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A laid-out share: first and last page of each part, and the page of each anchor."""

    sections: dict[str, tuple[int, int]]
    anchors: dict[str, int]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is known after numbering, for the late values of a volume's pages."""

    layout: Layout
    volume: VolumeKind
    earlier: dict[str, IssuedExhibit]


@dataclass(frozen=True, slots=True)
class Covering:
    """What a redacted set's pages hide: bars on a share's pages, and words of `secrets`."""

    bars: tuple[Bar, ...] = ()
    secrets: tuple[Secret, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """The drawn pages of a written part: its file, its first and last page there.

    `anchors` maps the names of places to their page within the part; all pages
    count from one.
    """

    file: Path
    pages: tuple[int, int]
    anchors: Mapping[str, int]


class _Share(Protocol):
    """Part of a volume's written pages, between layout and drawing."""

    proof: Proof

    def begin(self, numbers: Numbers, target: Path, covering: Covering) -> None:
        """Begin to write the numbers in and the PDF to `target`.

        What was covered once stays so: the pages of a full set are drawn first.
        """

    def finish(self) -> list[Finding]:
        """Return what resolved to nothing, when the PDF is there."""


@dataclass(frozen=True, slots=True)
class WrittenPages:
    """The written pages of a volume, laid out."""

    shares: Sequence[_Share]

    @property
    def counts(self) -> dict[str, int]:
        """The number of pages of each part."""
        return {
            key: last - first + 1
            for share in self.shares
            for key, (first, last) in share.proof.sections.items()
        }

    def draw(
        self,
        numbers: Numbers,
        folder: Path,
        bars: Mapping[str, Sequence[Bar]] = MappingProxyType({}),
        secrets: Sequence[Secret] = (),
    ) -> tuple[dict[str, WrittenPart], list[Finding]]:
        """Draw every part into `folder`; return them by key, and what resolved to nothing.

        `bars` are by the key of the part, on its own pages.
        """
        files = [
            folder / f"{numbers.volume.value}-{place}.pdf" for place in range(len(self.shares))
        ]
        for share, file in zip(self.shares, files, strict=True):
            own = tuple(
                replace(bar, page=bar.page + first - 1)
                for key, (first, _) in share.proof.sections.items()
                for bar in bars.get(key, ())
            )
            share.begin(numbers, file, Covering(own, tuple(secrets)))
        findings = [finding for share in self.shares for finding in share.finish()]
        return {
            key: _written(share.proof, pages, file)
            for share, file in zip(self.shares, files, strict=True)
            for key, pages in share.proof.sections.items()
        }, findings


def divide(weights: Sequence[int]) -> list[range]:
    """Return runs of parts of about equal weight, as few as `WEIGHT` and `MOST` allow."""
    total = sum(weights)
    count = max(1, min(MOST, len(weights), -(-total // WEIGHT)))
    runs: list[range] = []
    start = heavy = 0
    for place, weight in enumerate(weights):
        heavy += weight
        if len(runs) + 1 < count and heavy * count >= total * (len(runs) + 1):
            runs.append(range(start, place + 1))
            start = place + 1
    return [*runs, range(start, len(weights))] if start < len(weights) else runs


@contextmanager
def laid_out(packet: str, sections: Sequence[Markup]) -> Iterator[WrittenPages]:
    """Yield the written pages that `sections` make.

    Raises:
        MachineError: a library is missing, or a process was stopped.
    """
    runs = divide([section.count("<") for section in sections])
    pages = [document(packet, [sections[place] for place in run]) for run in runs]
    if len(pages) == 1:
        yield WrittenPages([_Here(pages[0])])
        return
    with ExitStack() as stack:
        begun = [stack.enter_context(_process(html)) for html in pages]
        yield WrittenPages([_Beside(connection) for connection in begun])


class _Here:
    """A share in this process."""

    def __init__(self, html: str) -> None:
        self._document = lay_out(html)
        self._findings: list[Finding] = []
        self.proof = _proof(self._document)

    def begin(self, numbers: Numbers, target: Path, covering: Covering) -> None:
        self._findings = _draw(self._document, numbers, target, covering)

    def finish(self) -> list[Finding]:
        return self._findings


class _Beside:
    """A share in a process of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.proof: Proof = _answer(connection)

    def begin(self, numbers: Numbers, target: Path, covering: Covering) -> None:
        _ask(self._connection, (numbers, target, covering))

    def finish(self) -> list[Finding]:
        findings: list[Finding] = _answer(self._connection)
        return findings


@contextmanager
def _process(html: str) -> Iterator[Connection]:
    """Start a new interpreter, which runs nothing of the caller's main module, with `html`."""
    here, there = Pipe()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with there:
        popen = subprocess.Popen(
            [sys.executable, "-c", ENTRY, str(there.fileno())],
            pass_fds=(there.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=environment,
        )
    try:
        _ask(here, html)
        yield here
    finally:
        here.close()
        popen.kill()
        popen.wait()


def serve() -> None:
    """Lay one share out and draw it as often as is asked; the process's whole life."""
    with Connection(int(sys.argv[1])) as connection:
        try:
            laid = lay_out(connection.recv())
            connection.send(_proof(laid))
            while True:
                connection.send(_draw(laid, *connection.recv()))
        except EOFError:
            return  # nothing more is asked
        except Exception as error:  # noqa: BLE001 – it is raised where the answer is awaited
            connection.send(error)


def _ask(connection: Connection, question: Any) -> None:
    try:
        connection.send(question)
    except OSError as error:
        raise _stopped() from error


def _answer(connection: Connection) -> Any:
    try:
        answer = connection.recv()
    except (EOFError, OSError) as error:
        raise _stopped() from error
    if isinstance(answer, Exception):
        raise answer
    return answer


def _stopped() -> MachineError:
    return MachineError(
        "A process that lays out pages was stopped.",
        remedy="The machine may be short of memory. Close other programs and try again.",
    )


def _proof(laid: Any) -> Proof:
    anchors = {
        name: number
        for number, page in reversed(list(enumerate(laid.pages, start=1)))
        for name in page.anchors
    }
    return Proof(section_pages(laid), anchors)


def _written(proof: Proof, pages: tuple[int, int], file: Path) -> WrittenPart:
    first, last = pages
    anchors = {
        name: page - first + 1 for name, page in proof.anchors.items() if first <= page <= last
    }
    return WrittenPart(file, pages, anchors)


def _draw(laid: Any, numbers: Numbers, target: Path, covering: Covering) -> list[Finding]:
    findings = fill(laid, numbers.layout, numbers.volume, numbers.earlier)
    if covering.bars:
        cover(laid, covering.bars, hider(covering.secrets))
    target.write_bytes(draw(laid))
    return findings
