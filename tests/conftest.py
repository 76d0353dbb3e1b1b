"""Options of the whole test suite."""

from __future__ import annotations

import pytest
from hypothesis import settings

# How long an example takes says something of the machine, not of the program.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that keeps pages as they are now as the reference."""
    parser.addoption("--approve", action="store_true", help="Keep the pages as reference pictures.")
