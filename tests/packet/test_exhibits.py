"""Scanned pages are recognised once, where the extra is installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import sample_cases
from referrals.evidence.store import EvidenceStore
from referrals.intake.case_yaml import read_case_folder
from referrals.packet import exhibits
from referrals.records.snapshot import Snapshot
from stamping.notice_codes import notice
from stamping.values import Rendition, StampStyle

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
SCANS = ["B", "C"]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, EvidenceStore]:
    folder = read_case_folder(sample_cases.folder("felony_referral"))
    store = EvidenceStore(tmp_path_factory.mktemp("store"))
    files = [
        store.put(path, path=name, taken_in_at=NOW)
        for name, path in folder.files.items()
        if name.startswith("exhibits/")
    ]
    return Snapshot(as_of=NOW, record=folder.record, evidence=tuple(files)), store


def test_scans_are_recognised_once_and_found_again(
    case: tuple[Snapshot, EvidenceStore], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot, store = case
    worked: list[int] = []

    def recognise(renditions: Sequence[Rendition], progress: Any) -> list[Rendition]:
        worked.append(len(renditions))
        for rendition in renditions:
            progress(rendition)
        said = notice("text-recognised", "Text was recognised.")
        return [
            replace(each, pages_without_text=(), notices=(*each.notices, said))
            for each in renditions
        ]

    def prepared() -> list[Rendition]:
        found = exhibits.prepare_exhibits(
            snapshot, SCANS, store.path, tmp_path, StampStyle(), lambda *_: None
        )
        return [found[key].rendition for key in SCANS]

    monkeypatch.setattr(exhibits, "can_recognise", lambda: False)
    assert all(rendition.pages_without_text == (1,) for rendition in prepared())
    monkeypatch.setattr(exhibits, "can_recognise", lambda: True)
    monkeypatch.setattr(exhibits, "recognise_all", recognise)
    assert all(rendition.pages_without_text == () for rendition in prepared())
    assert all(rendition.pages_without_text == () for rendition in prepared())
    assert [count for count in worked if count] == [len(SCANS)]
