"""`pytest tests/corpus --corpus DIR`: the engine over every PDF of any folder.

Ends with a table of outcomes by kind. Without --corpus the sweep is skipped.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from stamping.preparation.prepare import prepare_all
from stamping.values import Limits, Rendition


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--corpus",
        metavar="DIR",
        default=None,
        help="run the sweep of tests/corpus over every PDF below DIR",
    )


def corpus_files(config: pytest.Config) -> list[Path]:
    """Return the PDFs below the folder that --corpus names; none without it."""
    folder = config.getoption("--corpus", default=None)
    if folder is None:
        return []
    return sorted(path for path in Path(folder).rglob("*") if path.suffix.lower() == ".pdf")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "exhibit" in metafunc.fixturenames:
        files = corpus_files(metafunc.config)
        metafunc.parametrize("exhibit", files, ids=[path.name for path in files])


@pytest.fixture(scope="session")
def renditions(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[Path, Rendition]:
    """Every file of the corpus, prepared in worker processes."""
    folder = tmp_path_factory.mktemp("renditions")
    made = prepare_all(corpus_files(request.config), folder, limits=Limits(seconds=60))
    return {rendition.source: rendition for rendition in made}


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if config.getoption("--corpus", default=None) is None:
        return
    outcomes: Counter[str] = Counter()
    remarks: Counter[str] = Counter()
    for category in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(category, []):
            if getattr(report, "when", "") != "call":
                continue
            for name, value in report.user_properties:
                if name == "outcome":
                    outcomes[f"{value} ({category})"] += 1
                elif name == "remark":
                    remarks[str(value)] += 1
    for title, counts in (("outcomes by kind", outcomes), ("remarks", remarks)):
        terminalreporter.section(title)
        for name, count in counts.most_common():
            terminalreporter.write_line(f"{count:6}  {name}")
