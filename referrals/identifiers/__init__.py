"""Finds what identifies a person in the text of pages.

In: lines of text, the record's persons, a redaction list. Out: candidates with
their place and rule. Pure; it must not know packets.
"""
