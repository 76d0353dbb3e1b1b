"""What may differ in a corrected filing, by the ground on which it was sent back.

A filer who asks that the day of the rejected attempt counts files the original with
only corrections. The table says for each ground what its correction changes; any
other difference is one to explain. Names, divisions and sizes of files are the
filer's own and may always differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from referrals.profiles.filing_rules import Ground


class PageChange(StrEnum):
    """How a numbered page differs between the rejected and the corrected set."""

    TEXT = "text differs"
    """It looks the same, and other text can be searched in it."""
    LOOKS = "looks different"
    BARS = "redacted"
    """It differs by bars alone, and the corrected set logs a redaction on it."""
    LEFT_OUT = "only in the rejected set"
    ADDED = "only in the corrected set"


_NOTHING: frozenset[PageChange] = frozenset()
_TEXT = frozenset({PageChange.TEXT})
_DRAWN = frozenset({PageChange.TEXT, PageChange.LOOKS})
_BARS = frozenset({PageChange.BARS})
_SCOPE = frozenset({PageChange.LEFT_OUT})

MAY_DIFFER: Mapping[Ground, frozenset[PageChange]] = {
    Ground.TOO_LARGE: _NOTHING,
    Ground.ENVELOPE_TOO_LARGE: _NOTHING,
    Ground.NOT_SEARCHABLE: _TEXT,
    Ground.UNSIGNED: _DRAWN,
    Ground.CASE_NUMBER_MISSING: _DRAWN,
    Ground.CASE_NUMBER_WRONG: _DRAWN,
    Ground.SEVERAL_CASES: _SCOPE,
    Ground.BLANK_PAGE: _SCOPE,
    Ground.LOW_RESOLUTION: _DRAWN,
    Ground.HIGH_RESOLUTION: _DRAWN,
    Ground.PAGE_SIZE: _DRAWN,
    Ground.TOP_NOT_CLEAR: _DRAWN,
    Ground.ACTIVE_CONTENT: _NOTHING,
    Ground.ATTACHMENT: _NOTHING,
    Ground.MEDIA: _DRAWN,
    Ground.FORM_FIELD: _DRAWN,
    Ground.ANNOTATION: _DRAWN,
    Ground.OUTSIDE_LINK: _NOTHING,
    Ground.ENCRYPTED: _NOTHING,
    Ground.UNEMBEDDED_FONT: _DRAWN,
    Ground.JPEG_2000: _NOTHING,
    Ground.JBIG2: _NOTHING,
    Ground.STAMP_OVER_TEXT: _DRAWN,
    Ground.IDENTIFIER: _BARS,
    Ground.FILE_NAME: _NOTHING,
    Ground.NOT_ONE_FILE: _NOTHING,
    Ground.LABEL_DIFFERS: _NOTHING,
    Ground.NO_BOOKMARKS: _NOTHING,
    Ground.OPENING_VIEW: _NOTHING,
    Ground.INDEX_NOT_LINKED: _NOTHING,
    Ground.DAMAGED: _NOTHING,
}


def may_differ(grounds: Iterable[Ground]) -> frozenset[PageChange]:
    """Return what the correction of all `grounds` together may change."""
    return frozenset().union(*(MAY_DIFFER[ground] for ground in grounds))
