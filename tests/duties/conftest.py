"""Duties are tried on the case folders that intake is tried on."""

from tests.intake.conftest import word_narrative, write_case

__all__ = ["word_narrative", "write_case"]
