"""What opening a PDF refuses, and what it says of the ones it opens."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from hazards import HAZARDS, save, text_document

from stamping.preparation.inspection import (
    RefusedInputError,
    bounded_decoding,
    check_streams,
    hidden_layers,
    is_tagged,
    open_pdf,
    signatures,
)
from stamping.values import Limits


def codes_on_opening(path: Path) -> list[str]:
    pdf, notices = open_pdf(path, Limits())
    pdf.close()
    return [item.code for item in notices]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("garbage_after_header", "damaged"),
        ("truncated", "truncated"),
        ("password_protected", "encrypted"),
        ("no_pages", "no-pages"),
        ("page_tree_loop", "too-deep"),
        ("page_tree_too_deep", "too-deep"),
        ("xfa_dynamic", "xfa-dynamic"),
    ],
)
def test_refused(name: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedInputError) as caught:
        open_pdf(HAZARDS[name](tmp_path), Limits())
    assert caught.value.notice.code == code
    assert caught.value.source is not None
    assert str(tmp_path) not in caught.value.notice.message


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("owner_password_only", ["decrypted"]),
        ("damaged_xref", ["repaired"]),
        ("cut_off_at_the_end", ["repaired"]),
        ("xfa_beside_form", []),
        ("page_without_resources", []),
        ("signed", []),
    ],
)
def test_opened(name: str, codes: list[str], tmp_path: Path) -> None:
    assert codes_on_opening(HAZARDS[name](tmp_path)) == codes


def test_a_cut_file_is_said_to_end_too_early(tmp_path: Path) -> None:
    pdf, notices = open_pdf(HAZARDS["cut_off_at_the_end"](tmp_path), Limits())
    pdf.close()
    assert "ends too early" in notices[0].message


def test_restrictions_are_named(tmp_path: Path) -> None:
    pdf, notices = open_pdf(HAZARDS["owner_password_only"](tmp_path), Limits())
    pdf.close()
    assert "printing" in notices[0].message


def test_pages_beyond_the_limit_are_refused(tmp_path: Path) -> None:
    path = save(text_document(3), tmp_path, "three")
    with pytest.raises(RefusedInputError) as caught:
        open_pdf(path, Limits(pages=2))
    assert caught.value.notice.code == "too-many-pages"


@pytest.mark.parametrize(
    ("name", "code"),
    [("decompression_bomb", "decompression-bomb"), ("pixel_bomb", "too-many-pixels")],
)
def test_bombs_are_refused(name: str, code: str, tmp_path: Path) -> None:
    limits = Limits(memory_bytes=512 * 1024**2)
    pdf, _ = open_pdf(HAZARDS[name](tmp_path), limits)
    with pdf, bounded_decoding(limits), pytest.raises(RefusedInputError) as caught:
        check_streams(pdf, Path("bomb.pdf"), limits)
    assert caught.value.notice.code == code


def test_a_well_packed_stream_is_no_bomb(tmp_path: Path) -> None:
    pdf = text_document()
    pdf.pages[0].obj.Contents = pdf.make_stream(b" " * 2_000_000)
    path = save(pdf, tmp_path, "blanks")
    limits = Limits(memory_bytes=16 * 1024**2)
    opened, _ = open_pdf(path, limits)
    with opened, bounded_decoding(limits):
        check_streams(opened, path, limits)


def test_decoding_limits_end_with_their_block() -> None:
    before = pikepdf.settings.get_qpdf_limits()
    with bounded_decoding(Limits(memory_bytes=4096)):
        assert pikepdf.settings.get_qpdf_limits()["flate_max_memory"] == 1024
    assert pikepdf.settings.get_qpdf_limits() == before


def test_signature_facts(tmp_path: Path) -> None:
    pdf, _ = open_pdf(HAZARDS["signed"](tmp_path), Limits())
    with pdf:
        (found,) = signatures(pdf, Limits())
    assert found.signer == "Jo Sample (fictional)"
    assert found.signed_at == "2026-05-04T10:15:00-05:00"
    assert found.field_name == "Signature1"


def test_hidden_layers_are_named(tmp_path: Path) -> None:
    pdf, _ = open_pdf(HAZARDS["hidden_layer"](tmp_path), Limits())
    with pdf:
        assert hidden_layers(pdf) == ("Draft marks",)


def test_layers_that_are_off_unless_listed(tmp_path: Path) -> None:
    pdf, _ = open_pdf(HAZARDS["hidden_layer"](tmp_path), Limits())
    with pdf:
        default = pdf.Root.OCProperties.D
        del default.OFF
        assert hidden_layers(pdf) == ()
        default.BaseState = pikepdf.Name.OFF
        assert hidden_layers(pdf) == ("Draft marks",)
        default.ON = pdf.Root.OCProperties.OCGs
        assert hidden_layers(pdf) == ()


def test_tagged_or_not(tmp_path: Path) -> None:
    for name, tagged in (("tagged_form_and_link", True), ("blank_page", False)):
        pdf, _ = open_pdf(HAZARDS[name](tmp_path), Limits())
        with pdf:
            assert is_tagged(pdf) is tagged
