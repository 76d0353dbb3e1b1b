"""Which files are text that is written as pages, by how their names end."""

from __future__ import annotations

WORD_SUFFIXES = frozenset({".docx", ".docm"})
PLAIN_SUFFIXES = frozenset({".txt", ".log", ".md", ".json", ".xml", ".ics", ".vcf", ".srt", ".vtt"})
WRITTEN_SUFFIXES = frozenset({*PLAIN_SUFFIXES, *WORD_SUFFIXES, ".eml"})
