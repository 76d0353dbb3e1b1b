"""The preflight as a page: every ground stands there, whether it was found or not."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pypdf

from referrals.preflight.preflight import Submission, look
from referrals.preflight.preflight_page import preflight_page, verdict
from referrals.profiles.profile_files import load_court
from tests.preflight.filed_sets import CASE, SEARCH, filed, of_size

COURT = load_court("efileil-trial")


def _text(content: bytes, folder: Path) -> str:
    path = folder / "page.pdf"
    path.write_bytes(content)
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def test_a_clean_result_names_every_ground_and_its_source(tmp_path: Path) -> None:
    path = filed(tmp_path, name=f"{CASE}_Exhibits_1_of_1.pdf")
    result = look(Submission((path,), CASE, search=SEARCH), COURT.filing)
    made = preflight_page(result, COURT, case=CASE)
    text = _text(made, tmp_path)
    assert verdict(result) in text
    assert (
        verdict(result) == f"None of {len(COURT.filing.rejections)} grounds of rejection was found."
    )
    # The words of one ground are that the top is "not clear".
    assert len(re.findall(r"(?<!not )\bclear\b", text)) == len(COURT.filing.rejections)
    for rejection in COURT.filing.rejections:
        assert rejection.words in text
    assert "rules as of the profile" in text
    with pikepdf.open(tmp_path / "page.pdf") as pdf:
        assert "/StructTreeRoot" in pdf.Root
    assert made == preflight_page(result, COURT, case=CASE)


def test_objections_stand_with_where_what_and_remedy(tmp_path: Path) -> None:
    path = of_size(filed(tmp_path, name=f"{CASE}_Exhibits_1_of_1.pdf"), 25_000_001)
    result = look(Submission((path,), CASE), COURT.filing)
    text = _text(preflight_page(result, COURT, case=CASE), tmp_path)
    assert "25,000,001 bytes; the limit is 25,000,000." in text
    assert "found: sent back" in text
    assert "not looked for" in text
    (objection,) = result.objections
    assert objection.remedy in text
