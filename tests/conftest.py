"""Options of the whole test suite."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that keeps pages as they are now as the reference."""
    parser.addoption("--approve", action="store_true", help="Keep the pages as reference pictures.")
