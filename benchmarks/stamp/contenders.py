"""The engine and its peers: how each does the same work, and what it leaves out.

Each is a command line, run in a process of its own. Those that cannot draw text
are handed the numbers as ready pages to lay over.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
PEERS = Path("build/bench/peers")
PEER_PYTHON = PEERS / "venv/bin/python"
NODE_MODULES = PEERS / "node_modules"
# As Debian's libpdfbox2-java installs it.
PDFBOX = [
    Path("/usr/share/java") / f"{name}.jar" for name in ("pdfbox2", "fontbox2", "commons-logging")
]


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done: merge the files of a folder, number their pages.

    `numbers` is a PDF with as many pages, each with its number on blank ground.
    """

    files: tuple[Path, ...]
    numbers: Path


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to do the work; `lacks` names what of it is left out.

    What edits a file in place can do it for `one_file` only.
    """

    command: Callable[[Work, Path], list[str]]
    here: Callable[[], bool]
    lacks: frozenset[str] = frozenset()
    one_file: bool = False


def _python(name: str, python: str = sys.executable) -> Callable[[Work, Path], list[str]]:
    def command(work: Work, output: Path) -> list[str]:
        script = str(HERE / "python_contenders.py")
        return [python, script, name, str(work.numbers), str(output), *map(str, work.files)]

    return command


def _mutool(script: str) -> Callable[[Work, Path], list[str]]:
    def command(work: Work, output: Path) -> list[str]:
        return ["mutool", "run", str(HERE / script), str(output), *map(str, work.files)]

    return command


def _mutool_merge(work: Work, output: Path) -> list[str]:
    return ["mutool", "merge", "-o", str(output), *map(str, work.files)]


def _qpdf_merge(work: Work, output: Path) -> list[str]:
    return ["qpdf", "--empty", "--pages", *map(str, work.files), "--", str(output)]


def _qpdf_overlay(work: Work, output: Path) -> list[str]:
    return [*_qpdf_merge(work, output)[:-1], "--overlay", str(work.numbers), "--", str(output)]


def _pdftk(work: Work, output: Path) -> list[str]:
    both = 'o=$1; n=$2; shift 2; pdftk "$@" cat output - | pdftk - multistamp "$n" output "$o"'
    return ["sh", "-c", both, "sh", str(output), str(work.numbers), *map(str, work.files)]


def _pdf_lib(work: Work, output: Path) -> list[str]:
    script = str(HERE / "pdf_lib_stamp.js")
    return ["node", script, str(NODE_MODULES.resolve()), str(output), *map(str, work.files)]


def _pdfbox(work: Work, output: Path) -> list[str]:
    path = ":".join([str(PEERS), *map(str, PDFBOX)])
    return ["java", "-cp", path, "PdfBoxStamp", str(output), *map(str, work.files)]


@cache
def _pdfbox_is_here() -> bool:
    """Return whether PDFBox is installed, its script compiled."""
    if shutil.which("javac") is None or not all(jar.exists() for jar in PDFBOX):
        return False
    script = str(HERE / "PdfBoxStamp.java")
    path = ":".join(map(str, PDFBOX))
    PEERS.mkdir(parents=True, exist_ok=True)
    subprocess.run(["javac", "-cp", path, "-d", str(PEERS), script], check=True)
    return True


def _program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


CONTENDERS: dict[str, Contender] = {
    "engine": Contender(_python("engine"), lambda: True),
    "mutool pages": Contender(
        _mutool("mutool_pages.js"), _program("mutool"), frozenset({"tags", "outline", "labels"})
    ),
    "mutool run": Contender(_mutool("mutool_run.js"), _program("mutool"), frozenset({"tags"})),
    "mutool by hand": Contender(
        _mutool("mutool_by_hand.js"), _program("mutool"), frozenset({"tags"})
    ),
    "mutool in place": Contender(
        _mutool("mutool_in_place.js"), _program("mutool"), frozenset({"tags"}), one_file=True
    ),
    "mutool in place by hand": Contender(
        _mutool("mutool_in_place_by_hand.js"),
        _program("mutool"),
        frozenset({"tags"}),
        one_file=True,
    ),
    "mutool merge": Contender(
        _mutool_merge, _program("mutool"), frozenset({"tags", "numbers", "outline", "labels"})
    ),
    "qpdf merge": Contender(
        _qpdf_merge, _program("qpdf"), frozenset({"tags", "numbers", "outline", "labels"})
    ),
    "qpdf overlay": Contender(
        _qpdf_overlay, _program("qpdf"), frozenset({"tags", "outline", "labels"})
    ),
    "pypdf": Contender(_python("pypdf"), lambda: True, frozenset({"tags"})),
    "PyMuPDF": Contender(
        _python("pymupdf", str(PEER_PYTHON)), PEER_PYTHON.exists, frozenset({"tags"})
    ),
    "pdf-lib": Contender(
        _pdf_lib,
        lambda: shutil.which("node") is not None and (NODE_MODULES / "pdf-lib").exists(),
        frozenset({"tags", "outline", "labels"}),
    ),
    "PDFBox": Contender(_pdfbox, _pdfbox_is_here, frozenset({"tags"})),
    "pdftk": Contender(_pdftk, _program("pdftk"), frozenset({"tags", "outline", "labels"})),
}


def install_peers() -> list[str]:
    """Install what the package registries have into `build/`; return what was installed.

    Not among the project's dependencies, as some are under AGPL or GPL.
    """
    installed = []
    PEERS.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", PEERS / "venv"], check=True)
    subprocess.run([PEER_PYTHON, "-m", "pip", "install", "-q", "pymupdf>=1.24,<2"], check=True)
    installed.append("PyMuPDF")
    if shutil.which("npm") is not None:
        npm = ["npm", "install", "--silent", "--no-save", "--prefix", str(PEERS), "pdf-lib@1"]
        subprocess.run(npm, check=True)
        installed.append("pdf-lib")
    return installed
