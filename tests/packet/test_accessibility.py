"""What the page on accessibility says of a file, and what a volume may claim with it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from referrals.packet.accessibility import CHANGES, PICTURES, RECOGNISED, TAGGED, access, claim
from referrals.packet.plan import VolumeKind
from referrals.packet.prepared_exhibit import PreparedExhibit
from referrals.records.fields import ExhibitFields
from referrals.records.snapshot import EvidenceFile
from stamping.notice_codes import NOTICE_CODES, notice
from stamping.notices import Severity
from stamping.values import Conformance, Rendition

OBSERVED = {
    "content-differs",
    "hidden-layers",
    "kind-mismatch",
    "no-page-form",
    "no-text",
    "page-unreadable",
    "recognition-failed",
    RECOGNISED,
}
"""Codes of what was seen in a file and left as it is."""

ASSEMBLED = {"fields-inert", "link-lost", "scaled-for-stamp", "sheet-enlarged-for-stamp"}
"""Codes of what is known only when the pages are put together."""


def prepared(**facts: Any) -> PreparedExhibit:
    exhibit = ExhibitFields(
        designator="B",
        title="Receipt",
        file="b.pdf",
        dated="2026-03-14",
        source="Officer",
        custodian="Records",
    )
    values: dict[str, Any] = {
        "source": Path("b.pdf"),
        "path": Path("b.pdf"),
        "pages": 3,
        "identical": False,
        "tagged": False,
    }
    rendition = Rendition(**values | facts)
    taken = EvidenceFile(
        path="b.pdf", bytes=1, sha256="0" * 64, taken_in_at=datetime(2026, 3, 15, tzinfo=UTC)
    )
    return PreparedExhibit(exhibit, taken, rendition)


def test_every_notice_about_pages_is_either_a_change_or_an_observation() -> None:
    about_pages = {
        code for code, known in NOTICE_CODES.items() if known.severity is not Severity.BLOCKING
    }
    assert about_pages <= set(CHANGES) | OBSERVED | ASSEMBLED
    assert not set(CHANGES) & OBSERVED


@pytest.mark.parametrize(
    ("facts", "reading", "text"),
    [
        ({"tagged": True}, TAGGED, "Text"),
        ({}, PICTURES, "Text"),
        (
            {"pages_without_text": (1, 2, 3)},
            PICTURES,
            "Nothing",
        ),
        (
            {"pages_without_text": (2,), "notices": (notice(RECOGNISED, "Recognised."),)},
            PICTURES,
            "Text, in part recognised in pictures; nothing on 1 of 3 pages",
        ),
    ],
)
def test_what_is_tagged_wrapped_and_recognised(
    facts: dict[str, Any], reading: str, text: str
) -> None:
    seen = access(prepared(**facts), VolumeKind.MAIN, placeholder=False)
    assert (seen.reading, seen.text, seen.told_changes) == (reading, text, "–")


def test_what_was_done_is_told_once_each() -> None:
    notices = (notice("repaired", "R."), notice("repaired", "R."), notice("links-removed", "L."))
    seen = access(
        prepared(notices=notices, pages_to_scale=(1,)), VolumeKind.MAIN, placeholder=False
    )
    assert seen.told_changes == (
        "Damage repaired; links out of the file made inert; made smaller for the number"
    )


def test_one_obstacle_takes_the_claim_of_its_volume_and_of_no_other() -> None:
    seen = access(
        prepared(archival_faults=("a font is not embedded",)), VolumeKind.MAIN, placeholder=False
    )
    assert seen.told_obstacles == "A font is not embedded"
    assert claim(VolumeKind.MAIN, [seen]) is Conformance.NONE
    assert claim(VolumeKind.CONFIDENTIAL, [seen]) is Conformance.PDF_A_2A_UA_1
