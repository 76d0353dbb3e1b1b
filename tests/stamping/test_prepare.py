"""Any file in, an answer out: never an exception, never a changed source, the same bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pypdf
import pytest
from hazards import HAZARDS, save, text_document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from stamping.notices import Severity
from stamping.preparation.prepare import NOTICE_CODES, prepare, prepare_all
from stamping.values import Limits

BLOCKED = {
    "empty_file": "empty-file",
    "not_a_pdf": "damaged",
    "garbage_after_header": "damaged",
    "truncated": "truncated",
    "password_protected": "encrypted",
    "no_pages": "no-pages",
    "page_tree_loop": "too-deep",
    "page_tree_too_deep": "too-deep",
    "xfa_dynamic": "xfa-dynamic",
    "decompression_bomb": "decompression-bomb",
    "pixel_bomb": "too-many-pixels",
    "jpeg_truncated": "image-unreadable",
    "png_pixel_bomb": "too-many-pixels",
}


@pytest.mark.parametrize("name", sorted(set(HAZARDS) - {"plain_text_file"}))
def test_each_hazard_is_prepared_or_blocked(name: str, tmp_path: Path) -> None:
    source = HAZARDS[name](tmp_path)
    before = source.read_bytes()
    rendition = prepare(source, tmp_path / "out")
    assert source.read_bytes() == before
    assert rendition.source == source
    blocking = [item for item in rendition.notices if item.severity is Severity.BLOCKING]
    if name in BLOCKED:
        assert not rendition.usable
        assert [item.code for item in blocking] == [BLOCKED[name]]
        assert blocking[0].remedy
    else:
        assert not blocking
        assert rendition.path is not None
        assert len(pypdf.PdfReader(rendition.path).pages) == rendition.pages > 0
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".")]


@pytest.mark.parametrize("name", sorted(HAZARDS))
def test_every_notice_is_in_the_table(name: str, tmp_path: Path) -> None:
    for item in prepare(HAZARDS[name](tmp_path), tmp_path / "out").notices:
        assert NOTICE_CODES[item.code].severity is item.severity
        assert item.message.endswith(".")
        assert str(tmp_path) not in item.message


@pytest.mark.parametrize("name", sorted(set(HAZARDS) - set(BLOCKED) - {"plain_text_file"}))
def test_the_same_source_gives_the_same_bytes_elsewhere(name: str, tmp_path: Path) -> None:
    source = HAZARDS[name](tmp_path)
    copy = tmp_path / "another place" / f"copy{source.suffix}"
    copy.parent.mkdir()
    copy.write_bytes(source.read_bytes())
    first = prepare(source, tmp_path / "one")
    second = prepare(copy, tmp_path / "two")
    assert first.path is not None
    assert second.path is not None
    assert first.path.name == second.path.name
    assert first.path.read_bytes() == second.path.read_bytes()


def test_a_file_that_needs_nothing_keeps_its_bytes(tmp_path: Path) -> None:
    source = save(text_document(2), tmp_path, "plain")
    rendition = prepare(source, tmp_path / "out")
    assert rendition.identical
    assert rendition.notices == ()
    assert rendition.path is not None
    assert rendition.path.read_bytes() == source.read_bytes()
    assert rendition.path.name.startswith(hashlib.sha256(source.read_bytes()).hexdigest()[:16])


def test_other_kinds_are_passed_by(tmp_path: Path) -> None:
    rendition = prepare(HAZARDS["plain_text_file"](tmp_path), tmp_path / "out")
    assert not rendition.usable
    (found,) = rendition.notices
    assert (found.code, found.severity) == ("no-page-form", Severity.NOTE)


def test_a_missing_file_and_a_folder_are_answers(tmp_path: Path) -> None:
    for source in (tmp_path / "absent.pdf", tmp_path):
        (found,) = prepare(source, tmp_path / "out").notices
        assert found.code == "missing-file"


def test_content_counts_before_the_name(tmp_path: Path) -> None:
    source = save(text_document(), tmp_path, "plain").rename(tmp_path / "plain.jpg")
    rendition = prepare(source, tmp_path / "out")
    assert rendition.pages == 1
    (found,) = rendition.notices
    assert found.code == "kind-mismatch"


def test_metadata_is_handed_over(tmp_path: Path) -> None:
    pdf = text_document()
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = "A sample, fictional"
    rendition = prepare(save(pdf, tmp_path, "titled"), tmp_path / "out")
    assert "A sample, fictional" in rendition.xmp


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_file_is_an_answer(data: st.DataObject, tmp_path: Path) -> None:
    content = bytearray(HAZARDS["form_without_appearances"](tmp_path).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    keep = data.draw(st.integers(1, len(content)))
    source = tmp_path / "fuzzed.pdf"
    source.write_bytes(bytes(content[:keep]))
    rendition = prepare(source, tmp_path / "out")
    assert rendition.usable or rendition.notices


def test_all_in_worker_processes_one_bad_among_them(tmp_path: Path) -> None:
    names = ["blank_page", "password_protected", "signed", "empty_file", "tiff_fax_pages"]
    sources = [HAZARDS[name](tmp_path) for name in names]
    seen: list[Path] = []
    renditions = prepare_all(sources, tmp_path / "out", workers=2, progress=seen.append)
    assert [item.source for item in renditions] == sources
    assert [item.pages for item in renditions] == [1, 0, 1, 0, 3]
    assert sorted(seen) == sorted(sources)
    assert renditions == [prepare(source, tmp_path / "out") for source in sources]


def test_a_file_that_takes_too_much_memory_is_blocked_alone(tmp_path: Path) -> None:
    greedy = tmp_path / "greedy.png"
    Image.new("RGB", (12_000, 12_000)).save(greedy, compress_level=1)
    sources = [greedy, HAZARDS["blank_page"](tmp_path)]
    limits = Limits(memory_bytes=600 * 1024**2)
    blocked, whole = prepare_all(sources, tmp_path / "out", limits=limits, workers=1)
    assert [item.code for item in blocked.notices] == ["out-of-memory"]
    assert whole.pages == 1


def test_every_code_has_a_meaning_and_blocking_ones_a_remedy() -> None:
    for code, known in NOTICE_CODES.items():
        assert code == code.lower().replace("_", "-")
        assert known.meaning.endswith(".")
        assert known.remedy or known.severity is Severity.NOTE
