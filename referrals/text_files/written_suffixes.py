"""Which files are text that is written as pages, by how their names end."""

from __future__ import annotations

WRITTEN_SUFFIXES = frozenset({".txt", ".log", ".md", ".eml", ".docx"})
